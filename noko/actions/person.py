"""People who sign in, and the roles they hold."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from noko.access.roles import BY_CODE, CONFLICTS, Reach
from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Municipality, Organisation, Person, RoleGrant

ADMINISTRATOR = "administrator"


class Granted(NamedTuple):
    """A role to be held, with the municipality or organisation that the role asks for."""

    role: str
    municipality: Municipality | None = None
    organisation: Organisation | None = None

    def __str__(self) -> str:
        where = self.municipality or self.organisation
        return f"{BY_CODE[self.role].title} ({where})" if where else BY_CODE[self.role].title


def create(
    *,
    email: str,
    full_name: str,
    roles: Sequence[Granted],
    password: str | None,
    by: Person | None,
    now: datetime,
) -> Person:
    """A person with these roles from today on. Without a ``password`` they cannot sign in yet.

    Refusals: ``bad_email``, ``weak_password``, ``email_taken`` and those of :func:`set_roles`.
    """
    email = email.strip().lower()
    _check_email(email)
    full_name = " ".join(full_name.split())
    if password is not None:
        check_password(password, Person(email=email, full_name=full_name))
    check_roles(roles)
    taken = Refusal(
        f"Пользователь с адресом {email} уже есть.",
        kind="email_taken",
        cure="Откройте его в списке и добавьте роль.",
    )
    with refusing({"noko_person_email_key": taken}):
        person = Person.objects.create(
            email=email,
            full_name=full_name,
            password=password,  # type: ignore[misc]  # None: there is no password yet
        )
        for granted in roles:
            _grant(person, granted, timezone.localdate(now))
        record(
            Deed.PERSON_CREATED,
            thing=person,
            by=by,
            now=now,
            after={"адрес": email, "роли": [str(granted) for granted in roles]},
        )
    return person


def set_roles(
    *,
    person: Person,
    roles: Iterable[Granted],
    is_active: bool,
    by: Person | None,
    now: datetime,
) -> Person:
    """Exactly these roles from today on, and whether the person may sign in.

    A role that is taken away keeps its history: it ends the day before.

    Refusals: ``unknown_role``, ``role_without_place`` (a role of a municipality or an organisation
    names it), ``conflict_of_interest`` (officials, workers of assessed organisations and the
    operator do not sit on the council), ``last_administrator`` (somebody must be left who can put
    things right).
    """
    wanted = set(roles)
    check_roles(wanted)
    today = timezone.localdate(now)
    with transaction.atomic():
        # Everybody who changes roles waits here, so that two do not remove each other.
        list(RoleGrant.objects.select_for_update().order_by("pk"))
        held = {_granted(grant): grant for grant in _in_force(today).filter(person=person)}
        before = {"роли": sorted(map(str, held)), "может входить": person.is_active}
        for granted in held.keys() - wanted:
            _end(held[granted], today)
        for granted in wanted - held.keys():
            _grant(person, granted, today)
        Person.objects.filter(pk=person.pk).update(is_active=is_active)
        if not _administrators(today):
            raise Refusal(
                "Это последний администратор, который может войти.",
                kind="last_administrator",
                cure="Сначала дайте роль администратора другому человеку.",
            )
        after = {"роли": sorted(map(str, wanted)), "может входить": is_active}
        if before != after:
            record(Deed.PERSON_CHANGED, thing=person, by=by, now=now, before=before, after=after)
    person.refresh_from_db()
    return person


def set_password(*, email: str, password: str, by: Person | None, now: datetime) -> Person:
    """A new password for an existing person. Refusals: ``unknown_person``, ``weak_password``."""
    with transaction.atomic():
        person = Person.objects.filter(email=email.strip().lower()).first()
        if person is None:
            raise Refusal(
                f"Пользователя с адресом {email} нет.",
                kind="unknown_person",
                cure="Проверьте адрес.",
            )
        check_password(password, person)
        person.set_password(password)
        person.save(update_fields=["password"])
        record(Deed.PERSON_PASSWORD_SET, thing=person, by=by, now=now)
    return person


def check_roles(roles: Iterable[Granted]) -> None:
    """Refuses what no person may hold: see :func:`set_roles`."""
    held = list(roles)
    for granted in held:
        _check_role(granted)
    known = [BY_CODE[granted.role] for granted in held]
    for pair in CONFLICTS:
        against = [role.title for role in known if role.side in pair]
        if pair <= {role.side for role in known}:
            raise Refusal(
                f"Эти роли нельзя совместить: {', '.join(dict.fromkeys(against))}.",
                kind="conflict_of_interest",
                cure="В общественный совет не входят должностные лица, работники оцениваемых "
                "организаций и организация-оператор. Оставьте роли одной стороны.",
            )


def _check_role(granted: Granted) -> None:
    role = BY_CODE.get(granted.role)
    if role is None:
        raise Refusal(
            f"Нет роли «{granted.role}».",
            kind="unknown_role",
            cure=f"Возможные роли: {', '.join(BY_CODE)}.",
        )
    named = {
        Reach.MUNICIPALITY: granted.municipality is not None,
        Reach.ORGANISATION: granted.organisation is not None,
    }
    asked = {Reach.MUNICIPALITY: "муниципалитет", Reach.ORGANISATION: "организацию"}
    if role.reach in named and not named[role.reach]:
        raise Refusal(
            f"Роль «{role.title}» действует не во всём регионе.",
            kind="role_without_place",
            cure=f"Выберите {asked[role.reach]}.",
        )
    if any(there for reach, there in named.items() if reach is not role.reach):
        raise Refusal(
            f"Роль «{role.title}» не ограничивают.",
            kind="role_with_foreign_place",
            cure="Не выбирайте для неё муниципалитет или организацию.",
        )


def _granted(grant: RoleGrant) -> Granted:
    return Granted(grant.role, grant.municipality, grant.organisation)


def _grant(person: Person, granted: Granted, today: date) -> RoleGrant:
    return RoleGrant.objects.create(
        person=person,
        role=granted.role,
        municipality=granted.municipality,
        organisation=granted.organisation,
        starts_on=today,
    )


def _check_email(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError:
        raise Refusal(
            f"«{email}» – не адрес электронной почты.",
            kind="bad_email",
            cure="Например: ivanova@example.ru",
        ) from None


def check_password(password: str, person: Person) -> None:
    """Refusal ``weak_password`` says in Russian what the rules of passwords ask for."""
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Refusal(
            " ".join(error.messages), kind="weak_password", cure="Придумайте другой пароль."
        ) from None


def _in_force(today: date) -> QuerySet[RoleGrant]:
    open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    found = RoleGrant.objects.filter(open_ended, starts_on__lte=today, role__in=BY_CODE)
    return found.select_related("municipality", "organisation")


def _end(grant: RoleGrant, today: date) -> None:
    if grant.starts_on >= today:
        grant.delete()
        return
    grant.ends_on = today - timedelta(days=1)
    grant.save(update_fields=["ends_on"])


def _administrators(today: date) -> int:
    found = _in_force(today).filter(role=ADMINISTRATOR, person__is_active=True)
    return found.values("person").distinct().count()
