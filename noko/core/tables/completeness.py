"""The completeness report of bus.gov.ru: for each institution which documents are placed there.

It has two rows of headers: groups («Опубликовано за 2021», «Статус полноты …») above kinds of
documents. A file of one row is read too, when the year stands in each header.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from noko.core.refusal import Problem, Refusal
from noko.core.tables.busgov_cards import BusgovTable
from noko.core.tables.busgov_rules import BusgovRow, Lack, MonitoringRules, ReportRules
from noko.core.tables.columns import Field, suggest_mapping
from noko.core.tables.identifiers import Mended, mend_inn, mend_kpp, mend_ogrn
from noko.core.tables.names import typographic_key
from noko.core.tables.organisations import Rejected
from noko.core.tables.sheet import (
    Sheet,
    Table,
    body,
    error_in,
    error_problem,
    letter,
    locate,
    refuse_merged,
    text_of,
)
from noko.core.tables.text import plain

NAME = Field(
    "name",
    "Полное наименование учреждения",
    (
        "Полное наименование учереждения",
        "Наименование учреждения",
        "Полное наименование",
        "Наименование организации",
        "Учреждение",
    ),
)
INN = Field("inn", "ИНН", ("ИНН учреждения",))
KPP = Field("kpp", "КПП", ("КПП учреждения",))
OGRN = Field("ogrn", "ОГРН", ("ОГРН учреждения",))
REGISTER = Field("reg_number", "Номер в Сводном реестре", ("Код по Сводному реестру",))
FIELDS = (NAME, INN, KPP, OGRN, REGISTER)
NAMES = frozenset(plain(name) for item in FIELDS for name in item.names)

CURRENT, BEFORE = "current", "before"
_YEAR = re.compile(r"\b(20\d\d)\b")
_AROUND_YEAR = re.compile(r"\b(?:опубликовано|размещено|за|год[а]?|г)\b")


@dataclass(frozen=True, slots=True)
class _Columns:
    """``documents``: column → (code, year); ``status``: column → :data:`CURRENT`, :data:`BEFORE`"""

    own: Mapping[str, int]
    documents: Mapping[int, tuple[str, int | None]] = field(default_factory=dict)
    status: Mapping[int, str] = field(default_factory=dict)


def read_completeness(sheets: Sequence[Sheet], rules: MonitoringRules) -> BusgovTable:
    """Rows of the report; a row with a fault is rejected with its reasons, the others stand.

    Refusals: ``missing_column``, ``ambiguous_column``, ``merged_cells``, ``several_sheets``,
    ``no_rows``.
    """
    found = locate(sheets, lambda headers: sum(plain(header) in NAMES for header in headers))
    table, texts = _headed(found, rules.report)
    columns = _columns(table, texts, rules.report)
    reader = _Reader(table, columns, rules)
    for row in body(table, name_column=columns.own["name"]):
        reader.read(row)
    used = {*columns.own.values(), *columns.documents, *columns.status}
    unused = [
        f"Столбец «{table.column_title(column)}»: не используется."
        for column, header in enumerate(table.headers)
        if header and column not in used
    ]
    years = {year for _, year in columns.documents.values() if year}
    return BusgovTable(
        tuple(reader.rows),
        tuple(reader.rejected),
        (*unused, *(f"Лист «{name}»: не используется." for name in found.ignored_sheets)),
        tuple(map(str, reader.warnings)),
        tuple(sorted(years, reverse=True)),
    )


# --- the headers ------------------------------------------------------------------------------


def _headed(table: Table, rules: ReportRules) -> tuple[Table, list[tuple[str, str]]]:
    """The table below both rows of its header, and (group, text) of each column."""
    rows = table.sheet.rows
    under = table.header_row + 1
    below = [text_of(cell) for cell in rows[under]] if under < len(rows) else []
    known = {plain(name) for names in _all_names(rules) for name in names}
    if sum(plain(text) in known for text in below) < 2:
        return table, [("", header) for header in table.headers]
    width = max(len(table.headers), len(below))
    texts: list[tuple[str, str]] = []
    group = ""
    for column in range(width):
        top = table.headers[column] if column < len(table.headers) else ""
        low = below[column] if column < len(below) else ""
        group = top or (group if low else "")
        texts.append((group, low) if low else ("", top))
    headers = tuple(f"{group}: {text}" if group else text for group, text in texts)
    return replace(table, header_row=under, headers=headers), texts


def _all_names(rules: ReportRules) -> list[tuple[str, ...]]:
    names = [document.names for document in rules.documents]
    return [*names, rules.status.current, rules.status.before]


def _columns(table: Table, texts: Sequence[tuple[str, str]], rules: ReportRules) -> _Columns:
    own = suggest_mapping([text for _, text in texts], FIELDS).columns
    names = {plain(name): item for item in rules.documents for name in item.names}
    states = {plain(name): BEFORE for name in rules.status.before}
    states |= {plain(name): CURRENT for name in (*rules.status.current, *rules.status.group)}
    documents: dict[int, tuple[str, int | None]] = {}
    status: dict[int, str] = {}
    for column, (group, text) in enumerate(texts):
        if column in own.values():
            continue
        if state := states.get(plain(text)):
            status[column] = state
        elif document := names.get(_without_year(text)):
            year = None if document.once else _year_in(text) or _year_in(group)
            documents[column] = (document.code, year)
    columns = _Columns(own, documents, status)
    _refuse_incomplete(table, columns)
    _refuse_doubled(table, columns)
    used = [*own.values(), *documents, *status]
    merged = tuple(block for block in table.sheet.merged if block.top > table.header_row)
    refuse_merged(replace(table, sheet=replace(table.sheet, merged=merged)), used)
    return columns


def _year_in(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def _without_year(text: str) -> str:
    return plain(_AROUND_YEAR.sub(" ", _YEAR.sub(" ", text.casefold())))


def _refuse_incomplete(table: Table, columns: _Columns) -> None:
    missing = [item.title for item in (NAME, INN) if item.key not in columns.own]
    if not columns.documents and not columns.status:
        missing.append("виды документов («ГЗ», «План ФХД» …) или «Статус полноты»")
    if missing:
        raise Refusal(
            f"Это не похоже на отчёт о полноте: не хватает столбцов – {'; '.join(missing)}.",
            kind="missing_column",
            cure="Нужен отчёт bus.gov.ru «Статус полноты размещения информации по учреждению» с "
            "его заголовками или выгрузка institutionInfo (XML, ZIP). Ничего не сохранено.",
            place=table.place(table.header_row),
        )


def _refuse_doubled(table: Table, columns: _Columns) -> None:
    met: dict[object, int] = {}
    for column, what in [*columns.documents.items(), *columns.status.items()]:
        if what in met:
            raise Refusal(
                f"Столбцы {letter(met[what])} и {letter(column)} – об одном и том же: "
                f"«{table.headers[column]}».",
                kind="ambiguous_column",
                cure="Укажите в заголовке год («Опубликовано за 2026») или удалите лишний столбец. "
                "Ничего не сохранено.",
                place=table.place(table.header_row),
            )
        met[what] = column


# --- the rows ---------------------------------------------------------------------------------


class _Reader:
    """Reads row by row; what is wrong with a row rejects that row alone."""

    def __init__(self, table: Table, columns: _Columns, rules: MonitoringRules) -> None:
        self.table = table
        self.columns = columns
        self.rules = rules.report
        values = self.rules.values
        self.words = {
            **dict.fromkeys(values.placed, True),
            **dict.fromkeys(values.missing, False),
            **dict.fromkeys((*values.not_needed, ""), None),
        }
        self.rows: list[BusgovRow] = []
        self.rejected: list[Rejected] = []
        self.warnings: list[Problem] = []

    def read(self, row: int) -> None:
        problems: list[Problem] = []
        name = self._text("name", row)
        if not typographic_key(name):
            cure = "Впишите его или удалите строку."
            problems.append(self._problem("не указано название.", cure, row, "name"))
        inn = self._number("inn", mend_inn, row, problems)
        ogrn = self._number("ogrn", mend_ogrn, row, problems)
        marks = {
            what: self._mark(row, column, problems)
            for column, what in [*self.columns.documents.items(), *self.columns.status.items()]
        }
        if problems:
            self.rejected.append(Rejected(row + 1, name, tuple(problems)))
            return
        complete = marks.get(CURRENT)
        self.rows.append(
            BusgovRow(
                row + 1,
                name,
                str(self.table.place(row)),
                inn=inn,
                ogrn=ogrn,
                kpp=mend_kpp(self._text("kpp", row)).value,
                reg_number=self._text("reg_number", row),
                present=marks.get(("general", None)) is not False,
                complete=complete,
                complete_before=marks.get(BEFORE),
                lacks=tuple(self._lacks(marks, complete)),
            )
        )

    def _text(self, key: str, row: int) -> str:
        at = self.columns.own.get(key)
        return "" if at is None else text_of(self.table.value(row, at)).replace("\x00", "")

    def _problem(self, message: str, cure: str, row: int, key: str) -> Problem:
        return Problem(message, cure, self.table.place(row, self.columns.own.get(key)))

    def _number(self, key: str, mend: object, row: int, problems: list[Problem]) -> str:
        mended: Mended = mend(self._text(key, row))  # type: ignore[operator]
        if mended.error:
            problems.append(self._problem(mended.error, "Проверьте номер по ЕГРЮЛ.", row, key))
        elif mended.note:
            self.warnings.append(self._problem(f"{mended.note}.", "", row, key))
        return mended.value

    def _mark(self, row: int, column: int, problems: list[Problem]) -> bool | None:
        """Placed, missing, or None: not needed or not told."""
        value = self.table.value(row, column)
        if error := error_in(value):
            problems.append(error_problem(self.table, row, column, error))
            return None
        text = text_of(value).casefold()
        if text not in self.words:
            problems.append(
                Problem(
                    f"стоит «{text_of(value)[:40]}», а ожидается «Да», «Нет» или «-».",
                    "Исправьте ячейку или скачайте отчёт заново.",
                    self.table.place(row, column),
                )
            )
            return None
        return self.words[text]

    def _lacks(self, marks: Mapping[Any, bool | None], complete: bool | None) -> list[Lack]:
        found: list[Lack] = []
        for code, year in self.columns.documents.values():
            document = self.rules.by_code[code]
            told = marks.get((document.instead, year)) if document.instead else None
            if marks[code, year] is not False or document.notice or told:
                continue
            within = f" за {year} год" if year else ""
            cure = self.rules.cure.format(title=document.title, year=within)
            found.append(Lack(code, document.title, year, cure))
        if complete is False and not found:
            found.append(Lack("unnamed", "Отчёт не называет, чего не хватает", None,
                              self.rules.unnamed))  # fmt: skip
        return found
