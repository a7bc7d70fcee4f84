"""Forms of one's own account and of an invitation."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms

from noko.actions.person import check_password
from noko.core.refusal import Refusal
from noko.models import Person


class AccountForm(forms.Form):
    """``fields_of_refusals``: kind of refusal → field at which it is shown."""

    use_required_attribute = False
    fields_of_refusals: ClassVar[dict[str, str]] = {}

    def refuse(self, refusal: Refusal) -> None:
        self.add_error(self.fields_of_refusals.get(refusal.kind), str(refusal))


class NameForm(AccountForm):
    fields_of_refusals: ClassVar = {"bad_name": "full_name"}

    full_name = forms.CharField(
        label="Фамилия, имя, отчество",
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text="Так вы подписаны в журнале, протоколах и документах.",
    )


class AcceptForm(AccountForm):
    """``person``: who will have the password; it must not repeat their name or address."""

    password = forms.CharField(
        label="Пароль",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text="Не короче 10 знаков. Подойдёт фраза из нескольких слов.",
        strip=False,
    )
    again = forms.CharField(
        label="Пароль ещё раз",
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        strip=False,
    )
    agreed = forms.BooleanField(
        label="Согласен на обработку моих данных: имени, почты и действий в системе",
        error_messages={"required": "Без согласия учётную запись создать нельзя."},
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        try:
            check_password(password, self.person)
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return password

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("again") not in (None, cleaned["password"]):
            self.add_error("again", "Пароли не совпали. Введите один и тот же дважды.")
        return cleaned
