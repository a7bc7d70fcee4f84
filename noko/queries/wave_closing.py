"""What stands before the closing of a wave and behind its data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from noko.core.dataset import Mark
from noko.core.editions import Edition
from noko.models import Wave, WaveOrganisation
from noko.queries.edition import get_edition
from noko.queries.inspection import collected
from noko.queries.wave import Progress


@dataclass(frozen=True, slots=True)
class WaveInspection:
    """Inspections of a wave by id of the organisation, from the field or else out of files.

    ``lacking``: organisations that have neither; ``disputed``: two experts differ and nobody has
    settled it. Neither of them can enter a data set.
    """

    figures: Mapping[str, Mapping[str, int | Decimal]]
    marks: Sequence[Mark]
    lacking: Sequence[WaveOrganisation]
    disputed: Sequence[WaveOrganisation]

    @property
    def ready(self) -> bool:
        return bool(self.figures) and not self.lacking and not self.disputed


def inspection_of(wave: Wave) -> WaveInspection:
    """What experts have handed over in the field; an organisation without it may have a file's."""
    edition = get_edition(wave.cycle.edition)
    field = collected(wave)
    disputed = {place.organisation_id for place in field.disputed}
    ids = {key: f"o{key}" for key in field.figures if key not in disputed}
    figures = {ids[key]: field.figures[key] for key in ids}
    marks = field.dataset_marks(ids)
    lacking = []
    for place in field.lacking:
        found = wave.inspected.get(str(place.organisation_id))
        if found is None:
            lacking.append(place)
            continue
        own = f"o{place.organisation_id}"
        figures[own] = read_figures(edition, found["figures"])
        marks += [Mark(own, *mark) for mark in found["marks"]]
    return WaveInspection(figures, marks, lacking, list(field.disputed))


def read_figures(edition: Edition, texts: Mapping[str, str]) -> dict[str, int | Decimal]:
    """Figures as they are kept in JSON: whole numbers for counts and marks, else exact decimals."""
    kinds = {item.symbol: item.kind for item in edition.inputs}
    return {
        symbol: int(text) if kinds[symbol] in ("count", "mark") else Decimal(text)
        for symbol, text in texts.items()
    }


def act_of(wave: Wave, progress: Progress) -> dict[str, Any]:
    """The act of a closing as facts: what was accepted, where it is less than was needed."""
    empty = [row for row in progress.places if not row.accepted]
    below = [row for row in progress.places if row.accepted and row.missing]
    return {
        "organisations": len(progress.places),
        "accepted": progress.accepted,
        "target": progress.target,
        "excluded": progress.excluded,
        "reached": progress.reached,
        "channels": [[label, number] for label, number in progress.channels],
        "rows": [
            [
                row.place.organisation.short_name,
                str(row.place.organisation.municipality),
                row.place.population,
                row.place.target,
                row.accepted,
            ]
            for row in progress.places
        ],
        "without": [row.place.organisation.short_name for row in empty],
        "below": [row.place.organisation.short_name for row in below],
    }
