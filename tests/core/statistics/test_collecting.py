"""What should be there by a day."""

from datetime import date
from fractions import Fraction

import pytest

from noko.core.statistics.collecting import at_risk, days_left, elapsed

FIRST, LAST = date(2027, 2, 1), date(2027, 2, 10)


@pytest.mark.parametrize(("day", "part"), [(-5, 0), (0, Fraction(1, 10)), (9, 1), (50, 1)])
def test_elapsed_is_a_part_of_the_days(day, part):
    today = date.fromordinal(FIRST.toordinal() + day)
    assert elapsed(FIRST, LAST, today) == part


def test_at_risk_is_far_behind_the_way():
    half = Fraction(1, 2)
    assert [at_risk(number, 100, half) for number in (0, 34, 35, 100)] == [True, True, False, False]
    assert at_risk(0, 100, Fraction(1, 10)) is False
    assert (at_risk(0, None, half), at_risk(0, 0, half)) == (False, False)


def test_days_left_counts_today():
    assert [days_left(LAST, date(2027, 2, day)) for day in (1, 10, 11)] == [10, 1, 0]
