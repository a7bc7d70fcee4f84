"""People: the list with what each holds today, and the roles of one person over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from noko.access.roles import BY_CODE
from noko.models import Invitation, Person, RoleGrant


def people(*, words: str = "", role: str = "", today: date) -> QuerySet[Person]:
    """In the order of their names; all ``words`` stand in the name or the address; ``role``: those
    who hold it today."""
    found = Person.objects.order_by("full_name", "pk")
    for word in words.split():
        found = found.filter(Q(full_name__icontains=word) | Q(email__icontains=word))
    if role:
        held = in_force(today).filter(person=OuterRef("pk"), role=role)
        found = found.filter(Exists(held))
    return found


def in_force(today: date) -> QuerySet[RoleGrant]:
    """Grants of today whose role is still known, with their places."""
    open_ended = Q(ends_on__isnull=True) | Q(ends_on__gte=today)
    found = RoleGrant.objects.filter(open_ended, starts_on__lte=today, role__in=BY_CODE)
    return found.select_related("municipality", "organisation").order_by("starts_on", "pk")


def grants_of_all(people: Iterable[Person], today: date) -> dict[int, list[RoleGrant]]:
    """By key of the person: what they hold today, asked of the database once for a whole page."""
    grants: dict[int, list[RoleGrant]] = defaultdict(list)
    for grant in in_force(today).filter(person__in=[person.pk for person in people]):
        grants[grant.person_id].append(grant)
    return grants


def grants_by_time(person: Person, today: date) -> dict[str, list[RoleGrant]]:
    """``now``, ``later`` and ``over``: every grant of the person that names a known role."""
    found = RoleGrant.objects.filter(person=person, role__in=BY_CODE)
    times: dict[str, list[RoleGrant]] = {"now": [], "later": [], "over": []}
    ordered = found.select_related("municipality", "organisation").order_by("starts_on", "pk")
    for grant in ordered:
        if grant.ends_on is not None and grant.ends_on < today:
            times["over"].append(grant)
        else:
            times["later" if grant.starts_on > today else "now"].append(grant)
    return times


def invitations_waiting() -> QuerySet[Invitation]:
    """Open invitations, the newest first; those whose time is over wait to be sent again."""
    waiting = Invitation.objects.filter(status=Invitation.Status.OPEN)
    return waiting.select_related("created_by").prefetch_related(
        "roles__municipality", "roles__organisation"
    )
