"""The working-day calendar that stands in ``noko/rules/calendars``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from noko.core.planning.calendar import WorkingCalendar, parse_holidays, parse_year

CALENDARS = Path(__file__).resolve().parent.parent / "rules" / "calendars"


@cache
def working_calendar() -> WorkingCalendar:
    """All years at hand. Refusal ``broken_calendar`` names file, key and reason."""
    return read_calendar(CALENDARS)


def read_calendar(folder: Path) -> WorkingCalendar:
    """The calendar in any ``folder``: ``holidays.yaml`` and a file for each year."""
    holidays = folder / "holidays.yaml"
    return WorkingCalendar(
        parse_holidays(holidays.read_text(encoding="utf-8"), holidays.name),
        [
            parse_year(path.read_text(encoding="utf-8"), path.name)
            for path in sorted(folder.glob("[0-9]*.yaml"))
        ],
    )
