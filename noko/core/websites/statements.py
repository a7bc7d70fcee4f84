"""What a page says, as pairs: a label and what stands after it.

A label is a heading, a bold beginning, words before a colon, the first cell of a row, or the line
above a table. ``around`` holds the headings above, the nearest first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, field

from noko.core.websites.page import Line, Link, PageContent, Table
from noko.core.websites.patterns import fold
from noko.core.websites.rules import ValueWords
from noko.core.websites.values import is_negative

LONGEST_LABEL = 420
MOST_LINES_AFTER = 400
COLON_LEVEL = 8
LONG_PROSE = 90
"""Words before a dash are a label only when they are few."""
COLON = re.compile(r":")
DASH = re.compile(r"\s[–—-]\s")


@dataclass(slots=True)
class Statement:
    """``label`` is folded. The value is the ``rest`` of the line and the ``lines`` after it.

    ``prose``: the label is only the beginning of a sentence, so its first words must be meant.
    """

    label: str
    rest: str
    line: Line
    lines: list[Line] = field(default_factory=list)
    around: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    table: Table | None = None
    heading: bool = False
    prose: bool = False

    def all_links(self) -> Iterator[Link]:
        yield from self.links
        for line in self.lines:
            yield from line.links


@dataclass(slots=True)
class Reading:
    """A page ready for questions: its content lines, statements and tables, without the frame.

    ``captions`` are the numbers of the lines that stand right over a table, ``heads`` of those
    that name its columns; ``refusals`` are the lines that say that there is nothing.
    """

    content: PageContent
    lines: list[Line]
    statements: list[Statement]
    tables: list[tuple[Table, tuple[str, ...]]]
    around: dict[int, tuple[str, ...]]
    captions: frozenset[int] = frozenset()
    heads: frozenset[int] = frozenset()
    refusals: tuple[Line, ...] = ()


def make_reading(content: PageContent, lines: list[Line], words: ValueWords) -> Reading:
    """``lines`` are those that count: visible, not of the frame, not a retelling of the norm."""
    around = _headings_above(lines)
    statements = list(_by_heading(lines, around))
    inside = {line.number: line for line in lines}
    tables = [t for t in content.tables if not t.frame and not t.hidden and t.grid]
    placed = [(table, _around_table(table, lines, around)) for table in tables]
    for line in lines:
        if line.cell is None or not _is_row_label(line):
            statements.extend(_in_line(line, around))
    for table, above in placed:
        statements.extend(_by_row(table, above, inside))
    statements.extend(_above_tables(placed, lines, inside, around))
    over = (_line_before(table, lines) for table in tables)
    captions = frozenset(line.number for line in over if line is not None)
    rows = {table.number: table.header_rows for table in tables}
    heads = frozenset(
        line.number for line in lines if line.cell and line.cell.row < rows.get(line.cell.table, 0)
    )
    refusals = tuple(line for line in lines if is_negative(line.folded, words))
    return Reading(content, lines, statements, placed, around, captions, heads, refusals)


def _headings_above(lines: list[Line]) -> dict[int, tuple[str, ...]]:
    """Line's number → the folded headings above it, the nearest first."""
    path: list[tuple[int, str]] = []
    found: dict[int, tuple[str, ...]] = {}
    for line in lines:
        if line.level:
            while path and path[-1][0] >= line.level:
                path.pop()
        found[line.number] = tuple(text for _, text in reversed(path))
        if line.level:
            path.append((line.level, line.folded))
    return found


def _by_heading(lines: list[Line], around: dict[int, tuple[str, ...]]) -> Iterator[Statement]:
    for index, line in enumerate(lines):
        if not line.level or not line.text or len(line.text) > LONGEST_LABEL:
            continue
        after: list[Line] = []
        for other in lines[index + 1 : index + 1 + MOST_LINES_AFTER]:
            if other.level and other.level <= line.level:
                break
            after.append(other)
        label = line.folded.rstrip(": ")
        above = around[line.number]
        prose = line.level == COLON_LEVEL
        yield Statement(label, "", line, after, above, line.links, None, True, prose)


def _in_line(line: Line, around: dict[int, tuple[str, ...]]) -> Iterator[Statement]:
    """«Год создания: 1950», also with the label in bold type and no colon."""
    above = around[line.number]
    lead = line.lead
    if lead and lead != line.text and len(lead) <= LONGEST_LABEL:
        rest = line.text[len(lead) :].strip(" :–—-")
        yield Statement(fold(lead).rstrip(": "), rest, line, [], above, line.links)
    for sign in (COLON, DASH):
        found = sign.search(line.text, 2, LONGEST_LABEL if sign is COLON else LONG_PROSE)
        if found and found.end() < len(line.text):
            label = line.folded[: found.start()].strip()
            rest = line.text[found.end() :].strip()
            yield Statement(label, rest, line, [], above, line.links, prose=True)


def _is_row_label(line: Line) -> bool:
    return line.cell is not None and line.cell.column == 0


def _by_row(table: Table, above: tuple[str, ...], inside: dict[int, Line]) -> Iterator[Statement]:
    """The first wordy cell of a row, and the rest of the row as its value."""
    for row in table.grid[table.header_rows :]:
        cells = [
            cell for number, cell in enumerate(row) if number == 0 or cell is not row[number - 1]
        ]
        while cells and not any(char.isalpha() for char in cells[0].text):
            cells.pop(0)
        if len(cells) < 2 or len(cells[0].text) > LONGEST_LABEL or cells[0].line not in inside:
            continue
        rest = " ".join(cell.text for cell in cells[1:])
        links = tuple(link for cell in cells[1:] for link in cell.links)
        line = inside[cells[0].line]
        yield Statement(cells[0].folded.rstrip(": "), rest.strip(), line, [], above, links)


def _line_before(table: Table, lines: list[Line]) -> Line | None:
    """The plain line or heading that stands right over a table."""
    place = bisect_left(lines, table.line, key=lambda line: line.number)
    before = lines[place - 1] if place else None
    return before if before is not None and before.cell is None else None


def _around_table(
    table: Table, lines: list[Line], around: dict[int, tuple[str, ...]]
) -> tuple[str, ...]:
    """What stands over a table: the line before it and the headings above."""
    before = _line_before(table, lines)
    if before is None:
        return ()
    return (before.folded, *around[before.number])


def _above_tables(
    placed: list[tuple[Table, tuple[str, ...]]],
    lines: list[Line],
    inside: dict[int, Line],
    around: dict[int, tuple[str, ...]],
) -> Iterator[Statement]:
    """The plain line above a table is its name; headings have been taken already."""
    for table, _ in placed:
        before = _line_before(table, lines)
        if before is None or before.level or len(before.text) > LONGEST_LABEL or not before.text:
            continue
        yield Statement(
            before.folded, "", before, [], around[before.number], before.links, table=table
        )
