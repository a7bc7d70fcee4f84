"""Working days of Russia from data: holidays of the Labour Code, days off moved by the Government.

Source: article 112 of the Labour Code, parts 1, 2 and 5. The five-day week; holidays that a region
adds by its own law and days without work declared by the President are not taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from typing import TypeVar

from pydantic import Field, ValidationError, model_validator

from noko.core.editions import Basis, Rule
from noko.core.refusal import Refusal
from noko.core.rule_files import broken_file, read_mapping

BROKEN = "broken_calendar"
Model = TypeVar("Model", bound=Rule)
DAY = timedelta(days=1)
SATURDAY = 5


class Holiday(Rule):
    """``moved_by_government``: its coincidence with a day off moves nothing by itself."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)
    name: str
    moved_by_government: bool = False


class Holidays(Rule):
    valid_from: date
    basis: Basis
    days: tuple[Holiday, ...]


class Transfer(Rule):
    """The day off ``source`` is moved to ``target``."""

    source: date
    target: date


class CalendarYear(Rule):
    """The transfers of one year. ``working_days``: their number by another source, to compare."""

    year: int = Field(ge=1990, le=2100)
    basis: Basis
    transfers: tuple[Transfer, ...]
    working_days: int | None = None

    @model_validator(mode="after")
    def _within_the_year(self) -> CalendarYear:
        for transfer in self.transfers:
            if {transfer.source.year, transfer.target.year} != {self.year}:
                raise ValueError(f"перенос {transfer.source} → {transfer.target} не в {self.year}")
        return self


class WorkingCalendar:
    """Answers which days are worked. A year without data follows the Labour Code alone."""

    def __init__(self, holidays: Holidays, years: Iterable[CalendarYear]) -> None:
        self.holidays = holidays
        self.years = {item.year: item for item in years}
        self._off = lru_cache(maxsize=None)(self._days_off)
        for year in self.years.values():
            self._check(year)

    def established(self, year: int) -> bool:
        """False where the transfers of the year are not known: its days may still change."""
        return year in self.years

    def is_working(self, day: date) -> bool:
        return day not in self._off(day.year)

    def on_or_after(self, day: date) -> date:
        """``day`` itself or the first working day after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def on_or_before(self, day: date) -> date:
        while not self.is_working(day):
            day -= DAY
        return day

    def add(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day`` (before it, when negative); 0 is ``day``."""
        step = DAY if count > 0 else -DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def between(self, first: date, last: date) -> int:
        """How many working days there are from ``first`` to ``last``, both included."""
        days = (last - first).days + 1
        return sum(self.is_working(first + DAY * number) for number in range(days))

    def nth(self, year: int, month: int, number: int) -> date:
        """The ``number``-th working day of a month, from 1."""
        return self.add(date(year, month, 1) - DAY, number)

    def _days_off(self, year: int) -> frozenset[date]:
        transfers = self.years[year].transfers if year in self.years else ()
        holidays = {date(year, item.month, item.day): item for item in self.holidays.days}
        moved = {transfer.source for transfer in transfers}
        off = {day for day in _weekends(year) if day not in moved} | set(holidays)
        off |= {transfer.target for transfer in transfers}
        for day, holiday in sorted(holidays.items()):
            by_itself = not holiday.moved_by_government and day not in moved
            if by_itself and day.weekday() >= SATURDAY:
                off.add(_first_outside(off, day))
        return frozenset(off)

    def _check(self, year: CalendarYear) -> None:
        """Refusal where a transfer moves a working day, or the number of days is another."""
        plain = WorkingCalendar(self.holidays, ())
        for transfer in year.transfers:
            if plain.is_working(transfer.source) or not plain.is_working(transfer.target):
                raise _refused(year, f"перенос {transfer.source} → {transfer.target} невозможен")
        count = self.between(date(year.year, 1, 1), date(year.year, 12, 31))
        if year.working_days not in (None, count):
            raise _refused(year, f"рабочих дней выходит {count}, а не {year.working_days}")


def _weekends(year: int) -> Iterator[date]:
    day = date(year, 1, 1)
    while day.year == year:
        if day.weekday() >= SATURDAY:
            yield day
        day += DAY


def _first_outside(off: set[date], day: date) -> date:
    while day in off:
        day += DAY
    return day


def _refused(year: CalendarYear, reason: str) -> Refusal:
    return Refusal(
        f"Календарь {year.year} года описан с ошибкой: {reason}.",
        kind=BROKEN,
        cure=f"Сверьте файл {year.year}.yaml с актом: {year.basis.act}.",
    )


def parse_holidays(text: str, name: str) -> Holidays:
    """The holidays of the Labour Code from the text of their file. Refusal ``broken_calendar``."""
    return _parsed(Holidays, text, name)


def parse_year(text: str, name: str) -> CalendarYear:
    return _parsed(CalendarYear, text, name)


def _parsed(model: type[Model], text: str, name: str) -> Model:
    try:
        return model.model_validate(read_mapping(name, text, kind=BROKEN))
    except ValidationError as error:
        raise broken_file("Календарь описан с ошибкой.", name, error, kind=BROKEN) from None
