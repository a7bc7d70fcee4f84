"""Percentages of order 1547: given, computed from counts, or both at once."""

from decimal import Decimal
from fractions import Fraction

import pytest

from noko.core.refusal import Refusal
from noko.core.scoring.counts import checked, counts_from_columns
from noko.core.scoring.scores import Scores, score
from noko.queries.edition import get_edition

EDITION = get_edition("1547-2014")
POINTS = {item.symbol: 5 for item in EDITION.inputs if item.kind == "points"}
PERCENTS = [item.symbol for item in EDITION.inputs if item.kind == "percent"]
NAMES = ["Школа № 1", "Лицей"]


def scored(**columns: list) -> Scores:
    """Two organisations; every percentage is 50 unless ``columns`` say otherwise."""
    whole = {symbol: [value] * 2 for symbol, value in POINTS.items()}
    whole |= {symbol: [50, 50] for symbol in PERCENTS}
    return score(EDITION, counts_from_columns(NAMES, {**whole, **columns}))


def refused(**columns: list) -> list[str]:
    with pytest.raises(Refusal) as found:
        scored(**columns)
    assert found.value.kind == "inconsistent_counts"
    return [str(problem) for problem in found.value.problems]


def test_percentage_given_with_counts_that_give_the_same_stands() -> None:
    """7 of 8 are 87.5 % exactly, whichever way it is written."""
    both = scored(p31=[Decimal("87.5"), 50], U_31=[7, 10], A_31=[8, 20])
    by_counts = scored(p31=[None, None], U_31=[7, 10], A_31=[8, 20])
    by_percent = scored(p31=[Decimal("87.5"), 50])
    assert both.counts.value("p31", 0) == Fraction(175, 2)
    for other in (by_counts, by_percent):
        assert other.counts.value("p31", 0) == Fraction(175, 2)
        assert other.total.published.tolist() == both.total.published.tolist()


def test_percentage_that_its_counts_contradict_is_refused_by_name() -> None:
    assert refused(p31=[Decimal("87.6"), 50], U_31=[7, 10], A_31=[8, 20]) == [
        "«Школа № 1»: даны и p31, и U_31 с A_31, и они расходятся. Оставьте что-то одно; по"
        " количествам процент считается точнее."
    ]


def test_rounded_percentage_beside_its_counts_is_another_number() -> None:
    """66.67 is not 2 of 3: which of the two is meant is not ours to say."""
    assert len(refused(p31=[Decimal("66.67"), 50], U_31=[2, 1], A_31=[3, 2])) == 1


def test_percentage_fills_in_where_the_counts_are_not_given() -> None:
    mixed = scored(p31=[None, 40], U_31=[7, None], A_31=[8, None])
    assert [mixed.counts.value("p31", i) for i in (0, 1)] == [Fraction(175, 2), 40]


def test_percentage_where_nobody_was_asked_stands_alone() -> None:
    """0 of 0 gives no percentage, so there is nothing that a given one could contradict."""
    whole = {symbol: [5] for symbol in POINTS} | {symbol: [50] for symbol in PERCENTS}
    counts = counts_from_columns(NAMES[:1], {**whole, "U_31": [0], "A_31": [0]})
    assert checked(EDITION, counts).value("p31", 0) == 50


def test_more_satisfied_than_asked_is_refused_although_a_percentage_is_given() -> None:
    assert refused(p31=[50, 50], U_31=[9, 10], A_31=[8, 20])[0].startswith("«Школа № 1»: ")
