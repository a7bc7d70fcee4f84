"""Forms of django-allauth in our words: labels, hints, and what phones need to know of a field."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm

PASSWORD_HINT = "Не короче 10 знаков. Подойдёт фраза из нескольких слов."  # noqa: S105
CODE_HINT = "Шесть цифр из приложения."
ANY_CODE_HINT = "Шесть цифр из приложения или восемь цифр запасного кода."


class _NewPassword:
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields  # type: ignore[attr-defined]
        fields["password1"].help_text = PASSWORD_HINT
        fields["password1"].label = "Новый пароль"
        fields["password2"].label = "Новый пароль ещё раз"
        if "oldpassword" in fields:
            fields["oldpassword"].label = "Нынешний пароль"


class ChangePassword(_NewPassword, ChangePasswordForm):
    pass


class SetPassword(_NewPassword, SetPasswordForm):
    pass


class ResetPassword(_NewPassword, ResetPasswordKeyForm):
    pass


class _Code:
    hint = ANY_CODE_HINT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["code"]  # type: ignore[attr-defined]
        field.label, field.help_text = "Код", self.hint
        field.widget.attrs |= {"inputmode": "numeric", "autocomplete": "one-time-code"}


class ActivateCode(_Code, ActivateTOTPForm):
    hint = CODE_HINT


class AuthenticateCode(_Code, AuthenticateForm):
    pass


class ReauthenticateCode(_Code, ReauthenticateForm):
    pass


class AddKey(AddWebAuthnForm):
    """Made for signing in without a password unless the person says no: some old keys cannot."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Как назвать ключ"
        passwordless = self.fields["passwordless"]
        passwordless.initial = True
        passwordless.label = "Входить с этим ключом без пароля"
        passwordless.help_text = (
            "Устройство каждый раз проверит отпечаток, лицо или код. Снимите отметку, если ключ "
            "этого не умеет: тогда он будет только вторым фактором."
        )


class EditKey(EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Как назвать ключ"
