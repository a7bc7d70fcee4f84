"""People who sign in: their accounts, passwords and doors. What they hold: noko.actions.role."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from noko.actions import letter as letters
from noko.actions.constraints import refusing
from noko.actions.role import (
    ADMINISTRATOR,
    Granted,
    check_roles,
    lock_administrators,
    refuse_without_administrator,
    said,
    store,
)
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Person

__all__ = ["Granted", "create"]


def create(
    *,
    email: str,
    full_name: str,
    roles: Sequence[Granted],
    password: str | None,
    by: Person | None,
    now: datetime,
) -> Person:
    """A person with these roles. Without a ``password`` they cannot sign in by one.

    Refusals: ``bad_email``, ``bad_name``, ``weak_password``, ``email_taken`` and those of
    :func:`noko.actions.role.check_roles`.
    """
    email = checked_email(email)
    full_name = checked_name(full_name)
    if password is not None:
        check_password(password, Person(email=email, full_name=full_name))
    check_roles(roles)
    with refusing({"noko_person_email_key": taken(email)}):
        person = Person.objects.create(
            email=email,
            full_name=full_name,
            password=password,  # type: ignore[misc]  # None: there is no password yet
        )
        store(person, roles, timezone.localdate(now))
        after = {"адрес": email, "роли": [said(granted) for granted in roles]}
        record(Deed.PERSON_CREATED, thing=person, by=by, now=now, after=after)
    return person


def rename(*, person: Person, full_name: str, by: Person, now: datetime) -> Person:
    """Another name. Refusal ``bad_name``."""
    full_name = checked_name(full_name)
    with transaction.atomic():
        stored = Person.objects.select_for_update().get(pk=person.pk)
        if stored.full_name != full_name:
            before, after = {"имя": stored.full_name}, {"имя": full_name}
            Person.objects.filter(pk=person.pk).update(full_name=full_name)
            record(Deed.PERSON_RENAMED, thing=stored, by=by, now=now, before=before, after=after)
    person.full_name = full_name
    return person


def set_password(*, email: str, password: str, by: Person | None, now: datetime) -> Person:
    """A new password for an existing person. Refusals: ``unknown_person``, ``weak_password``."""
    person = find(email)
    check_password(password, person)
    keep_password(person=person, password=password, by=by, now=now)
    return person


def find(email: str) -> Person:
    """The person with this address. Refusal ``unknown_person``."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise Refusal(
            f"Пользователя с адресом {email} нет.", kind="unknown_person", cure="Проверьте адрес."
        )
    return person


def keep_password(*, person: Person, password: str, by: Person | None, now: datetime) -> None:
    """A password that has been checked: every session under the former one is over."""
    with transaction.atomic():
        person.set_password(password)
        person.save(update_fields=["password"])
        record(Deed.PERSON_PASSWORD_SET, thing=person, by=by, now=now)


def close_sign_in(*, person: Person, reason: str, by: Person | None, now: datetime) -> None:
    """The person can no longer sign in, and is signed out everywhere.

    Refusals: ``reason_required``, ``sign_in_closed``, ``last_administrator``.
    """
    _require_reason(reason)
    with transaction.atomic():
        lock_administrators()
        _move(person, is_active=False, refusal="Вход уже закрыт.")
        if person.grants.filter(role=ADMINISTRATOR).exists():
            refuse_without_administrator(timezone.localdate(now))
        _end_all_sessions(person)
        record(Deed.PERSON_CLOSED, thing=person, by=by, now=now, reason=reason)


def open_sign_in(*, person: Person, reason: str, by: Person | None, now: datetime) -> None:
    """The person can sign in again. Refusals: ``reason_required``, ``sign_in_open``."""
    _require_reason(reason)
    with transaction.atomic():
        _move(person, is_active=True, refusal="Вход уже открыт.")
        record(Deed.PERSON_OPENED, thing=person, by=by, now=now, reason=reason)


def end_sessions(*, person: Person, by: Person, now: datetime) -> int:
    """Signs the person out everywhere; how many sessions there were."""
    with transaction.atomic():
        ended = _end_all_sessions(person)
        record(Deed.PERSON_SESSIONS_ENDED, thing=person, by=by, now=now, after={"сеансов": ended})
    return ended


def reset_second_factor(*, person: Person, reason: str, by: Person | None, now: datetime) -> None:
    """Takes away every second factor of a person who has lost theirs, and tells them by letter.

    They are signed out everywhere. Refusals: ``reason_required``, ``no_second_factor``.
    """
    _require_reason(reason)
    with transaction.atomic():
        number, _ = Authenticator.objects.filter(user=person).delete()
        if not number:
            raise Refusal(
                "Второго фактора нет.",
                kind="no_second_factor",
                cure="Сбрасывать нечего.",
            )
        _end_all_sessions(person)
        entry = record(Deed.SECOND_FACTOR_RESET, thing=person, by=by, now=now, reason=reason)
        letters.post(
            key=f"second_factor_reset:{entry.pk}",
            to=person.email,
            template="second_factor_reset",
            context={"person": person, "by": by},
            now=now,
        )


def checked_email(email: str) -> str:
    """The address in small letters. Refusal ``bad_email``."""
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(
            f"«{email}» – не адрес электронной почты.",
            kind="bad_email",
            cure="Например: ivanova@example.ru",
        ) from None
    return email


def checked_name(full_name: str) -> str:
    """The name with single blanks. Refusal ``bad_name``."""
    full_name = " ".join(full_name.split())
    if not full_name or len(full_name) > 200:
        raise Refusal(
            "Имя не указано или длиннее 200 знаков.",
            kind="bad_name",
            cure="Укажите фамилию, имя и отчество.",
        )
    return full_name


def taken(email: str) -> Refusal:
    """What is said about an address that somebody has."""
    return Refusal(
        f"Пользователь с адресом {email} уже есть.",
        kind="email_taken",
        cure="Откройте его в списке и добавьте роль.",
    )


def check_password(password: str, person: Person) -> None:
    """Refusal ``weak_password`` says in Russian what the rules of passwords ask for."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refusal(
            " ".join(error.messages), kind="weak_password", cure="Придумайте другой пароль."
        ) from None


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(
            "Причина не указана.",
            kind="reason_required",
            cure="Напишите, почему: причина останется в журнале.",
        )


def _move(person: Person, *, is_active: bool, refusal: str) -> None:
    moved = Person.objects.filter(pk=person.pk, is_active=not is_active)
    if not moved.update(is_active=is_active):
        kind = "sign_in_open" if is_active else "sign_in_closed"
        raise Refusal(refusal, kind=kind, cure="Откройте страницу пользователя заново.")
    person.is_active = is_active


def _end_all_sessions(person: Person) -> int:
    sessions = list(UserSession.objects.filter(user=person))
    for session in sessions:
        session.end()
    return len(sessions)
