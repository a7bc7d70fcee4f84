"""When people are reminded of a due date: each step once, whenever the clockwork happens to run.

A step may be taken on any day of its span; the next step ends it, so that a clockwork that has
stood still does not say «осталось десять дней» on the last one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from noko.core.planning.calendar import WorkingCalendar

DAY = timedelta(days=1)


class Step(StrEnum):
    AHEAD = "ahead"
    SOON = "soon"
    LATE = "late"
    ESCALATION = "escalation"


AHEAD_DAYS, SOON_DAYS = 10, 3
LATE_DAYS, ESCALATION_DAYS = 1, 5
"""Working days before and after the due date."""

FORGOTTEN_AFTER = 45
"""So many days after the due date nobody is reminded any more: the plan shows it as overdue."""


@dataclass(frozen=True, slots=True)
class Span:
    """The days on which a step may be taken, both included."""

    step: Step
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def spans(due_on: date, calendar: WorkingCalendar) -> tuple[Span, ...]:
    """The steps of one due date in order; «late» and «escalation» overlap: they go to others."""
    soon = calendar.add(due_on, -SOON_DAYS)
    forgotten = due_on + FORGOTTEN_AFTER * DAY
    return (
        Span(Step.AHEAD, calendar.add(due_on, -AHEAD_DAYS), soon - DAY),
        Span(Step.SOON, soon, due_on),
        Span(Step.LATE, calendar.add(due_on, LATE_DAYS), forgotten),
        Span(Step.ESCALATION, calendar.add(due_on, ESCALATION_DAYS), forgotten),
    )


def steps_on(due_on: date, today: date, calendar: WorkingCalendar) -> tuple[Step, ...]:
    """What may be said today about a due date that is still open."""
    return tuple(span.step for span in spans(due_on, calendar) if span.holds(today))
