"""Printed means of groups against the printed totals of their lines.

A mean is the plain mean of the published totals, rounded half up once, as in ``groups``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from noko.core.verification.interval import (
    between,
    decimals_of,
    half_up,
    printed_range,
    rounded_from,
    total_of,
    truncated,
)
from noko.core.verification.rows import Verdict
from noko.core.verification.table import PublishedRow, common_labels

GROUPED_BY = ("sheet", "year", "region", "municipality", "type")


@dataclass(frozen=True, slots=True)
class CheckedMean:
    """A printed mean of the group ``labels``.

    ``computed``: exact mean of ``size`` printed totals; ``without_total``: lines that print none.
    ``right``: the mean rounded half up, given where the printed one is a finding.
    ``unrounded_fits``: unrounded totals behind the printed ones could give the printed mean.
    """

    labels: Mapping[str, str]
    size: int
    without_total: int
    published: Decimal
    verdict: Verdict
    computed: Fraction | None = None
    right: Decimal | None = None
    unrounded_fits: bool = False

    @property
    def difference(self) -> Decimal:
        """How far the printed mean is above (+) or below (-) the right one."""
        return Decimal(0) if self.right is None else self.published - self.right


def check_means(rows: Sequence[PublishedRow], total_limit: int) -> list[CheckedMean]:
    """Every printed group mean of ``rows`` (organisations only, no lines of means)."""
    checked = []
    for members in _groups([row for row in rows if row.group_mean is not None]):
        for published in sorted({row.group_mean for row in members if row.group_mean is not None}):
            checked.append(_check(members, published, total_limit))
    return checked


def _groups(rows: list[PublishedRow]) -> Iterator[list[PublishedRow]]:
    """Lines that share a mean: by the fewest labels within which the printed mean is one.

    Tables do not say what a mean is over. One value in the whole table is the mean of the table;
    else labels are tried, the wider first. If nothing helps, lines with equal means are a group.
    """
    for size in range(len(GROUPED_BY) + 1):
        for names in combinations(GROUPED_BY, size):
            groups = _split(rows, names)
            if all(len({row.group_mean for row in members}) == 1 for members in groups):
                yield from groups
                return
    for published in sorted({row.group_mean for row in rows if row.group_mean is not None}):
        yield [row for row in rows if row.group_mean == published]


def _split(rows: Iterable[PublishedRow], names: Sequence[str]) -> list[list[PublishedRow]]:
    groups: dict[tuple[str, ...], list[PublishedRow]] = {}
    for row in rows:
        groups.setdefault(tuple(row.labels.get(name, "") for name in names), []).append(row)
    return list(groups.values())


def _check(members: Sequence[PublishedRow], published: Decimal, limit: int) -> CheckedMean:
    labels = common_labels(members, GROUPED_BY)
    totals = [row.total for row in members if row.total is not None]
    absent = len(members) - len(totals)
    if not totals:
        return CheckedMean(labels, 0, absent, published, Verdict.UNCHECKED)
    decimals = decimals_of(published)
    mean = sum(map(Fraction, totals), Fraction(0)) / len(totals)
    right = half_up(mean, decimals)
    scale = between(0, limit)
    known = [rounded_from(total).meet(scale) for total in totals]
    unrounded = total_of(known).times(Fraction(1, len(known)))
    with_absent = total_of([*known, *[scale] * absent]).times(Fraction(1, len(members)))
    if published == right:
        verdict = Verdict.EXACT
    elif absent and published in printed_range(with_absent, decimals):
        verdict = Verdict.INCOMPLETE
    elif published == truncated(mean, decimals):
        verdict = Verdict.TRUNCATED
    else:
        verdict = Verdict.INCONSISTENT
    return CheckedMean(
        labels,
        len(totals),
        absent,
        published,
        verdict,
        mean,
        right if verdict.finding else None,
        published in printed_range(unrounded, decimals),
    )
