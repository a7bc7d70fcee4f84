"""Formulas of indicators by name. Each takes whole columns and returns values with a mask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

import numpy as np

from noko.core.editions import Indicator
from noko.core.refusal import Place, Refusal
from noko.core.scoring.counts import Column, Counts
from noko.core.scoring.ratio import Ratio

Compute = Callable[[Indicator, Counts, str], Column]


def mean_of_shares(indicator: Indicator, counts: Counts, missing: str) -> Column:
    """100 × the mean of numerator/denominator over the pairs of the formula.

    A pair whose denominator is 0 (nobody asked, nothing applicable) is left out when ``missing``
    lets the rest stand, counts as 0 under ``zero``, and takes the whole indicator away otherwise.
    """
    size = len(counts)
    total = Ratio.whole(np.zeros(size))
    used = np.zeros(size, dtype=np.int64)
    for numerator, denominator in indicator.formula.pairs:
        part, whole = counts.columns[numerator], counts.columns[denominator]
        present = (whole.values.numerator > 0) & part.known & whole.known
        share = Ratio(
            np.where(present, part.values.numerator, 0),
            np.where(present, whole.values.numerator, 1),
        )
        total = total.plus(share)
        used = used + present
    pairs = len(indicator.formula.pairs)
    known = used == pairs if missing == "not_rated" else used > 0
    divisor = np.full(size, pairs) if missing == "zero" else np.maximum(used, 1)
    value = total.times_column(Ratio(np.ones(size, dtype=np.int64), divisor)).times(Fraction(100))
    return Column(value, known.astype(bool))


def points_each(indicator: Indicator, counts: Counts, missing: str) -> Column:
    """min(maximum, points × count)."""
    column = counts.columns[indicator.formula.input]
    value = column.values.times(Fraction(indicator.formula.points)).at_most(indicator.maximum)
    return Column(value, column.known)


def as_given(indicator: Indicator, counts: Counts, missing: str) -> Column:
    """Points of an expert, or a percentage, exactly as given."""
    return counts.columns[indicator.formula.input]


FORMULAS: Mapping[str, Compute] = {
    "mean_of_shares": mean_of_shares,
    "points_each": points_each,
    "as_given": as_given,
}


def formula_of(indicator: Indicator) -> Compute:
    """The indicator's formula by its name. Refusal ``unknown_formula`` lists the known names."""
    name = indicator.formula.name
    if name not in FORMULAS:
        raise Refusal(
            f"Для показателя {indicator.code} указана формула «{name}», а такой формулы нет.",
            kind="unknown_formula",
            cure=f"Укажите в редакции одну из: {', '.join(FORMULAS)}.",
            place=Place(file="edition.yaml", key="formula.name"),
        )
    return FORMULAS[name]
