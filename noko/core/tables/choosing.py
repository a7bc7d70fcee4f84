"""Columns of a file as a person sees and corrects them, column by column.

``recognised`` says what each column was taken for; ``applied`` turns a person's corrections into
what the readers understand. Roles of a file: "answers", "inspection", "counts".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from noko.core.editions import Checklist, Edition, Input
from noko.core.refusal import Refusal
from noko.core.tables.columns import REFERENCE_FIELDS, TYPE, Field, suggest_mapping
from noko.core.tables.inspection import checklist_of, symbol_columns
from noko.core.tables.questions import QuestionMatcher
from noko.core.tables.sheet import Sheet, Table, letter, locate, shortened
from noko.core.tables.text import plain

UNUSED = ""

CHECKLIST = "checklist:"
"""Before the code of a checklist: the column is one of its items."""

_BRACKETS = re.compile(r"\[(.*)\]\s*$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Column:
    """``letter`` and ``header`` as in the file; ``field``: what it was taken for, "" unused."""

    letter: str
    header: str
    field: str


def fields_of(edition: Edition, role: str) -> list[tuple[str, str]]:
    """What a column of the role may be: field and its title."""
    fields = [(item.key, item.title) for item in _references(role)]
    if role == "answers":
        closed = edition.questionnaire.closed
        return fields + [(q.id, f"{q.id}. {shortened(q.text, 90)}") for q in closed]
    if role == "inspection":
        fields += [
            (f"{CHECKLIST}{item.code}", f"пункт перечня «{shortened(item.title, 60)}»")
            for item in edition.checklists
            if item.present and item.signs
        ]
    return fields + [(i.symbol, f"{i.symbol}: {i.name}") for i in _inputs(edition, role)]


def recognised(sheets: Sequence[Sheet], edition: Edition, role: str) -> list[Column]:
    """Every column with a header, in the order of the sheet that will be read."""
    table = locate(sheets, _fits(edition, role))
    found = _fields(table, edition, role)
    return [
        Column(letter(index), header, found.get(index, UNUSED))
        for index, header in enumerate(table.headers)
        if header
    ]


def applied(
    sheets: Sequence[Sheet], edition: Edition, role: str, choice: Mapping[str, str]
) -> tuple[list[Sheet], dict[str, str]]:
    """Sheets and the ``columns`` argument for the reader, by the corrections in ``choice``.

    ``choice``: letter of the column → field ("" for not used); columns that are not in it stay as
    they were recognised. Refusal ``ambiguous_column`` when one field is given to two columns.
    """
    if not choice:
        return list(sheets), {}
    table = locate(sheets, _fits(edition, role))
    whole = {column.letter: column.field for column in recognised(sheets, edition, role)}
    whole.update({key: field for key, field in choice.items() if key in whole})
    _refuse_doubled(whole)
    references = {item.key for item in _references(role)}
    headers = list(table.headers)
    columns: dict[str, str] = {}
    for index, header in enumerate(table.headers):
        field = whole.get(letter(index), UNUSED)
        if field in references or (role == "answers" and field):
            columns[field] = letter(index)
        else:
            headers[index] = _renamed(header, field, edition)
    rows = list(table.sheet.rows)
    rows[table.header_row] = headers
    changed = replace(table.sheet, rows=rows)
    return [changed if sheet is table.sheet else sheet for sheet in sheets], columns


def _renamed(header: str, field: str, edition: Edition) -> str:
    """A header that the reader takes for ``field``."""
    if not field.startswith(CHECKLIST):
        return field
    checklist = next(item for item in edition.checklists if CHECKLIST + item.code == field)
    current = checklist_of(edition, header)
    if current is checklist:
        return header
    inside = _BRACKETS.search(header)
    return f"{checklist.signs[0]} [{inside[1] if inside else header}]"


def _refuse_doubled(whole: Mapping[str, str]) -> None:
    taken: dict[str, str] = {}
    for key, field in whole.items():
        if field and not field.startswith(CHECKLIST) and field in taken:
            raise Refusal(
                f"Для «{field}» указаны два столбца: {taken[field]} и {key}.",
                kind="ambiguous_column",
                cure="Оставьте один из них, для другого выберите «не используется».",
            )
        taken[field] = key


def _references(role: str) -> tuple[Field, ...]:
    return (*REFERENCE_FIELDS, TYPE) if role == "counts" else REFERENCE_FIELDS


def _inputs(edition: Edition, role: str) -> list[Input]:
    return [i for i in edition.inputs if role == "counts" or i.collected == "inspection"]


def _fits(edition: Edition, role: str) -> Callable[[Sequence[str]], int]:
    """The same measure by which the reader of the role finds its sheet and header."""
    if role == "answers":
        return QuestionMatcher(edition).recognised

    def score(headers: Sequence[str]) -> int:
        symbols = symbol_columns(_inputs(edition, role), headers, set())
        lists = {_code(edition, header) for header in headers} - {""}
        return len(symbols) + (len(lists) if role == "inspection" else 0)

    return score


def _code(edition: Edition, header: str) -> str:
    found: Checklist | None = checklist_of(edition, header) if header else None
    return found.code if found and found.present else ""


def _fields(table: Table, edition: Edition, role: str) -> dict[int, str]:
    mapping = suggest_mapping(table.headers, _references(role))
    found = {column: key for key, column in mapping.columns.items()}
    free = [i for i in range(len(table.headers)) if i not in found]
    if role == "answers":
        matched = QuestionMatcher(edition).match(table.headers, free, {})
        found |= {column: key for key, column in matched.columns.items()}
    else:
        symbols = symbol_columns(_inputs(edition, role), table.headers, set(found))
        found |= {column: symbol for symbol, column in symbols.items()}
        if role == "inspection":
            found |= _items(table, edition, set(found))
    if "organisation" not in found.values():
        found |= _likely_organisation(table, found)
    return found


def _items(table: Table, edition: Edition, taken: set[int]) -> dict[int, str]:
    codes = {
        column: _code(edition, header)
        for column, header in enumerate(table.headers)
        if column not in taken
    }
    return {column: CHECKLIST + code for column, code in codes.items() if code}


def _likely_organisation(table: Table, found: Mapping[int, str]) -> dict[int, str]:
    """The column that the readers fall back on: its header speaks of an organisation."""
    for column, header in enumerate(table.headers):
        name = plain(header)
        if column not in found and ("организаци" in name or "учреждени" in name):
            return {column: "organisation"}
    return {}
