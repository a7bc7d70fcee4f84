"""The doors: who may do what, and the check that every page of the office begins with."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from noko.access.permissions import Permission
from noko.access.roles import BY_CODE, Role
from noko.models import Person, RoleGrant


def roles_of(person: Person | AnonymousUser, *, today: date | None = None) -> list[Role]:
    """Roles in force on ``today`` (default: the current day), in the order of granting."""
    if not isinstance(person, Person) or not person.is_active:
        return []
    grants = _in_force(today or timezone.localdate()).filter(person=person)
    codes = grants.order_by("starts_on", "pk").values_list("role", flat=True)
    return [BY_CODE[code] for code in dict.fromkeys(codes) if code in BY_CODE]


def permissions_of(person: Person | AnonymousUser) -> frozenset[Permission]:
    """Everything the person may do today; asked of the database once for each request."""
    kept: frozenset[Permission] | None = getattr(person, "_permissions", None)
    if kept is None:
        kept = frozenset().union(*(role.permissions for role in roles_of(person)))
        person._permissions = kept  # type: ignore[union-attr]
    return kept


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
