"""What the columns of another system's file hold: organisation, questions of a wave, day, number.

The edition's closed questions are found as in every file of answers; the region's own ones, profile
and remark by id or by the same text. Names of groups («survey/q1») are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noko.core.answers.form import Form
from noko.core.editions import Edition
from noko.core.refusal import Refusal
from noko.core.tables.choosing import Column
from noko.core.tables.columns import (
    ORGANISATION,
    REFERENCE_FIELDS,
    Field,
    missing_column,
    suggest_mapping,
)
from noko.core.tables.questions import QuestionMatcher
from noko.core.tables.sheet import Table, letter, shortened
from noko.core.tables.text import plain

DAY = Field(
    "day",
    "День ответа",
    (
        "Отметка времени",
        "Timestamp",
        "_submission_time",
        "SubmissionDate",
        "Время создания",
        "Время отправки",
        "Дата отправки",
        "Дата ответа",
        "Дата заполнения",
        "Дата и время",
        "Дата",
        "end",
        "today",
    ),
)
KEY = Field(
    "key",
    "Номер ответа в той системе",
    (
        "_uuid",
        "instanceID",
        "meta instanceID",
        "Response ID",
        "Respondent ID",
        "ID ответа",
        "Номер ответа",
        "_id",
        "ID",
    ),
)
OWN_FIELDS = (*REFERENCE_FIELDS, DAY, KEY)


@dataclass(frozen=True, slots=True)
class SlipColumns:
    """Field or question → column; ``warnings`` say what was taken by likeness."""

    found: Mapping[str, int]
    warnings: tuple[str, ...] = ()

    def of(self, keys: Sequence[str]) -> dict[str, int]:
        return {key: self.found[key] for key in keys if key in self.found}


def slip_fields(form: Form) -> list[tuple[str, str]]:
    """What a column may be: field and its title."""
    own = [(item.key, item.title) for item in OWN_FIELDS]
    return own + [(q.id, f"{q.number}. {shortened(q.text, 90)}") for q in form.asked]


def recognise(table: Table, edition: Edition, form: Form) -> SlipColumns:
    """Everything that is found by itself."""
    heads = [last_part(header) for header in table.headers]
    mapping = suggest_mapping(heads, OWN_FIELDS)
    found = dict(mapping.columns)
    free = [c for c in range(len(heads)) if heads[c] and c not in found.values()]
    matched = QuestionMatcher(edition).match(heads, free, {})
    found |= matched.columns
    known = {item.id for item in form.asked}
    found |= {key: c for key, c in matched.open_questions.items() if key in known}
    _by_id_or_text(heads, form, found)
    if "organisation" not in found:
        found |= _likely_organisation(heads, found)
    return SlipColumns(found, tuple(matched.warnings))


def _by_id_or_text(heads: Sequence[str], form: Form, found: dict[str, int]) -> None:
    names: dict[str, int] = {}
    for column, head in enumerate(heads):
        if head and column not in found.values():
            names.setdefault(head.strip().casefold(), column)
            names.setdefault(plain(head), column)
    for asked in form.asked:
        if asked.id not in found:
            place = names.get(asked.id, names.get(plain(asked.text)))
            if place is not None and place not in found.values():
                found[asked.id] = place


def _likely_organisation(heads: Sequence[str], found: Mapping[str, int]) -> dict[str, int]:
    for column, head in enumerate(heads):
        name = plain(head)
        taken = column in found.values()
        if not taken and ("организаци" in name or "учреждени" in name):
            return {"organisation": column}
    return {}


def last_part(header: str) -> str:
    """«group/q1» is q1; a sentence with a slash stays whole."""
    return header.rsplit("/", 1)[-1] if "/" in header and " " not in header else header


def corrected(columns: SlipColumns, table: Table, choice: Mapping[str, str]) -> SlipColumns:
    """With a person's ``choice`` (letter → field, "" for none). Refusal ``ambiguous_column``."""
    if not choice:
        return columns
    fields = {column: key for key, column in columns.found.items()}
    for index in range(len(table.headers)):
        if letter(index) in choice:
            fields[index] = choice[letter(index)]
    found: dict[str, int] = {}
    for index, key in sorted(fields.items()):
        if key and key in found:
            raise Refusal(
                f"Для «{key}» указаны два столбца: {letter(found[key])} и {letter(index)}.",
                kind="ambiguous_column",
                cure="Оставьте один из них, для другого выберите «не используется».",
            )
        if key:
            found[key] = index
    return SlipColumns(found, columns.warnings)


def refuse_missing(columns: SlipColumns, table: Table, edition: Edition) -> None:
    """Refusal ``missing_column``: the organisation and every closed question must be there."""
    needed = [ORGANISATION] if "organisation" not in columns.found else []
    needed += [
        Field(q.id, q.text, required=True)
        for q in edition.questionnaire.closed
        if q.id not in columns.found
    ]
    if needed:
        used = set(columns.found.values())
        unused = [c for c in range(len(table.headers)) if c not in used and table.headers[c]]
        raise missing_column(table, needed, unused)


def as_columns(table: Table, columns: SlipColumns) -> list[Column]:
    """Every column with a header as a person sees it."""
    fields = {column: key for key, column in columns.found.items()}
    return [
        Column(letter(index), header, fields.get(index, ""))
        for index, header in enumerate(table.headers)
        if header
    ]
