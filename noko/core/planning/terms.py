"""What a term of the plan means: typed, immutable; its window in a year, its due dates.

``term_grammar.parse_term`` makes these from the printed Russian wording; the wording itself is
kept beside them, verbatim. «До» a date takes the date in. What follows from another event
(:class:`Relative`) or another document (:class:`Scheduled`, :class:`SetBy`) has no window until
that event or document is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from noko.core.planning.calendar import WorkingCalendar
from noko.core.planning.months import MONTHS, ROMAN, month_end

DAY = timedelta(days=1)
FRIDAY = 4


class Unit(StrEnum):
    WORKING_DAY = "working_day"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Every(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


MONTHS_IN = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}


@dataclass(frozen=True, slots=True)
class Until:
    """«до 30 ноября 2016г.»"""

    on: date


@dataclass(frozen=True, slots=True)
class Period:
    """«Февраль – апрель», «октябрь 2016г.», «II квартал», «с 1 по 20 марта», «15 мая»."""

    begins_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Always:
    """«постоянно» (``ongoing``) or «в течение года»: the whole of ``year``."""

    year: int
    ongoing: bool


@dataclass(frozen=True, slots=True)
class Due:
    """The day of a month: the ``day``-th, or the ``day``-th working one; 0 is the last.

    ``following``: of the month after the period, as a report on it; otherwise of its last month.
    """

    day: int
    working: bool = False
    following: bool = False


@dataclass(frozen=True, slots=True)
class Recurring:
    """«ежеквартально до 3 числа», «2 раза в год»."""

    every: Every
    times: int = 1
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Scheduled:
    """«согласно графику»: the dates stand in another document."""

    wording: str


@dataclass(frozen=True, slots=True)
class SetBy:
    """«в течение срока, определенного Планом мероприятий»."""

    wording: str


@dataclass(frozen=True, slots=True)
class Relative:
    """«не позднее 3 рабочих дней после …». ``amount`` None: after (before) it, no number said."""

    event: str
    amount: int | None = None
    unit: Unit = Unit.DAY
    before: bool = False


@dataclass(frozen=True, slots=True)
class AsNeeded:
    """«по мере необходимости», «по запросу»."""

    wording: str


@dataclass(frozen=True, slots=True)
class Several:
    """«март, октябрь»: each part is a term of its own."""

    parts: tuple[Meaning, ...]


Meaning = Until | Period | Always | Recurring | Scheduled | SetBy | Relative | AsNeeded | Several

KINDS: dict[type, str] = {
    Until: "until",
    Period: "period",
    Always: "always",
    Recurring: "recurring",
    Scheduled: "scheduled",
    SetBy: "set_by",
    Relative: "relative",
    AsNeeded: "as_needed",
    Several: "several",
}


@dataclass(frozen=True, slots=True)
class Term:
    """A printed wording and what it means in the plan's ``year``."""

    printed: str
    meaning: Meaning

    @property
    def kind(self) -> str:
        return KINDS[type(self.meaning)]


@dataclass(frozen=True, slots=True)
class Window:
    """When an activity is done. ``begins_on`` is None where only the last day is named."""

    begins_on: date | None
    ends_on: date


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One due date of a term. ``period`` says what it is for: «I квартал 2016 г.», or is empty."""

    due_on: date
    period: str = ""


def as_data(meaning: Meaning) -> dict[str, Any]:
    """For JSON: the kind and the fields; dates and enumerations as text."""

    def plain(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return {key: plain(item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [plain(item) for item in value]
        return value

    if isinstance(meaning, Several):
        return {"kind": "several", "parts": [as_data(part) for part in meaning.parts]}
    return {"kind": KINDS[type(meaning)], **plain(asdict(meaning))}


# --- windows ----------------------------------------------------------------------------------


def window(
    meaning: Meaning,
    *,
    year: int,
    calendar: WorkingCalendar,
    events: Mapping[str, date] | None = None,
) -> Window | None:
    """The window of a term in the plan of ``year``; None while it depends on something unknown.

    ``events`` are the dates of events that terms refer to, by their wording.
    """
    match meaning:
        case Until(on):
            return Window(None, on)
        case Period(begins_on, ends_on):
            return Window(begins_on, ends_on)
        case Always(of_year, _):
            return Window(date(of_year, 1, 1), date(of_year, 12, 31))
        case Recurring():
            due = occurrences(meaning, year=year, calendar=calendar)
            return Window(date(year, 1, 1), due[-1].due_on)
        case Relative(event):
            happened_on = (events or {}).get(event)
            return None if happened_on is None else _around(meaning, happened_on, calendar)
        case Several(parts):
            found = [window(p, year=year, calendar=calendar, events=events) for p in parts]
            return _hull([item for item in found if item])
        case _:
            return None


def _hull(windows: list[Window]) -> Window | None:
    if not windows:
        return None
    begins = [item.begins_on for item in windows]
    named = [day for day in begins if day]
    return Window(
        min(named) if len(named) == len(begins) else None, max(item.ends_on for item in windows)
    )


def _around(term: Relative, on: date, calendar: WorkingCalendar) -> Window:
    edge = shifted(on, -(term.amount or 0) if term.before else term.amount or 0, term, calendar)
    return Window(None, edge) if term.before else Window(on, edge)


def shifted(on: date, amount: int, term: Relative, calendar: WorkingCalendar) -> date:
    """``on`` moved by ``amount`` units of the term; a month later keeps the day or its last."""
    match term.unit:
        case Unit.WORKING_DAY:
            return calendar.add(on, amount)
        case Unit.WEEK:
            return on + 7 * amount * DAY
        case Unit.MONTH:
            year, month = divmod(on.year * 12 + on.month - 1 + amount, 12)
            return min(date(year, month + 1, 1) + (on.day - 1) * DAY, month_end(year, month + 1))
        case _:
            return on + amount * DAY


# --- due dates --------------------------------------------------------------------------------


def occurrences(
    meaning: Meaning,
    *,
    year: int,
    calendar: WorkingCalendar,
    events: Mapping[str, date] | None = None,
) -> tuple[Occurrence, ...]:
    """Every due date in order: one for a single term, one for each period of a recurring one."""
    match meaning:
        case Recurring(Every.DAY):
            return tuple(Occurrence(day) for day in _days(year) if calendar.is_working(day))
        case Recurring(Every.WEEK):
            return tuple(Occurrence(day) for day in _days(year) if day.weekday() == FRIDAY)
        case Recurring():
            return tuple(_by_months(meaning, year, calendar))
        case Several(parts):
            each = [occurrences(p, year=year, calendar=calendar, events=events) for p in parts]
            return tuple(sorted({o for found in each for o in found}, key=lambda o: o.due_on))
        case Always(_, ongoing) if ongoing:
            return ()
        case _:
            found = window(meaning, year=year, calendar=calendar, events=events)
            return (Occurrence(found.ends_on),) if found else ()


def _days(year: int) -> Iterator[date]:
    count = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return (date(year, 1, 1) + DAY * number for number in range(count))


def _by_months(term: Recurring, year: int, calendar: WorkingCalendar) -> Iterator[Occurrence]:
    length = MONTHS_IN[term.every] // term.times
    for last in range(length, 13, length):
        yield Occurrence(
            _due_on(term.due or Due(0), year, last, calendar), _named(year, last, length)
        )


def _due_on(due: Due, year: int, month: int, calendar: WorkingCalendar) -> date:
    if due.following:
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    end = month_end(year, month)
    if due.working:
        return calendar.nth(year, month, due.day) if due.day else calendar.on_or_before(end)
    return min(date(year, month, 1) + (due.day - 1) * DAY, end) if due.day else end


def _named(year: int, last: int, length: int) -> str:
    if length == 1:
        return f"{MONTHS[last - 1]} {year} г."
    names = {3: f"{ROMAN[last // 3 - 1]} квартал", 6: f"{ROMAN[last // 6 - 1]} полугодие"}
    return (
        f"{names[length]} {year} г." if length in names else (f"{year} г." if length == 12 else "")
    )
