"""What stands before the closing of a wave and behind its data set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from noko.core.dataset import Mark, SiteLine
from noko.core.editions import Edition
from noko.core.inspection import figures as counted_figures
from noko.models import Wave, WaveOrganisation
from noko.queries.edition import get_edition
from noko.queries.inspection import collected
from noko.queries.wave import Progress
from noko.queries.website_wave import SitePart, provenance, site_part


@dataclass(frozen=True, slots=True)
class WaveInspection:
    """Inspections of a wave by id of the organisation, from the field or else out of files.

    ``lacking``: organisations that have neither; ``disputed``: two experts differ and nobody has
    settled it; ``unseen``: nobody has looked at the site. None of them can enter a data set.
    ``sites`` and ``source``: where marks of sites are from, item by item and in a sentence.
    """

    figures: Mapping[str, Mapping[str, int | Decimal]]
    marks: Sequence[Mark]
    lacking: Sequence[WaveOrganisation]
    disputed: Sequence[WaveOrganisation]
    unseen: Sequence[WaveOrganisation] = ()
    sites: Sequence[SiteLine] = ()
    source: str = ""

    @property
    def ready(self) -> bool:
        wanting = self.lacking or self.disputed or self.unseen
        return bool(self.figures) and not wanting


def inspection_of(wave: Wave) -> WaveInspection:
    """What experts have handed over in the field; an organisation without it may have a file's.

    Where the wave names a round of visits, what stands on a site comes from the round; where that
    could not check the site, from the experts.
    """
    edition = get_edition(wave.cycle.edition)
    sites = site_part(wave)
    field = collected(wave, sites)
    waiting = {place.organisation_id for place in (*field.disputed, *field.unseen)}
    ids = {key: f"o{key}" for key in field.figures if key not in waiting}
    figures = {ids[key]: field.figures[key] for key in ids}
    marks = field.dataset_marks(ids)
    lacking = []
    for place in field.lacking:
        found = wave.inspected.get(str(place.organisation_id))
        if found is None:
            lacking.append(place)
            continue
        own = f"o{place.organisation_id}"
        read = read_figures(edition, found["figures"])
        told = _marks_of_sites(sites, place.organisation_id)
        figures[own] = {**read, **_figures_of_sites(edition, sites, place.organisation_id)}
        marks += [
            Mark(own, *mark) for mark in found["marks"] if not told or mark[0] != sites.checklist
        ]
        marks += told
    return WaveInspection(
        figures,
        marks,
        lacking,
        list(field.disputed),
        list(field.unseen),
        [line for key, lines in sites.lines.items() if f"o{key}" in figures for line in lines],
        provenance(wave, sites),
    )


def _marks_of_sites(sites: SitePart, key: int) -> list[Mark]:
    told = sites.marks.get(key, {})
    return [Mark(f"o{key}", checklist, item, value) for (checklist, item), value in told.items()]


def _figures_of_sites(edition: Edition, sites: SitePart, key: int) -> dict[str, int | Decimal]:
    """I and N of the site, counted as those of an inspection are."""
    told = sites.marks.get(key)
    return counted_figures(edition, told) if told else {}


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
