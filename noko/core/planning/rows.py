"""A plan's table as it was typed → rows of the plan, complete, each with its place in the file.

The header may stand in up to three rows, under titles, with merged cells, and may be repeated on
every page. A row that a page break has cut is joined with its beginning; a cell merged over
several rows belongs to each of them. Sections are rows with one text over the whole width.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from noko.core.planning.people import Responsible, split_responsible
from noko.core.planning.table_header import (
    REQUIRED,
    TITLES,
    Header,
    cell_text,
    find_header,
    named_field,
)
from noko.core.refusal import Place, Problem, Refusal
from noko.core.tables.sheet import Block, Sheet, shortened


@dataclass(frozen=True, slots=True)
class Section:
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One activity. ``term`` is the printed wording; ``place`` names the row in the file."""

    number: str
    section: Section
    activity: str
    term: str
    responsible_printed: str
    responsible: tuple[Responsible, ...]
    result: str
    place: Place
    joined_rows: int = 1


@dataclass(frozen=True, slots=True)
class PlanTable:
    """The plan as read. ``notes`` are problems that did not stop the reading."""

    title: str
    year: int | None
    sections: tuple[Section, ...]
    rows: tuple[PlanRow, ...]
    notes: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Cells:
    """A growing row: texts by field, the first row it came from, how many rows it was joined of."""

    texts: dict[str, str]
    place: Place
    section: Section
    joined: int = 1


@dataclass(slots=True)
class _State:
    section: Section = Section("", "")
    sections: list[Section] = field(default_factory=list)
    rows: list[_Cells] = field(default_factory=list)


def read_plan(sheets: Sequence[Sheet], lines: Sequence[str] = ()) -> PlanTable:
    """The plan in ``sheets`` (tables of one file); ``lines`` is the text around the tables.

    Refusal ``no_table`` when no table has the columns of a plan, ``missing_column`` when the best
    one lacks an activity or a term, ``no_rows`` when there is nothing under the header.
    """
    found = [(sheet, find_header(sheet)) for sheet in sheets]
    first = next((i for i, (_, header) in enumerate(found) if header.complete), None)
    if first is None:
        raise _no_plan([pair for pair in found if pair[1].columns], sheets)
    state = _State()
    header = found[first][1]
    for sheet, own in found[first:]:
        if own.complete:
            header = own
            _read(sheet, own, own.row + own.height, state)
        elif not own.columns and _width(sheet) >= len(header.columns):
            _read(sheet, header, 0, state)  # a table continued on the next page
    if not state.rows:
        raise Refusal(
            "Под заголовком таблицы нет ни одного мероприятия.",
            kind="no_rows",
            cure="Проверьте, тот ли это файл. Ничего не сохранено.",
            place=_place(found[first][0]),
        )
    rows = tuple(_row(cells) for cells in state.rows)
    title = _title([*lines, *_above(found[first][0], found[first][1])])
    return PlanTable(
        title, plan_year(title), tuple(state.sections), rows, tuple(_notes(header, rows))
    )


def _no_plan(partial: Sequence[tuple[Sheet, Header]], sheets: Sequence[Sheet]) -> Refusal:
    if not partial:
        return Refusal(
            "В файле нет таблицы плана.",
            kind="no_table",
            cure="Нужна таблица со столбцами «Мероприятие» и «Срок исполнения». "
            "Ничего не сохранено.",
            place=Place(file=sheets[0].file if sheets else ""),
        )
    sheet, header = max(partial, key=lambda pair: len(pair[1].columns))
    missing = [f"«{TITLES[key]}»" for key in REQUIRED if key not in header.columns]
    return Refusal(
        f"В таблице нет столбца {' и '.join(missing)}.",
        kind="missing_column",
        cure="Назовите столбец так в заголовке таблицы и загрузите файл снова. "
        "Ничего не сохранено.",
        place=_place(sheet, header.row),
    )


def _place(sheet: Sheet, row: int | None = None) -> Place:
    return Place(file=sheet.file, sheet=sheet.name, row=None if row is None else row + 1)


def _width(sheet: Sheet) -> int:
    return max((len(row) for row in sheet.rows), default=0)


# --- the body ---------------------------------------------------------------------------------

_SECTION_NUMBER = re.compile(r"^\s*(?:раздел\s+)?([IVX]+|\d+)\s*[.)]?\s*(?=\D|$)", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*\d+(?:\.\d+)*\.?\s*$")


def _read(sheet: Sheet, header: Header, start: int, state: _State) -> None:
    columns = header.columns
    tall = _tall(sheet, columns)
    for row in range(start, len(sheet.rows)):
        filled = {c: cell_text(sheet, row, c) for c in range(len(sheet.rows[row]))}
        filled = {column: text for column, text in filled.items() if text}
        if not filled or _repeats_header(filled, columns) or _numbers_columns(filled):
            continue
        section = _section(filled, columns, sheet, row)
        if section is not None:
            state.section = section
            state.sections.append(section)
            continue
        texts = {key: filled.get(column, "") for key, column in columns.items()}
        _add(state, texts, _shared(texts, tall, row, columns, sheet), _place(sheet, row), header)


def _tall(sheet: Sheet, columns: dict[str, int]) -> list[Block]:
    return [b for b in sheet.merged if b.bottom > b.top and b.left in columns.values()]


def _shared(
    texts: dict[str, str], tall: Sequence[Block], row: int, columns: dict[str, int], sheet: Sheet
) -> dict[str, str]:
    """Texts of cells merged over this row from above, by field."""
    shared = {}
    for key, column in columns.items():
        for block in tall:
            if block.left == column and block.top < row <= block.bottom and not texts[key]:
                shared[key] = cell_text(sheet, block.top, column)
    return shared


def _repeats_header(filled: dict[int, str], columns: dict[str, int]) -> bool:
    named = [key for key, column in columns.items() if named_field([filled.get(column, "")]) == key]
    return len(named) >= min(3, len(columns))


def _numbers_columns(filled: dict[int, str]) -> bool:
    values = list(filled.values())
    return len(values) > 2 and values == [str(number + 1) for number in range(len(values))]


def _section(
    filled: dict[int, str], columns: dict[str, int], sheet: Sheet, row: int
) -> Section | None:
    """The section that a row begins: one text over the width, or a whole number and a title."""
    texts = list(dict.fromkeys(filled.values()))
    number_column, activity = columns.get("number"), columns["activity"]
    if len(texts) == 1 and _is_title(filled, columns, sheet, row):
        return _titled(texts[0])
    beside = set(filled) == {number_column, activity}
    if beside and re.fullmatch(r"\s*(?:[IVX]+|\d+)\.?\s*", filled[number_column or 0]):
        number = filled[number_column or 0].strip(" .")
        return (
            Section(number, _line(filled[activity]))
            if _has_parts(sheet, row, columns, number)
            else None
        )
    return None


def _is_title(filled: dict[int, str], columns: dict[str, int], sheet: Sheet, row: int) -> bool:
    """A lone text is a title when it is wide, stands first, or bears a number of a section."""
    column = min(filled)
    wide = any(b.top == row == b.bottom and b.right > b.left for b in sheet.merged)
    first = column == min(columns.values()) and columns.get("number") == column
    text = filled[column]
    if _NUMBER.match(text):
        return False
    return wide or first or len(filled) > 1 or bool(re.match(r"\s*раздел\b", text, re.IGNORECASE))


def _has_parts(sheet: Sheet, row: int, columns: dict[str, int], number: str) -> bool:
    """True when one of the next rows is numbered within ``number``: «1» before «1.1»."""
    column = columns.get("number", 0)
    following = [cell_text(sheet, r, column) for r in range(row + 1, min(row + 4, len(sheet.rows)))]
    return any(text.startswith(f"{number}.") and len(text) > len(number) + 1 for text in following)


def _titled(text: str) -> Section:
    line = _line(text)
    match = _SECTION_NUMBER.match(line)
    if match is None or not line[match.end() :].strip():
        return Section("", line)
    return Section(match[1], line[match.end() :].strip())


def _add(
    state: _State, texts: dict[str, str], shared: dict[str, str], place: Place, header: Header
) -> None:
    if state.rows and _continues(texts, state.rows[-1], header):
        _join(state.rows[-1], texts)
        return
    if any(texts.values()):
        state.rows.append(_Cells({**texts, **shared}, place, state.section))


def _continues(texts: dict[str, str], before: _Cells, header: Header) -> bool:
    """No number: the row goes on with the one before. A table without numbers: no term."""
    if "number" in header.columns:
        return not texts["number"] and bool(before.texts["number"])
    return not texts["term"] or not texts["activity"]


def _join(before: _Cells, texts: dict[str, str]) -> None:
    before.joined += 1
    for key, text in texts.items():
        if not text:
            continue
        old = before.texts.get(key, "")
        new_item = key in ("responsible", "result") and text[:1].isupper() and not _open(old)
        before.texts[key] = f"{old}{chr(10) if new_item else ' '}{text}".strip()


def _open(text: str) -> bool:
    """The text breaks off in the middle of a phrase."""
    return bool(re.search(r"(?:\b(?:и|или|в|на|по|о|об|с|к|для|при)|[,«(–—-])\s*$", text))


def _row(cells: _Cells) -> PlanRow:
    texts = cells.texts
    responsible = _lines(texts.get("responsible", ""))
    return PlanRow(
        number=_line(texts.get("number", "")).strip(" ."),
        section=cells.section,
        activity=_line(texts["activity"]),
        term=_line(texts["term"]),
        responsible_printed=responsible,
        responsible=split_responsible(responsible),
        result=_lines(texts.get("result", "")),
        place=cells.place,
        joined_rows=cells.joined,
    )


_BROKEN_WORD = re.compile(r"(?<=[а-яё])- (?=[а-яё])")
_COMPOUND = re.compile(r"(?:но|ско|ико|веб|интернет|онлайн|пресс|медиа|вице)$", re.IGNORECASE)


def _line(text: str) -> str:
    """One line; a word broken at the end of a line is whole again, a compound keeps its hyphen."""
    line = " ".join(text.split())
    return _BROKEN_WORD.sub(
        lambda found: "-" if _COMPOUND.search(line[: found.start()]) else "", line
    )


def _lines(text: str) -> str:
    return "\n".join(filter(None, (_line(line) for line in text.splitlines())))


# --- the title --------------------------------------------------------------------------------

_YEAR = re.compile(r"\b(20\d\d)\s*(?:[-–—/]\s*(20\d\d)\s*)?(?:г(?:од|\.|г\.)?|уч)", re.IGNORECASE)


def plan_year(title: str) -> int | None:
    """The one year that the title names, None when there is none or more than one."""
    years = {year for pair in _YEAR.findall(title) for year in pair if year}
    return int(years.pop()) if len(years) == 1 else None


def _above(sheet: Sheet, header: Header) -> Iterator[str]:
    for row in range(header.row):
        texts = [cell_text(sheet, row, column) for column in range(len(sheet.rows[row]))]
        yield from dict.fromkeys(text for text in texts if text)


def _title(lines: Sequence[str]) -> str:
    """From the line that begins with «План» on, as far as the year; else the last line before."""
    texts = [text for text in (_line(line.strip("*# ")) for line in lines) if text]
    for index, text in enumerate(texts):
        if re.match(r"план\b", text, re.IGNORECASE):
            title = text
            for more in texts[index + 1 : index + 4]:
                if plan_year(title):
                    break
                title = f"{title} {more}"
            return title if plan_year(title) else text
    return texts[-1] if texts else ""


def _notes(header: Header, rows: Sequence[PlanRow]) -> Iterator[Problem]:
    for key in ("number", "responsible", "result"):
        if key not in header.columns:
            yield Problem(
                f"В таблице нет столбца «{TITLES[key]}».",
                "Если он есть под другим названием, назовите его так. Иначе впишите сведения сами.",
            )
    for row in rows:
        if row.joined_rows > 1:
            yield Problem(
                f"Мероприятие {row.number or shortened(row.activity, 40)} соединено из частей: "
                f"строк таблицы – {row.joined_rows}.",
                "Проверьте, что текст читается целиком.",
                replace(row.place),
            )
