"""Tables of a page: cells with their spans spread over a grid, and which rows are the head."""

from __future__ import annotations

from dataclasses import dataclass, field

from noko.core.websites.page import Cell, Line, Link, Table, TableCell
from noko.core.websites.patterns import fold

WIDEST = 60
LONGEST = 3_000
LARGEST_SPAN = 60
EMPTY = TableCell("", "", (), 0, 0, False)


@dataclass(slots=True)
class _Raw:
    """A cell while its lines come in."""

    heading: bool
    columns: int
    rows: int
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class _OpenTable:
    number: int
    line: int
    frame: bool
    hidden: bool
    rows: list[list[_Raw]] = field(default_factory=list)
    cell: _Raw | None = None


@dataclass(slots=True)
class TableBuilder:
    """Takes the lines of table cells while a page is walked; tables may stand in tables."""

    finished: list[Table] = field(default_factory=list)
    _open: list[_OpenTable] = field(default_factory=list)
    _count: int = 0

    @property
    def inside(self) -> bool:
        return bool(self._open) and self._open[-1].cell is not None

    def open_table(self, line: int, frame: bool, hidden: bool) -> None:
        self._open.append(_OpenTable(self._count, line, frame, hidden))
        self._count += 1

    def open_row(self) -> None:
        if self._open:
            self._open[-1].rows.append([])
            self._open[-1].cell = None

    def open_cell(self, heading: bool, attributes: dict[str, str | None]) -> None:
        if not self._open:
            return
        table = self._open[-1]
        if not table.rows:
            table.rows.append([])
        cell = _Raw(heading, _span(attributes.get("colspan")), _span(attributes.get("rowspan")))
        table.rows[-1].append(cell)
        table.cell = cell

    def close_cell(self) -> None:
        if self._open:
            self._open[-1].cell = None

    def close_table(self) -> None:
        if self._open:
            self.finished.append(_finish(self._open.pop()))

    def take(self, line: Line) -> Cell | None:
        """Puts a line into the open cell; where it stands, or None outside of tables."""
        if not self.inside:
            return None
        table = self._open[-1]
        if table.cell is not None:
            table.cell.lines.append(line)
        return Cell(table.number, len(table.rows) - 1, max(len(table.rows[-1]) - 1, 0))


def _span(written: str | None) -> int:
    if not written or not written.strip().isdecimal():
        return 1
    return max(1, min(int(written.strip()[:4]), LARGEST_SPAN))


def _finish(table: _OpenTable) -> Table:
    grid = _spread([[_cell(raw) for raw in row] for row in table.rows[:LONGEST]])
    ready = Table(table.number, table.line, grid, frame=table.frame, hidden=table.hidden)
    ready.header_rows = header_rows(grid)
    return ready


def _cell(raw: _Raw) -> TableCell:
    text = " ".join(line.text for line in raw.lines)
    links: tuple[Link, ...] = tuple(link for line in raw.lines for link in line.links)
    first = raw.lines[0].number if raw.lines else 0
    images = sum(line.images for line in raw.lines)
    bold = bool(raw.lines) and all(line.lead == line.text or not line.text for line in raw.lines)
    heading = raw.heading or bold
    return TableCell(text, fold(text), links, images, first, heading, raw.columns, raw.rows)


def _spread(rows: list[list[TableCell]]) -> list[list[TableCell]]:
    """Cells with spans repeated at every place that they cover."""
    grid: list[list[TableCell]] = []
    below: dict[int, tuple[int, TableCell]] = {}
    for row in rows:
        line: list[TableCell] = []
        coming = iter(row)
        while len(line) < WIDEST:
            column = len(line)
            rest, covering = below.get(column, (0, EMPTY))
            if rest > 0:
                below[column] = (rest - 1, covering)
                line.append(covering)
                continue
            cell = next(coming, None)
            if cell is None:
                if not any(place > column and left > 0 for place, (left, _) in below.items()):
                    break
                line.append(EMPTY)
                continue
            for offset in range(min(cell.columns, WIDEST - column)):
                below[column + offset] = (cell.rows - 1, cell)
                line.append(cell)
        grid.append(line)
    return grid


def header_rows(grid: list[list[TableCell]]) -> int:
    """How many first rows name the columns: 0 for a table of "label | value" pairs."""
    if len(grid) < 2 or not grid[0]:
        return 0
    first = grid[0]
    width = max(len(row) for row in grid)
    filled = [cell for cell in first if cell.text]
    if not filled or any(cell.text.endswith(":") for cell in filled):
        return 0
    named = all(cell.heading for cell in filled) and (width > 1 or not grid[1][0].heading)
    wide = width >= 3 and len(filled) >= 2 and not all(_numeric(cell.text) for cell in filled)
    if any(cell.links for cell in first) and not named:
        return 0
    if not (named or wide or _numbers_below(grid)):
        return 0
    return _with_spans(grid)


def _with_spans(grid: list[list[TableCell]]) -> int:
    """A head of several rows: as long as its spanned cells, and a row "1 2 3" below it."""
    several = any(cell.columns > 1 for cell in grid[0]) or any(cell.rows > 1 for cell in grid[0])
    head = max((cell.rows for cell in grid[0]), default=1)
    if several and head == 1 and len(grid) > 2 and any(cell.columns > 1 for cell in grid[0]):
        head = 2
    head = min(head, len(grid) - 1)
    if head < len(grid) and _ordinals(grid[head]):
        head += 1
    return min(head, len(grid))


def _ordinals(row: list[TableCell]) -> bool:
    texts = [cell.text.strip() for cell in row]
    return len(texts) > 1 and texts == [str(number) for number in range(1, len(texts) + 1)]


def _numbers_below(grid: list[list[TableCell]]) -> bool:
    """A table of two columns whose second one is numbers under a word."""
    if len(grid) < 3 or any(len(row) != 2 for row in grid):
        return False
    below = [row[1].text for row in grid[1:]]
    return not _numeric(grid[0][1].text) and sum(map(_numeric, below)) * 2 > len(below)


def _numeric(text: str) -> bool:
    squeezed = text.replace(" ", "").replace(",", "").replace(".", "")
    return squeezed.isdecimal()
