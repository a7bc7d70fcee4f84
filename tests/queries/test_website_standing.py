"""How visits stand and how they differ."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from noko.actions import site_mark as marks
from noko.core.websites.standing import Change
from noko.queries.website_standing import (
    difference,
    history,
    shown_visits,
    since,
    standing_of,
    standings,
    visit_before,
    visits_of,
)
from tests.factories import make_organisations
from tests.small_cycle import make_cycle, make_person
from tests.small_sites import AFTER, NOW, SILENT, TODAY, make_round, make_shown, visit_of

pytestmark = pytest.mark.django_db


def test_standings_of_a_round_are_a_constant_number_of_queries():
    organisations = make_organisations(4)
    made = make_round(make_cycle(), {one: ["common.phone"] for one in organisations})
    numbers = []
    for some in (organisations[:1], organisations):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            standings(visits_of(made).filter(organisation__in=some))
        numbers.append(len(asked))
    assert numbers == [4, 4]


def test_counts_follow_the_rules_of_the_edition():
    organisation = make_organisations(1)[0]
    made = make_round(make_cycle(), {organisation: ["common.phone", "common.email"]})
    standing = standing_of(visit_of(made, organisation))
    statuses = list(standing.statuses.values())
    assert standing.counts.present == statuses.count("found")
    assert standing.counts.applicable == statuses.count("found") + statuses.count("absent")
    assert standing.checked is True


def test_site_that_could_not_be_checked_is_left_to_an_expert():
    silent, siteless = make_organisations(2)
    siteless.site = ""
    made = make_round(make_cycle(), {silent: SILENT, siteless: []})
    found = [standing_of(visit_of(made, one)) for one in (silent, siteless)]
    assert [one.checked for one in found] == [False, False]
    assert found[0].counts.applicable == 0
    assert found[1].items == ()


def test_difference_between_two_visits():
    organisation = make_organisations(1)[0]
    cycle = make_cycle()
    first = visit_of(make_shown(cycle, {organisation: ["common.phone"]}), organisation)
    second = visit_of(
        make_shown(
            cycle, {organisation: ["common.email"]}, at=AFTER, until=AFTER.date().replace(day=30)
        ),
        organisation,
    )
    assert visit_before(second) == first
    found = difference(standing_of(first), standing_of(second))
    assert [one.after.code for one in found.of(Change.APPEARED)] == ["common.phone"]
    assert [one.after.code for one in found.of(Change.DISAPPEARED)] == ["common.email"]
    assert (found.improved, found.worsened) == (1, 1)
    visits = list(shown_visits(organisation))
    assert visits == [second, first]
    assert since(visits, TODAY) == {Change.APPEARED: 1, Change.DISAPPEARED: 1}


def test_history_of_an_item_tells_machine_and_hand():
    organisation = make_organisations(1)[0]
    cycle = make_cycle()
    first = visit_of(make_round(cycle, {organisation: ["common.phone"]}), organisation)
    expert = make_person("operator_expert")
    marks.make_mark(
        visit=first, code="common.phone", value="found", reason="Есть", by=expert, now=NOW
    )
    second = visit_of(make_round(cycle, {organisation: ["common.phone"]}, at=AFTER), organisation)
    third = visit_of(make_round(cycle, {organisation: []}, at=AFTER), organisation)
    moments = history([first, second, third], "common.phone")
    told = [(one.visit, one.standing.found, one.standing.counted) for one in moments]
    assert told == [
        (third, "found", "found"), (second, "absent", "found"), (first, "absent", "found"),
    ]  # fmt: skip
