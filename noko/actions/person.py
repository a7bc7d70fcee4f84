"""People who sign in, and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet

from noko.access.roles import BY_CODE
from noko.actions.constraints import refusing
from noko.core.refusal import Refusal
from noko.models import Person, RoleGrant

ADMINISTRATOR = "administrator"


def create(
    *,
    email: str,
    full_name: str,
    role: str,
    password: str,
    by: Person | None,
    today: date,
) -> Person:
    """A person with one role from ``today`` on. ``role`` is a code of ``noko.access.roles``.

    Refusals: ``unknown_role``, ``bad_email``, ``weak_password``, ``email_taken``.
    """
    del by
    if role not in BY_CODE:
        raise Refusal(
            f"Нет роли «{role}».",
            kind="unknown_role",
            cure=f"Возможные роли: {', '.join(BY_CODE)}.",
        )
    email = email.strip().lower()
    _check_email(email)
    _check_password(password, Person(email=email, full_name=full_name))
    taken = Refusal(
        f"Пользователь с адресом {email} уже есть.",
        kind="email_taken",
        cure="Откройте его в списке и добавьте роль.",
    )
    with refusing({"noko_person_email_key": taken}):
        person = Person.objects.create(
            email=email, full_name=" ".join(full_name.split()), password=password
        )
        RoleGrant.objects.create(person=person, role=role, starts_on=today)
    return person


def set_roles(
    *, person: Person, roles: Iterable[str], is_active: bool, by: Person | None, today: date
) -> Person:
    """Exactly these roles from ``today`` on, and whether the person may sign in.

    A role that is taken away keeps its history: it ends the day before. Refusal
    ``last_administrator``: somebody must be left who can put things right.
    """
    del by
    wanted = set(roles)
    with transaction.atomic():
        # Everybody who changes roles waits here, so that two do not remove each other.
        list(RoleGrant.objects.select_for_update().order_by("pk"))
        held = _in_force(today).filter(person=person)
        for grant in held.exclude(role__in=wanted):
            _end(grant, today)
        for role in wanted - set(held.values_list("role", flat=True)):
            RoleGrant.objects.create(person=person, role=role, starts_on=today)
        Person.objects.filter(pk=person.pk).update(is_active=is_active)
        if not _administrators(today):
            raise Refusal(
                "Это последний администратор, который может войти.",
                kind="last_administrator",
                cure="Сначала дайте роль администратора другому человеку.",
            )
    person.refresh_from_db()
    return person


def set_password(*, email: str, password: str) -> Person:
    """A new password for an existing person. Refusals: ``unknown_person``, ``weak_password``."""
    person = Person.objects.filter(email=email.strip().lower()).first()
    if person is None:
        raise Refusal(
            f"Пользователя с адресом {email} нет.", kind="unknown_person", cure="Проверьте адрес."
        )
    _check_password(password, person)
    person.set_password(password)
    person.save(update_fields=["password"])
    return person


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(
            f"«{email}» – не адрес электронной почты.",
            kind="bad_email",
            cure="Например: ivanova@example.ru",
        ) from None


def _check_password(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refusal(
            " ".join(error.messages), kind="weak_password", cure="Придумайте другой пароль."
        ) from None


def _in_force(today: date) -> QuerySet[RoleGrant]:
    open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    return RoleGrant.objects.filter(open_ended, starts_on__lte=today)


def _end(grant: RoleGrant, today: date) -> None:
    if grant.starts_on >= today:
        grant.delete()
        return
    grant.ends_on = today - timedelta(days=1)
    grant.save(update_fields=["ends_on"])


def _administrators(today: date) -> int:
    found = _in_force(today).filter(role=ADMINISTRATOR, person__is_active=True)
    return found.values("person").distinct().count()
