"""Answers of another system, row by row: each is checked as an answer by a link is, or rejected.

A file is not refused for a wrong row: rows that cannot be an answer are named with the reason, and
a person decides whether to take the others. Times, addresses and names of people are never kept:
of the moment of an answer only its day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from noko.core.answers.double_entry import read_sheet
from noko.core.answers.form import Form
from noko.core.answers.slip import Slip, slip_of
from noko.core.editions import Edition
from noko.core.refusal import Problem
from noko.core.tables.cells import Reading
from noko.core.tables.choosing import Column
from noko.core.tables.names import Reference
from noko.core.tables.questions import QuestionMatcher
from noko.core.tables.references import read_references
from noko.core.tables.sheet import (
    Sheet,
    Table,
    body,
    is_empty,
    locate,
    refuse_merged,
    text_of,
    unused_notes,
    wide_rows,
)
from noko.core.tables.slip_cells import Period, Wrong, reader_of
from noko.core.tables.slip_columns import (
    DAY,
    KEY,
    SlipColumns,
    as_columns,
    corrected,
    last_part,
    recognise,
    refuse_missing,
)

REFERENCES = ("organisation", "municipality", "inn", "ogrn")


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One answer. ``number``: its row in the file, from 1; ``organisation``: position among those
    of the table; ``day``: None where the file does not say; ``key``: by what the same row is known
    again in another file, "" where by nothing."""

    number: int
    organisation: int
    day: date | None
    slip: Slip
    key: str


@dataclass(frozen=True, slots=True)
class RejectedRow:
    number: int
    organisation: int
    reason: str


@dataclass(slots=True)
class SlipsTable:
    """``rows`` can be taken; ``superfluous``: answers that were left out of them because the others
    hide their questions, in so many rows."""

    organisations: tuple[Reference, ...]
    columns: list[Column]
    rows: list[SlipRow] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    superfluous: int = 0
    keyed: bool = False
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.rows) + len(self.rejected)


def locate_slips(sheets: Sequence[Sheet], edition: Edition) -> Table:
    """The sheet and header with the most questions of the edition."""
    matcher = QuestionMatcher(edition)
    return locate(sheets, lambda heads: matcher.recognised([last_part(head) for head in heads]))


def columns_in(
    sheets: Sequence[Sheet], edition: Edition, form: Form, choice: Mapping[str, str]
) -> list[Column]:
    """What every column was taken for, after a person's ``choice`` (letter → field)."""
    table = locate_slips(sheets, edition)
    return as_columns(table, corrected(recognise(table, edition, form), table, choice))


def read_slips(
    sheets: Sequence[Sheet],
    edition: Edition,
    forms: Sequence[Form],
    *,
    period: Period,
    choice: Mapping[str, str] | None = None,
) -> SlipsTable:
    """Rows of answers to the first of ``forms``; the others bring their words for the options.

    ``period``: the days that an answer may be of. Refusals: ``no_rows``, ``missing_column``,
    ``ambiguous_column``, ``merged_cells``, ``several_sheets``.
    """
    form = forms[0]
    table = locate_slips(sheets, edition)
    by_itself = recognise(table, edition, form)
    columns = corrected(by_itself, table, choice or {})
    refuse_missing(columns, table, edition)
    refuse_merged(table, list(columns.found.values()))
    rows = body(table, name_column=columns.found["organisation"])
    reading = Reading(table)
    references, index = read_references(reading, rows, columns.of(REFERENCES))
    wrong = _wrong_rows([*reading.problems, *wide_rows(table, rows)])
    made = _Rows(table, rows, [int(place) for place in index], wrong)
    chosen = "key" in (choice or {}).values()
    keys, warnings = _keys(table, rows, columns, chosen=chosen)
    found = SlipsTable(
        references, as_columns(table, columns), keyed=any(keys),
        ignored=tuple(unused_notes(table, list(columns.found.values()))),
        warnings=(*by_itself.warnings, *warnings),
    )  # fmt: skip
    _read_rows(found, made, columns, forms, period, keys)
    return found


@dataclass(slots=True)
class _Rows:
    """``wrong``: position in ``rows`` → why the row is rejected; the first reason stays."""

    table: Table
    rows: Sequence[int]
    organisation: Sequence[int]
    by_row: Mapping[int, str]
    wrong: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        places = {row: place for place, row in enumerate(self.rows)}
        self.wrong = {places[row]: text for row, text in self.by_row.items() if row in places}

    def values(self, column: int, read: object) -> list[object]:
        """The column read cell by cell, each different value once; None where it is wrong."""
        cells = self.table.column_values(column, self.rows)
        known: dict[tuple[type, object], object] = {}
        found = []
        for place, cell in enumerate(cells):
            key = (type(cell), cell)
            if key not in known:
                known[key] = read(cell)  # type: ignore[operator]
            value = known[key]
            if isinstance(value, Wrong):
                title = self.table.column_title(column)
                self.wrong.setdefault(place, f"столбец «{title}»: {value.text}")
                value = None
            found.append(value)
        return found


def _wrong_rows(problems: Sequence[Problem]) -> dict[int, str]:
    """Row of the table → the first thing that is wrong with it."""
    found: dict[int, str] = {}
    for problem in problems:
        if problem.place.row is not None:
            found.setdefault(problem.place.row - 1, problem.message)
    return found


def _read_rows(
    found: SlipsTable,
    made: _Rows,
    columns: SlipColumns,
    forms: Sequence[Form],
    period: Period,
    keys: Sequence[str],
) -> None:
    form = forms[0]
    asked = [item for item in form.asked if item.id in columns.found]
    read = [made.values(columns.found[item.id], reader_of(form, item, forms)) for item in asked]
    empty: list[object] = [None] * len(made.rows)
    days = empty
    if "day" in columns.found:
        days = made.values(columns.found["day"], period.read)
    first: dict[str, int] = {}
    cache: dict[tuple[object, ...], tuple[Slip | None, str, bool]] = {}
    for place, (row, answers) in enumerate(zip(made.rows, zip(*read, strict=True), strict=True)):
        number, organisation, key = row + 1, made.organisation[place], keys[place]
        reason = made.wrong.get(place, "")
        slip: Slip | None = None
        if not reason:
            if answers not in cache:
                values = {a.id: v for a, v in zip(asked, answers, strict=True) if v is not None}
                cache[answers] = _checked(form, values)
            slip, reason, superfluous = cache[answers]
            found.superfluous += superfluous
        if not reason and key and first.setdefault(key, number) != number:
            reason = f"повторяет строку {first[key]}"
        if slip is None or reason:
            found.rejected.append(RejectedRow(number, organisation, reason))
        else:
            day = days[place]
            found.rows.append(
                SlipRow(number, organisation, day if isinstance(day, date) else None, slip, key)
            )


def _checked(form: Form, values: Mapping[str, object]) -> tuple[Slip | None, str, bool]:
    """The slip of the answers, or why they are none; and whether something was left out."""
    given, left_out = read_sheet(form, values)
    if given.flaws:
        return None, given.flaws[0].message, False
    return slip_of(form, given.values), "", bool(left_out)


# --- by what a row is known again -----------------------------------------------------------------

MOSTLY = 0.5
"""A column found by its name alone is a number of answers only when so many of its cells differ."""


def _keys(
    table: Table, rows: Sequence[int], columns: SlipColumns, *, chosen: bool
) -> tuple[list[str], list[str]]:
    """A key for every row, "" for none, and what to tell about it.

    The number of the answer in its system; else the whole row with its time, and the how-manieth
    of equal rows it is: people who answered alike within a minute are different people.
    """
    if "key" in columns.found:
        cells = [text_of(cell) for cell in table.column_values(columns.found["key"], rows)]
        filled = [cell for cell in cells if cell]
        if chosen or len(set(filled)) >= MOSTLY * len(rows):
            return [f"id:{cell}" if cell else "" for cell in cells], []
    if "day" in columns.found and _has_times(table, rows, columns.found["day"]):
        times: Counter[str] = Counter()
        keys = []
        for row in rows:
            text = "\x1f".join(map(_exactly, table.sheet.rows[row])).rstrip("\x1f")
            times[text] += 1
            keys.append(f"row:{times[text]}:{text}")
        return keys, []
    return [""] * len(rows), [
        f"В файле нет ни столбца «{KEY.title}», ни времени в столбце «{DAY.title}»: если те же "
        "строки придут в другом файле, система этого не увидит."
    ]


def _has_times(table: Table, rows: Sequence[int], column: int) -> bool:
    cells = [cell for cell in table.column_values(column, rows) if not is_empty(cell)]
    return bool(cells) and all(
        isinstance(cell, datetime) or (isinstance(cell, str) and ":" in cell) for cell in cells
    )


def _exactly(cell: object) -> str:
    return cell.isoformat() if isinstance(cell, date) else text_of(cell)
