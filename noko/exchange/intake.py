"""An operator's files on their way to a data set: read, matched to the registry, written.

Files come in roles: "answers" and "inspection", or "counts" alone. Names are joined to the
registry by identifier or by equal name; likely pairs only by a person's decision, rows never by
their order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from noko.core.dataset import Mark
from noko.core.dataset import Organisation as Assessed
from noko.core.editions import Edition
from noko.core.refusal import Problem, Refusal
from noko.core.tables.answers import AnswersTable
from noko.core.tables.choosing import Column, applied, recognised
from noko.core.tables.counts import CountsTable
from noko.core.tables.inspection import InspectionTable
from noko.core.tables.matching import Matching, match_names
from noko.core.tables.names import Reference, typographic_key
from noko.core.tables.references import described
from noko.core.tables.roles import read_as
from noko.core.tables.sheet import Sheet
from noko.core.tables.slips import SlipsTable
from noko.exchange.dataset import Package, write_package
from noko.models import Organisation

if TYPE_CHECKING:
    import polars as pl

SKIP = "skip"
"""A decision about a name: its rows do not enter the data set."""

Read = AnswersTable | InspectionTable | CountsTable | SlipsTable


@dataclass(frozen=True, slots=True)
class Decisions:
    """What a person decided: ``columns``: role → letter → field; ``names``: label of a name →
    key of an organisation or ``SKIP``; ``only_complete``: leave out what is in one file only."""

    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    only_complete: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "columns": self.columns,
            "names": self.names,
            "only_complete": self.only_complete,
        }


@dataclass(slots=True)
class Incoming:
    """One file. ``table`` is None when it could not be read; ``problems`` say why."""

    role: str
    columns: list[Column] = field(default_factory=list)
    table: Read | None = None
    references: tuple[Reference, ...] = ()
    problems: list[str] = field(default_factory=list)
    matched: dict[int, Organisation] = field(default_factory=dict)
    skipped: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Intake:
    """Everything that is known of the files; ``open_names``: label → candidates to choose from."""

    edition: Edition
    decisions: Decisions
    files: dict[str, Incoming]
    registry: Sequence[Organisation] = ()
    open_names: dict[str, list[tuple[int, str, str]]] = field(default_factory=dict)
    certain: int = 0

    @property
    def problems(self) -> list[str]:
        return [text for file in self.files.values() for text in file.problems]

    def in_one_file_only(self) -> dict[str, list[str]]:
        """Role → names of organisations that only this file knows."""
        found = {role: set(file.matched.values()) for role, file in self.files.items()}
        only: dict[str, list[str]] = {}
        for role, own in found.items():
            others = [group for other, group in found.items() if other != role]
            rest = {item for item in own if others and any(item not in g for g in others)}
            only[role] = sorted(item.short_name for item in rest)
        return only

    def organisations(self) -> list[Organisation]:
        """Those that stand in every file, in alphabetical order."""
        groups = [set(file.matched.values()) for file in self.files.values()]
        whole = set.intersection(*groups) if groups else set()
        return sorted(whole, key=lambda item: (item.sort_key, item.pk))

    def free(self) -> list[Organisation]:
        """The registry without what every file has already: what an open name may still be."""
        whole = set(self.organisations())
        return [item for item in self.registry if item not in whole] if self.open_names else []

    @property
    def ready(self) -> bool:
        """Nothing is left to decide and there is something to freeze."""
        alone = any(self.in_one_file_only().values()) and not self.decisions.only_complete
        return not (self.problems or self.open_names or alone) and bool(self.organisations())


def take_in(
    sheets: Mapping[str, Sequence[Sheet]],
    edition: Edition,
    registry: Sequence[Organisation],
    decisions: Decisions,
) -> Intake:
    """Reads the sheets of every role and matches their names to the registry."""
    files = {
        role: _read(role, found, edition, decisions.columns.get(role, {}))
        for role, found in sheets.items()
    }
    intake = Intake(edition, decisions, files, registry)
    for file in files.values():
        match(intake, file, registry)
    return intake


def _read(
    role: str, sheets: Sequence[Sheet], edition: Edition, choice: Mapping[str, str]
) -> Incoming:
    file = Incoming(role)
    try:
        file.columns = recognised(sheets, edition, role)
        changed, columns = applied(sheets, edition, role, choice)
        file.table = read_as(role, changed, edition, columns=columns)
    except Refusal as refusal:
        file.problems = _texts(refusal)
        return file
    if isinstance(file.table, InspectionTable):
        file.references = tuple(row.organisation for row in file.table.rows)
    else:
        file.references = file.table.organisations
    return file


def _texts(refusal: Refusal) -> list[str]:
    several: Sequence[Problem] = refusal.problems
    return [str(refusal), *(map(str, several) if len(several) > 1 else ())]


def match(intake: Intake, file: Incoming, registry: Sequence[Organisation]) -> None:
    """Joins the names of a file to the registry; those left open go to ``intake.open_names``."""
    matching = match_names(file.references, _registered(registry, file.references))
    for pair in matching.certain:
        file.matched[pair.left] = registry[pair.right]
    intake.certain += len(matching.certain)
    by_key = {str(item.pk): item for item in registry}
    for position, reference in enumerate(file.references):
        if position in file.matched:
            continue
        label = described(reference)
        decided = intake.decisions.names.get(label, "")
        if decided == SKIP:
            file.skipped.add(position)
        elif decided in by_key:
            file.matched[position] = by_key[decided]
        else:
            candidates = intake.open_names.setdefault(label, [])
            candidates += _candidates(matching, position, registry, candidates)
    _refuse_rows_of_one(file)


def _registered(
    registry: Sequence[Organisation], references: Sequence[Reference]
) -> list[Reference]:
    """The registry under its full names where the file has them, else under the short ones."""
    used = {typographic_key(item.name) for item in references}
    return [
        Reference(
            item.full_name if typographic_key(item.full_name) in used else item.short_name,
            item.municipality.name,
            item.inn or "",
            item.ogrn or "",
        )
        for item in registry
    ]


def _candidates(
    matching: Matching,
    position: int,
    registry: Sequence[Organisation],
    known: Sequence[tuple[int, str, str]],
) -> list[tuple[int, str, str]]:
    seen = {key for key, _, _ in known}
    return [
        (registry[pair.right].pk, titled(registry[pair.right]), pair.reason)
        for pair in matching.proposed
        if pair.left == position and registry[pair.right].pk not in seen
    ]


def titled(organisation: Organisation) -> str:
    return f"{organisation.short_name} ({organisation.municipality})"


def _refuse_rows_of_one(file: Incoming) -> None:
    """Questionnaires under two spellings add up; two rows of an inspection contradict."""
    if file.role == "answers":
        return
    first: dict[Organisation, int] = {}
    for position, organisation in sorted(file.matched.items()):
        if organisation in first:
            one, two = (described(file.references[i]) for i in (first[organisation], position))
            file.problems.append(
                f"{one} и {two} – одна организация «{organisation.short_name}», а строки две. "
                "Оставьте одну строку и загрузите файл снова."
            )
        first.setdefault(organisation, position)


# --- the preview ------------------------------------------------------------------------------


def preview_of(intake: Intake, names: Mapping[str, str]) -> dict[str, Any]:
    """What the page shows, as plain JSON. ``names``: role → name of the file."""
    skipped = {
        described(file.references[i]) for file in intake.files.values() for i in file.skipped
    }
    return {
        "ready": intake.ready,
        "problems": intake.problems,
        "files": [_file_shown(file, names.get(role, "")) for role, file in intake.files.items()],
        "certain": intake.certain,
        "open": [
            {"label": label, "candidates": [list(item) for item in found]}
            for label, found in sorted(intake.open_names.items())
        ],
        "free": [[item.pk, titled(item)] for item in intake.free()],
        "only": {role: found for role, found in intake.in_one_file_only().items() if found},
        "skipped": sorted(skipped),
        "organisations": len(intake.organisations()),
        "respondents": respondents_of(intake),
    }


def _file_shown(file: Incoming, name: str) -> dict[str, Any]:
    table = file.table
    return {
        "role": file.role,
        "name": name,
        "read": table is not None,
        "names": len(file.references),
        "rows": len(table) if isinstance(table, AnswersTable) else len(file.references),
        "columns": [[item.letter, item.header, item.field] for item in file.columns],
        "ignored": list(table.ignored) if table else [],
        "warnings": [str(item) for item in table.warnings] if table else [],
    }


def respondents_of(intake: Intake) -> int:
    """Questionnaires of the organisations that stand in every file."""
    whole = set(intake.organisations())
    answers = intake.files.get("answers")
    if answers and isinstance(answers.table, AnswersTable):
        kept = [i for i, item in answers.matched.items() if item in whole]
        return int(np.isin(answers.table.organisation_index, kept).sum())
    counts = intake.files.get("counts")
    if counts is None or not isinstance(counts.table, CountsTable):
        return 0
    asked = _asked(intake.edition, counts.table)
    return sum(
        max((int(column[i] or 0) for column in asked), default=0)
        for i, item in counts.matched.items()
        if item in whole
    )


def _asked(edition: Edition, table: CountsTable) -> list[tuple[Any, ...]]:
    symbols = {q.asked for q in edition.questionnaire.closed if q.asked}
    return [column for symbol, column in table.columns.items() if symbol in symbols]


# --- the package ------------------------------------------------------------------------------


def write_dataset(
    intake: Intake, folder: Path, *, title: str, description: str, created_on: date
) -> Package:
    """The package of a ready intake. Refusals: those of writing a package."""
    whole = intake.organisations()
    ids = {item: f"o{item.pk}" for item in whole}
    inspection, marks = _inspection(intake, ids)
    return write_package(
        folder,
        edition=intake.edition,
        title=title,
        description=description,
        created_on=created_on,
        organisations=[_assessed(item, ids[item]) for item in whole],
        inspection=inspection,
        marks=marks,
        answers=_answers(intake, ids),
        survey=_figures(intake, ids, "survey") if "counts" in intake.files else None,
    )


def _assessed(organisation: Organisation, key: str) -> Assessed:
    return Assessed(
        id=key,
        name=organisation.short_name,
        type=organisation.type,
        municipality=organisation.municipality.name,
        inn=organisation.inn or "",
        ogrn=organisation.ogrn or "",
        recipients=organisation.enrolment,
    )


def _inspection(
    intake: Intake, ids: Mapping[Organisation, str]
) -> tuple[dict[str, Mapping[str, Any]], list[Mark]]:
    file = intake.files.get("inspection")
    if file is None or not isinstance(file.table, InspectionTable):
        return _figures(intake, ids, "inspection"), []
    figures: dict[str, Mapping[str, Any]] = {}
    marks: list[Mark] = []
    for position, organisation in file.matched.items():
        if organisation in ids:
            row = file.table.rows[position]
            figures[ids[organisation]] = row.counts
            marks += [
                Mark(ids[organisation], item.checklist, item.item, item.mark) for item in row.marks
            ]
    return figures, marks


def inspections_of(intake: Intake) -> dict[str, dict[str, Any]]:
    """What a ready intake brings for a wave: key of the organisation → figures and marks as JSON,
    as :func:`noko.queries.wave_closing.inspection_of` reads them."""
    ids = {item: str(item.pk) for item in intake.organisations()}
    figures, marks = _inspection(intake, ids)
    return {
        key: {
            "figures": {symbol: str(value) for symbol, value in figures[key].items()},
            "marks": [[m.checklist, m.item, m.mark] for m in marks if m.organisation == key],
        }
        for key in figures
    }


def _figures(
    intake: Intake, ids: Mapping[Organisation, str], collected: str
) -> dict[str, Mapping[str, Any]]:
    file = intake.files["counts"]
    table = cast(CountsTable, file.table)
    symbols = [i.symbol for i in intake.edition.inputs if i.collected == collected]
    columns = {s: table.columns[s] for s in symbols if s in table.columns}
    return {
        ids[organisation]: {
            symbol: column[position]
            for symbol, column in columns.items()
            if column[position] is not None
        }
        for position, organisation in file.matched.items()
        if organisation in ids
    }


def _answers(intake: Intake, ids: Mapping[Organisation, str]) -> pl.DataFrame | None:
    from noko.exchange.answers import answers_frame

    file = intake.files.get("answers")
    if file is None or not isinstance(file.table, AnswersTable):
        return None
    keys = list(ids.values())
    place = {organisation: number for number, organisation in enumerate(ids)}
    positions = np.full(len(file.references), -1, dtype=np.int64)
    for position, organisation in file.matched.items():
        positions[position] = place.get(organisation, -1)
    index = positions[file.table.organisation_index]
    kept = index >= 0
    columns = {name: values[kept] for name, values in file.table.columns.items()}
    return answers_frame(keys, index[kept], columns)
