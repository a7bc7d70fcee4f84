"""Worked cases: the specification that a methodologist can write, and its comparison with us."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from noko.core.editions import Edition
from noko.core.refusal import Refusal
from noko.core.scoring.counts import Value, counts_from_columns
from noko.core.scoring.publishing import verbal_level
from noko.core.scoring.scores import Settings, score


def run_case(edition: Edition, case: Mapping[str, Any]) -> dict[str, Any]:
    """What the calculation gives for ``case``, in the shape of its ``expected``.

    Only the keys that the case names are returned; a refusal gives ``{"refused": kind}``.
    """
    settings = Settings(rounding=case.get("rounding", ""), policies=case.get("policies", {}))
    columns = {symbol: [_value(value)] for symbol, value in case["given"].items()}
    try:
        scores = score(edition, counts_from_columns([case["name"]], columns), settings)
    except Refusal as refusal:
        return {"refused": refusal.kind}
    everything: dict[str, Any] = {
        "indicators": {code: values.text(0) for code, values in scores.indicators.items()},
        "criteria": {code: values.text(0) for code, values in scores.criteria.items()},
        "total": scores.total.text(0),
        "level": verbal_level(scores, 0),
    }
    return _asked(everything, case.get("expected", {}))


def expectation(case: Mapping[str, Any]) -> dict[str, Any]:
    """What ``case`` says must come out."""
    return {"refused": case["refused"]} if "refused" in case else dict(case["expected"])


def _value(given: int | str | None) -> Value:
    return Decimal(given) if isinstance(given, str) else given


def _asked(everything: dict[str, Any], expected: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: {code: everything[key].get(code) for code in wanted}
        if isinstance(wanted, Mapping)
        else everything[key]
        for key, wanted in expected.items()
    }
