"""The doors to the council, its sessions, votes and decisions; see :mod:`noko.access.loaders`."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from noko.access.loaders import User, allow
from noko.access.loading import scope_of
from noko.access.permissions import Permission
from noko.access.scope import Scope
from noko.models import (
    AgendaItem,
    Ballot,
    Council,
    CouncilMember,
    Decision,
    Material,
    Person,
    Session,
)

Thing = TypeVar("Thing", bound=Model)


def councils_for(
    person: User, permission: Permission = Permission.COUNCIL_VIEW
) -> QuerySet[Council]:
    """Councils of the region, and of the municipalities that the permission reaches."""
    allow(person, permission)
    return Council.objects.select_related("municipality").filter(_within(person, permission, ""))


def get_council_for(
    person: User, key: int, permission: Permission = Permission.COUNCIL_VIEW
) -> Council:
    return _found(councils_for(person, permission).filter(pk=key).first(), f"Совета {key}")


def get_member_for(
    person: User, key: int, permission: Permission = Permission.COUNCIL_MANAGE
) -> CouncilMember:
    allow(person, permission)
    found = CouncilMember.objects.select_related("council", "person")
    within = _within(person, permission, "council__")
    return _found(found.filter(within, pk=key).first(), f"Члена совета {key}")


def get_session_for(
    person: User, key: int, permission: Permission = Permission.COUNCIL_VIEW
) -> Session:
    allow(person, permission)
    found = Session.objects.select_related("council", "cycle", "presiding", "signed_by")
    within = _within(person, permission, "council__")
    return _found(found.filter(within, pk=key).first(), f"Заседания {key}")


def get_item_for(
    person: User, key: int, permission: Permission = Permission.COUNCIL_VIEW
) -> AgendaItem:
    allow(person, permission)
    found = AgendaItem.objects.select_related("session__council", "session__presiding", "cycle")
    within = _within(person, permission, "session__council__")
    return _found(found.filter(within, pk=key).first(), f"Вопроса {key}")


def get_ballot_for(person: User, key: int, permission: Permission) -> Ballot:
    allow(person, permission)
    found = Ballot.objects.select_related("item__session__council")
    within = _within(person, permission, "item__session__council__")
    return _found(found.filter(within, pk=key).first(), f"Голосования {key}")


def get_material_for(
    person: User, key: int, permission: Permission = Permission.COUNCIL_VIEW
) -> Material:
    allow(person, permission)
    found = Material.objects.select_related("item__session__council")
    within = _within(person, permission, "item__session__council__")
    return _found(found.filter(within, pk=key).first(), f"Материала {key}")


def get_decision_for(
    person: User, key: int, permission: Permission = Permission.COUNCIL_VIEW
) -> Decision:
    allow(person, permission)
    found = Decision.objects.select_related("council", "session", "item", "cycle")
    within = _within(person, permission, "council__")
    return _found(found.filter(within, pk=key).first(), f"Решения {key}")


def seat_at(person: User, session: Session) -> CouncilMember:
    """As whom the person sits at the session; 404 for everybody else who may vote elsewhere."""
    allow(person, Permission.COUNCIL_VOTE)
    seat = find_seat(person, session)
    return _found(seat, f"Места на заседании {session.pk}")


def find_seat(person: User, session: Session) -> CouncilMember | None:
    """The same, None for those who do not sit there."""
    if not isinstance(person, Person):
        return None
    line = session.attendance.filter(member__person=person).select_related("member").first()
    return line.member if line else None


def _within(person: User, permission: Permission, prefix: str) -> Q:
    return within(scope_of(person, permission), prefix)


def within(scope: Scope, prefix: str = "") -> Q:
    """Councils that the scope reaches; ``prefix`` leads to the council ("session__council__").

    A council of the whole region is reached from the whole region alone.
    """
    if scope.everything:
        return Q()
    return Q(**{f"{prefix}municipality__in": scope.municipalities})


def _found(thing: Thing | None, what: str) -> Thing:
    if thing is None:
        raise Http404(f"{what} нет.")
    return thing
