"""Rounds of visits and the frontier: who claims what, and what is written by whom."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from noko.actions import website as deeds
from noko.core.refusal import Refusal
from noko.core.websites.inspection import inspect
from noko.core.websites.page import Page
from noko.core.websites.rules import SiteType
from noko.core.websites.site import Site
from noko.models import JournalEntry, Organisation, SiteFinding, SiteHost, SiteRound, SiteVisit
from noko.queries.website_rules import get_regime
from tests.factories import make_cycle, make_organisations
from tests.racing import at_once, one_each

REGIME = get_regime("1493-2023")
DAY = date(2025, 3, 3)


def opened(number: int = 3, **more: object) -> SiteRound:
    organisations = make_organisations(number)
    return open_for(organisations, **more)


def open_for(organisations: list[Organisation], **more: object) -> SiteRound:
    return deeds.open_round(
        cycle=more.pop("cycle", None) or make_cycle(),
        organisations=organisations,
        regime=REGIME,
        on=DAY,
        by=None,
        now=timezone.now(),
        **more,
    )


def result() -> deeds.Result:
    page = Page("https://org1.example/sveden/common", "<p>Телефон: 3-11-46</p>".encode())
    site = Site([page], SiteType.GENERAL, DAY, whole=True)
    return deeds.Result(inspect(site, REGIME), "sites/1.warc.gz", "0" * 64)


@pytest.mark.django_db
def test_round_has_a_visit_for_every_organisation():
    made = opened(3)
    assert (made.number, made.status, made.regime) == (1, "open", "1493-2023")
    visits = made.visits.order_by("host").values_list("host", "state")
    assert list(visits) == [(f"org{n}.example", "waiting") for n in (1, 2, 3)]
    assert JournalEntry.objects.filter(deed="site_round.opened").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("site", "outcome", "host"),
    [
        ("", "no_site", ""),
        ("нет", "no_site", ""),
        ("сайт школы", "bad_address", ""),
        ("www.School1.ru", "", "school1.ru"),
        ("школа1.рф", "", "xn--1-7sbbn0a0b.xn--p1ai"),
    ],
)
def test_round_with_an_address_written_somehow(site, outcome, host):
    organisations = make_organisations(1)
    organisations[0].site = site
    visit = open_for(organisations).visits.get()
    assert visit.outcome == outcome
    assert (visit.state == "done") == bool(outcome)
    assert visit.host.startswith("xn--") if host.startswith("xn--") else visit.host == host


@pytest.mark.django_db
def test_round_of_nobody_is_refused():
    with pytest.raises(Refusal) as refused:
        open_for([])
    assert refused.value.kind == "no_organisations"


@pytest.mark.django_db(transaction=True)
def test_round_is_opened_once_at_a_time():
    organisations = make_organisations(2)
    cycle = make_cycle()
    done, refused = at_once(lambda: open_for(organisations, cycle=cycle))
    assert (len(done), set(refused)) == (1, {"round_is_open"})
    assert SiteVisit.objects.count() == 2


@pytest.mark.django_db
def test_frontier_is_partitioned_by_host():
    with connection.cursor() as cursor:
        cursor.execute(
            "select partstrat, partnatts from pg_partitioned_table"
            " where partrelid = 'noko_sitehost'::regclass"
        )
        assert cursor.fetchall() == [("h", 1)]
        cursor.execute(
            "select count(*) from pg_inherits where inhparent = 'noko_sitehost'::regclass"
        )
        assert cursor.fetchone() == (8,)


@pytest.mark.django_db(transaction=True)
def test_hosts_are_claimed_by_one_worker_each():
    opened(12)
    workers = [f"w{number}" for number in range(4)]
    takes = [(lambda name=name: (name, deeds.take_hosts(worker=name, limit=5))) for name in workers]
    done, refused = one_each(takes)
    hosts = [host for _, taken in done for host in taken]
    assert refused == []
    assert sorted(hosts) == sorted(f"org{n}.example" for n in range(1, 13))
    claimed = dict(SiteHost.objects.values_list("host", "claimed_by"))
    assert all(claimed[host] == name for name, taken in done for host in taken)


@pytest.mark.django_db
def test_host_of_two_organisations_is_one_claim():
    organisations = make_organisations(2)
    for number, organisation in enumerate(organisations):
        organisation.site = f"https://portal.example/school{number}/"
    made = open_for(organisations)
    assert deeds.take_hosts(worker="a", limit=10) == ["portal.example"]
    assert deeds.take_hosts(worker="b", limit=10) == []
    assert made.visits.filter(host="portal.example").count() == 2


@pytest.mark.django_db
def test_host_not_renewed_is_taken_over():
    opened(1)
    assert deeds.take_hosts(worker="killed", limit=1) == ["org1.example"]
    assert deeds.take_hosts(worker="other", limit=1) == []
    SiteHost.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert deeds.keep_hosts(worker="killed") == set()
    assert deeds.take_hosts(worker="other", limit=1) == ["org1.example"]
    assert deeds.keep_hosts(worker="other") == {"org1.example"}


@pytest.mark.django_db
def test_visit_is_written_with_its_findings():
    made = opened(1)
    deeds.take_hosts(worker="a", limit=1)
    visit = made.visits.get()
    deeds.finish(visit=visit, worker="a", result=result(), now=timezone.now())
    visit.refresh_from_db()
    assert (visit.state, visit.pages, visit.archive) == ("done", 1, "sites/1.warc.gz")
    phone = SiteFinding.objects.get(visit=visit, code="common.phone")
    assert (phone.status, phone.seen) == ("found", "text")
    assert phone.excerpt == "телефон: 3-11-46"
    assert (
        visit.found + visit.absent + visit.unchecked
        == SiteFinding.objects.exclude(status="not_applicable")
        .exclude(code="assessment.plan")
        .count()
    )


@pytest.mark.django_db
def test_visit_of_a_worker_that_lost_its_host_is_not_written():
    made = opened(1)
    deeds.take_hosts(worker="killed", limit=1)
    SiteHost.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    deeds.take_hosts(worker="other", limit=1)
    visit = made.visits.get()
    with pytest.raises(Refusal) as refused:
        deeds.finish(visit=visit, worker="killed", result=result(), now=timezone.now())
    assert refused.value.kind == "taken_over"
    assert SiteFinding.objects.count() == 0
    deeds.finish(visit=visit, worker="other", result=result(), now=timezone.now())
    with pytest.raises(Refusal):
        deeds.finish(visit=visit, worker="other", result=result(), now=timezone.now())


@pytest.mark.django_db
def test_silent_site_is_asked_again_and_then_given_up():
    made = opened(1)
    deeds.take_hosts(worker="a", limit=1)
    visit = made.visits.get()
    answers = []
    for _ in range(3):
        answers.append(deeds.put_off(visit=visit, worker="a", now=timezone.now()))
        visit.refresh_from_db()
    assert answers == [True, True, False]
    deeds.release_host(worker="a", host=visit.host)
    assert deeds.take_hosts(worker="b", limit=1) == []


@pytest.mark.django_db
def test_round_is_closed_when_nothing_waits():
    made = opened(1)
    assert deeds.close_finished(now=timezone.now()) == []
    deeds.take_hosts(worker="a", limit=1)
    deeds.finish(visit=made.visits.get(), worker="a", result=result(), now=timezone.now())
    assert [one.pk for one in deeds.close_finished(now=timezone.now())] == [made.pk]
    made.refresh_from_db()
    assert made.status == "closed"
    assert JournalEntry.objects.filter(deed="site_round.closed").count() == 1
    with pytest.raises(Refusal) as refused:
        deeds.stop_round(site_round=made, by=None, now=timezone.now())
    assert refused.value.kind == "round_is_over"


@pytest.mark.django_db
def test_round_stopped_gives_no_more_hosts():
    made = opened(2)
    deeds.stop_round(site_round=made, by=None, now=timezone.now())
    assert deeds.take_hosts(worker="a", limit=5) == []
