"""A sheet of a person's file as plain lists, and the addresses of its cells.

Values are as the file has them: text, numbers, booleans, dates; an empty cell is ``""`` or
``None``. There is no object per cell: thirty thousand answers stay cheap.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from noko.core.refusal import Place, Problem, Refusal
from noko.core.tables.text import plain

HEADER_WITHIN = 30
"""The header stands in one of the first so many rows."""

LONG_HEADER = 70

ERROR_VALUES = {
    "#DIV/0!": "#ДЕЛ/0!",
    "#N/A": "#Н/Д",
    "#NAME?": "#ИМЯ?",
    "#NULL!": "#ПУСТО!",
    "#NUM!": "#ЧИСЛО!",
    "#REF!": "#ССЫЛКА!",
    "#VALUE!": "#ЗНАЧ!",
}
"""What a spreadsheet shows instead of a result, in English and in Russian."""

NOT_COMPUTED = "#НЕ ВЫЧИСЛЕНО!"
"""Stands for a formula saved without its result, by a program that does not calculate."""

TOTAL_ROWS = {"итого", "всего", "итог", "среднее", "среднее значение", "итого по району"}


@dataclass(frozen=True, slots=True)
class Block:
    """Merged cells; rows and columns from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """``rows[0]`` is row 1 of the file, empty rows included; rows may differ in length.

    ``name`` is empty for a text file, which has no sheets.
    """

    file: str
    name: str
    rows: Sequence[Sequence[object]]
    merged: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A sheet whose header has been found. Row and column numbers are from 0."""

    sheet: Sheet
    header_row: int
    headers: tuple[str, ...]
    ignored_sheets: tuple[str, ...] = ()

    def place(self, row: int | None = None, column: int | None = None) -> Place:
        """The address as a person sees it: file, sheet, row from 1, letter and header."""
        return Place(
            file=self.sheet.file,
            sheet=self.sheet.name,
            row=None if row is None else row + 1,
            column="" if column is None else self.column_title(column),
        )

    def column_title(self, column: int) -> str:
        """«C: Удовлетворены ли вы …»."""
        header = shortened(self.headers[column]) if column < len(self.headers) else ""
        return f"{letter(column)}: {header}" if header else letter(column)

    def column_values(self, column: int, rows: Sequence[int]) -> list[object]:
        """The values of one column in ``rows``, "" where a row is too short."""
        every = self.sheet.rows
        return [every[r][column] if column < len(every[r]) else "" for r in rows]

    def value(self, row: int, column: int) -> object:
        cells = self.sheet.rows[row]
        return cells[column] if column < len(cells) else ""


def letter(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def shortened(text: str, limit: int = LONG_HEADER) -> str:
    """One line of at most ``limit`` characters, for messages."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def is_empty(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, str) and not value.strip())


def shown(value: object) -> str:
    """The value as a person sees it in the cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ИСТИНА" if value else "ЛОЖЬ"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, datetime):
        return value.strftime("%d.%m.%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return str(value)


def text_of(value: object) -> str:
    """The value as text without spaces at the ends; 2520007687.0 is «2520007687»."""
    return " ".join(shown(value).split())


def error_in(value: object) -> str:
    """The Russian name of a formula error in the cell, "" when there is none."""
    if not isinstance(value, str) or not value.startswith("#"):
        return ""
    value = value.strip().upper()
    if value in ERROR_VALUES.values() or value == NOT_COMPUTED:
        return value
    return ERROR_VALUES.get(value, "")


def error_problem(table: Table, row: int, column: int, error: str) -> Problem:
    if error == NOT_COMPUTED:
        message = "в ячейке формула, результата которой в файле нет."
        cure = "Откройте файл в программе электронных таблиц, сохраните и загрузите снова."
    else:
        message = f"в ячейке ошибка формулы {error}"
        message += "." if error[-1] not in "!?" else ""
        cure = "Исправьте формулу или замените её значением и загрузите файл снова."
    return Problem(message, cure, table.place(row, column))


# --- finding the table ------------------------------------------------------------------------


def locate(sheets: Sequence[Sheet], fits: Callable[[Sequence[str]], int]) -> Table:
    """The sheet and the row whose headers ``fits`` recognises most of.

    Rows above the header are titles and are skipped. Where nothing is recognised, the first row
    with any text counts as the header, so that the caller can say which column is missing.
    Refusal ``several_sheets`` when equally good sheets hold data; ``no_rows`` for empty files.
    """
    found = [(sheet, *_header_of(sheet, fits)) for sheet in sheets if _has_text(sheet)]
    if not found:
        raise no_rows(sheets[0].file if sheets else "")
    best = max(score for _, _, score in found)
    equal = [item for item in found if item[2] == best]
    if best and len(equal) > 1:
        with_data = [item for item in equal if _has_rows_below(item[0], item[1])]
        _refuse_several(with_data or equal)
        equal = with_data or equal
    sheet, row, _ = equal[0]
    ignored = tuple(other.name for other, _, _ in found if other is not sheet)
    return Table(sheet, row, _headers(sheet.rows[row]), ignored)


def _refuse_several(found: Sequence[tuple[Sheet, int, int]]) -> None:
    if len(found) < 2:
        return
    names = ", ".join(f"«{sheet.name}»" for sheet, _, _ in found)
    raise Refusal(
        f"Подходящие данные стоят на нескольких листах: {names}.",
        kind="several_sheets",
        cure="Соберите их на одном листе или оставьте один. Ничего не сохранено.",
        place=Place(file=found[0][0].file),
    )


def _headers(row: Sequence[object]) -> tuple[str, ...]:
    return tuple(text_of(cell) for cell in row)


def _header_of(sheet: Sheet, fits: Callable[[Sequence[str]], int]) -> tuple[int, int]:
    best_row, best = -1, 0
    for index, row in enumerate(sheet.rows[:HEADER_WITHIN]):
        headers = _headers(row)
        if not any(headers):
            continue
        score = fits(headers)
        if best_row < 0 or score > best:
            best_row, best = index, score
    return max(best_row, 0), best


def _has_text(sheet: Sheet) -> bool:
    return any(not is_empty(cell) for row in sheet.rows[:HEADER_WITHIN] for cell in row)


def _has_rows_below(sheet: Sheet, header_row: int) -> bool:
    return any(not is_empty(cell) for row in sheet.rows[header_row + 1 :] for cell in row)


def no_rows(file: str, sheet: str = "") -> Refusal:
    return Refusal(
        "В файле нет строк с данными.",
        kind="no_rows",
        cure="Проверьте, тот ли это файл и тот ли лист. Ничего не сохранено.",
        place=Place(file=file, sheet=sheet),
    )


def body(table: Table, *, name_column: int | None = None) -> list[int]:
    """Indexes of the rows with data: not empty, not a row of column numbers, not a total.

    Refusal ``no_rows`` when none is left.
    """
    rows = table.sheet.rows
    start = table.header_row + 1
    if start < len(rows) and _numbers_columns(rows[start]):
        start += 1
    found = []
    for index in range(start, len(rows)):
        row = rows[index]
        if not row or (is_empty(row[0]) and all(is_empty(cell) for cell in row)):
            continue
        found.append(index)
    while found and name_column is not None and _is_total(table.value(found[-1], name_column)):
        found.pop()
    if not found:
        raise no_rows(table.sheet.file, table.sheet.name)
    return found


def _is_total(value: object) -> bool:
    return isinstance(value, str) and plain(value) in TOTAL_ROWS


def _numbers_columns(row: Sequence[object]) -> bool:
    """True for «1 | 2 | 3 | …», the numbers of columns under a Russian form's header."""
    filled = [text_of(cell) for cell in row if not is_empty(cell)]
    return len(filled) > 2 and filled == [str(number + 1) for number in range(len(filled))]


def refuse_merged(table: Table, columns: Sequence[int]) -> None:
    """Refusal ``merged_cells`` when a used column has merged cells in the header or below it."""
    problems = []
    for block in table.sheet.merged:
        used = [column for column in columns if block.left <= column <= block.right]
        if block.bottom < table.header_row or not used:
            continue
        corners = f"{letter(block.left)}{block.top + 1}:{letter(block.right)}{block.bottom + 1}"
        problems.append(
            Problem(
                f"объединены ячейки {corners}.",
                "Отмените объединение и заполните каждую ячейку отдельно.",
                table.place(max(block.top, table.header_row), used[0]),
            )
        )
    if problems:
        raise refusal("В таблице есть объединённые ячейки.", problems, kind="merged_cells")


def wide_rows(table: Table, rows: Sequence[int]) -> list[Problem]:
    """Problems of rows with more cells than there are headers: a stray separator in a text file."""
    width = len(table.headers)
    return [
        Problem(
            f"ячеек больше, чем столбцов в заголовке ({width}).",
            "Заключите текст с разделителем внутри в кавычки и загрузите файл снова.",
            table.place(row),
        )
        for row in rows
        if len(table.sheet.rows[row]) > width
        and any(not is_empty(cell) for cell in table.sheet.rows[row][width:])
    ]


def unused_notes(table: Table, used: Sequence[int]) -> list[str]:
    """Russian notes on every column and sheet that was not used."""
    notes = [
        f"Столбец «{table.column_title(column)}»: не используется."
        for column, header in enumerate(table.headers)
        if header and column not in used
    ]
    return notes + [f"Лист «{name}»: не используется." for name in table.ignored_sheets]


def refusal(message: str, problems: Sequence[Problem], *, kind: str) -> Refusal:
    """One refusal that counts the problems and keeps them all; a lone one is its own sentence."""
    if len(problems) == 1:
        only = problems[0]
        return Refusal(
            f"{message} {only.message[0].upper()}{only.message[1:]}",
            kind=kind,
            cure=f"{only.cure} Ничего не сохранено.".strip(),
            place=only.place,
            problems=problems,
        )
    return Refusal(
        f"{message} Всего ошибок: {len(problems)}.",
        kind=kind,
        cure="Ничего не сохранено.",
        problems=problems,
    )
