"""How django-allauth behaves here: closed sign-up, our letters, our limits, our journal."""

from __future__ import annotations

import base64
import logging
import secrets
import time
from typing import Any
from urllib.parse import quote

import segno
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from noko.access import second_factor
from noko.access.sealing import seal, unseal
from noko.actions import letter as letters
from noko.actions import person as people
from noko.core.refusal import Refusal
from noko.models import Person
from noko.web.account import attempts

log = logging.getLogger(__name__)

SECRET_LETTERS = {"account/email/password_reset_key"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are given by invitation, never taken."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "Почта или пароль не подходят. Проверьте раскладку и Caps Lock.",
        "too_many_login_attempts": "Слишком много неудачных попыток. Подождите несколько минут "
        "или задайте новый пароль: ссылка придёт на почту.",
        "rate_limited": "Слишком много попыток подряд. Подождите минуту и попробуйте снова.",
        "incorrect_code": "Код не подходит. Введите тот, который приложение показывает сейчас.",
        "incorrect_password": "Пароль не подходит.",
        "enter_current_password": "Нынешний пароль не подходит.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only this very site: a link must not lead anybody elsewhere after sign-in."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Never by the name that the request calls the site: that is the sender's to choose."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return settings.ADDRESS + path.replace("UID-KEY", quote(key))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the queue of letters: the page does not wait for the mail server."""
        message = self.render_mail(template_prefix, email, {"site": settings.ADDRESS, **context})
        letters.post_text(
            key=f"account:{secrets.token_urlsafe(16)}",
            to=email,
            subject=message.subject,
            text=str(message.body),
            now=timezone.now(),
            secret=template_prefix in SECRET_LETTERS,
        )

    def set_password(self, user: Any, password: str) -> None:
        """A password that the person has chosen: changed, set or reset by letter."""
        people.keep_password(person=user, password=password, by=user, now=timezone.now())

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        self._taken = attempts.admit(request, credentials.get("email", ""))
        if self._taken is None:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        attempts.give_back(self._taken or [])

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        attempts.remember(request, response, user.email)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Who has signed in a moment ago is not asked again."""
        records = get_authentication_records(self.request, self.request.user)
        recent = time.time() - account_settings.REAUTHENTICATION_TIMEOUT
        return not any(record["at"] > recent for record in records)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets sealed, the code to scan drawn by our own library."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": "Второй фактор обязателен для ваших ролей. Сначала "
        "настройте другой, потом уберите этот.",
        "cannot_generate_recovery_codes": "Запасные коды бывают только вместе со вторым фактором.",
        "incorrect_code": "Код не подходит. Введите тот, который приложение показывает сейчас.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """What was sealed with a key that is gone is a secret that nobody has: no code fits it."""
        try:
            return unseal(encrypted_text)
        except Refusal:
            log.exception("a second factor is sealed with another key")
            return base64.b32encode(secrets.token_bytes(20)).decode("ascii")

    def build_totp_svg(self, url: str) -> str:
        """Dark on white with its margin, whatever the theme of the page: cameras need it."""
        return str(segno.make(url, error="m").svg_inline(scale=4, light="white"))

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        person = authenticator.user
        if not isinstance(person, Person) or not second_factor.must_have(person):
            return True
        others = Authenticator.objects.filter(user=person, type__in=second_factor.FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return "Основной ключ" if number == 1 else f"Ключ {number}"

    def get_totp_label(self, user: Any) -> str:
        return str(user.email)
