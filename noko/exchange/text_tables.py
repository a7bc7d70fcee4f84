"""Tables in texts: HTML pages, Markdown, and tables copied out with tabs between the cells."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator

from lxml import etree
from lxml import html as page

from noko.core.tables.sheet import Block, Sheet

MOST_SPANNED = 1000
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div|/li)\b[^<>]*>", re.IGNORECASE)
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")


def looks_like_html(text: str) -> bool:
    return bool(re.search(r"<(?:!doctype html|html|table)\b", text[:100_000], re.IGNORECASE))


def html_tables(text: str, file: str) -> tuple[list[Sheet], list[str]]:
    """Every outermost table of the page as a sheet, and the lines of text outside of tables."""
    parser = page.HTMLParser(no_network=True, remove_comments=True, encoding="utf-8")
    try:
        root = page.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, ValueError):
        return [], []
    tables = [node for node in root.iter("table") if not _within(node, "table")]
    sheets = [_sheet(node, file, f"таблица {n}") for n, node in enumerate(tables, start=1)]
    for node in tables:
        node.clear(keep_tail=True)
    for node in list(root.iter("script", "style", "head")):
        node.clear(keep_tail=True)
    lines = [line.strip() for line in _inner(root).splitlines() if line.strip()]
    return sheets, lines


def _within(node: etree._Element, tag: str) -> bool:
    return next(node.iterancestors(tag), None) is not None


def _sheet(table: etree._Element, file: str, name: str) -> Sheet:
    rows: list[list[str]] = []
    merged: list[Block] = []
    taken: dict[tuple[int, int], bool] = {}
    own = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    for number, row in enumerate(own):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            while (number, len(cells)) in taken:
                cells.append("")
            wide, high = _spanned(cell, "colspan"), _spanned(cell, "rowspan")
            left, bottom = len(cells), min(number + high, len(own)) - 1
            for spanned in range(number, bottom + 1):
                taken.update({(spanned, column): True for column in range(left, left + wide)})
            if wide > 1 or bottom > number:
                merged.append(Block(number, left, bottom, left + wide - 1))
            cells.extend([_inner(cell), *[""] * (wide - 1)])
        rows.append(cells)
    return Sheet(file, name, rows, tuple(merged))


def _spanned(cell: etree._Element, name: str) -> int:
    text = (cell.get(name) or "1").strip()
    return max(1, min(int(text), MOST_SPANNED)) if text.isdecimal() else 1


def _inner(node: etree._Element) -> str:
    """The text of a node; paragraphs, list items and breaks on lines of their own."""
    parts = []
    for event, item in etree.iterwalk(node, events=("start", "end")):
        blocky = item.tag in ("br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4")
        if blocky:
            parts.append("\n")
        text = item.text if event == "start" else (item.tail if item is not node else "")
        parts.append(re.sub(r"\s+", " ", text or ""))
    lines = (line.strip() for line in "".join(parts).splitlines())
    return "\n".join(line for line in lines if line)


# --- plain text -------------------------------------------------------------------------------


def text_table(text: str, file: str) -> tuple[Sheet | None, list[str]]:
    """The rows with tabs, or between pipes, as one sheet; the other lines beside it.

    Row numbers stay those of the file. Tags inside cells are dropped; two spaces or more inside a
    cell are what is left of a line end. None where the text holds no such rows.
    """
    lines = text.splitlines()
    if sum("\t" in line for line in lines) >= 2:
        cut = [line.split("\t") if "\t" in line else None for line in lines]
    elif sum(line.count("|") >= 2 for line in lines) >= 3:
        cut = [_piped(line) for line in lines]
    else:
        return None, [_plain(line) for line in lines if line.strip()]
    rows = [[_plain(cell) for cell in cells] if cells else [] for cells in cut]
    around = [_plain(line) for line, cells in zip(lines, cut, strict=True) if not cells]
    return Sheet(file, "", rows), [line for line in around if line]


def _piped(line: str) -> list[str] | None:
    if line.count("|") < 2 or _RULE.match(line):
        return None
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [cell.replace("\0", "|") for cell in inner.replace("\\|", "\0").split("|")]


def _plain(cell: str) -> str:
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", cell)))
    return "\n".join(_filled(re.split(r"\n|[ \u00a0]{2,}", text.replace("**", ""))))


def _filled(parts: Iterable[str]) -> Iterator[str]:
    return (part.strip() for part in parts if part.strip())
