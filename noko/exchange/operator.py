"""An operator's own files – answers, inspection, list of organisations – brought to counts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from noko.core.answers.results import SurveyCounts
from noko.core.editions import Edition
from noko.core.refusal import Problem
from noko.core.scoring.counts import Counts, counts_from_columns
from noko.core.tables.answers import AnswersTable
from noko.core.tables.inspection import InspectionRow, InspectionTable
from noko.core.tables.joining import Confirmed, Joined, join
from noko.core.tables.names import Reference, typographic_key
from noko.core.tables.organisations import OrganisationRow
from noko.core.tables.roles import read_as, read_list
from noko.exchange.answers import count_file, count_table, plain_table
from noko.exchange.files import read_sheets


@dataclass(frozen=True, slots=True)
class OperatorFiles:
    """Where the files are; ``organisations`` may be absent."""

    answers: Path
    inspection: Path
    organisations: Path | None = None

    def digests(self) -> dict[str, str]:
        """File name → SHA-256."""
        found = [path for path in (self.answers, self.inspection, self.organisations) if path]
        return {path.name: _digest(path) for path in found if path.is_file()}


@dataclass(frozen=True, slots=True, eq=False)
class OperatorData:
    """Counts of every joined organisation, and what a person should know about the reading."""

    counts: Counts
    warnings: tuple[Problem, ...]


def read_operator_files(
    files: OperatorFiles,
    edition: Edition,
    confirmed: Confirmed,
    *,
    engine: str = "polars",
    skipped: str = "",
) -> OperatorData:
    """Counts of the organisations that stand in every file.

    Refusals: those of reading the files and of :func:`noko.core.tables.joining.join`.
    """
    inspection: InspectionTable = read_as("inspection", read_sheets(files.inspection), edition)
    references, survey, warnings = _survey(files.answers, edition, engine, skipped)
    listed = _listed(files.organisations, edition)
    inspected = [row.organisation for row in inspection.rows]
    names = {typographic_key(item.name) for item in inspected}
    joined = join(
        references,
        inspected,
        None if listed is None else [_reference(row, names) for row in listed],
        confirmed,
    )
    counts = _counts(edition, joined, survey, inspection.rows, listed)
    return OperatorData(counts, (*warnings, *inspection.warnings))


def _survey(
    path: Path, edition: Edition, engine: str, skipped: str
) -> tuple[Sequence[Reference], SurveyCounts, tuple[Problem, ...]]:
    """Who the answers speak of, the counts in the same order, and warnings."""
    if path.suffix.lower() in (".parquet", ".pq") or not path.is_file() or plain_table(path):
        survey = count_file(path, edition, engine=engine, skipped=skipped)
        return [Reference(name) for name in survey.organisations], survey, ()
    table: AnswersTable = read_as("answers", read_sheets(path), edition)
    return table.organisations, count_table(table, edition, skipped=skipped), table.warnings


def _listed(path: Path | None, edition: Edition) -> Sequence[OrganisationRow] | None:
    if path is None:
        return None
    table = read_list(read_sheets(path), [edition])
    if table.rejected:
        raise table.refusal()
    return table.rows


def _reference(row: OrganisationRow, known: set[str]) -> Reference:
    """The organisation under the name of the two that the other files use."""
    full = typographic_key(row.full_name) in known or not row.short_name
    name = row.full_name if full else row.short_name
    return Reference(name, row.municipality, row.inn, row.ogrn)


def _counts(
    edition: Edition,
    joined: Sequence[Joined],
    survey: SurveyCounts,
    inspected: Sequence[InspectionRow],
    listed: Sequence[OrganisationRow] | None,
) -> Counts:
    names = [item.name for item in joined]
    answered = survey.taken([item.answers for item in joined], names)
    rows = [inspected[item.inspection].counts for item in joined]
    columns: dict[str, Sequence[int | Decimal | None]] = {
        item.symbol: [row.get(item.symbol) for row in rows]
        for item in edition.inputs
        if any(item.symbol in row for row in rows)
    }
    columns |= {symbol: values.tolist() for symbol, values in answered.columns.items()}
    found = [listed[item.listed] for item in joined if listed and item.listed is not None]
    return counts_from_columns(
        names,
        columns,
        types=[row.type for row in found] if any(row.type for row in found) else (),
        municipalities=(
            [row.municipality for row in found] if any(row.municipality for row in found) else ()
        ),
    )


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()
