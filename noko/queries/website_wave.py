"""What a wave takes from a round of visits: marks of the items on sites, and where each is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from noko.core.dataset import ABSENT, NOT_APPLICABLE, PRESENT, SiteLine
from noko.core.inspection import Key
from noko.core.websites.counts import counts_rule
from noko.core.websites.findings import Status
from noko.core.websites.rules import Counts
from noko.models import SiteRound, Wave, WaveOrganisation
from noko.queries.website_rules import get_regime
from noko.queries.website_standing import VisitStanding, standings, visits_of

MARKS = {
    Status.FOUND: PRESENT,
    Status.ABSENT: ABSENT,
    Status.NOT_APPLICABLE: NOT_APPLICABLE,
}
"""What enters a data set; an item that could not be checked enters nothing."""


@dataclass(frozen=True, slots=True)
class SitePart:
    """``marks``: key of an organisation → marks of the checklist of sites. An organisation whose
    site could not be checked is not in it: an expert looks. ``lines``: where each is from."""

    checklist: str = ""
    marks: Mapping[int, Mapping[Key, str]] = field(default_factory=dict)
    lines: Mapping[int, tuple[SiteLine, ...]] = field(default_factory=dict)


NOTHING = SitePart()


def site_part(wave: Wave) -> SitePart:
    """What the round that the wave names says of its organisations; a constant number of
    queries."""
    if wave.site_round is None:
        return NOTHING
    keys = wave.places.values("organisation_id")
    visits = visits_of(wave.site_round).filter(organisation__in=keys)
    rule = rule_of(wave, wave.site_round)
    checked = [one for one in standings(visits, whole=True).values() if one.checked]
    return SitePart(
        rule.checklist,
        {one.visit.organisation_id: _marks(one, rule) for one in checked},
        {one.visit.organisation_id: tuple(_lines(one, rule)) for one in checked},
    )


def covered(place: WaveOrganisation) -> str:
    """The checklist that an expert need not fill in here, because the round says it; or nothing."""
    wave = place.wave
    if wave.site_round is None:
        return ""
    visits = visits_of(wave.site_round).filter(organisation=place.organisation_id)
    found = list(standings(visits).values())
    return rule_of(wave, wave.site_round).checklist if found and found[0].checked else ""


def rule_of(wave: Wave, site_round: SiteRound) -> Counts:
    """How the edition of the wave counts sites. Refusal ``edition_not_counted``."""
    return counts_rule(get_regime(site_round.regime), wave.cycle.edition)


def _marks(standing: VisitStanding, rule: Counts) -> dict[Key, str]:
    """The items of the edition where it has its own, else all of the order under their words."""
    if standing.counts is None:
        return {}
    names = {code: code if rule.items else _name(standing, code) for code in standing.counts.marks}
    return {
        (rule.checklist, names[code]): MARKS[mark]
        for code, mark in standing.counts.marks.items()
        if mark in MARKS
    }


def _name(standing: VisitStanding, code: str) -> str:
    regime = standing.regime
    return f"{regime.subsection_of[code].title}: {regime.item_by_code[code].name}"


def _lines(standing: VisitStanding, rule: Counts) -> Iterator[SiteLine]:
    """Each item of the order under the item of the checklist that it counts for."""
    under = {own: code for code, owns in rule.items.items() for own in owns}
    visit = standing.visit
    for one in standing.items:
        if one.subsection in standing.regime.beside or (rule.items and one.code not in under):
            continue
        yield SiteLine(
            organisation=f"o{visit.organisation_id}",
            item=under.get(one.code) or _name(standing, one.code),
            code=one.code,
            status=one.counted.value,
            machine=one.found.value,
            expert=one.mark.value if one.mark else "",
            address=(one.mark.address if one.mark else "") or one.machine.page,
            visit=f"обход № {visit.round.number} на {visit.round.on:%d.%m.%Y}",
        )


def provenance(wave: Wave, part: SitePart) -> str:
    """A sentence for the description of the data set; empty where experts looked at all sites."""
    if wave.site_round is None or not part.marks:
        return ""
    found = wave.site_round
    return (
        f"{wave.get_type_display()}: сведения о сайтах {len(part.marks)} из {wave.places.count()} "
        f"организаций – по обходу сайтов № {found.number} на {found.on:%d.%m.%Y} (правила "
        f"{found.regime}, контрольная сумма {found.rules_digest}), с отметками экспертов и после "
        f"возражений организаций; остальные сайты смотрел эксперт."
    )
