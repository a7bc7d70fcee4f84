"""One line of a published table against S = Σ weight × criterion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from noko.core.verification.columns import Relation
from noko.core.verification.interval import (
    Interval,
    Range,
    between,
    decimals_of,
    half_up,
    printed_range,
    rounded_from,
    total_of,
    truncated_from,
    unit_of,
)
from noko.core.verification.table import PublishedRow

Behind = Callable[[Decimal], Interval]
"""What may stand behind a printed number: rounded or truncated."""


class Verdict(StrEnum):
    """What the arithmetic of a line or of a group mean is worth."""

    EXACT = "exact"
    CONSISTENT = "consistent"
    INCOMPLETE = "incomplete"
    UNCHECKED = "unchecked"
    TRUNCATED = "truncated"
    INCONSISTENT = "inconsistent"
    INFEASIBLE = "infeasible"
    OUT_OF_RANGE = "out_of_range"

    @property
    def finding(self) -> bool:
        """True for what the publisher should look at."""
        return self in _FINDINGS


_FINDINGS = frozenset(
    {Verdict.TRUNCATED, Verdict.INCONSISTENT, Verdict.INFEASIBLE, Verdict.OUT_OF_RANGE}
)


@dataclass(frozen=True, slots=True)
class Missing:
    """Criteria that are not printed, solved for from the total.

    ``needed``: what they add up to if every printed number is unrounded; it may lie outside
    0..``limit``. ``sum`` and ``each``: what rounding and the scale allow. Without a total, and
    for the sum of criteria of different weights, there is nothing to solve: None or no keys.
    """

    keys: tuple[str, ...]
    limit: int
    needed: Fraction | None = None
    sum: Interval | None = None
    each: Mapping[str, Interval] | None = None

    @property
    def forced(self) -> bool:
        """Several criteria, and only one way to add up to ``needed``: all least or greatest."""
        return len(self.keys) > 1 and self.needed in (0, self.limit)


@dataclass(frozen=True, slots=True)
class Outside:
    """A printed value off its scale 0..``maximum``; ``key`` is a criterion or "S"."""

    key: str
    value: Decimal
    maximum: int


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A line with its verdict and the numbers behind it.

    ``computed``: Σ weight × printed criterion. ``interval``: unrounded totals that the printed
    criteria allow. ``allowed``: totals that may be printed beside them. ``difference``: how far
    the printed total is above (+) or below (-) the nearest of these. ``right``: what a truncated
    total should have been. ``truncated_criteria``: an inconsistent line would be explained by
    truncation of its criteria.
    """

    row: PublishedRow
    verdict: Verdict
    computed: Fraction | None = None
    interval: Interval | None = None
    allowed: Range | None = None
    difference: Decimal = Decimal(0)
    right: Decimal | None = None
    missing: Missing | None = None
    outside: tuple[Outside, ...] = ()
    truncated_criteria: bool = False


def check_row(row: PublishedRow, relation: Relation | None, total_limit: int) -> CheckedRow:
    """The verdict on one line; ``relation`` is None where only totals are printed."""
    outside = tuple(_outside(row, relation, total_limit))
    if outside:
        return CheckedRow(row, Verdict.OUT_OF_RANGE, outside=outside)
    if relation is None or not row.criteria:
        return CheckedRow(row, Verdict.UNCHECKED)
    absent = tuple(key for key in relation.keys if key not in row.criteria)
    computed = None if absent else _weighted(row, relation)
    interval = _attainable(row, relation, rounded_from)
    missing = _missing(row, relation, absent) if absent else None
    if row.total is None:
        return CheckedRow(row, Verdict.UNCHECKED, computed, interval, missing=missing)
    verdict = _verdict(row.total, computed, interval)
    allowed = printed_range(interval, decimals_of(row.total))
    return CheckedRow(
        row,
        verdict,
        computed,
        interval,
        allowed,
        allowed.distance(row.total),
        next_printed(row.total) if verdict is Verdict.TRUNCATED else None,
        missing,
        truncated_criteria=verdict is Verdict.INCONSISTENT
        and _fits(row.total, _attainable(row, relation, truncated_from)),
    )


def next_printed(total: Decimal) -> Decimal:
    """The number printed after ``total``: 83.86 → 83.87.

    It is the right one for every truncated total: what rounds to ``total`` itself is not called
    truncated, and what is cut off to it lies below the next number.
    """
    return half_up(Fraction(total) + unit_of(total), decimals_of(total))


def _verdict(total: Decimal, computed: Fraction | None, interval: Interval) -> Verdict:
    decimals = decimals_of(total)
    if computed is not None and half_up(computed, decimals) == total:
        return Verdict.EXACT
    if total in printed_range(interval, decimals):
        return Verdict.INCOMPLETE if computed is None else Verdict.CONSISTENT
    if total in printed_range(interval, decimals, truncation=True):
        return Verdict.TRUNCATED
    return Verdict.INFEASIBLE if computed is None else Verdict.INCONSISTENT


def _fits(total: Decimal, interval: Interval) -> bool:
    decimals = decimals_of(total)
    return total in printed_range(interval, decimals) or total in printed_range(
        interval, decimals, truncation=True
    )


def _outside(row: PublishedRow, relation: Relation | None, total_limit: int) -> Iterable[Outside]:
    if relation is not None:
        for key, maximum in zip(relation.keys, relation.maxima, strict=True):
            value = row.criteria.get(key)
            if value is not None and not 0 <= value <= maximum:
                yield Outside(key, value, maximum)
    if row.total is not None and not 0 <= row.total <= total_limit:
        yield Outside("S", row.total, total_limit)


def _weighted(row: PublishedRow, relation: Relation) -> Fraction:
    return sum(
        (
            weight * Fraction(row.criteria[key])
            for key, weight in zip(relation.keys, relation.weights, strict=True)
            if key in row.criteria
        ),
        Fraction(0),
    )


def _shares(row: PublishedRow, relation: Relation, behind: Behind) -> dict[str, Interval]:
    """What every criterion may add to the total: the whole scale where it is not printed."""
    shares = {}
    for key, weight, maximum in zip(relation.keys, relation.weights, relation.maxima, strict=True):
        scale = between(0, maximum)
        value = row.criteria.get(key)
        shares[key] = (scale if value is None else behind(value).meet(scale)).times(weight)
    return shares


def _attainable(row: PublishedRow, relation: Relation, behind: Behind) -> Interval:
    return total_of(_shares(row, relation, behind).values())


def _missing(row: PublishedRow, relation: Relation, absent: tuple[str, ...]) -> Missing:
    maxima = dict(zip(relation.keys, relation.maxima, strict=True))
    weights = dict(zip(relation.keys, relation.weights, strict=True))
    limit = sum(maxima[key] for key in absent)
    if row.total is None:
        return Missing(absent, limit)
    shares = _shares(row, relation, rounded_from)
    total = rounded_from(row.total)
    each = {
        key: total.minus(total_of(share for other, share in shares.items() if other != key))
        .times(1 / weights[key])
        .meet(between(0, maxima[key]))
        for key in absent
    }
    if len({weights[key] for key in absent}) > 1:
        return Missing(absent, limit, each=each)
    weight = weights[absent[0]]
    rest = total.minus(total_of(shares[key] for key in shares if key not in absent))
    return Missing(
        absent,
        limit,
        (Fraction(row.total) - _weighted(row, relation)) / weight,
        rest.times(1 / weight).meet(between(0, limit)),
        each,
    )
