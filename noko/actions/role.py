"""Roles that people hold: given and ended one at a time, each for its time and place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any, NamedTuple

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
PLACES = {Reach.MUNICIPALITY: "муниципалитет", Reach.ORGANISATION: "организацию"}


class Granted(NamedTuple):
    """A role to be held: with the municipality or organisation that the role asks for, from a day
    (None: from the day of the deed) to a day (None: without end), both days included."""

    role: str
    municipality: Municipality | None = None
    organisation: Organisation | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def __str__(self) -> str:
        where = self.municipality or self.organisation
        return f"{BY_CODE[self.role].title} ({where})" if where else BY_CODE[self.role].title

    def overlaps(self, other: Granted) -> bool:
        """Whether there is a day of both."""
        first = max(self.starts_on or date.min, other.starts_on or date.min)
        return first <= min(self.ends_on or date.max, other.ends_on or date.max)


def granted_of(grant: RoleGrant) -> Granted:
    """What a stored grant says."""
    return Granted(
        grant.role, grant.municipality, grant.organisation, grant.starts_on, grant.ends_on
    )


def grant(*, person: Person, granted: Granted, by: Person | None, now: datetime) -> RoleGrant:
    """One more role.

    Refusals: those of :func:`check_roles` together with the roles that the person has or will
    have; ``role_held``; ``bad_period`` also for a time that is over or begins in the past.
    """
    today = timezone.localdate(now)
    granted = _from_today(granted, today)
    with transaction.atomic():
        # Two who give roles to one person at once wait here: neither misses the other's conflict.
        Person.objects.select_for_update().get(pk=person.pk)
        held = [granted_of(item) for item in not_over(person, today)]
        check_roles([granted])
        check_roles([*held, granted])
        _refuse_held(granted, held)
        made = store(person, [granted], today)[0]
        record(Deed.ROLE_GRANTED, thing=person, by=by, now=now, after=described(granted))
    return made


def end(*, grant: RoleGrant, last_day: date | None, by: Person | None, now: datetime) -> None:
    """The role is held up to ``last_day``; None: no longer at all from now on.

    A grant that has never been in force is taken back whole; the journal keeps it.
    Refusals: ``role_ended`` (over already, or changed by somebody else meanwhile), ``bad_period``,
    ``last_administrator``.
    """
    today = timezone.localdate(now)
    if last_day is not None and last_day < max(today, grant.starts_on):
        raise Refusal(
            "Последний день роли не может быть раньше сегодняшнего дня и раньше её начала.",
            kind="bad_period",
            cure="Укажите более поздний день или завершите роль сразу.",
        )
    last = today - timedelta(days=1) if last_day is None else last_day
    with transaction.atomic():
        lock_administrators()
        _shorten(grant, last, today)
        if grant.role == ADMINISTRATOR:
            refuse_without_administrator(last + timedelta(days=1))
        before = described(granted_of(grant))
        after = {**before, "по": last.isoformat()}
        record(Deed.ROLE_ENDED, thing=grant.person, by=by, now=now, before=before, after=after)


def check_roles(roles: Iterable[Granted]) -> None:
    """Refuses what no person may hold.

    Refusals: ``unknown_role``, ``role_without_place`` and ``role_with_foreign_place`` (a role of a
    municipality or an organisation names it, another does not), ``bad_period``,
    ``conflict_of_interest`` (officials, workers of assessed organisations and the operator do not
    sit on the council at the same time).
    """
    held = list(roles)
    for granted in held:
        _check_role(granted)
    for one, other in combinations(held, 2):
        sides = frozenset({BY_CODE[one.role].side, BY_CODE[other.role].side})
        if sides in CONFLICTS and one.overlaps(other):
            raise Refusal(
                f"Эти роли нельзя совместить: {one}, {other}.",
                kind="conflict_of_interest",
                cure="В общественный совет не входят должностные лица, работники оцениваемых "
                "организаций и организация-оператор. Оставьте роли одной стороны.",
            )


def store(person: Person, roles: Sequence[Granted], today: date) -> list[RoleGrant]:
    """Rows for roles that have been checked. Refusal ``role_held``."""
    held = Refusal("Эта роль уже есть.", kind="role_held", cure="Выберите другую роль или срок.")
    with refusing({"role_grant_once_from_a_day": held}):
        return [
            RoleGrant.objects.create(
                person=person,
                role=granted.role,
                municipality=granted.municipality,
                organisation=granted.organisation,
                starts_on=granted.starts_on or today,
                ends_on=granted.ends_on,
            )
            for granted in roles
        ]


def not_over(person: Person, today: date) -> QuerySet[RoleGrant]:
    """Grants in force or to come whose role is still known."""
    open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    found = RoleGrant.objects.filter(open_ended, person=person, role__in=BY_CODE)
    return found.select_related("municipality", "organisation")


def lock_administrators() -> None:
    """Everybody who could remove an administrator waits here, so that two do not remove the last
    two."""
    rows = RoleGrant.objects.filter(role=ADMINISTRATOR).select_for_update()
    list(rows.order_by("pk").values_list("pk"))


def refuse_without_administrator(day: date) -> None:
    """Refusal ``last_administrator``: on ``day`` nobody could put things right."""
    in_force = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    left = RoleGrant.objects.filter(
        in_force, role=ADMINISTRATOR, starts_on__lte=day, person__is_active=True
    )
    if not left.exists():
        raise Refusal(
            "Это последний администратор, который может войти.",
            kind="last_administrator",
            cure="Сначала дайте роль администратора другому человеку.",
        )


def described(granted: Granted) -> dict[str, Any]:
    """A role as the journal shows it."""
    text: dict[str, Any] = {"роль": str(granted)}
    if granted.starts_on:
        text["с"] = granted.starts_on.isoformat()
    if granted.ends_on:
        text["по"] = granted.ends_on.isoformat()
    return text


def said(granted: Granted) -> str:
    """The same in one line, for a list of roles."""
    days = [
        f"{word} {day.isoformat()}"
        for word, day in (("с", granted.starts_on), ("по", granted.ends_on))
        if day
    ]
    return " ".join([str(granted), *days])


def _from_today(granted: Granted, today: date) -> Granted:
    starts_on = granted.starts_on or today
    if starts_on < today or (granted.ends_on is not None and granted.ends_on < today):
        raise Refusal(
            "Роль нельзя дать задним числом.",
            kind="bad_period",
            cure="Укажите сегодняшний день или более поздний.",
        )
    return granted._replace(starts_on=starts_on)


def _refuse_held(granted: Granted, held: Iterable[Granted]) -> None:
    same = [item for item in held if item[:3] == granted[:3] and item.overlaps(granted)]
    if same:
        raise Refusal(
            f"Роль «{granted}» на это время уже есть.",
            kind="role_held",
            cure="Выберите другую роль или другой срок.",
        )


def _shorten(grant: RoleGrant, last: date, today: date) -> None:
    """The grant ends on ``last``; one that would end before it began is taken back."""
    same = RoleGrant.objects.filter(pk=grant.pk, ends_on=grant.ends_on)
    over = grant.ends_on is not None and grant.ends_on < today
    taken_back = last < grant.starts_on
    done = 0
    if not over:
        done = same.delete()[0] if taken_back else same.update(ends_on=last)
    if not done:
        raise Refusal(
            "Эта роль уже завершена или её срок только что изменили.",
            kind="role_ended",
            cure="Откройте страницу пользователя заново.",
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
    if role.reach in named and not named[role.reach]:
        raise Refusal(
            f"Роль «{role.title}» действует не во всём регионе.",
            kind="role_without_place",
            cure=f"Выберите {PLACES[role.reach]}.",
        )
    if any(there for reach, there in named.items() if reach is not role.reach):
        raise Refusal(
            f"Роль «{role.title}» не ограничивают.",
            kind="role_with_foreign_place",
            cure="Не выбирайте для неё муниципалитет или организацию.",
        )
    if granted.starts_on and granted.ends_on and granted.ends_on < granted.starts_on:
        raise Refusal(
            f"Роль «{role.title}» кончается раньше, чем начинается.",
            kind="bad_period",
            cure="Исправьте даты.",
        )
