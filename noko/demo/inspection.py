"""What invented experts found: marks by item of the checklists, counts and points from them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from noko.core.dataset import ABSENT, NOT_APPLICABLE, PRESENT, Mark
from noko.core.editions import Checklist, Edition, Item
from noko.demo import SEED
from noko.demo.region import GENERAL, PRESCHOOL, SUPPLEMENTARY
from noko.demo.waves import Assessed

Figures = dict[str, int | Fraction | None]

# Checklist → how often an item is there at an ordinary organisation.
_USUAL = {
    **{"stand": 0.93, "site": 0.94, "channels": 0.88, "comfort": 0.94},
    **{"equipment": 0.44, "access": 0.50},
}
# Items that do not apply to whole types of organisations.
_NOT_FOR = {
    "stand_06": (PRESCHOOL, SUPPLEMENTARY),
    "stand_13": (PRESCHOOL, GENERAL, SUPPLEMENTARY),
    "site_11": (PRESCHOOL, SUPPLEMENTARY),
    "site_12": (PRESCHOOL, GENERAL, SUPPLEMENTARY),
    "site_13": (SUPPLEMENTARY,),
    "site_14": (SUPPLEMENTARY,),
}
_SOMETIMES = {"stand_08": 0.6, "site_08": 0.6}
_FOUND_ON_SITE = ("site", "channels")
# Indicators of order 1547 by points: what an ordinary organisation gets of 10.
_POINTS = {
    **{"p11": 8.4, "p12": 8.6, "p13": 8.2, "p14": 6.4},
    **{"p21": 7.6, "p22": 8.2, "p23": 7.4, "p24": 7.8, "p25": 8.2, "p26": 6.6, "p27": 4.8},
}
_IMPROVEMENT = 0.15


def invent_inspection(
    edition: Edition, year: int, wave: Sequence[Assessed], seed: int = SEED
) -> tuple[dict[str, Figures], list[Mark]]:
    """Figures by organisation id for every inspection input, and the marks behind them."""
    rng = np.random.default_rng([seed, 5, year])
    if any(item.kind == "points" for item in edition.inputs):
        return _points(rng, wave), []
    figures: dict[str, Figures] = {}
    marks: list[Mark] = []
    for item in wave:
        organisation = item.organisation
        upkeep = organisation.upkeep + float(rng.normal(0, 0.2)) + _IMPROVEMENT * (year - 2024)
        found = [
            _marked(rng, item, upkeep, checklist, entry)
            for checklist in edition.checklists
            for entry in checklist.items
        ]
        marks += found
        figures[organisation.id] = counted(edition, found) | {
            "no_site": int(not organisation.has_site),
            "historic_building": int(organisation.historic),
        }
    return figures, marks


def counted(edition: Edition, marks: Sequence[Mark]) -> Figures:
    """The counts of one organisation from its marks, as the checklists say."""
    figures: Figures = {}
    for checklist in edition.checklists:
        found = [mark.mark for mark in marks if mark.checklist == checklist.code]
        if checklist.present:
            figures[checklist.present] = found.count(PRESENT)
        if checklist.applicable:
            figures[checklist.applicable] = len(found) - found.count(NOT_APPLICABLE)
    return figures


def _marked(
    rng: np.random.Generator, item: Assessed, upkeep: float, checklist: Checklist, entry: Item
) -> Mark:
    organisation = item.organisation
    usual = _USUAL[checklist.code]
    chance = 1 / (1 + np.exp(-(np.log(usual / (1 - usual)) * 1.1 + upkeep)))
    drawn, applies = rng.random(), rng.random()
    mark = PRESENT if drawn < chance or organisation.exemplary else ABSENT
    if checklist.code in _FOUND_ON_SITE and not organisation.has_site:
        mark = ABSENT
    if organisation.type in _NOT_FOR.get(entry.id, ()) or applies > _SOMETIMES.get(entry.id, 1):
        mark = NOT_APPLICABLE
    return Mark(organisation.id, checklist.code, entry.id, mark)


def _points(rng: np.random.Generator, wave: Sequence[Assessed]) -> dict[str, Figures]:
    """Points of an expert in halves, 0 to 10; a vanished site takes the points for it."""
    figures: dict[str, Figures] = {}
    for item in wave:
        organisation = item.organisation
        upkeep = 1.3 if organisation.exemplary else organisation.upkeep
        drawn = rng.normal(0, 1.1, len(_POINTS))
        halves = {
            symbol: int(np.clip(round(2 * (usual + upkeep + noise)), 0, 20))
            for (symbol, usual), noise in zip(_POINTS.items(), drawn, strict=True)
        }
        if not organisation.has_site:
            halves |= {"p11": 0, "p12": 0}
        figures[organisation.id] = {symbol: Fraction(n, 2) for symbol, n in halves.items()}
    return figures
