"""Reading inspections: what experts found, what holds, what a wave still lacks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from noko.core.dataset import Mark
from noko.core.inspection import FIGURES, Key, Merged, figures, merged
from noko.models import Inspection, InspectionSettlement, Wave, WaveOrganisation
from noko.queries.edition import get_edition
from noko.queries.website_wave import NOTHING, SitePart

SUBMITTED = Inspection.Status.SUBMITTED
SITE = "site"
"""The checklist of sites in every edition."""


def keyed(found: Mapping[str, Mapping[str, str]]) -> dict[Key, str]:
    """The stored form as keys."""
    return {(code, item): value for code, items in found.items() for item, value in items.items()}


def found_by_expert(place: WaveOrganisation) -> dict[int, dict[Key, str]]:
    """What was handed over: expert → key → value."""
    rows = place.inspections.filter(status=SUBMITTED).order_by("expert_id")
    return {row.expert_id: keyed(row.found) for row in rows}


def settled(place: WaveOrganisation) -> dict[Key, str]:
    return _settled(place.settlements.all())


def _settled(rows: Iterable[InspectionSettlement]) -> dict[Key, str]:
    return {(row.checklist, row.item): row.mark for row in rows}


def route(waves: QuerySet[Wave]) -> QuerySet[WaveOrganisation]:
    """The organisations of these waves by municipality, with how far their inspection is."""
    counts = {
        "handed_over": Count("inspections", filter=Q(inspections__status=SUBMITTED)),
        "begun": Count("inspections"),
    }
    places = WaveOrganisation.objects.filter(wave__in=waves).annotate(**counts)
    places = places.select_related("organisation__municipality", "wave__cycle")
    return places.order_by("organisation__municipality__sort_key", "organisation__sort_key", "pk")


@dataclass(frozen=True, slots=True)
class Collected:
    """The inspection of a whole wave, by key of the organisation.

    ``lacking`` have nothing handed over; ``disputed`` have differences that nobody has settled;
    at ``unseen`` nobody has looked at the site: neither an expert nor the round of visits.
    """

    figures: Mapping[int, Mapping[str, int | Decimal]]
    marks: Mapping[int, Mapping[Key, str]]
    lacking: tuple[WaveOrganisation, ...]
    disputed: tuple[WaveOrganisation, ...]
    unseen: tuple[WaveOrganisation, ...] = ()

    def dataset_marks(self, ids: Mapping[int, str]) -> list[Mark]:
        """Marks of the items for a data package; ``ids``: key of an organisation → id in it."""
        return [
            Mark(ids[organisation], checklist, item, value)
            for organisation, marks in self.marks.items()
            for (checklist, item), value in marks.items()
            if checklist != FIGURES and organisation in ids
        ]


def collected(wave: Wave, sites: SitePart = NOTHING) -> Collected:
    """What the experts of the wave handed over, merged; a constant number of queries.

    ``sites``: what a round of visits says of sites takes the place of the experts' marks.
    """
    edition = get_edition(wave.cycle.edition)
    places = list(wave.places.select_related("organisation"))
    found = _merged(wave)
    lacking = [place for place in places if place.pk not in found]
    whole = {
        place: with_sites(found[place.pk], sites, place.organisation_id)
        for place in places
        if place.pk in found
    }
    asked = {item.code for item in edition.checklists if item.code == SITE and item.items}
    return Collected(
        figures={
            place.organisation_id: figures(edition, item.marks) for place, item in whole.items()
        },
        marks={place.organisation_id: item.marks for place, item in whole.items()},
        lacking=tuple(lacking),
        disputed=tuple(place for place, item in whole.items() if item.differences),
        unseen=tuple(
            place
            for place, item in whole.items()
            if not item.differences and not asked <= {checklist for checklist, _ in item.marks}
        ),
    )


def with_sites(own: Merged, sites: SitePart, organisation: int) -> Merged:
    """An inspection with what the round says of the site instead of what experts marked there."""
    told = sites.marks.get(organisation)
    if told is None:
        return own
    kept = {key: value for key, value in own.marks.items() if key[0] != sites.checklist}
    left = tuple(one for one in own.differences if one.key[0] != sites.checklist)
    return Merged({**kept, **told}, left)


def _merged(wave: Wave) -> dict[int, Merged]:
    found: dict[int, dict[int, dict[Key, str]]] = defaultdict(dict)
    for row in Inspection.objects.filter(place__wave=wave, status=SUBMITTED):
        found[row.place_id][row.expert_id] = keyed(row.found)
    decided: dict[int, list[InspectionSettlement]] = defaultdict(list)
    for settlement in InspectionSettlement.objects.filter(place__wave=wave):
        decided[settlement.place_id].append(settlement)
    return {place: merged(own, _settled(decided[place])) for place, own in found.items()}
