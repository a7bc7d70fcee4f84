"""ODS sheets read from their XML: values, merged cells, formula errors.

The parser of other formats drops errors and merged ranges of ODS, and repeats a cell as many times
as the file says; here repeated cells are counted before they are made.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree import ElementTree

from noko.core.refusal import Place, Refusal
from noko.core.tables.sheet import ERROR_VALUES, Block, Sheet
from noko.exchange.workbook import CELLS_LIMIT, broken, encrypted

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


def read_opendocument(archive: zipfile.ZipFile, file: str) -> list[Sheet]:
    """Every sheet of an ODS. The archive's members have been verified."""
    names = archive.namelist()
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
        "META-INF/manifest.xml"
    ):
        raise encrypted(file)
    if "content.xml" not in names:
        raise broken(file)
    try:
        with archive.open("content.xml") as content:
            return list(_sheets(ElementTree.iterparse(content, ("start", "end")), file))  # noqa: S314
    except (ElementTree.ParseError, ValueError):
        raise broken(file) from None


def _sheets(events: Iterator[tuple[str, ElementTree.Element]], file: str) -> Iterator[Sheet]:
    builder: _Builder | None = None
    depth = 0
    for event, node in events:
        if node.tag == f"{_TABLE}table":
            depth += 1 if event == "start" else -1
            if event == "start" and depth == 1:
                builder = _Builder(file, node.get(f"{_TABLE}name", ""))
            elif event == "end" and depth == 0 and builder is not None:
                yield builder.sheet()
                node.clear()
        elif event == "end" and node.tag == f"{_TABLE}table-row" and depth == 1 and builder:
            builder.add(node)
            node.clear()


class _Builder:
    """One sheet growing row by row; empty rows are added only when something follows them."""

    def __init__(self, file: str, name: str) -> None:
        self.file, self.name = file, name
        self.rows: list[list[object]] = []
        self.merged: list[Block] = []
        self.waiting = 0
        self.cells = 0

    def sheet(self) -> Sheet:
        return Sheet(self.file, self.name, self.rows, tuple(self.merged))

    def add(self, node: ElementTree.Element) -> None:
        times = int(node.get(f"{_TABLE}number-rows-repeated", "1"))
        cells = self._cells(node)
        if not cells:
            self.waiting += times
            return
        self._count(self.waiting + times * len(cells))
        self.rows.extend([] for _ in range(self.waiting))
        self.rows.extend(list(cells) for _ in range(times))
        self.waiting = 0

    def _cells(self, node: ElementTree.Element) -> list[object]:
        """Values of the row up to the last one that is not empty."""
        cells: list[object] = []
        blank = 0
        row = len(self.rows) + self.waiting
        for cell in node:
            times = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            self._note_merged(cell, row, len(cells) + blank)
            value = _value(cell)
            if value == "":
                blank += times
                continue
            self._count(blank + times)
            cells.extend([""] * blank)
            cells.extend([value] * times)
            blank = 0
        return cells

    def _note_merged(self, cell: ElementTree.Element, row: int, column: int) -> None:
        wide = int(cell.get(f"{_TABLE}number-columns-spanned", "1"))
        high = int(cell.get(f"{_TABLE}number-rows-spanned", "1"))
        if wide > 1 or high > 1:
            self.merged.append(Block(row, column, row + high - 1, column + wide - 1))

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > CELLS_LIMIT:
            raise Refusal(
                "На листе слишком много ячеек.",
                kind="too_large",
                cure="Скопируйте таблицу на новый лист и сохраните. Ничего не сохранено.",
                place=Place(file=self.file, sheet=self.name),
            )


def _value(cell: ElementTree.Element) -> object:
    kind = cell.get(f"{_OFFICE}value-type", "")
    if cell.get(f"{_CALC}value-type") == "error":
        text = _text(cell)
        return ERROR_VALUES.get(text.upper(), text if text.startswith("#") else "#ЗНАЧ!")
    if kind in ("float", "percentage", "currency"):
        return float(cell.get(f"{_OFFICE}value", "nan"))
    if kind == "boolean":
        return cell.get(f"{_OFFICE}boolean-value") == "true"
    if kind == "date":
        return _date(cell.get(f"{_OFFICE}date-value", ""))
    return _text(cell)


def _date(text: str) -> object:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text


def _text(cell: ElementTree.Element) -> str:
    """Paragraphs joined by line ends; comments of the cell are not its text."""
    lines = ["".join(_pieces(item)) for item in cell if item.tag == f"{_TEXT}p"]
    return "\n".join(lines)


def _pieces(node: ElementTree.Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            yield " " * int(child.get(f"{_TEXT}c", "1"))
        elif child.tag == f"{_TEXT}tab":
            yield "\t"
        elif child.tag == f"{_TEXT}line-break":
            yield "\n"
        else:
            yield from _pieces(child)
        yield child.tail or ""
