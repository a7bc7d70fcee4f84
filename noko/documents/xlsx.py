"""Plain tables as XLSX: real types, widths, a head that stays and repeats on paper.

The same table gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from noko.core.refusal import Refusal
from noko.documents.plain import clean

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 1_048_575
"""Rows that a sheet holds below its head."""
LONGEST_CELL = 32_767
CUT = " … (текст не помещается в ячейку)"

Cell = str | int | Decimal | date | bool | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, width in characters, and decimals of its numbers if they are fixed."""

    title: str
    width: int = 14
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One sheet. ``frozen``: columns at the left that stay in sight; ``total``: a last row."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    frozen: int = 1
    total: Sequence[Cell] = field(default_factory=tuple)


def xlsx(tables: Sequence[Table], *, title: str = "") -> bytes:
    """A workbook with a sheet for each table, in their order.

    A text is written as text, whatever it begins with; None is an empty cell. Refusal
    ``too_many_rows``.
    """
    buffer = io.BytesIO()
    workbook = new_workbook(buffer, title=title)
    head = workbook.add_format(HEAD)
    for table in tables:
        _write(workbook, head, table)
    workbook.close()
    return buffer.getvalue()


HEAD: Mapping[str, Any] = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}
_TOTAL = {"bold": True, "top": 1}


def new_workbook(buffer: io.BytesIO, *, title: str = "") -> Workbook:
    """An empty workbook that keeps no moment of its making."""
    import xlsxwriter

    options = {"in_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    moment = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    workbook.set_properties({"created": moment, "title": clean(title)[:255]})
    return workbook


def new_sheet(
    workbook: Workbook, title: str, head: Sequence[str], style: Format, *, frozen: int = 2
) -> Worksheet:
    """A sheet for A4 paper, lying, as wide as the page, whose head stays and repeats."""
    sheet = workbook.add_worksheet(sheet_name(workbook, title))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P")
    sheet.freeze_panes(1, frozen)
    sheet.repeat_rows(0)
    for column, text in enumerate(head):
        sheet.write_string(0, column, clean(text), style)
    return sheet


def sheet_name(workbook: Workbook, title: str) -> str:
    """A name that spreadsheets accept: 31 characters, no []:*?/\\, not taken yet."""
    spelt = "".join("-" if char in "[]:*?/\\'" else char for char in clean(title))
    spelt = " ".join(spelt.split()) or "Лист"
    taken = {sheet.get_name().casefold() for sheet in workbook.worksheets()}
    name, number = spelt[:31], 2
    while name.casefold() in taken:
        name, number = f"{spelt[:27]} {number}", number + 1
    return name


def _write(workbook: Workbook, head: Format, table: Table) -> None:
    if len(table.rows) > MOST_ROWS:
        raise Refusal(
            f"В таблице «{table.title}» строк {len(table.rows)}, на листе помещается {MOST_ROWS}.",
            kind="too_many_rows",
            cure="Скачайте её как CSV.",
        )
    titles = [column.title for column in table.columns]
    sheet = new_sheet(workbook, table.title, titles, head, frozen=table.frozen)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width)
    styles = _styles(workbook, table.columns, {})
    for number, row in enumerate(table.rows, start=1):
        sheet.set_row(number, _height(row, table.columns))
        _write_row(sheet, number, row, styles)
    if table.total:
        _write_row(
            sheet, len(table.rows) + 1, table.total, _styles(workbook, table.columns, _TOTAL)
        )
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


LINE = 15
"""Height of a line of the usual type, in points."""
MOST_LINES = 27
"""Spreadsheets take no row that is higher than 409 points."""


def _height(row: Sequence[Cell], columns: Sequence[Column]) -> int | None:
    """As high as its longest text needs: not every program finds that out by itself."""
    lines = max(
        (_lines(value, column.width) for value, column in zip(row, columns, strict=True)),
        default=1,
    )
    return min(lines, MOST_LINES) * LINE if lines > 1 else None


def _lines(value: Cell, width: int) -> int:
    """Lines that a text takes when its words are wrapped, roughly and rather too many."""
    if not isinstance(value, str):
        return 1
    return sum(-(-len(line) * 11 // (width * 10)) or 1 for line in value.splitlines() or [""])


def _styles(
    workbook: Workbook, columns: Sequence[Column], common: Mapping[str, Any]
) -> list[dict[str, Format]]:
    """For each column: a format for texts, one for whole numbers, one for dates, one for parts."""
    shared = {"valign": "top", **common}
    text = workbook.add_format({"text_wrap": True, **shared})
    day = workbook.add_format({"num_format": "dd.mm.yyyy", **shared})
    whole = workbook.add_format({"num_format": "0", **shared})
    return [
        {
            "text": text,
            "date": day,
            "whole": whole,
            "part": workbook.add_format({"num_format": _number(column.decimals), **shared}),
        }
        for column in columns
    ]


def _number(decimals: int | None) -> str:
    if decimals is None:
        return "General"
    return "0." + "0" * decimals if decimals else "0"


def _write_row(
    sheet: Worksheet, number: int, row: Sequence[Cell], styles: list[dict[str, Format]]
) -> None:
    for index, (value, style) in enumerate(zip(row, styles, strict=True)):
        if value is None or value == "":
            sheet.write_blank(number, index, None, style["text"])
        elif isinstance(value, bool):
            sheet.write_string(number, index, "да" if value else "нет", style["text"])
        elif isinstance(value, int):
            sheet.write_number(number, index, value, style["whole"])
        elif isinstance(value, Decimal):
            sheet.write_number(number, index, float(value), style["part"])
        elif isinstance(value, date):
            sheet.write_datetime(number, index, _day(value), style["date"])
        else:
            sheet.write_string(number, index, _fitting(value), style["text"])


def _day(value: date) -> datetime:
    """A day as a moment of the format: without a time and without a time zone."""
    return datetime(value.year, value.month, value.day)  # noqa: DTZ001


def _fitting(text: str) -> str:
    """A text that a cell holds; one that is cut says so."""
    whole = clean(text)
    return whole if len(whole) <= LONGEST_CELL else whole[: LONGEST_CELL - len(CUT)] + CUT
