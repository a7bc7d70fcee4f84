"""Questionnaires as operators have them: one row per respondent, one column per question.

The organisation stands in a column of its name (or in the first column of text), the questions
under their texts, ids or numbers; cells are «Да», «Нет», empty and their kin. Times, addresses and
names of people are never kept: a questionnaire is anonymous.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from noko.core.editions import Edition, Question
from noko.core.refusal import Problem
from noko.core.tables.cells import Reading, level, yes_no
from noko.core.tables.columns import (
    ORGANISATION,
    REFERENCE_FIELDS,
    Field,
    chosen_columns,
    missing_column,
    refuse_doubled,
    suggest_mapping,
)
from noko.core.tables.names import Reference
from noko.core.tables.questions import QuestionColumns, QuestionMatcher
from noko.core.tables.references import read_references
from noko.core.tables.sheet import (
    Sheet,
    Table,
    body,
    is_empty,
    locate,
    refuse_merged,
    wide_rows,
)
from noko.core.tables.text import plain


@dataclass(frozen=True, slots=True, eq=False)
class AnswersTable:
    """``organisation_index[i]`` is the position in ``organisations`` of respondent ``i``'s.

    ``columns`` have one int8 array per closed question of the edition: 1 and 0 (or the number of
    the level), -1 for an empty cell. Organisations stand in the order of their first row; names
    that differ by typography are one organisation under its commonest spelling.
    """

    organisations: tuple[Reference, ...]
    organisation_index: npt.NDArray[np.int32]
    columns: Mapping[str, npt.NDArray[np.int8]]
    ignored: tuple[str, ...]
    warnings: tuple[Problem, ...]

    def __len__(self) -> int:
        return len(self.organisation_index)


def read_answers(
    sheets: Sequence[Sheet],
    edition: Edition,
    *,
    columns: Mapping[str, str] | None = None,
) -> AnswersTable:
    """Answers to the edition's closed questions; Refusals as the package says."""
    matcher = QuestionMatcher(edition)
    table = locate(sheets, matcher.recognised)
    chosen = columns or {}
    found, references = _columns(table, matcher, edition, chosen)
    used = [*references.values(), *found.columns.values()]
    refuse_merged(table, used)
    rows = body(table, name_column=references["organisation"])
    reading = Reading(table)
    reading.problems += wide_rows(table, rows)
    organisations, index = read_references(reading, rows, references)
    answers = {
        question.id: _answers(reading, rows, found.columns[question.id], question, edition)
        for question in edition.questionnaire.closed
    }
    reading.close("Ответы не приняты.", wanted="ответы каждого опрошенного")
    warnings = [Problem(text, "", table.place()) for text in found.warnings]
    return AnswersTable(
        organisations, index, answers, tuple(_ignored(table, used, found)), tuple(warnings)
    )


def _answers(
    reading: Reading, rows: Sequence[int], column: int, question: Question, edition: Edition
) -> npt.NDArray[np.int8]:
    if question.scale == "levels":
        labels = [item.label for item in edition.questionnaire.levels]
        expected = f"число от 1 до {len(labels)} или название уровня"
        read, cure = level(labels), f"Исправьте на число от 1 до {len(labels)}."
    else:
        expected, cure = "«Да», «Нет» или пустая ячейка", "Исправьте на «Да» или «Нет»."
        read = yes_no
    codes = reading.codes(
        column,
        rows,
        read,
        expected,
        cure,
        "Нужны сами анкеты: строка на каждого опрошенного, а не сводка.",
    )
    return np.array(codes, dtype=np.int8)


def _columns(
    table: Table, matcher: QuestionMatcher, edition: Edition, chosen: Mapping[str, str]
) -> tuple[QuestionColumns, dict[str, int]]:
    mapping = suggest_mapping(table.headers, REFERENCE_FIELDS, chosen=chosen)
    refuse_doubled(table, mapping)
    references = dict(mapping.columns)
    ids = {question.id for question in matcher.closed}
    by_person = chosen_columns(table.headers, ids, chosen)
    free = [c for c in range(len(table.headers)) if c not in references.values()]
    found = matcher.match(table.headers, free, by_person)
    missing = [
        Field(q.id, q.text, required=True) for q in matcher.closed if q.id not in found.columns
    ]
    taken = {*found.columns.values(), *found.open_questions.values(), *references.values()}
    unused = [c for c in range(len(table.headers)) if c not in taken and table.headers[c]]
    if missing:
        raise missing_column(table, missing, unused)
    if "organisation" not in references:
        references["organisation"] = _organisation_column(table, unused, found)
    return found, references


def _organisation_column(table: Table, unused: Sequence[int], found: QuestionColumns) -> int:
    """A column whose header speaks of an organisation, or the first one that holds names."""
    for column in unused:
        name = plain(table.headers[column])
        if "организаци" in name or "учреждени" in name:
            return column
    for column in unused:
        if _holds_names(table, column):
            found.warnings.append(
                f"Столбец «{table.column_title(column)}» принят за название организации:"
                " другого подходящего нет."
            )
            return column
    raise missing_column(table, [ORGANISATION], unused)


def _holds_names(table: Table, column: int) -> bool:
    if _is_personal(table.headers[column]):
        return False
    below = table.sheet.rows[table.header_row + 1 : table.header_row + 31]
    values = [row[column] for row in below if column < len(row) and not is_empty(row[column])]
    return bool(values) and all(
        isinstance(value, str) and any(char.isalpha() for char in value) for value in values
    )


_PERSONAL = ("отметка времени", "timestamp", "дата", "время", "почт", "mail", "телефон", "фио",
             "фамилия", "ip")  # fmt: skip


def _is_personal(header: str) -> bool:
    name = plain(header)
    return any(name == word or (len(word) > 3 and word in name) for word in _PERSONAL)


def _ignored(table: Table, used: Sequence[int], found: QuestionColumns) -> list[str]:
    """Russian notes on every column and sheet that was not used."""
    notes = []
    by_column = {column: key for key, column in found.open_questions.items()}
    for column, header in enumerate(table.headers):
        if not header or column in used:
            continue
        title = table.column_title(column)
        if column in by_column:
            reason = f"вопрос {by_column[column]} в расчёт не входит"
        elif _is_personal(header):
            reason = "не сохраняется: анкета анонимна"
        else:
            reason = "не используется"
        notes.append(f"Столбец «{title}»: {reason}.")
    return notes + [f"Лист «{name}»: не используется." for name in table.ignored_sheets]
