"""Tables and texts of a DOCX read from its XML: merged cells, tracked changes, nested tables.

A document is parsed only after its sizes are checked. Deleted text of tracked changes is left out,
inserted text is taken; a table inside a cell is read as text of that cell.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from noko.core.refusal import Place, Refusal
from noko.core.tables.sheet import Block, Sheet
from noko.exchange.workbook import broken

DOCUMENT = "word/document.xml"
DOCUMENT_LIMIT = 40 * 1024 * 1024
"""The text of a document may unpack to so much; a plan takes a hundredth of it."""

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEFT_OUT = {f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText"}


@dataclass(frozen=True, slots=True)
class Document:
    """``tables`` in order; ``lines`` are the paragraphs outside of them; ``pictures``: how many."""

    tables: tuple[Sheet, ...]
    lines: tuple[str, ...]
    pictures: int


def read_document(archive: zipfile.ZipFile, file: str) -> Document:
    """The document in an archive whose members have been verified."""
    size = archive.getinfo(DOCUMENT).file_size
    if size > DOCUMENT_LIMIT:
        raise Refusal(
            f"Текст документа при распаковке занял бы {size // 1024 // 1024} МБ.",
            kind="too_large",
            cure="Скопируйте таблицу в новый документ и загрузите его. Ничего не сохранено.",
            place=Place(file=file),
        )
    xml = archive.read(DOCUMENT)
    if b"<!DOCTYPE" in xml[:4096] or b"<!ENTITY" in xml[:4096]:
        raise broken(file)
    try:
        body = ElementTree.fromstring(xml).find(f"{_W}body")  # noqa: S314 (no entities: see above)
    except ElementTree.ParseError:
        raise broken(file) from None
    if body is None:
        raise broken(file)
    tables: list[Sheet] = []
    lines: list[str] = []
    for node in _blocks(body):
        if node.tag == f"{_W}tbl":
            tables.append(_table(node, file, f"таблица {len(tables) + 1}"))
        else:
            lines.extend(line for line in _text(node).splitlines() if line.strip())
    pictures = sum(name.startswith("word/media/") for name in archive.namelist())
    return Document(tuple(tables), tuple(lines), pictures)


def _blocks(parent: ElementTree.Element) -> Iterator[ElementTree.Element]:
    """Paragraphs and tables in order; content controls and insertions are looked into."""
    for node in parent:
        if node.tag in (f"{_W}p", f"{_W}tbl"):
            yield node
        elif node.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _blocks(node)


def _table(table: ElementTree.Element, file: str, name: str) -> Sheet:
    rows: list[list[str]] = []
    merged: list[Block] = []
    open_blocks: dict[int, Block] = {}
    for row, node in enumerate(_inside(table, "tr")):
        cells: list[str] = [""] * _skipped(node)
        for cell in _inside(node, "tc"):
            column, width, state = len(cells), _span(cell), _vertical(cell)
            if state == "continue" and column in open_blocks:
                block = open_blocks[column]
                open_blocks[column] = Block(block.top, block.left, row, block.right)
                cells.extend([""] * width)
                continue
            _close(open_blocks, column, merged)
            block = Block(row, column, row, column + width - 1)
            if state == "restart":
                open_blocks[column] = block
            elif width > 1:
                merged.append(block)
            cells.extend([_text(cell), *[""] * (width - 1)])
        rows.append(cells)
    for column in list(open_blocks):
        _close(open_blocks, column, merged)
    return Sheet(file, name, rows, tuple(merged))


def _close(open_blocks: dict[int, Block], column: int, merged: list[Block]) -> None:
    block = open_blocks.pop(column, None)
    if block is not None and (block.bottom > block.top or block.right > block.left):
        merged.append(block)


def _inside(parent: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    """Rows of a table, cells of a row; those within content controls too, deleted rows not."""
    for node in parent:
        if node.tag == f"{_W}{tag}":
            if node.find(f"{_W}trPr/{_W}del") is None:
                yield node
        elif node.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins"):
            yield from _inside(node, tag)


MOST_COLUMNS = 200


def _number(node: ElementTree.Element, path: str, default: int) -> int:
    found = node.find(path)
    text = found.get(f"{_W}val", "") if found is not None else ""
    return min(int(text), MOST_COLUMNS) if text.isdecimal() else default


def _skipped(row: ElementTree.Element) -> int:
    return _number(row, f"{_W}trPr/{_W}gridBefore", 0)


def _span(cell: ElementTree.Element) -> int:
    return max(1, _number(cell, f"{_W}tcPr/{_W}gridSpan", 1))


def _vertical(cell: ElementTree.Element) -> str:
    found = cell.find(f"{_W}tcPr/{_W}vMerge")
    return "" if found is None else found.get(f"{_W}val", "continue")


def _text(node: ElementTree.Element) -> str:
    """Paragraphs on lines of their own."""
    lines = ["".join(_pieces(paragraph)) for paragraph in node.iter(f"{_W}p")]
    return "\n".join(lines) if lines else "".join(_pieces(node))


def _pieces(node: ElementTree.Element) -> Iterator[str]:
    for child in node:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag == f"{_W}tab":
            yield " "
        elif child.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif child.tag not in _LEFT_OUT and child.tag != f"{_W}p":
            yield from _pieces(child)
