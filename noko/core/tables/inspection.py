"""Checklist sheets as operators have them: one row per organisation, one column per item.

Which checklist a column belongs to is told by the signs of the edition's checklists, looked for in
the header before «[пункт]»; the longest sign decides. Cells are 1, 0, empty (not applicable). A
checklist with one column and no items in brackets is a ready count. Columns named by a symbol
(``I_stand``, «Истенд», ``p11``) are ready figures too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from noko.core.editions import Checklist, Edition, Input
from noko.core.refusal import Problem
from noko.core.tables.cells import Reading, mark
from noko.core.tables.columns import (
    ORGANISATION,
    REFERENCE_FIELDS,
    Field,
    listed,
    missing_column,
    refuse_doubled,
    suggest_mapping,
)
from noko.core.tables.names import Reference
from noko.core.tables.references import described, read_references
from noko.core.tables.sheet import (
    Sheet,
    Table,
    body,
    letter,
    locate,
    refusal,
    refuse_merged,
    shortened,
    unused_notes,
    wide_rows,
)
from noko.core.tables.text import lowered, plain, symbol_key

PRESENT, ABSENT, NOT_APPLICABLE = "present", "absent", "not_applicable"
_MARKS = {1: PRESENT, 0: ABSENT, -1: NOT_APPLICABLE}

_ITEM = re.compile(r"^(?P<head>[^\[]*)\[(?P<item>.*)\]\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ItemMark:
    """What was found for one item: ``checklist`` code, ``item`` as the sheet names it, mark."""

    checklist: str
    item: str
    mark: str


@dataclass(frozen=True, slots=True)
class InspectionRow:
    """``counts`` are the edition's inspection inputs by symbol; ``row`` is the number in the file.

    Points (``p11`` …) are exact decimals, counts and marks whole numbers; an optional input that
    the cell leaves empty is absent.
    """

    organisation: Reference
    row: int
    counts: Mapping[str, int | Decimal]
    marks: tuple[ItemMark, ...]


@dataclass(frozen=True, slots=True)
class InspectionTable:
    rows: tuple[InspectionRow, ...]
    ignored: tuple[str, ...]
    warnings: tuple[Problem, ...]


@dataclass(slots=True)
class _Columns:
    """Where things stand: items and a ready count by checklist code, ready figures by symbol."""

    items: dict[str, list[tuple[int, str]]]
    ready: dict[str, list[int]]
    symbols: dict[str, int]

    @property
    def used(self) -> list[int]:
        items = [column for group in self.items.values() for column, _ in group]
        ready = [column for code, group in self.ready.items() if code not in self.items
                 for column in group]  # fmt: skip
        return [*items, *ready, *self.symbols.values()]


def read_inspection(
    sheets: Sequence[Sheet],
    edition: Edition,
    *,
    columns: Mapping[str, str] | None = None,
) -> InspectionTable:
    """Counts and item marks of every organisation; Refusals as the package says."""
    table = locate(sheets, lambda headers: _recognised(edition, headers))
    mapping = suggest_mapping(table.headers, REFERENCE_FIELDS, chosen=columns)
    refuse_doubled(table, mapping)
    references = dict(mapping.columns)
    found = _columns(edition, table.headers, set(references.values()))
    if "organisation" not in references:
        references["organisation"] = _organisation_column(table, found)
    _refuse_missing(edition, table, found)
    used = [*references.values(), *found.used]
    refuse_merged(table, used)
    rows = body(table, name_column=references["organisation"])
    reading = Reading(table)
    reading.problems += wide_rows(table, rows)
    organisations, index = read_references(reading, rows, references)
    marks = _read_marks(reading, rows, found)
    figures = [_figures(reading, row, edition, found) for row in rows]
    reading.close("Данные осмотра не приняты.")
    refuse_duplicates(table, rows, [organisations[place] for place in index])
    result = tuple(
        _row(edition, organisations[index[i]], row, {c: m[i] for c, m in marks.items()}, figures[i])
        for i, row in enumerate(rows)
    )
    return InspectionTable(
        result, tuple(unused_notes(table, used)), tuple(_warnings(edition, table, found, result))
    )


def checklist_of(edition: Edition, header: str) -> Checklist | None:
    """The checklist whose sign stands in ``header`` outside brackets; the longest sign decides."""
    match = _ITEM.match(header)
    head = lowered(match["head"] if match else header)
    best: tuple[int, Checklist] | None = None
    for checklist in edition.checklists:
        for sign in checklist.signs:
            if lowered(sign) in head and (best is None or len(sign) > best[0]):
                best = len(sign), checklist
    return best[1] if best else None


def _inputs(edition: Edition) -> list[Input]:
    return [item for item in edition.inputs if item.collected == "inspection"]


def symbol_columns(
    inputs: Sequence[Input], headers: Sequence[str], taken: set[int]
) -> dict[str, int]:
    """Columns named by a symbol, or by an official sign or a name that only one input has."""
    names: dict[str, list[str]] = {}
    for item in inputs:
        for name in (item.official, item.name):
            if name:
                names.setdefault(symbol_key(name), []).append(item.symbol)
    known = {key: symbols[0] for key, symbols in names.items() if len(symbols) == 1}
    known |= {symbol_key(item.symbol): item.symbol for item in inputs}
    found: dict[str, int] = {}
    for column, header in enumerate(headers):
        symbol = known.get(symbol_key(header)) if header and column not in taken else None
        if symbol is not None and symbol not in found:
            found[symbol] = column
    return found


def _columns(edition: Edition, headers: Sequence[str], taken: set[int]) -> _Columns:
    symbols = symbol_columns(_inputs(edition), headers, taken)
    found = _Columns({}, {}, symbols)
    for column, header in enumerate(headers):
        if not header or column in taken or column in symbols.values():
            continue
        checklist = checklist_of(edition, header)
        if checklist is None or checklist.present is None:
            continue
        match = _ITEM.match(header)
        if match:
            item = " ".join(match["item"].split())
            found.items.setdefault(checklist.code, []).append((column, item))
        else:
            found.ready.setdefault(checklist.code, []).append(column)
    return found


def _recognised(edition: Edition, headers: Sequence[str]) -> int:
    found = _columns(edition, headers, set())
    return len(set(found.items) | set(found.ready)) + len(found.symbols)


def _organisation_column(table: Table, found: _Columns) -> int:
    free = [c for c, header in enumerate(table.headers) if header and c not in found.used]
    for column in free:
        name = plain(table.headers[column])
        if "организаци" in name or "учреждени" in name:
            return column
    raise missing_column(table, [ORGANISATION], free)


def _refuse_missing(edition: Edition, table: Table, found: _Columns) -> None:
    """Every required inspection input must come from items, a ready count or its own column."""
    have = set(found.symbols)
    problems = []
    for checklist in edition.checklists:
        if checklist.code in found.items:
            have |= {checklist.present or "", checklist.applicable or ""}
        elif len(found.ready.get(checklist.code, ())) == 1:
            have.add(checklist.present or "")
        elif found.ready.get(checklist.code) and checklist.present not in have:
            letters = ", ".join(letter(column) for column in found.ready[checklist.code])
            problems.append(
                Problem(
                    f"для перечня «{checklist.title}» подходят сразу несколько столбцов"
                    f" без пункта в скобках: {letters}.",
                    "Укажите пункты в квадратных скобках или оставьте один столбец с числом.",
                    table.place(table.header_row),
                )
            )
    if problems:
        raise refusal("Столбцы осмотра не распознаны.", problems, kind="ambiguous_column")
    missing = [i for i in _inputs(edition) if not i.optional and i.symbol not in have]
    if missing:
        fields = [Field(item.symbol, _expected(edition, item)) for item in missing]
        raise missing_column(table, fields, [])


def _expected(edition: Edition, item: Input) -> str:
    """The input's name and how its columns are recognised."""
    for checklist in edition.checklists:
        if item.symbol in (checklist.present, checklist.applicable) and checklist.signs:
            return f"{item.name}, столбцы «… {checklist.signs[0]} … [пункт]»"
    return item.name


def _read_marks(
    reading: Reading, rows: Sequence[int], found: _Columns
) -> dict[str, list[list[ItemMark]]]:
    """Checklist code → for each row its item marks."""
    result: dict[str, list[list[ItemMark]]] = {}
    for code, items in found.items.items():
        result[code] = [[] for _ in rows]
        for column, item in items:
            codes = reading.codes(
                column, rows, mark, "1, 0 или пустая ячейка (не применимо)", "Исправьте на 1 или 0."
            )
            for marks, value in zip(result[code], codes, strict=True):
                marks.append(ItemMark(code, item, _MARKS[value]))
    return result


def _figures(
    reading: Reading, row: int, edition: Edition, found: _Columns
) -> dict[str, int | Decimal]:
    """Ready figures of one row: own columns, and ready counts of checklists without items."""
    figures: dict[str, int | Decimal] = {}
    for item in _inputs(edition):
        column = found.symbols.get(item.symbol)
        if column is not None:
            value = read_figure(reading, row, column, item)
            if value is not None:
                figures[item.symbol] = value
    for checklist in edition.checklists:
        columns = found.ready.get(checklist.code, [])
        if checklist.present and len(columns) == 1 and checklist.code not in found.items:
            count = reading.count(row, columns[0])
            if count is not None:
                figures[checklist.present] = count
    return figures


def read_figure(reading: Reading, row: int, column: int, item: Input) -> int | Decimal | None:
    """The cell as the edition's input asks: a count, a 0/1 mark, points or a percentage."""
    if item.kind == "mark":
        value = mark(reading.table.value(row, column))
        if value is None:
            reading.add("ожидается 1, 0 или пустая ячейка.", "Исправьте на 1 или 0.", row, column)
        return value if value in (0, 1) else None
    if item.kind == "count":
        return reading.count(row, column)
    return reading.decimal(row, column, item.maximum, percent=item.kind == "percent")


def _row(
    edition: Edition,
    organisation: Reference,
    row: int,
    marks: Mapping[str, list[ItemMark]],
    figures: Mapping[str, int | Decimal],
) -> InspectionRow:
    counts: dict[str, int | Decimal] = {}
    for checklist in edition.checklists:
        found = marks.get(checklist.code)
        if found is None or checklist.present is None:
            continue
        counts[checklist.present] = sum(item.mark == PRESENT for item in found)
        if checklist.applicable:
            counts[checklist.applicable] = sum(item.mark != NOT_APPLICABLE for item in found)
    every = tuple(item for group in marks.values() for item in group)
    return InspectionRow(organisation, row + 1, counts | dict(figures), every)


def refuse_duplicates(
    table: Table, rows: Sequence[int], organisations: Sequence[Reference]
) -> None:
    """Refusal ``duplicate_organisation`` naming both rows of each organisation met twice."""
    first: dict[Reference, int] = {}
    problems = []
    for row, organisation in zip(rows, organisations, strict=True):
        if organisation in first:
            problems.append(
                Problem(
                    f"организация {described(organisation)} уже есть"
                    f" в строке {first[organisation] + 1}.",
                    "Оставьте одну строку или уточните название, муниципалитет или ИНН.",
                    table.place(row),
                )
            )
        first.setdefault(organisation, row)
    if problems:
        raise refusal("Организации повторяются.", problems, kind="duplicate_organisation")


def _warnings(
    edition: Edition, table: Table, found: _Columns, rows: Sequence[InspectionRow]
) -> list[Problem]:
    """Checklists left wholly empty for an organisation, and ready counts set aside for items."""
    warnings = []
    for checklist in edition.checklists:
        empty = [row for row in rows if _nothing_marked(checklist, row)]
        if empty:
            names = listed([row.organisation.name for row in empty])
            warnings.append(
                Problem(
                    f"перечень «{checklist.title}» не заполнен: {names}.",
                    "Пустой перечень считается неприменимым целиком; проверьте, был ли осмотр.",
                    table.place(),
                )
            )
        for column in found.ready.get(checklist.code, []):
            if checklist.code in found.items:
                warnings.append(
                    Problem(
                        f"столбец «{shortened(table.headers[column])}» без пункта в скобках"
                        " не учтён: перечень считается по пунктам.",
                        "",
                        table.place(column=column),
                    )
                )
    return warnings


def _nothing_marked(checklist: Checklist, row: InspectionRow) -> bool:
    marks = [item.mark for item in row.marks if item.checklist == checklist.code]
    return bool(marks) and all(item == NOT_APPLICABLE for item in marks)
