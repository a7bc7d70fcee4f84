"""Reminders of due dates: each is made once with its letter, whatever runs how often, at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from noko.actions import letter
from noko.core.planning.reminders import Step, steps_on
from noko.core.planning.terms import Occurrence
from noko.models import Person, Plan, PlanActivity, Reminder
from noko.queries.calendar import working_calendar
from noko.queries.plan import Row, view_of
from noko.queries.plan_people import heads, reminded


def make_due(*, now: datetime) -> int:
    """Adds the reminders that are due by ``now`` and not made yet; returns how many are new.

    Only adopted plans remind, and only of due dates after their adoption. The unique constraint
    makes a second one impossible, so this may run at any time, twice, and at once.
    """
    today = timezone.localdate(now)
    plans = list(_plans_in_force(today.year))
    return sum(_made(wanted, now) for plan in plans for wanted in _wanted(plan, now))


def _made(wanted: Reminder, now: datetime) -> bool:
    """The reminder and its letter in one transaction; False where it is there already."""
    with transaction.atomic():
        _, new = Reminder.objects.get_or_create(
            activity=wanted.activity,
            person=wanted.person,
            step=wanted.step,
            due_on=wanted.due_on,
            defaults={"period": wanted.period, "made_at": now},
        )
        if new:
            _post(wanted, now)
    return new


def _post(reminder: Reminder, now: datetime) -> None:
    activity, person = reminder.activity, reminder.person
    letter.post(
        key=f"reminder:{activity.pk}:{person.pk}:{reminder.step}:{reminder.due_on}",
        to=person.email,
        template="reminder",
        context={
            "name": person.full_name,
            "step": reminder.step,
            "due_on": reminder.due_on,
            "period": reminder.period,
            "activity": activity,
            "plan": activity.plan,
            "responsible": ", ".join(str(one) for one in activity.responsible.all()),
            "result": "; ".join(activity.result.splitlines()),
        },
        now=now,
    )


def _plans_in_force(year: int) -> Iterable[Plan]:
    adopted = Plan.objects.filter(status=Plan.Status.ADOPTED, year__in=(year - 1, year, year + 1))
    return adopted.select_related("cycle", "municipality")


def _wanted(plan: Plan, now: datetime) -> Iterator[Reminder]:
    today = timezone.localdate(now)
    for row in view_of(plan, today).rows:
        for occurrence in row.standing.open:
            if plan.adopted_on is None or occurrence.due_on < plan.adopted_on:
                continue
            for step in steps_on(occurrence.due_on, today, working_calendar()):
                yield from _of_step(row, occurrence, step, now)


def _of_step(row: Row, occurrence: Occurrence, step: Step, now: datetime) -> Iterator[Reminder]:
    """Who brought a document that waits is left alone until the term passes."""
    if row.waiting and step in (Step.AHEAD, Step.SOON):
        return
    for person in _to(row.activity, step):
        yield Reminder(
            activity=row.activity,
            person=person,
            step=step.value,
            due_on=occurrence.due_on,
            period=occurrence.period,
            made_at=now,
        )


def _to(activity: PlanActivity, step: Step) -> list[Person]:
    return heads(activity) if step is Step.ESCALATION else reminded(activity)
