"""When coordinators and organisations are written to about a wave: each step once.

The days are ours; no act knows them.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from fractions import Fraction

from noko.core.planning.calendar import WorkingCalendar
from noko.core.statistics.collecting import elapsed

HALF = Fraction(1, 2)
LAST_DAYS = 3
"""Working days before the last day of a wave, when those hear of it who have not reached it."""


class Step(StrEnum):
    """``opened``: to all, with links; ``half`` and ``last``: to those who are behind, by
    themselves; ``help``: to those at risk, when somebody asks for it."""

    OPENED = "opened"
    HALF = "half"
    LAST = "last"
    HELP = "help"


def steps_on(
    *, opened_on: date, starts_on: date, ends_on: date, today: date, calendar: WorkingCalendar
) -> tuple[Step, ...]:
    """What an open wave may write today by itself. On the day of its opening it only says so;
    the last days end the time of reminding at half-way; after the last day nothing is written."""
    if today > ends_on:
        return ()
    if today <= opened_on:
        return (Step.OPENED,)
    if today >= calendar.add(ends_on, -LAST_DAYS):
        return (Step.OPENED, Step.LAST)
    if elapsed(starts_on, ends_on, today) >= HALF:
        return (Step.OPENED, Step.HALF)
    return (Step.OPENED,)
