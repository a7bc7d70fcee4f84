"""Columns of exact fractions: one numerator and one denominator for every organisation.

Whole columns are computed at once with integers of 64 bits; where a product could leave that
range the column goes over to Python's unbounded integers by itself. Nothing is ever a float.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64] | npt.NDArray[np.object_]

_SAFE = 2**62


def _largest(values: Integers) -> int:
    return max(int(values.max()), -int(values.min())) if values.size else 0


def _multiply(left: Integers, right: Integers) -> Integers:
    """``left`` × ``right`` exactly, whatever the size."""
    if left.dtype != object and right.dtype != object:
        if _largest(left) * _largest(right) < _SAFE:
            return left * right
        left = left.astype(object)
    return left * right


def _scaled(values: Integers, factor: int) -> Integers:
    """``values`` × one whole number exactly, whatever the size."""
    if values.dtype != object and max(_largest(values), 1) * abs(factor) >= _SAFE:
        values = values.astype(object)
    return values * factor


def _add(left: Integers, right: Integers) -> Integers:
    if left.dtype != object and right.dtype != object and _largest(left) + _largest(right) >= _SAFE:
        left = left.astype(object)
    return left + right


@dataclass(frozen=True, slots=True, eq=False)
class Ratio:
    """``numerator[i] / denominator[i]`` for organisation i; denominators are positive."""

    numerator: Integers
    denominator: Integers

    @classmethod
    def whole(cls, values: npt.ArrayLike, denominator: int = 1) -> Ratio:
        numerator = np.asarray(values)
        if numerator.dtype != object:
            numerator = numerator.astype(np.int64)
        return cls(numerator, np.full(len(numerator), denominator, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.numerator)

    def at(self, index: int) -> Fraction:
        return Fraction(int(self.numerator[index]), int(self.denominator[index]))

    def plus(self, other: Ratio) -> Ratio:
        if np.array_equal(self.denominator, other.denominator):
            return Ratio(_add(self.numerator, other.numerator), self.denominator)
        return Ratio(
            _add(
                _multiply(self.numerator, other.denominator),
                _multiply(other.numerator, self.denominator),
            ),
            _multiply(self.denominator, other.denominator),
        )

    def times(self, factor: Fraction) -> Ratio:
        return Ratio(
            _scaled(self.numerator, factor.numerator),
            _scaled(self.denominator, factor.denominator),
        )

    def times_column(self, other: Ratio) -> Ratio:
        return Ratio(
            _multiply(self.numerator, other.numerator),
            _multiply(self.denominator, other.denominator),
        )

    def where(self, condition: npt.NDArray[np.bool_], other: Ratio) -> Ratio:
        """This value where ``condition`` holds, the ``other`` elsewhere."""
        return Ratio(
            np.where(condition, self.numerator, other.numerator),
            np.where(condition, self.denominator, other.denominator),
        )

    def equals(self, other: Ratio) -> npt.NDArray[np.bool_]:
        """Where both are the same number."""
        left = _multiply(self.numerator, other.denominator)
        return np.asarray(left == _multiply(other.numerator, self.denominator), dtype=bool)

    def at_most(self, limit: int) -> Ratio:
        over = self.numerator > _scaled(self.denominator, limit)
        return Ratio.whole(np.full(len(self), limit)).where(over.astype(bool), self)

    def half_up(self, decimals: int) -> npt.NDArray[np.int64]:
        """The value in units of 10**-decimals, halves away from zero upwards, rounded once.

        Values are never negative here, so "half up" is floor(x + 1/2).
        """
        doubled = _scaled(self.numerator, 2 * 10**decimals)
        rounded = _add(doubled, self.denominator) // _scaled(self.denominator, 2)
        return rounded.astype(np.int64)


def decimal_text(scaled: int, decimals: int) -> str:
    """``scaled`` units of 10**-decimals as they are published: 8684, 2 → "86.84"."""
    if decimals == 0:
        return str(scaled)
    whole, part = divmod(scaled, 10**decimals)
    return f"{whole}.{part:0{decimals}d}"
