"""The header of a plan's table: which rows it stands in, which column holds what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from noko.core.tables.sheet import Sheet, is_empty, shown
from noko.core.tables.text import plain

HEADER_WITHIN = 40
HEADER_ROWS = 3

NAMES: dict[str, tuple[str, ...]] = {
    "number": ("№ п/п", "№", "номер", "№ пункта", "п/п"),
    "activity": (
        *("Мероприятие", "мероприятия", "наименование мероприятия", "наименование мероприятий"),
        *("содержание работы", "содержание мероприятия", "перечень мероприятий"),
    ),
    "term": (
        *("Срок исполнения", "срок", "сроки", "сроки исполнения", "срок выполнения", "дата"),
        *("сроки реализации", "срок реализации", "сроки проведения", "срок проведения"),
        "сроки выполнения",
    ),
    "responsible": (
        *("Ответственные исполнители", "ответственный исполнитель", "ответственные"),
        *("ответственный", "исполнители", "исполнитель", "ответственные лица"),
        *("ответственное лицо", "ответственные за исполнение", "ответственный за исполнение"),
    ),
    "result": (
        *("Результат (итоговый документ)", "результат", "ожидаемый результат", "результаты"),
        *("итоговый документ", "ожидаемые результаты", "планируемый результат", "вид документа"),
        *("форма завершения", "форма завершения документ"),
    ),
}
"""Headers of the columns of a plan, the official one first."""

REQUIRED = ("activity", "term")
TITLES = {key: names[0] for key, names in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Header:
    """``row`` from 0, ``height`` rows; the field of each column that was recognised."""

    row: int
    height: int
    columns: dict[str, int]

    @property
    def complete(self) -> bool:
        return all(key in self.columns for key in REQUIRED)


_BY_NAME = {plain(name): key for key, names in NAMES.items() for name in names if name != "№"}
_NUMBER_SIGN = {"№", "n", "№ п/п", "№ п.п", "№№", "п/п", "n п/п"}


def find_header(sheet: Sheet) -> Header:
    """The rows whose joined texts name most columns; the fewest and the first of equals."""
    best = Header(0, 1, {})
    for start in range(min(HEADER_WITHIN, len(sheet.rows))):
        for height in range(1, HEADER_ROWS + 1):
            columns = _columns(sheet, start, height)
            found = Header(start, height, columns)
            if (len(columns), -height) > (len(best.columns), -best.height):
                best = found
    return best


def _columns(sheet: Sheet, start: int, height: int) -> dict[str, int]:
    rows = sheet.rows[start : start + height]
    columns: dict[str, int] = {}
    for column in range(max((len(row) for row in rows), default=0)):
        texts = [merged_text(sheet, row, column) for row in range(start, start + len(rows))]
        key = named_field([text for text in texts if text])
        if key:
            columns.setdefault(key, column)
    return columns


def named_field(texts: Sequence[str]) -> str:
    """The field that one of the texts of a column names, the lowest first, or all together."""
    for text in (*reversed(texts), " ".join(texts)):
        if " ".join(text.lower().split()).rstrip(".") in _NUMBER_SIGN:
            return "number"
        if (key := _BY_NAME.get(plain(text))) is not None:
            return key
    return ""


def cell_text(sheet: Sheet, row: int, column: int) -> str:
    cells = sheet.rows[row] if row < len(sheet.rows) else ()
    value = cells[column] if column < len(cells) else ""
    return "" if is_empty(value) else shown(value).strip()


def merged_text(sheet: Sheet, row: int, column: int) -> str:
    """The text of a cell; of a merged one, the text of its block."""
    text = cell_text(sheet, row, column)
    if text:
        return text
    for block in sheet.merged:
        if block.top <= row <= block.bottom and block.left <= column <= block.right:
            return cell_text(sheet, block.top, block.left)
    return ""
