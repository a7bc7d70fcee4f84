"""People: accounts and roles."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from noko.access.roles import BY_CODE
from noko.core.refusal import Refusal
from noko.models import Person, RoleGrant


def create_person(*, email: str, full_name: str, password: str, role: str, today: date) -> Person:
    """An account with one role from ``today`` on; refuses a wrong or taken e-mail address."""
    if role not in BY_CODE:
        raise Refusal(
            f"Нет роли «{role}».",
            kind="unknown_role",
            cure=f"Возможные роли: {', '.join(BY_CODE)}.",
        )
    _check_email(email)
    try:
        with transaction.atomic():
            person = Person.objects.create(email=email, full_name=full_name, password=password)
            RoleGrant.objects.create(person=person, role=role, starts_on=today)
    except IntegrityError as error:
        raise Refusal(
            f"Пользователь с адресом {email.lower()} уже есть.",
            kind="person_exists",
            cure="Укажите другой адрес или смените пароль: noko administrator password",
        ) from error
    return person


def set_password(*, email: str, password: str) -> Person:
    """A new password for an existing person."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise Refusal(
            f"Пользователя с адресом {email} нет.",
            kind="unknown_person",
            cure="Проверьте адрес.",
        )
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def _check_email(email: str) -> None:
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Refusal(
            f"«{email}» — не адрес электронной почты.",
            kind="bad_email",
            cure="Например: ivanova@example.ru",
        ) from error
