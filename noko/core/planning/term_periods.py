"""Periods in a printed term: a date, a month, a quarter, a decade, and from one to another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from noko.core.planning.months import IN_MONTH, MONTHS, OF_MONTH, month_end
from noko.core.planning.term_tokens import Reader
from noko.core.planning.terms import Period

YEARS = range(1990, 2101)
"""Years that a plan can be about."""


class Unread(Exception):
    """The wording cannot be read, for a reason worth telling."""

    def __init__(self, message: str, *options: str) -> None:
        self.message, self.options = message, options
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of months before their year is settled; ``day`` 0 of ``last`` is the month's end."""

    first: tuple[int, int]
    last: tuple[int, int]
    year: int | None
    single: bool = False

    def period(self, year: int) -> Period:
        return Period(day_of(year, *self.first), day_of(year, *self.last))


def day_of(year: int, month: int, day: int) -> date:
    if year not in YEARS:
        raise Unread(f"Год {year} не подходит для плана.")
    if day == 0:
        return month_end(year, month)
    try:
        return date(year, month, day)
    except ValueError:
        if not 1 <= month <= 12:
            raise Unread(f"Месяца с номером {month} нет.") from None
        last = month_end(year, month).day
        count = f"{last} {'день' if last == 31 else 'дней'}"
        raise Unread(f"Числа {day} нет: в {IN_MONTH[month - 1]} {year} года {count}.") from None


def read_span(reader: Reader) -> Span | None:
    """A date, month, quarter, half-year, decade or half of a month."""
    for rule in (_numeric, _day_of_month, _months, _quarters, _halves, _decades, _half_of_month):
        start = reader.at
        found = rule(reader)
        if found is not None:
            return found
        reader.at = start
    return None


def _numeric(reader: Reader) -> Span | None:
    token = reader.take("date")
    if token is None:
        return None
    day, month, year = token.date or (0, 0, None)
    if day == 0:
        raise Unread("Числа 0 в месяце нет.")
    reader.year_mark()
    return Span((month, day), (month, day), year, single=True)


def _day_of_month(reader: Reader) -> Span | None:
    day = reader.number()
    month = reader.month() if day is not None else None
    if day is None or month is None:
        return None
    if day == 0:
        raise Unread("Числа 0 в месяце нет.")
    return Span((month, day), (month, day), reader.year_mark(), single=True)


def _months(reader: Reader) -> Span | None:
    month = reader.month()
    return Span((month, 1), (month, 0), reader.year_mark()) if month else None


def _parts(reader: Reader, word: str, count: int) -> tuple[int, int] | None:
    """«I», «1 – 2», «первый и второй» before ``word``: the first and the last part."""
    first = reader.ordinal()
    if first is None:
        return None
    last = first
    if reader.word("-") or reader.word("и"):
        last = reader.ordinal() or 0
    if not reader.stem(word):
        return None
    if not 1 <= first <= last <= count:
        raise Unread(f"Такого периода нет: {reader.text}.")
    return first, last


def _quarters(reader: Reader) -> Span | None:
    parts = _parts(reader, "кв", 4)
    if parts is None:
        return None
    return Span((parts[0] * 3 - 2, 1), (parts[1] * 3, 0), reader.year_mark())


def _halves(reader: Reader) -> Span | None:
    parts = _parts(reader, "полугоди", 2)
    if parts is None:
        return None
    return Span((parts[0] * 6 - 5, 1), (parts[1] * 6, 0), reader.year_mark())


def _decades(reader: Reader) -> Span | None:
    parts = _parts(reader, "декад", 3)
    month = reader.month() if parts else None
    if parts is None or month is None:
        return None
    ends = (10, 20, 0)
    first = (month, parts[0] * 10 - 9)
    return Span(first, (month, ends[parts[1] - 1]), reader.year_mark())


def _half_of_month(reader: Reader) -> Span | None:
    parts = _parts(reader, "половин", 2)
    month = reader.month() if parts else None
    if parts is None or month is None:
        return None
    first = (month, 1) if parts[0] == 1 else (month, 16)
    return Span(first, (month, 15 if parts[1] == 1 else 0), reader.year_mark())


def joined(first: Span, last: Span, reader: Reader) -> Period:
    """From the beginning of ``first`` to the end of ``last``, years settled between them."""
    end_year = last.year or reader.year
    ends = day_of(end_year, *last.last)
    begins = day_of(first.year or end_year, *first.first)
    if begins > ends and first.year is None and last.year is not None:
        begins = day_of(end_year - 1, *first.first)
    if begins > ends and first.year is not None and last.year is None:
        ends = day_of(first.year + 1, *last.last)
    if begins > ends:
        raise Unread(
            f"Начало позже конца: {reader.text}.",
            *_over_new_year(first, last, reader.year),
        )
    return Period(begins, ends)


def _over_new_year(first: Span, last: Span, year: int) -> tuple[str, ...]:
    if first.year or last.year:
        return ()
    begin, end = (printed(span) for span in (first, last))
    return (f"{begin} {year} г. – {end} {year + 1} г.", f"{begin} {year - 1} г. – {end} {year} г.")


def printed(span: Span) -> str:
    month = span.first[0]
    return f"{span.first[1]} {OF_MONTH[month - 1]}" if span.single else MONTHS[month - 1]
