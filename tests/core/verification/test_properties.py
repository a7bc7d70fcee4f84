"""What must hold for every published line, whatever its numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from noko.core.verification.columns import Relation
from noko.core.verification.interval import (
    decimals_of,
    half_up,
    printed_range,
    rounded_from,
    truncated,
    truncated_from,
)
from noko.core.verification.rows import CheckedRow, Verdict, check_row
from noko.core.verification.table import PublishedRow
from tests.core.verification.published import relations

Print = Callable[[Fraction, int], Decimal]
RIGHT = {Verdict.EXACT, Verdict.CONSISTENT}
SHARP = Fraction(1, 10**9)
"""Finer than anything printed here."""


@dataclass(frozen=True)
class Truth:
    """Unrounded criteria, and how many decimals are printed of each and of the total."""

    relation: Relation
    criteria: tuple[Fraction, ...]
    decimals: tuple[int, ...]
    total_decimals: int

    @property
    def total(self) -> Fraction:
        pairs = zip(self.relation.weights, self.criteria, strict=True)
        return sum((weight * value for weight, value in pairs), Fraction(0))

    def printed(self, criteria: Print, total: Print, *, without: frozenset[int] = frozenset()):
        named = zip(self.relation.keys, self.criteria, self.decimals, strict=True)
        numbers = {
            key: criteria(value, decimals)
            for number, (key, value, decimals) in enumerate(named)
            if number not in without
        }
        return PublishedRow(1, "Школа", numbers, total(self.total, self.total_decimals))


def checked(truth: Truth, row: PublishedRow) -> CheckedRow:
    return check_row(row, truth.relation, truth.relation.total_maximum)


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    relation = draw(st.sampled_from(relations()))
    fine = draw(st.sampled_from([1, 10, 60, 7 * 11, 10**4]))
    criteria = tuple(
        Fraction(draw(st.integers(0, maximum * fine)), fine) for maximum in relation.maxima
    )
    decimals = tuple(draw(st.integers(0, 3)) for _ in relation.keys)
    return Truth(relation, criteria, decimals, draw(st.integers(0, 3)))


@given(truths())
def test_verify_rounded_row_is_never_a_finding(truth: Truth):
    assert checked(truth, truth.printed(half_up, half_up)).verdict in RIGHT


@given(truths())
def test_verify_row_printed_in_full_is_exact(truth: Truth):
    exact = Truth(
        truth.relation,
        tuple(Fraction(half_up(value, 3)) for value in truth.criteria),
        (3,) * len(truth.criteria),
        truth.total_decimals,
    )
    assert checked(exact, exact.printed(half_up, half_up)).verdict is Verdict.EXACT


@given(truths())
def test_verify_truncated_total_is_found_unless_rounding_explains_it(truth: Truth):
    row = checked(truth, truth.printed(half_up, truncated))
    if row.row.total in printed_range(row.interval, truth.total_decimals):
        assert row.verdict in RIGHT
    else:
        assert row.verdict is Verdict.TRUNCATED
        assert row.right == half_up(truth.total, truth.total_decimals)


@given(truths())
def test_verify_truncated_criteria_are_named_where_rounding_does_not_explain(truth: Truth):
    row = checked(truth, truth.printed(truncated, truncated))
    assert row.verdict in {*RIGHT, Verdict.TRUNCATED} or row.truncated_criteria


@given(truths(), st.data())
def test_verify_missing_criteria_lie_within_what_is_solved(truth: Truth, data: st.DataObject):
    size = len(truth.criteria)
    absent = data.draw(st.frozensets(st.integers(0, size - 1), min_size=1, max_size=size - 1))
    row = checked(truth, truth.printed(half_up, half_up, without=absent))
    assert row.verdict is Verdict.INCOMPLETE
    found = row.missing
    for number in absent:
        bounds = found.each[truth.relation.keys[number]]
        assert bounds.low <= truth.criteria[number] <= bounds.high
    total = sum((truth.criteria[number] for number in absent), Fraction(0))
    assert found.sum.low <= total <= found.sum.high
    assert abs(found.needed - total) <= found.limit + 1


@given(truths())
def test_verify_allowed_totals_are_reached_at_their_ends(truth: Truth):
    row = checked(truth, truth.printed(half_up, half_up))
    scales = zip(row.row.criteria.items(), truth.relation.maxima, strict=True)
    ends = [
        (max(rounded_from(value).low, 0), min(rounded_from(value).high - SHARP, maximum))
        for (_, value), maximum in scales
    ]
    for number, reached in ((0, row.allowed.low), (1, row.allowed.high)):
        edge = Truth(
            truth.relation,
            tuple(Fraction(end[number]) for end in ends),
            truth.decimals,
            truth.total_decimals,
        )
        again = edge.printed(half_up, half_up)
        assert again.criteria == row.row.criteria
        assert again.total == reached


@given(truths(), st.integers(1, 400))
def test_verify_total_beyond_the_allowed_is_inconsistent_by_its_distance(truth: Truth, steps: int):
    row = checked(truth, truth.printed(half_up, half_up))
    unit = Decimal(1).scaleb(-truth.total_decimals)
    wrong = row.allowed.high + steps * unit
    assume(wrong <= truth.relation.total_maximum)
    again = checked(truth, PublishedRow(1, "Школа", row.row.criteria, wrong))
    assert again.verdict is Verdict.INCONSISTENT
    assert again.difference == steps * unit


@given(st.decimals(0, 160, places=2), st.integers(0, 3))
def test_printed_number_stands_for_what_prints_so(value: Decimal, decimals: int):
    exact = Fraction(value)
    for printed, interval in (
        (half_up(exact, decimals), rounded_from(half_up(exact, decimals))),
        (truncated(exact, decimals), truncated_from(truncated(exact, decimals))),
    ):
        assert decimals_of(printed) == decimals
        assert interval.low <= exact < interval.high
