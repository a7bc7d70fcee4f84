"""What a list covers: every organisation over the years of the law, with totals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from noko.core.frequency import (
    Covered,
    FrequencyRule,
    Past,
    Total,
    coverage,
    load,
    totals,
    window,
)
from noko.core.organisation_types import TYPE_TITLES, type_title
from noko.models import ListEntry, OrganisationList
from noko.queries.assessment import assessed_in
from noko.queries.frequency_rules import rule_named
from noko.queries.list import pasts

YEARS_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation of the list with its years."""

    entry: ListEntry
    covered: Covered


@dataclass(frozen=True, slots=True)
class Coverage:
    """``years``: the window that ends with the year of the list; ``ahead``: how many fall due in
    each of the next years; ``late``: those that are not covered and whose last year has passed or
    is this one."""

    rule: FrequencyRule
    years: tuple[int, ...]
    rows: tuple[Row, ...]
    whole: Total
    by_municipality: dict[str, Total]
    by_type: dict[str, Total]
    ahead: dict[int, int]

    @property
    def uncovered(self) -> list[Row]:
        return [row for row in self.rows if not row.covered.covered and not row.covered.exempt]


def coverage_of(item: OrganisationList, within: Collection[int] | None = None) -> Coverage:
    """The proof of coverage as the list stands now; of the organisations ``within`` only."""
    rule = rule_named(item.rule)
    entries = {
        entry.organisation_id: entry
        for entry in item.entries.all()
        if within is None or entry.organisation_id in within
    }
    known = pasts(item.cycle, rule)
    done = assessed_in(item.cycle)
    # Records that were merged or added since the list was drawn up are told as drift.
    own = {
        key: _with(known[key], item.cycle.year) if key in done else known[key]
        for key in entries
        if key in known
    }
    included = [key for key, entry in entries.items() if entry.included]
    found = coverage(rule, item.cycle.year, own, included)
    whole = Total()
    for row in found:
        whole.add(row)
    return Coverage(
        rule=rule,
        years=window(rule, item.cycle.year),
        rows=tuple(Row(entries[row.key], row) for row in found),
        whole=whole,
        by_municipality=totals(found, {key: entries[key].municipality for key in own}),
        by_type=_by_type(found, {key: type_title(entries[key].type) for key in own}),
        ahead=load(found, item.cycle.year, YEARS_AHEAD),
    )


def _with(past: Past, year: int) -> Past:
    return replace(past, assessed=past.assessed | {year}, listed=past.listed - {year})


def _by_type(rows: list[Covered], groups: dict[int, str]) -> dict[str, Total]:
    """In the order in which the waves go."""
    found = totals(rows, groups)
    order = [*TYPE_TITLES.values(), *found]
    return {title: found[title] for title in dict.fromkeys(order) if title in found}
