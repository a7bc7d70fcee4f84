"""The doors: who may do what, and the check that every page of the office begins with."""

from collections.abc import Collection
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from noko.access.permissions import Permission
from noko.access.roles import BY_CODE, Reach, Role, Side
from noko.access.scope import Scope
from noko.models import Municipality, Organisation, Person, RoleGrant


def grants_of(person: Person | AnonymousUser, *, today: date | None = None) -> list[RoleGrant]:
    """Grants in force on ``today`` (default: the current day), in the order of granting."""
    if not isinstance(person, Person) or not person.is_active:
        return []
    in_force = _in_force(today or timezone.localdate()).filter(person=person)
    found = in_force.select_related("municipality", "organisation").order_by("starts_on", "pk")
    return [grant for grant in found if grant.role in BY_CODE]


def roles_of(person: Person | AnonymousUser, *, today: date | None = None) -> list[Role]:
    """Roles in force on ``today`` (default: the current day), in the order of granting."""
    codes = dict.fromkeys(grant.role for grant in grants_of(person, today=today))
    return [BY_CODE[code] for code in codes]


def _kept_grants(person: Person | AnonymousUser) -> list[RoleGrant]:
    """Today's grants, asked of the database once for each request."""
    kept: list[RoleGrant] | None = getattr(person, "_grants", None)
    if kept is None:
        kept = grants_of(person)
        person._grants = kept  # type: ignore[union-attr]
    return kept


def permissions_of(person: Person | AnonymousUser) -> frozenset[Permission]:
    """Everything the person may do today, wherever it reaches."""
    return frozenset().union(*(BY_CODE[grant.role].permissions for grant in _kept_grants(person)))


def scope_of(person: Person | AnonymousUser, permission: Permission) -> Scope:
    """Where the person may do this today; empty when nowhere."""
    granted = [g for g in _kept_grants(person) if permission in BY_CODE[g.role].permissions]
    return Scope(
        everything=any(BY_CODE[grant.role].reach is Reach.REGION for grant in granted),
        municipalities=frozenset(g.municipality_id for g in granted if g.municipality_id),
        organisations=frozenset(g.organisation_id for g in granted if g.organisation_id),
    )


def has_permission(person: Person | AnonymousUser, permission: Permission) -> bool:
    """Whether the person may do this today."""
    return permission in permissions_of(person)


def require(request: HttpRequest, permission: Permission) -> Person:
    """The signed-in person who may do this; otherwise :class:`PermissionDenied` (page 403).

    Strangers do not come so far: :class:`noko.access.sign_in.SignInMiddleware` sends them to the
    sign-in page.
    """
    person = request.user
    if not isinstance(person, Person) or not has_permission(person, permission):
        raise PermissionDenied
    return person


def administrators() -> int:
    """How many people can sign in as an administrator today."""
    grants = _in_force(timezone.localdate()).filter(role="administrator", person__is_active=True)
    return grants.values("person").distinct().count()


def _in_force(today: date) -> QuerySet[RoleGrant]:
    started = Q(starts_on__lte=today)
    return RoleGrant.objects.filter(started, Q(ends_on__isnull=True) | Q(ends_on__gte=today))


def people_with_role(code: str, municipality: Municipality | None) -> QuerySet[Person]:
    """Active people who hold the role today; of a municipality's role, those of this one."""
    grants = _in_force(timezone.localdate()).filter(role=code, person__is_active=True)
    if municipality is not None and code in BY_CODE and BY_CODE[code].reach is Reach.MUNICIPALITY:
        grants = grants.filter(municipality=municipality)
    return Person.objects.filter(pk__in=grants.values("person")).order_by("full_name", "pk")


def works_for(person: Person | AnonymousUser, organisation: Organisation) -> bool:
    """Whether the person stands on the side of this organisation today: who does, speaks for it
    and decides nothing about it."""
    return any(
        grant.organisation_id == organisation.pk and BY_CODE[grant.role].side is Side.ORGANISATION
        for grant in grants_of(person)
    )


def people_of(organisations: Collection[int]) -> list[tuple[Person, int]]:
    """Active people with the key of the organisation that they stand for today."""
    codes = [role.code for role in BY_CODE.values() if role.side is Side.ORGANISATION]
    grants = _in_force(timezone.localdate()).filter(
        role__in=codes, organisation__in=organisations, person__is_active=True
    )
    rows = grants.select_related("person").order_by("person__full_name", "person", "pk")
    return [(grant.person, grant.organisation_id) for grant in rows if grant.organisation_id]
