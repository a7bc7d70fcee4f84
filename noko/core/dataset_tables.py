"""Tables of a data package as canonical bytes, and back: UTF-8, comma, "\\n", sorted rows.

The same records always give the same bytes, so that digests of equal data are equal.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, fields
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from noko.core.dataset import (
    ABSENT,
    NOT_APPLICABLE,
    PRESENT,
    Mark,
    Organisation,
    SiteLine,
    broken,
)
from noko.core.editions import Input
from noko.core.refusal import Place, Refusal
from noko.core.scoring.counts import Value

Figures = Mapping[str, Mapping[str, Value]]
"""Organisation id → input symbol → figure; None or absent where it is not given."""

_ORGANISATION_FIELDS = tuple(item.name for item in fields(Organisation))
_MARK_FIELDS = ("organisation", "checklist", "item", "mark")
_SITE_FIELDS = tuple(item.name for item in fields(SiteLine))
_MARK_CELLS = {PRESENT: "1", ABSENT: "0", NOT_APPLICABLE: ""}
_MARKS_BY_CELL = {cell: mark for mark, cell in _MARK_CELLS.items()}


def organisations_bytes(organisations: Iterable[Organisation]) -> bytes:
    """``organisations.csv`` in the order given."""
    return _csv(_ORGANISATION_FIELDS, (astuple(item) for item in organisations))


def parse_organisations(data: bytes, file: str) -> tuple[Organisation, ...]:
    """The records. Refusals: ``broken_package`` with row and column, ``duplicate_organisation``."""
    found = []
    for number, row in _rows(data, file, _ORGANISATION_FIELDS):
        recipients = row.pop("recipients")
        if recipients and not recipients.isdecimal():
            raise _bad_cell(file, number, "recipients", recipients)
        if not row["id"] or not row["name"]:
            raise _bad_cell(file, number, "id" if not row["id"] else "name", "")
        found.append(Organisation(**row, recipients=int(recipients) if recipients else None))
    refuse_repeated(found, file)
    return tuple(found)


def refuse_repeated(organisations: Sequence[Organisation], file: str = "") -> None:
    """Refusal ``duplicate_organisation`` when two organisations have one id."""
    seen: set[str] = set()
    for item in organisations:
        if item.id in seen:
            raise Refusal(
                f"Код организации «{item.id}» встречается дважды («{item.name}»).",
                kind="duplicate_organisation",
                cure="Дайте каждой организации свой код.",
                place=Place(file=file, column="id"),
            )
        seen.add(item.id)


def figures_bytes(ids: Sequence[str], inputs: Sequence[Input], figures: Figures) -> bytes:
    """Figures of every organisation of ``ids``, an empty cell where one is not given."""
    header = ("organisation", *(item.symbol for item in inputs))
    rows = (
        (key, *(figure_text(figures.get(key, {}).get(item.symbol)) for item in inputs))
        for key in ids
    )
    return _csv(header, rows)


def parse_figures(
    data: bytes, file: str, inputs: Sequence[Input], ids: Sequence[str]
) -> dict[str, tuple[Value, ...]]:
    """Symbol → figures in the order of ``ids``. Refusals as for the organisations."""
    header = ("organisation", *(item.symbol for item in inputs))
    known = set(ids)
    found: dict[str, dict[str, Value]] = {}
    for number, row in _rows(data, file, header):
        key = row.pop("organisation")
        if key not in known or key in found:
            raise _bad_cell(file, number, "organisation", key)
        found[key] = {symbol: _figure(text, file, number, symbol) for symbol, text in row.items()}
    return {
        item.symbol: tuple(found.get(key, {}).get(item.symbol) for key in ids) for item in inputs
    }


def figure_text(value: Value) -> str:
    """A figure as exact decimal text: 9, 97.5. A fraction without such a text is a defect."""
    if value is None:
        return ""
    if isinstance(value, Fraction):
        digits = Decimal(value.numerator) / Decimal(value.denominator)
        if Fraction(digits) != value:
            raise ValueError(f"{value} has no exact decimal form")
        value = digits
    return f"{value:f}" if isinstance(value, Decimal) else str(int(value))


def _figure(text: str, file: str, row: int, column: str) -> Value:
    if not text:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise _bad_cell(file, row, column, text) from None
    if not value.is_finite():
        raise _bad_cell(file, row, column, text)
    return int(value) if value == value.to_integral_value() else value


def marks_bytes(marks: Iterable[Mark]) -> bytes:
    """``marks.csv``, sorted by organisation, keeping the order of items within a checklist."""
    ordered = sorted(marks, key=lambda mark: mark.organisation)
    rows = ((m.organisation, m.checklist, m.item, _MARK_CELLS[m.mark]) for m in ordered)
    return _csv(_MARK_FIELDS, rows)


def parse_marks(data: bytes, file: str) -> tuple[Mark, ...]:
    """The marks in file order."""
    marks = []
    for number, row in _rows(data, file, _MARK_FIELDS):
        cell = row["mark"]
        if cell not in _MARKS_BY_CELL:
            raise _bad_cell(file, number, "mark", cell)
        marks.append(Mark(row["organisation"], row["checklist"], row["item"], _MARKS_BY_CELL[cell]))
    return tuple(marks)


def sites_bytes(lines: Iterable[SiteLine]) -> bytes:
    """``sites.csv``, sorted by organisation, keeping the order of items."""
    ordered = sorted(lines, key=lambda line: line.organisation)
    return _csv(_SITE_FIELDS, (astuple(line) for line in ordered))


def parse_sites(data: bytes, file: str) -> tuple[SiteLine, ...]:
    """The lines in file order."""
    return tuple(SiteLine(**row) for _, row in _rows(data, file, _SITE_FIELDS))


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def _rows(data: bytes, file: str, header: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Numbered rows (the header is row 1) as column → text."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise broken("Таблица не в кодировке UTF-8.", file) from None
    lines = csv.reader(io.StringIO(text, newline=""))
    first = next(lines, [])
    missing = [name for name in header if name not in first]
    if missing:
        raise broken(f"В таблице нет столбцов: {', '.join(missing)}.", file)
    place = {name: first.index(name) for name in header}
    for number, row in enumerate(lines, start=2):
        if len(row) != len(first):
            raise broken(
                f"В строке {number} столбцов {len(row)}, а должно быть {len(first)}.", file
            )
        yield number, {name: row[position] for name, position in place.items()}


def _bad_cell(file: str, row: int, column: str, text: str) -> Refusal:
    return Refusal(
        f"Недопустимое значение «{text}».",
        kind="broken_package",
        cure="Таблица пакета составлена неверно: получите пакет заново.",
        place=Place(file=file, row=row, column=column),
    )
