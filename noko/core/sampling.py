"""How many recipients to ask at an organisation, and how exact the answer will be.

The number is the edition's rule, in exact arithmetic; advice and the expected interval are a
second layer beside it and change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, sqrt

from noko.core.editions import Sample

_Z = 1.959964
"""Two-sided 95 %."""

EXPECTED_SHARE = Fraction(9, 10)
"""The interval is shown for a share that results usually have: nine of ten are satisfied."""


@dataclass(frozen=True, slots=True)
class SampleSize:
    """``population``: recipients, None where not known; then ``size`` is None too.

    ``everyone``: it is advised to ask all of them, because so few answers would say little.
    """

    population: int | None
    size: int | None
    everyone: bool

    @property
    def share(self) -> Fraction | None:
        """What part of the recipients the size is."""
        if not self.population or self.size is None:
            return None
        return Fraction(self.size, self.population)


def sample_size(population: int | None, rule: Sample) -> SampleSize:
    """min(``rule.maximum``, ⌈``rule.share`` × population⌉): the rule retold of order 675н.

    Rounding up is a choice of ours: the edition's basis says so. The advice to ask everyone at
    ``rule.everyone_up_to`` recipients or fewer is ours as well.
    """
    if population is None:
        return SampleSize(None, None, everyone=False)
    if population < 0:
        raise ValueError("a population is not negative")
    size = min(rule.maximum, ceil(rule.share * population))
    return SampleSize(population, size, everyone=0 < population <= rule.everyone_up_to)


def expected_interval(population: int, size: int) -> tuple[float, float]:
    """Between which shares (0..1) the truth would lie if nine of ten asked are satisfied.

    Wilson's 95 % interval with the correction for a finite population: m = n(N−1)/(N−n); a
    point when everybody is asked. Nine tenths of ``size`` are taken to a whole number, half up.
    """
    if not 0 < size <= population:
        raise ValueError("the size of a sample lies between 1 and the population")
    satisfied = int(EXPECTED_SHARE * size + Fraction(1, 2))
    share = satisfied / size
    if size == population:
        return share, share
    effective = size * (population - 1) / (population - size)
    square = _Z**2
    scale = 1 + square / effective
    centre = (share + square / (2 * effective)) / scale
    spread = share * (1 - share) / effective + square / (4 * effective**2)
    half = _Z / scale * sqrt(spread)
    return max(0.0, centre - half), min(1.0, centre + half)
