"""Coarse classes of how an answer came."""

from datetime import UTC, datetime

import pytest

from noko.core.statistics.marks import PACES, is_fast, pace_of, window_of


@pytest.mark.parametrize(
    ("minute", "window"), [(0, "09:00"), (9, "09:00"), (10, "09:10"), (59, "09:50")]
)
def test_window_is_ten_minutes(minute, window):
    moment = datetime(2027, 2, 1, 9, minute, 59, tzinfo=UTC)
    assert window_of(moment) == f"2027-02-01 {window}"


@pytest.mark.parametrize(
    ("seconds", "pace"), [(0, 15), (15, 15), (16, 30), (3600, 3600), (10**9, PACES[-1])]
)
def test_pace_is_the_class_that_holds_it(seconds, pace):
    assert pace_of(seconds) == pace


def test_fast_is_under_a_quarter_of_the_usual():
    assert [is_fast(seconds, 14, 120) for seconds in (29, 30)] == [True, False]
    assert [is_fast(seconds, 14, None) for seconds in (17, 18)] == [True, False]
