"""Exact intervals behind printed numbers.

A number printed with d decimals and rounded half up stands for every x with
``value - half <= x < value + half``, half = 10**-d / 2; a truncated one for
``value <= x < value + 10**-d``. Ends are exact fractions and know whether they belong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

HALF = Fraction(1, 2)
PERIODIC_DECIMALS = 6
"""Decimals shown of a fraction that has no finite decimal form (a mean of seven totals)."""


@dataclass(frozen=True, slots=True)
class Interval:
    """All x between ``low`` and ``high``; an open end is not itself reached."""

    low: Fraction
    high: Fraction
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def plus(self, other: Interval) -> Interval:
        """Every sum of one x from here and one from ``other``; neither is empty."""
        return Interval(
            self.low + other.low,
            self.high + other.high,
            self.low_open or other.low_open,
            self.high_open or other.high_open,
        )

    def minus(self, other: Interval) -> Interval:
        """Every difference of one x from here and one from ``other``."""
        return self.plus(Interval(-other.high, -other.low, other.high_open, other.low_open))

    def times(self, factor: Fraction) -> Interval:
        """Every x times ``factor``, which is positive."""
        return Interval(self.low * factor, self.high * factor, self.low_open, self.high_open)

    def meet(self, other: Interval) -> Interval:
        """What both have in common; may be empty."""
        low = max((self.low, self.low_open), (other.low, other.low_open))
        high = min((self.high, not self.high_open), (other.high, not other.high_open))
        return Interval(low[0], high[0], low[1], not high[1])


NOTHING = Interval(Fraction(0), Fraction(0))


def between(low: int | Fraction, high: int | Fraction) -> Interval:
    """Closed interval from ``low`` to ``high``."""
    return Interval(Fraction(low), Fraction(high))


def total_of(parts: Iterable[Interval]) -> Interval:
    """Sum of intervals; of none, exactly zero."""
    result = NOTHING
    for part in parts:
        result = result.plus(part)
    return result


def decimals_of(printed: Decimal) -> int:
    """How many digits stand after the decimal sign: 86.10 → 2, 88 → 0."""
    exponent = printed.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def unit_of(printed: Decimal) -> Fraction:
    """One unit of the last printed digit: 86.10 → 1/100."""
    return Fraction(1, 10 ** decimals_of(printed))


def rounded_from(printed: Decimal) -> Interval:
    """Everything that is printed so when rounded half up."""
    value, half = Fraction(printed), unit_of(printed) * HALF
    return Interval(value - half, value + half, high_open=True)


def truncated_from(printed: Decimal) -> Interval:
    """Everything that is printed so when the other digits are thrown away."""
    value = Fraction(printed)
    return Interval(value, value + unit_of(printed), high_open=True)


def half_up(value: Fraction, decimals: int) -> Decimal:
    """``value`` rounded half up to ``decimals``, as it is printed."""
    return _printed(floor(value * 10**decimals + HALF), decimals)


def truncated(value: Fraction, decimals: int) -> Decimal:
    """``value`` (not negative) with the digits after ``decimals`` thrown away."""
    return _printed(floor(value * 10**decimals), decimals)


def printed_range(interval: Interval, decimals: int, *, truncation: bool = False) -> Range:
    """The least and the greatest number printed for some x of ``interval``.

    Rounding is half up unless ``truncation``. An open upper end that falls on the border of two
    printed numbers belongs to the lower one; an open lower end there belongs to the upper one,
    as the border itself does.
    """
    shift = Fraction(0) if truncation else HALF
    scale = 10**decimals
    top = interval.high * scale + shift
    highest = ceil(top) - 1 if interval.high_open else floor(top)
    return Range(
        _printed(floor(interval.low * scale + shift), decimals), _printed(highest, decimals)
    )


@dataclass(frozen=True, slots=True)
class Range:
    """Printed numbers from ``low`` to ``high``, both included."""

    low: Decimal
    high: Decimal

    def __contains__(self, printed: Decimal) -> bool:
        return self.low <= printed <= self.high

    def distance(self, printed: Decimal) -> Decimal:
        """How far ``printed`` is above (+) or below (-) the nearest number of the range."""
        if printed > self.high:
            return printed - self.high
        return printed - self.low if printed < self.low else Decimal(0)


def _printed(scaled: int, decimals: int) -> Decimal:
    return Decimal(scaled).scaleb(-decimals)


def exact_text(value: Fraction | Decimal) -> str:
    """Decimal string: exact where it is finite, else half up to PERIODIC_DECIMALS digits."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    rest, places = value.denominator, 0
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{half_up(value, PERIODIC_DECIMALS):f}"
    while 10**places % value.denominator:
        places += 1
    return f"{half_up(value, places):f}"
