"""A published table as numbers: rows of criteria, total, place and printed group mean.

Numbers keep the decimals they are printed with: «86,10» has two and «86,1» one, because the
last printed digit says how much rounding may hide. A number cell of a spreadsheet does not show
its decimals (86.10 is kept as 86.1); it is taken with at least as many as every second number cell
of its column has, or more. Lines of means often have more decimals: they are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction

from noko.core.refusal import Problem, Refusal
from noko.core.tables.sheet import (
    HEADER_WITHIN,
    Sheet,
    Table,
    body,
    error_in,
    error_problem,
    locate,
    refusal,
    refuse_merged,
    shortened,
    text_of,
    wide_rows,
)
from noko.core.tables.text import number
from noko.core.verification.columns import (
    LABELS,
    NEEDED,
    Columns,
    Relation,
    recognised,
    speaks,
    two_regimes,
)
from noko.core.verification.interval import decimals_of

MOST_DECIMALS = 15
GREATEST = 10**6
"""Numbers outside these bounds are no scores, whatever they are."""

NO_VALUE = {"", "-", "–", "—", "нет", "нет данных", "н/д", "нд", "n/a", "na", "x", "х", "…", "..."}

_UNIT = re.compile(r"\s*(?:%|балл(?:а|ов)?\.?|б\.)$", re.IGNORECASE)
_PLACE = re.compile(
    r"(\d{1,6}(?:[.,]\d)?)(?:\s*[-–—]\s*\d{1,6})?(?:\s*-?(?:е|ое|й))?"
    r"(?:\s*мест[оа])?(?:\s*(?:из|/)\s*\d+)?",
    re.IGNORECASE,
)
_MEAN_ROW = re.compile(r"(средн|итого\b|всего\b|в среднем|mean\b|average\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One line of the table; absent values are absent keys or None.

    ``mean`` marks a line that is itself a mean («Средний балл»), not an organisation.
    """

    number: int
    organisation: str
    criteria: Mapping[str, Decimal]
    total: Decimal | None = None
    place: Fraction | None = None
    group_mean: Decimal | None = None
    labels: dict[str, str] = field(default_factory=dict)
    mean: bool = False


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """``relation`` is None when only totals are printed; ``total_limit`` is then the greatest
    maximum that any known edition has. ``notes`` are oddities that change nothing."""

    file: str
    relation: Relation | None
    total_limit: int
    rows: tuple[PublishedRow, ...]
    notes: tuple[str, ...] = ()


def common_labels(rows: Sequence[PublishedRow], names: Sequence[str]) -> dict[str, str]:
    """The labels among ``names`` that all ``rows`` have in common."""
    return {
        name: value
        for name in names
        if (value := rows[0].labels.get(name))
        and all(row.labels.get(name) == value for row in rows)
    }


def read_published(sheets: Sequence[Sheet], relations: Sequence[Relation]) -> PublishedTable:
    """The rows of every sheet whose header names a total or criteria.

    Workbooks often have a sheet for each type of organisation: each is read, and a row keeps the
    name of its sheet as the label ``sheet``.

    Refusals: ``missing_column`` when there is no such sheet, ``unreadable_number`` with every
    cell named, ``two_regimes``, ``merged_cells``, ``no_rows`` and those of :func:`recognised`.
    """

    def fits(headers: Sequence[str]) -> int:
        return speaks(headers, relations)

    chosen = [sheet for sheet in sheets if _speaks(sheet, fits)]
    parts = [_part(locate([sheet], fits), relations) for sheet in chosen]
    if not parts:
        raise _no_columns(locate(sheets, fits))
    if len({part.relation for part in parts}) > 1:
        raise two_regimes(parts[0].table.place(), [part.relation for part in parts])
    readers = [_Reader(part) for part in parts]
    rows = [row for reader in readers for row in reader.rows(several=len(parts) > 1)]
    problems = [problem for reader in readers for problem in reader.problems]
    if problems:
        raise refusal(
            "Таблица прочитана не полностью, проверка не выполнена.",
            problems,
            kind="unreadable_number",
        )
    return PublishedTable(
        parts[0].table.sheet.file,
        parts[0].relation,
        _total_limit(parts, relations),
        tuple(rows),
        tuple(_ignored(sheets, chosen) + _oddities(parts)),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """One sheet: where its columns and its lines are."""

    table: Table
    columns: Columns
    at: Sequence[int]

    @property
    def relation(self) -> Relation | None:
        return self.columns.relation

    def printed(self, column: int | None) -> set[str]:
        """Every different text in ``column``."""
        if column is None:
            return set()
        return {text_of(self.table.value(row, column)) for row in self.at} - {""}


def _speaks(sheet: Sheet, fits: Callable[[Sequence[str]], int]) -> bool:
    return any(fits([text_of(cell) for cell in row]) for row in sheet.rows[:HEADER_WITHIN])


def _part(table: Table, relations: Sequence[Relation]) -> _Part:
    columns = recognised(table.headers, relations, place=table.place(table.header_row))
    if columns is None:
        raise _no_columns(table)
    refuse_merged(table, sorted(columns.at.values()))
    return _Part(table, columns, body(table))


def _ignored(sheets: Sequence[Sheet], chosen: Sequence[Sheet]) -> list[str]:
    return [
        f"Лист «{sheet.name}» не проверялся: в нём нет столбцов критериев и итога."
        for sheet in sheets
        if sheet not in chosen and sheet.name
    ]


def _no_columns(table: Table) -> Refusal:
    seen = ", ".join(f"«{shortened(header)}»" for header in table.headers if header)
    return Refusal(
        "В таблице нет ни столбцов критериев, ни столбца итога.",
        kind="missing_column",
        cure=f"Нужны столбцы {NEEDED}. В таблице есть столбцы: {seen}.",
        place=table.place(),
    )


class _Reader:
    """Turns cells into numbers and remembers every one that is no number.

    ``typed``: the decimals of every number cell, by column and line.
    """

    def __init__(self, part: _Part) -> None:
        self.table = part.table
        self.columns = part.columns
        self.at = part.at
        self.problems: list[Problem] = wide_rows(part.table, part.at) or _shifted(part)
        self.typed: dict[str, dict[int, int]] = {}
        maxima = part.relation.maxima if part.relation else ()
        self.points = len(set(maxima)) > 1

    def rows(self, *, several: bool) -> list[PublishedRow]:
        """Every line of the sheet, named if it is one of ``several``."""
        read = [self._row(at) for at in self.at]
        organisations = {row.number for row in read if not row.mean}
        usual = {name: _usual(cells, organisations) for name, cells in self.typed.items()}
        sheet = {"sheet": self.table.sheet.name} if several else {}
        return [
            replace(row if row.mean else self._even(row, usual), labels=row.labels | sheet)
            for row in read
        ]

    def _row(self, at: int) -> PublishedRow:
        relation = self.columns.relation
        numbers = {key: self._number(key, at) for key in (relation.keys if relation else ())}
        labels = {name: text_of(self._cell(name, at)) for name in LABELS}
        organisation = text_of(self._cell("organisation", at))
        return PublishedRow(
            at + 1,
            organisation or f"строка {at + 1}",
            {key: value for key, value in numbers.items() if value is not None},
            self._number("S", at),
            self._place(at),
            self._number("published_group_mean", at),
            {name: value for name, value in labels.items() if value},
            bool(_MEAN_ROW.match(organisation)),
        )

    def _cell(self, name: str, at: int) -> object:
        column = self.columns.at.get(name)
        return None if column is None else self.table.value(at, column)

    def _number(self, name: str, at: int) -> Decimal | None:
        cell = self._cell(name, at)
        try:
            value = _printed(cell, points=self.points)
        except ValueError as wrong:
            self._complain(name, at, str(wrong))
            return None
        if value is not None and not isinstance(cell, str):
            self.typed.setdefault(name, {})[at + 1] = decimals_of(value)
        return value

    def _place(self, at: int) -> Fraction | None:
        text = text_of(self._cell("rank", at))
        if text.casefold() in NO_VALUE:
            return None
        match = _PLACE.fullmatch(text)
        if match is None:
            self._complain("rank", at, "это не место.")
            return None
        return Fraction(match[1].replace(",", "."))

    def _complain(self, name: str, at: int, what: str) -> None:
        column = self.columns.at[name]
        value = self.table.value(at, column)
        error = error_in(value)
        self.problems.append(
            error_problem(self.table, at, column, error)
            if error
            else Problem(
                f"стоит «{shortened(text_of(value))}»: {what}",
                "Исправьте на число или оставьте ячейку пустой.",
                self.table.place(at, column),
            )
        )

    def _even(self, row: PublishedRow, usual: Mapping[str, int]) -> PublishedRow:
        """``row`` with its number cells brought to the usual decimals of their columns."""

        def even(name: str, value: Decimal) -> Decimal:
            own = self.typed.get(name, {}).get(row.number)
            if own is None or own >= usual[name]:
                return value
            return value.quantize(Decimal(1).scaleb(-usual[name]))

        total, mean = row.total, row.group_mean
        return replace(
            row,
            criteria={key: even(key, value) for key, value in row.criteria.items()},
            total=None if total is None else even("S", total),
            group_mean=None if mean is None else even("published_group_mean", mean),
        )


def _shifted(part: _Part) -> list[Problem]:
    """Lines of a text file that are longer than the header, when not all of them are.

    All are where every line ends with a separator; some, where a decimal comma parts cells and
    the empty cells at the end hide it.
    """
    rows, width = part.table.sheet.rows, len(part.table.headers)
    longer = [at for at in part.at if len(rows[at]) > width]
    if part.table.sheet.name or len({len(rows[at]) for at in part.at}) == 1:
        return []
    return [
        Problem(
            f"ячеек больше, чем столбцов в заголовке ({width}).",
            "Заключите числа с запятой в кавычки.",
            part.table.place(at),
        )
        for at in longer
    ]


def _usual(cells: Mapping[int, int], rows: set[int]) -> int:
    """The most decimals that at least every second number cell of ``rows`` has."""
    decimals = sorted((cells[row] for row in cells if row in rows), reverse=True)
    return decimals[(len(decimals) - 1) // 2] if decimals else 0


def _printed(cell: object, *, points: bool) -> Decimal | None:
    """The number in a cell with the decimals it is printed with; None where there is none.

    ``points``: criteria have different maxima, so that a percentage is no score.
    ``ValueError`` says in Russian what the cell is instead.
    """
    text = text_of(cell)
    if text.casefold() in NO_VALUE:
        return None
    unit = _UNIT.search(text) if isinstance(cell, str) else None
    if unit and unit[0].endswith("%") and points:
        raise ValueError("это проценты, а нужны баллы.")
    try:
        value = number(text[: unit.start()] if unit else cell)
    except ValueError:
        raise ValueError("это не число.") from None
    if value is None or decimals_of(value) > MOST_DECIMALS or abs(value) > GREATEST:
        raise ValueError("это не балл.")
    return value


def _total_limit(parts: Sequence[_Part], relations: Sequence[Relation]) -> int:
    """The greatest total that can stand in the table.

    A table of totals only does not say its edition: a printed maximum that some edition has
    decides, else the greatest maximum of all.
    """
    relation = parts[0].relation
    if relation is not None:
        return relation.total_maximum
    limits = {relation.total_maximum for relation in relations}
    printed = {text for part in parts for text in part.printed(part.columns.at.get("S_max"))}
    known = printed & {str(limit) for limit in limits}
    return int(known.pop()) if len(known) == 1 else max(limits)


def _oddities(parts: Sequence[_Part]) -> list[str]:
    notes = []
    for part in parts:
        relation = part.relation
        if relation is None:
            continue
        for key, maximum in zip(relation.keys, relation.maxima, strict=True):
            for value in sorted(part.printed(part.columns.maxima.get(key)) - {str(maximum)}):
                notes.append(
                    f"Напечатан максимум {key} — {value}, а по методике он {maximum}."
                    " На проверку это не влияет."
                )
    return notes
