"""What one person has to do by the plans: own activities, documents to confirm, reminders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from noko.access.loading import grants_of, has_permission
from noko.access.permissions import Permission
from noko.core.planning.progress import Status
from noko.models import Evidence, Person, Plan, Reminder
from noko.queries.plan import Row, view_of
from noko.queries.plan_people import answers_for

OVER = (Status.DONE, Status.DONE_LATE)


@dataclass(frozen=True, slots=True)
class OwnRow:
    plan: Plan
    row: Row

    @property
    def due_on(self) -> date | None:
        return self.row.standing.due_on


def plans_at_work(person: Person, today: date) -> Iterable[Plan]:
    """Adopted plans of this year and of its neighbours that may name the person."""
    near = (today.year - 1, today.year, today.year + 1)
    places = [grant.municipality_id for grant in grants_of(person, today=today)]
    reached = (
        Q(municipality__isnull=True)
        | Q(municipality__in=[place for place in places if place])
        | Q(activities__responsible__person=person)
    )
    found = Plan.objects.filter(reached, status=Plan.Status.ADOPTED, year__in=near).distinct()
    return found.select_related("cycle", "municipality").order_by("year", "pk")


def own_rows(person: Person, today: date) -> list[OwnRow]:
    """Activities that the person answers for and that are not over, the next due first."""
    held = {(grant.role, grant.municipality_id) for grant in grants_of(person, today=today)}
    found = [
        OwnRow(plan, row)
        for plan in plans_at_work(person, today)
        for row in view_of(plan, today).rows
        if row.status not in OVER and answers_for(row.activity, person, held)
    ]
    return sorted(found, key=lambda own: (own.due_on or date.max, own.row.activity.position))


def to_confirm(person: Person) -> list[Evidence]:
    """Documents of others that wait for a second person, when this one may be it."""
    if not has_permission(person, Permission.ACTIVITY_CONFIRM):
        return []
    waiting = Evidence.objects.filter(status=Evidence.Status.WAITING).exclude(added_by=person)
    return list(waiting.select_related("activity__plan", "added_by").order_by("added_at"))


def returned_to(person: Person) -> list[Evidence]:
    """Documents of this person that came back and were not brought again."""
    back = Evidence.objects.filter(status=Evidence.Status.RETURNED, added_by=person)
    return [
        item
        for item in back.select_related("activity__plan", "decided_by").order_by("-decided_at")
        if not item.activity.evidence.filter(added_at__gt=item.decided_at).exists()
    ]


def reminders_of(person: Person, limit: int = 50) -> list[Reminder]:
    found = Reminder.objects.filter(person=person).select_related("activity__plan")
    return list(found[:limit])
