"""Shares on bus.gov.ru: counted by the database, in as many queries for ten as for a thousand."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from noko.models import BusgovRecord, BusgovSource, Organisation
from noko.queries import busgov as queries
from tests.factories import make_organisations
from tests.small_cycle import NOW

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def source(kind, on=TODAY):
    return BusgovSource.objects.create(
        kind=kind, on=on, file_name="файл", digest="a" * 64, loaded_at=NOW
    )


@pytest.fixture
def those():
    made = make_organisations(6)
    cards, report = source("cards"), source("report", TODAY - timedelta(days=1))
    year = TODAY - timedelta(days=365)
    days = [TODAY, year, year - timedelta(days=1), None]
    for item, changed in zip(made, days, strict=False):
        present = changed is not None
        BusgovRecord.objects.create(
            source=cards, organisation=item, present=present, changed_on=changed
        )
    for item, complete in zip(made[:5], (True, False, None, True, False), strict=True):
        BusgovRecord.objects.create(
            source=report, organisation=item, present=True, complete=complete
        )
    return made


def every():
    return queries.with_busgov(Organisation.objects.all())


def test_totals_count_what_is_known_only(those):
    totals = queries.totals(every())
    assert (totals.organisations, totals.unknown) == (6, 1)
    assert totals.present == (4, 5)  # the newer file says of the fourth that it is not there
    assert totals.fresh == (2, 3)  # a year to the day is fresh, a day more is not
    assert totals.complete == (2, 4)


def test_totals_by_municipality_add_up_to_the_whole(those):
    rows = queries.totals_by_municipality(every())
    assert sum(total.organisations for _, total in rows) == 6
    assert sum(total.complete[0] for _, total in rows) == 2


@pytest.mark.parametrize(
    ("state", "numbers"),
    [("absent", [4]), ("stale", [3]), ("incomplete", [2, 5]), ("unknown", [6]), ("differs", [])],
)
def test_filter_lists_who_is_in_a_state(those, state, numbers):
    rows = queries.filtered(every(), state=state, municipality="", type="")
    assert {item.pk for item in rows} == {those[number - 1].pk for number in numbers}


def test_evidence_about_a_merged_record_goes_on_to_the_living_one(those):
    kept, other = those[5], those[1]
    Organisation.every.filter(pk=other.pk).update(merged_into=kept, merged_at=NOW)
    assert queries.standing_of(kept).report.complete is False
    assert queries.totals(every()).unknown == 0


def test_number_of_queries_does_not_grow_with_organisations(those):
    with CaptureQueriesContext(
        connection,
    ) as few:
        queries.totals(every())
        queries.totals_by_municipality(every())
        list(queries.with_lacks(every()))
    assert len(few) == 3
