"""A region at a glance: what is counted, by whom it is reached, how many queries it takes."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from noko.models import Organisation, SiteFinding, SiteMark, SiteRound, SiteVisit
from noko.queries.website_overview import (
    Moved,
    Tally,
    finding_rows,
    overview,
    progress,
    round_before,
    silent_visits,
)
from noko.queries.website_rules import get_regime
from noko.queries.website_standing import standings, visits_of
from tests.factories import make_cycle, make_organisations
from tests.small_cycle import NOW

pytestmark = pytest.mark.django_db
REGIME = get_regime("1493-2023")
NAME, PHONE, PLAN = "common.full_name", "common.phone", "assessment.plan"


def make_round(cycle, number, **fields):
    at = NOW + timedelta(days=number)
    values = {"regime": REGIME.code, "rules_digest": "0" * 64, "on": at.date()}
    values |= {"status": "closed", "opened_at": at, "closed_at": at}
    return SiteRound.objects.create(cycle=cycle, number=number, **{**values, **fields})


def make_visit(site_round, organisation, *, outcome="", **statuses):
    """``statuses``: item with a dot written as two underscores → what the machine says."""
    found = {code.replace("__", "."): status for code, status in statuses.items()}
    visit = SiteVisit.objects.create(
        round=site_round,
        organisation=organisation,
        type=organisation.type,
        state="done",
        outcome=outcome,
        ready_at=NOW,
        finished_at=NOW,
        found=sum(status == "found" for code, status in found.items() if code != PLAN),
        absent=sum(status == "absent" for code, status in found.items() if code != PLAN),
    )
    SiteFinding.objects.bulk_create(
        SiteFinding(visit=visit, code=code, status=status) for code, status in found.items()
    )
    return visit


@pytest.fixture
def region():
    """Two rounds over four sites: the second one is better by one item and worse by one."""
    cycle = make_cycle()
    made = make_organisations(4)
    first, second = make_round(cycle, 1), make_round(cycle, 2)
    make_visit(first, made[0], common__full_name="absent", common__phone="found")
    make_visit(first, made[1], common__full_name="found", common__phone="found")
    make_visit(second, made[0], common__full_name="found", common__phone="found",
               assessment__plan="absent")  # fmt: skip
    make_visit(second, made[1], common__full_name="absent", common__phone="unchecked",
               assessment__plan="found")  # fmt: skip
    make_visit(second, made[2], outcome="timeout")
    make_visit(second, made[3], outcome="no_site")
    return made, first, second


def mark(visit, code, value, **fields):
    values = {"reason": "видно на сайте", "machine": "absent", "made_at": NOW, **fields}
    return SiteMark.objects.create(
        cycle=visit.round.cycle, organisation=visit.organisation, visit=visit, code=code,
        value=value, **values,
    )  # fmt: skip


def whole(site_round):
    return overview(site_round, Organisation.objects.all())


def test_overview_counts_items_of_the_order_and_the_plan_apart(region):
    _, _, second = region
    found = whole(second)
    assert (found.whole, found.plan) == (Tally(2, 1, 1), Tally(1, 1, 0))
    assert found.subsections[0].title == "Основные сведения"
    assert found.subsections[0].tally == Tally(2, 1, 1)
    assert (found.organisations, found.read, found.silent) == (4, 2, 2)


def test_overview_says_what_has_moved_since_the_round_before(region):
    _, first, second = region
    found = whole(second)
    assert (found.before, found.moved) == (first, Moved(1, 1))
    assert whole(first).before is None
    assert round_before(make_round(first.cycle, 3, regime="831-2020")) is None


def test_overview_counts_the_mark_of_an_expert_as_the_standing_does(region):
    made, _, second = region
    visit = second.visits.get(organisation=made[1])
    mark(visit, NAME, "found", status="replaced")
    mark(visit, NAME, "found")
    mark(visit, PHONE, "absent", status="withdrawn", withdrawn_at=NOW)
    assert whole(second).whole == Tally(3, 0, 1)
    held = standings(visits_of(second))
    counted = [one for each in held.values() for one in each.items if one.code != PLAN]
    assert sum(one.counted == "found" for one in counted) == 3


def test_mark_of_a_later_round_says_nothing_of_an_earlier_one(region):
    made, first, second = region
    mark(second.visits.get(organisation=made[0]), NAME, "found")
    assert whole(first).whole == Tally(3, 1, 0)


def test_overview_of_a_part_counts_that_part(region):
    made, _, second = region
    found = overview(second, Organisation.objects.filter(pk=made[1].pk))
    assert (found.whole, found.organisations) == (Tally(0, 1, 1), 1)
    assert [line.title for line in found.municipalities] == [made[1].municipality.name]


def test_items_that_may_not_be_asked_for_are_not_counted_as_unchecked(region):
    made, _, second = region
    SiteFinding.objects.filter(code=PHONE, status="unchecked").update(reason="condition_unknown")
    assert whole(second).whole == Tally(2, 1, 0)
    mark(second.visits.get(organisation=made[1]), PHONE, "absent")
    assert whole(second).whole == Tally(2, 2, 0)


def test_worst_items_are_those_absent_most_often(region):
    _, _, second = region
    (item, subsection, tally), *rest = whole(second).worst(5)
    assert (item.code, subsection.code, tally, rest) == (NAME, "common", Tally(1, 1, 0), [])


def test_progress_goes_from_the_oldest_round(region):
    _, first, second = region
    steps = progress(second, Organisation.objects.all())
    assert [step.round for step in steps] == [first, second]
    assert [(step.tally.found, step.tally.absent) for step in steps] == [(3, 1), (2, 1)]


def test_silent_sites_are_listed_with_their_cause(region):
    made, _, second = region
    rows = silent_visits(second, Organisation.objects.all())
    assert {(row.organisation, row.outcome) for row in rows} == {
        (made[2], "timeout"), (made[3], "no_site"),
    }  # fmt: skip


def test_finding_rows_hold_what_is_counted(region):
    made, _, second = region
    mark(second.visits.get(organisation=made[1]), NAME, "found")
    rows = list(finding_rows(second, Organisation.objects.filter(pk=made[1].pk)))
    assert [(row[0], row[4], row[5]) for row in rows] == [
        (made[1].short_name, PLAN, "found"),
        (made[1].short_name, NAME, "found"),
        (made[1].short_name, PHONE, "unchecked"),
    ]


def test_overview_takes_as_many_queries_for_many_as_for_few(region):
    made, _, second = region
    with CaptureQueriesContext(connection) as few:
        overview(second, Organisation.objects.filter(pk=made[0].pk))
    with CaptureQueriesContext(connection) as many:
        whole(second)
    assert len(few) == len(many) <= 7
