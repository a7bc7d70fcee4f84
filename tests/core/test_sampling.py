"""The size of a sample: worked cases that a methodologist can read, and what no case may break."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from noko.core.sampling import expected_interval, sample_size
from noko.queries.edition import get_edition

CASES = Path(__file__).parents[2] / "noko" / "rules" / "specifications" / "cases" / "sample.yaml"
RULE = get_edition("344n-2018").sample


def cases():
    return yaml.safe_load(CASES.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["name"])
def test_sample_worked_case(case):
    found = sample_size(case["given"], get_edition(case["edition"]).sample)
    interval = None
    if found.population and found.size:
        interval = [round(100 * share) for share in expected_interval(found.population, found.size)]
    result = {"size": found.size, "everyone": found.everyone, "interval": interval}
    assert result == case["expected"]


@given(st.integers(1, 200_000))
def test_sample_is_never_more_than_there_are_and_grows(population):
    found, next_one = sample_size(population, RULE), sample_size(population + 1, RULE)
    assert found.size is not None
    assert 0 < found.size <= min(population, RULE.maximum)
    assert found.share >= min(RULE.share, Fraction(RULE.maximum, population))
    assert next_one.size is not None
    assert 0 <= next_one.size - found.size <= 1


@given(st.integers(1, 5_000).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))))
def test_sample_interval_holds_what_was_found(both):
    population, size = both
    low, high = expected_interval(population, size)
    share = int(Fraction(9, 10) * size + Fraction(1, 2)) / size
    assert 0 <= low <= share + 1e-12
    assert share - 1e-12 <= high <= 1


def test_sample_of_a_negative_population_is_a_defect():
    with pytest.raises(ValueError, match="not negative"):
        sample_size(-1, RULE)
    with pytest.raises(ValueError, match="between 1"):
        expected_interval(10, 11)
