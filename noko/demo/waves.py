"""Who is assessed in which year, and how many of their recipients answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from noko.demo import SEED
from noko.demo.region import VOCATIONAL, Invented

FIRST, YEARS = 2016, (2024, 2025, 2026)
_IN_2016 = 0.62
_AGAIN = 0.42
_TINY = 32


@dataclass(frozen=True, slots=True)
class Assessed:
    """An organisation in a wave: its recipients of that year and the questionnaires received."""

    organisation: Invented
    recipients: int
    respondents: int


def calendar(region: Sequence[Invented], seed: int = SEED) -> Mapping[int, tuple[Invented, ...]]:
    """Year → organisations. Everybody at least twice in all and at least once in 2024–2026.

    The law's rule – not more often than once a year, not less often than once in three years –
    holds by construction. Vocational organisations were not assessed in 2016.
    """
    rng = np.random.default_rng([seed, 2])
    chosen: dict[int, list[Invented]] = {FIRST: [], **{year: [] for year in YEARS}}
    for position, organisation in enumerate(region):
        early = organisation.type != VOCATIONAL and rng.random() < _IN_2016
        again = not early or rng.random() < _AGAIN or organisation.exemplary
        base = YEARS[position % 3]
        years = {base} | ({YEARS[(position + 1 + int(rng.integers(2))) % 3]} if again else set())
        if organisation.exemplary or organisation.historic or not organisation.has_site:
            years.add(YEARS[-1])
        for year in sorted(years | ({FIRST} if early else set())):
            chosen[year].append(organisation)
    return {year: tuple(organisations) for year, organisations in chosen.items()}


def assessed(
    year: int, organisations: Sequence[Invented], *, share: float, maximum: int, seed: int = SEED
) -> tuple[Assessed, ...]:
    """The wave of ``year``: the sample is ``share`` of recipients, at most ``maximum``.

    Not everybody reaches it: the response is between a half and somewhat more than planned.
    """
    rng = np.random.default_rng([seed, 3, year])
    return tuple(_one(rng, organisation, share, maximum) for organisation in organisations)


def _one(rng: np.random.Generator, organisation: Invented, share: float, maximum: int) -> Assessed:
    drift, response = float(rng.normal(0, 0.05)), float(np.clip(rng.normal(0.95, 0.17), 0.45, 1.3))
    if organisation.recipients <= _TINY:
        recipients, response = organisation.recipients, 1.0
    else:
        recipients = max(20, round(organisation.recipients * (1 + drift)))
    target = min(maximum, int(np.ceil(round(share * recipients, 6))))
    return Assessed(
        organisation,
        recipients,
        int(np.clip(round(target * response), 8, min(recipients, maximum))),
    )
