"""Plain means of the organisations of a group: type, municipality, region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from noko.core.scoring.ratio import decimal_text


@dataclass(frozen=True, slots=True)
class Mean:
    """The exact mean and how many organisations it is over; ``text`` rounds it half up, once."""

    exact: Fraction
    organisations: int

    def text(self, decimals: int = 2) -> str:
        scale = 10**decimals
        doubled = 2 * self.exact * scale + 1
        return decimal_text(int(doubled // 2), decimals)


def mean(published: Iterable[str | None]) -> Mean | None:
    """The plain mean of published values (decimal strings); None where nobody is rated.

    Source: methodology, "means by type, municipality, region" – plain means of organisations.
    """
    values = [Fraction(value) for value in published if value is not None]
    if not values:
        return None
    return Mean(sum(values, Fraction(0)) / len(values), len(values))
