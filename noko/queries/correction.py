"""What a correction changes: two results of one cycle side by side."""

from __future__ import annotations

from collections.abc import Iterator

from noko.core.editions import Edition
from noko.models import Calculation, OrganisationScore

Change = dict[str, str]
"""``organisation``, ``kind`` (organisation, total, place, criterion, indicator, input,
respondents), ``what`` in Russian, ``before`` and ``after`` as published; "" where there is none."""

BEYOND = ("place",)
"""Kinds that change without anything being changed at the organisation itself."""


def difference(before: Calculation | None, after: Calculation, edition: Edition) -> list[Change]:
    """Every published value that differs, organisation by organisation in the order of names.

    Where an organisation's own figures change, the list goes from the total down to the count
    that caused it. ``before`` is None for the first version: nothing differs.
    """
    if before is None:
        return []
    old, new = _rows(before), _rows(after)
    order = sorted({**old, **new}.items(), key=lambda item: (item[1].name, item[0]))
    changes: list[Change] = []
    for key, row in order:
        if key not in old or key not in new:
            was, now = ("есть", "нет") if key in old else ("нет", "есть")
            changes.append(_change(row.name, "organisation", "Организация в рейтинге", was, now))
        else:
            changes.extend(_of_organisation(old[key], new[key], edition))
    return changes


def organisations_touched(changes: list[Change]) -> dict[str, list[str]]:
    """Names of the organisations whose own values change, and of those that only move."""
    own: dict[str, None] = {}
    every: dict[str, None] = {}
    for change in changes:
        every[change["organisation"]] = None
        if change["kind"] not in BEYOND:
            own[change["organisation"]] = None
    return {"own": list(own), "moved": [name for name in every if name not in own]}


def _rows(calculation: Calculation) -> dict[int, OrganisationScore]:
    rows = calculation.scores.order_by("organisation__sort_key", "organisation_id")
    return {row.organisation_id: row for row in rows.defer("explanation")}


def _of_organisation(
    old: OrganisationScore, new: OrganisationScore, edition: Edition
) -> Iterator[Change]:
    for kind, what, was, now in _pairs(old, new, edition):
        before, after = _text(was), _text(now)
        if before != after:
            yield _change(new.name, kind, what, before, after)


def _pairs(
    old: OrganisationScore, new: OrganisationScore, edition: Edition
) -> Iterator[tuple[str, str, object, object]]:
    yield "organisation", "Название", old.name, new.name
    yield "total", edition.total.name, old.total, new.total
    yield "place", "Место среди всех", old.place, new.place
    for criterion in edition.criteria:
        what = f"Критерий {criterion.code}. {criterion.short}"
        code = criterion.code
        yield "criterion", what, old.criteria.get(code), new.criteria.get(code)
    for indicator in edition.indicators:
        what = f"Показатель {indicator.code}. {indicator.short}"
        code = indicator.code
        yield "indicator", what, old.indicators.get(code), new.indicators.get(code)
    for item in edition.inputs:
        what = f"Исходные данные: {item.name}"
        yield "input", what, old.counts.get(item.symbol), new.counts.get(item.symbol)
    yield "respondents", "Опрошено", old.respondents, new.respondents


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _change(organisation: str, kind: str, what: str, before: str, after: str) -> Change:
    return {
        "organisation": organisation,
        "kind": kind,
        "what": what,
        "before": before,
        "after": after,
    }
