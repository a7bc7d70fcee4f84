"""A plan drawn: a calendar of its due dates and a chart of its year, both from the same rows.

Geometry stands in attributes of the SVG, colours in the stylesheet; each picture has its table.
"""

from __future__ import annotations

import calendar as months_of
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from noko.core.planning.calendar import WorkingCalendar
from noko.core.planning.months import MONTHS
from noko.core.planning.progress import Status
from noko.core.planning.terms import Always
from noko.queries.plan import Row

STATES = {
    Status.NOT_BEGUN: "",
    Status.UNDER_WAY: "underway",
    Status.DONE: "done",
    Status.OVERDUE: "overdue",
    Status.DONE_LATE: "warning",
}
"""The state of :func:`noko.templatetags.components.tag` for each status."""

# --- calendar ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DayCell:
    """``rows``: activities due on the day; ``day`` 0 fills up a week."""

    day: int
    working: bool = True
    today: bool = False
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class MonthGrid:
    title: str
    weeks: tuple[tuple[DayCell, ...], ...]
    due: tuple[tuple[date, tuple[Row, ...]], ...]


def month_grids(
    rows: Sequence[Row], year: int, today: date, calendar: WorkingCalendar
) -> list[MonthGrid]:
    """Twelve months of the year, and the next January where something is due in it.

    Daily and weekly terms are left out: they would stand on every day.
    """
    due: dict[date, list[Row]] = defaultdict(list)
    for row in rows:
        if len(row.due) <= 12 and not _ongoing(row):
            for one in row.due:
                due[one.due_on].append(row)
    last = max((day for day in due), default=date(year, 12, 31))
    months = [(year, month) for month in range(1, 13)]
    months += [(year + 1, 1)] if last.year > year else []
    return [_grid(of, month, due, today, calendar) for of, month in months]


def _ongoing(row: Row) -> bool:
    return isinstance(row.meaning, Always) and row.meaning.ongoing


def _grid(
    year: int,
    month: int,
    due: dict[date, list[Row]],
    today: date,
    calendar: WorkingCalendar,
) -> MonthGrid:
    weeks = tuple(
        tuple(_cell(year, month, day, due, today, calendar) for day in week)
        for week in months_of.Calendar().monthdayscalendar(year, month)
    )
    here = [day for day in sorted(due) if (day.year, day.month) == (year, month)]
    title = f"{MONTHS[month - 1].capitalize()} {year}"
    return MonthGrid(title, weeks, tuple((day, tuple(due[day])) for day in here))


def _cell(
    year: int,
    month: int,
    day: int,
    due: dict[date, list[Row]],
    today: date,
    calendar: WorkingCalendar,
) -> DayCell:
    if not day:
        return DayCell(0)
    on = date(year, month, day)
    return DayCell(day, calendar.is_working(on), on == today, tuple(due.get(on, ())))


# --- chart ------------------------------------------------------------------------------------

LABELS, WIDTH, TOP, LINE = 300, 1100, 34, 28
"""Width of the names at the left, of the whole picture; height of the head and of a line."""
POINT = 7
LONGEST_LABEL = 38


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the chart. ``width`` 0: only due dates, drawn as ``points``."""

    row: Row
    label: str
    top: int
    x: int
    width: int
    state: str
    points: tuple[int, ...]

    @property
    def middle(self) -> int:
        return self.top + LINE // 2

    @property
    def bar_top(self) -> int:
        return self.top + 7

    @property
    def bar_height(self) -> int:
        return LINE - 14


@dataclass(frozen=True, slots=True)
class Chart:
    """``months``: where each begins, and its short name; ``today``: None outside of the year."""

    height: int
    months: tuple[tuple[int, str], ...]
    bars: tuple[Bar, ...]
    today: int | None
    width: int = WIDTH
    labels: int = LABELS

    @property
    def bottom(self) -> int:
        return self.height - 8


def chart_of(rows: Sequence[Row], year: int, today: date) -> Chart:
    """The plan's year from its first to its last day; what lies beyond is cut at the edge."""
    bars = tuple(_bar(row, year, TOP + LINE * n) for n, row in enumerate(rows))
    names = tuple((_x(date(year, m, 1), year), MONTHS[m - 1][:3]) for m in range(1, 13))
    here = _x(today, year) if today.year == year else None
    return Chart(TOP + LINE * len(bars) + 12, names, bars, here)


def _bar(row: Row, year: int, top: int) -> Bar:
    text = f"{row.activity.number} {row.activity.activity}"
    label = text if len(text) <= LONGEST_LABEL else f"{text[: LONGEST_LABEL - 1].rstrip()}…"
    begins, ends = row.activity.begins_on, row.activity.ends_on
    x = _x(begins, year) if begins else LABELS
    width = max(_x(ends, year) - x, POINT) if begins and ends else 0
    few = len(row.due) <= 12 and not _ongoing(row)
    points = tuple(_x(one.due_on, year) for one in row.due) if few else ()
    return Bar(row, label, top, x, width, STATES[row.status], points)


def _x(day: date, year: int) -> int:
    first, after = date(year, 1, 1), date(year + 1, 1, 1)
    share = (min(max(day, first), after) - first).days / (after - first).days
    return LABELS + round((WIDTH - LABELS - POINT * 2) * share)
