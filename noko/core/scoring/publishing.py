"""Results in the order and the form in which they are published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from noko.core.scoring.places import Places, all_places
from noko.core.scoring.scores import Scores

AllPlaces = Mapping[str, Mapping[str, Places]]


def official_order(scores: Scores, places: AllPlaces) -> list[int]:
    """Positions of the organisations by place, equal places by name; the not rated ones last."""
    place = places["all"]["total"].place
    names = [name.casefold().replace("ё", "е") for name in scores.counts.organisations]
    return sorted(range(len(scores)), key=lambda i: (place[i] == 0, int(place[i]), names[i], i))


def verbal_level(scores: Scores, index: int) -> str:
    """The word for the published total; empty where there is none."""
    if not scores.total.known[index]:
        return ""
    share = scores.total.used.at(index) / scores.edition.total.maximum
    return scores.edition.verbal_level(share, scores.levels)


def places_at(places: AllPlaces, index: int) -> dict[str, dict[str, list[int]]]:
    """Scope → "total" or criterion → [place, among how many]; what is not rated is left out."""
    return {
        scope: {
            key: [int(item.place[index]), int(item.among[index])]
            for key, item in by_key.items()
            if item.place[index]
        }
        for scope, by_key in places.items()
    }


def published(scores: Scores, places: AllPlaces | None = None) -> dict[str, Any]:
    """The whole result as plain values: numbers are decimal strings exactly as published.

    Shape: ``{"edition", "edition_digest", "rounding", "policies", "ties", "results": [{
    "organisation", "type", "municipality", "indicators", "criteria", "total", "level", "place",
    "places"}, …]}`` in the official order; a value that does not exist is null.
    """
    places = places or all_places(scores)
    return {
        "edition": scores.edition.code,
        "edition_digest": scores.edition.digest,
        "rounding": scores.rounding.code,
        "policies": dict(scores.policies),
        "ties": scores.ties,
        "results": [_result(scores, places, i) for i in official_order(scores, places)],
    }


def _result(scores: Scores, places: AllPlaces, index: int) -> dict[str, Any]:
    counts = scores.counts
    result: dict[str, Any] = {"organisation": counts.organisations[index]}
    if counts.types:
        result["type"] = counts.types[index]
    if counts.municipalities:
        result["municipality"] = counts.municipalities[index]
    place = int(places["all"]["total"].place[index])
    return result | {
        "indicators": {code: values.text(index) for code, values in scores.indicators.items()},
        "criteria": {code: values.text(index) for code, values in scores.criteria.items()},
        "total": scores.total.text(index),
        "level": verbal_level(scores, index),
        "place": place or None,
        "places": places_at(places, index),
    }


def differences(base: Scores, other: Scores) -> dict[str, int | str]:
    """What another rounding policy changes for the same counts.

    ``totals``: organisations whose published total differs; ``places``: whose place among all
    does; ``largest``: the largest difference of totals, as a decimal string.
    """
    both = base.total.known & other.total.known
    scale = 10 ** max(base.total.decimals, other.total.decimals)
    gap = np.abs(
        base.total.published * (scale // 10**base.total.decimals)
        - other.total.published * (scale // 10**other.total.decimals)
    )
    place, other_place = (all_places(item)["all"]["total"].place for item in (base, other))
    largest = int(gap[both].max()) if both.any() else 0
    digits = len(str(scale)) - 1
    return {
        "rounding": other.rounding.code,
        "totals": int((gap[both] > 0).sum()),
        "places": int((place != other_place).sum()),
        "largest": f"{largest // scale}.{largest % scale:0{digits}d}",
    }
