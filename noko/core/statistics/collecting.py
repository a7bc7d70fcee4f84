"""How collecting goes: what should be there by a day, and where it will not be.

The thresholds are ours; no act knows them.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

SETTLED = Fraction(1, 5)
"""Before this part of the wave has passed nobody is called late."""

BEHIND = Fraction(7, 10)
"""An organisation below this part of what should be there by now is at risk."""


def elapsed(starts_on: date, ends_on: date, today: date) -> Fraction:
    """What part of the wave has passed when ``today`` is over: 0..1."""
    days = (ends_on - starts_on).days + 1
    passed = (today - starts_on).days + 1
    return Fraction(min(max(passed, 0), days), days)


def at_risk(accepted: int, target: int | None, part: Fraction) -> bool:
    """Whether ``accepted`` is so far behind the way to ``target`` that help is needed."""
    if not target or part < SETTLED or accepted >= target:
        return False
    return accepted < BEHIND * part * target


def days_left(ends_on: date, today: date) -> int:
    """Days to come, today among them; 0 when the wave is over."""
    return max(0, (ends_on - today).days + 1)
