"""How an activity stands on a day: computed from its term and from what has been produced.

Nothing is ticked by hand: the status follows from the due dates of the term and the dates of
result documents (:class:`Done`), each of which closes one due date.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from noko.core.planning.calendar import WorkingCalendar
from noko.core.planning.terms import Always, Meaning, Occurrence, occurrences, window


class Status(StrEnum):
    NOT_BEGUN = "not_begun"
    UNDER_WAY = "under_way"
    DONE = "done"
    OVERDUE = "overdue"
    DONE_LATE = "done_late"


TITLES = {
    Status.NOT_BEGUN: "не начато",
    Status.UNDER_WAY: "выполняется",
    Status.DONE: "выполнено",
    Status.OVERDUE: "просрочено",
    Status.DONE_LATE: "выполнено с опозданием",
}


@dataclass(frozen=True, slots=True)
class Done:
    """A result document: since when it exists; ``period`` names the due date that it closes."""

    on: date
    period: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    occurrence: Occurrence
    on: date

    @property
    def late(self) -> bool:
        return self.on > self.occurrence.due_on


@dataclass(frozen=True, slots=True)
class Standing:
    """``open`` are the due dates that nothing has closed yet; ``days_late`` counts working days
    since the first of them that has passed."""

    status: Status
    open: tuple[Occurrence, ...]
    closed: tuple[Closed, ...]
    days_late: int = 0

    @property
    def due_on(self) -> date | None:
        """The due date that matters now: the first open one, otherwise the last closed one."""
        if self.open:
            return self.open[0].due_on
        return self.closed[-1].occurrence.due_on if self.closed else None

    @property
    def done_on(self) -> date | None:
        """When everything was done; None while something is open."""
        return max((item.on for item in self.closed), default=None) if not self.open else None


def standing(
    meaning: Meaning,
    *,
    year: int,
    calendar: WorkingCalendar,
    today: date,
    done: Iterable[Done] = (),
    begun: bool = False,
    events: Mapping[str, date] | None = None,
) -> Standing:
    """``begun``: somebody has begun it (evidence waits for its confirmation).

    A term without a date of its own is due at the end of the plan's year.
    """
    due = due_dates(meaning, year=year, calendar=calendar, events=events)
    results = sorted(done, key=lambda item: item.on)
    ends = due[-1].due_on
    if isinstance(meaning, Always) and meaning.ongoing and today <= ends:
        # What is done «постоянно» is not over before its year is.
        begins = date(meaning.year, 1, 1)
        at_work = bool(results) or begun or today >= begins
        return Standing(Status.UNDER_WAY if at_work else Status.NOT_BEGUN, due, ())
    still, closed = _closed(due, results)
    passed = [item for item in still if item.due_on < today]
    late = calendar.between(passed[0].due_on, today) - 1 if passed else 0
    seen = window(meaning, year=year, calendar=calendar, events=events)
    started = bool(seen and seen.begins_on and seen.begins_on <= today)
    return Standing(
        _status(still, closed, bool(passed), begun or started), still, closed, max(late, 0)
    )


def due_dates(
    meaning: Meaning,
    *,
    year: int,
    calendar: WorkingCalendar,
    events: Mapping[str, date] | None = None,
) -> tuple[Occurrence, ...]:
    """At least one: where the term names no date, the end of the year that it is of."""
    found = occurrences(meaning, year=year, calendar=calendar, events=events)
    of_year = meaning.year if isinstance(meaning, Always) else year
    return found or (Occurrence(date(of_year, 12, 31)),)


def _closed(
    due: Sequence[Occurrence], results: Sequence[Done]
) -> tuple[tuple[Occurrence, ...], tuple[Closed, ...]]:
    """Each result closes the due date of its period, or else the first open one."""
    still = list(due)
    closed = []
    for result in results:
        named = [item for item in still if result.period and item.period == result.period]
        first = named or ([] if result.period else still)[:1]
        if first:
            still.remove(first[0])
            closed.append(Closed(first[0], result.on))
    closed.sort(key=lambda item: item.occurrence.due_on)
    return tuple(still), tuple(closed)


def _status(
    still: Sequence[Occurrence], closed: Sequence[Closed], overdue: bool, begun: bool
) -> Status:
    if not still:
        return Status.DONE_LATE if any(item.late for item in closed) else Status.DONE
    if overdue:
        return Status.OVERDUE
    return Status.UNDER_WAY if begun or closed else Status.NOT_BEGUN
