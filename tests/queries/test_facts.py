"""Facts that close activities."""

from datetime import date

import pytest

from noko.queries.facts import Fact, facts
from tests.factories import released_cycle
from tests.small_cycle import make_cycle


@pytest.mark.django_db
def test_facts_of_a_published_cycle():
    cycle = released_cycle(3).cycle
    assert facts(cycle, "release_published") == [
        Fact("Рейтинг, версия 1", "/releases/2026/1/", date(2026, 11, 23))
    ]
    assert [fact.title for fact in facts(cycle, "dataset_frozen")] == ["Набор данных № 1"]


@pytest.mark.django_db
def test_facts_of_a_new_cycle_are_none():
    cycle = make_cycle()
    assert (facts(cycle, "release_published"), facts(cycle, "dataset_frozen")) == ([], [])
