"""Facts that close activities."""

from datetime import date

import pytest

from noko.queries.facts import Fact, facts
from tests.factories import released_cycle
from tests.small_council import make_council, make_decided, make_session
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


@pytest.mark.django_db
def test_facts_of_the_council_are_its_adopted_decisions():
    cycle = make_cycle()
    session, _ = make_decided(
        make_session(make_council(), titles=("О перечне", "О плане"), cycle=cycle)
    )
    make_decided(make_session(session.council, titles=("Не принято",), cycle=cycle), "-------")
    found = facts(cycle, "council_decision")
    assert [fact.title for fact in found] == [
        "Решение № 1 от 23\xa0ноября 2026\xa0г.: О перечне",
        "Решение № 2 от 23\xa0ноября 2026\xa0г.: О плане",
    ]
    assert found[0].address == f"/office/council/decisions/{session.decisions.get(number=1).pk}/"
