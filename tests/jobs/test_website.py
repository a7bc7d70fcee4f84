"""Workers that visit sites of a round on this machine, are killed, and are replaced."""

import asyncio
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from noko.actions import website as deeds
from noko.demo.websites import Owner, Style, make_site
from noko.exchange.fetching import Fetcher, Limits
from noko.exchange.kept_answers import KeptAnswers
from noko.jobs import site_worker
from noko.jobs.site_archives import last_of
from noko.jobs.site_replay import replay
from noko.models import Organisation, SiteFinding, SiteHost, SiteRound, SiteVisit
from noko.queries.website_rules import get_regime
from tests.exchange.site_server import Handler, Reply, Served, serve
from tests.factories import make_cycle, make_organisations

DAY = date(2025, 3, 3)
REGIME = get_regime("1493-2023")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _files(tmp_path: Path, settings) -> None:
    settings.FILES = tmp_path


def sites(organisations: list[Organisation], **more: object) -> dict[str, bytes]:
    """Pages of all organisations by "host/path"."""
    pages = {}
    for number, organisation in enumerate(organisations):
        owner = Owner(
            organisation.type,
            organisation.full_name,
            organisation.short_name,
            "администрация",
            organisation.address,
            "+7 (000) 123-45-67",
            "a@b.example",
            number,
        )
        made = make_site(owner, list(Style)[number % 4], on=DAY, **more)  # type: ignore[arg-type]
        for path, body in made.pages.items():
            pages[f"org{number + 1}.example{path}"] = body
    return pages


def opened(number: int) -> tuple[SiteRound, list[Organisation]]:
    organisations = make_organisations(number)
    for organisation in organisations:
        organisation.site = organisation.site.replace("https", "http")
        organisation.save()
    made = deeds.open_round(
        cycle=make_cycle(),
        organisations=organisations,
        regime=REGIME,
        on=DAY,
        by=None,
        now=timezone.now(),
    )
    return made, organisations


def work(served: Served, **more: object) -> list[str]:
    told: list[str] = []

    async def run() -> None:
        limits = Limits(connect=2, read=1, whole=3)
        fetcher = Fetcher("NokoMonitor/test", served.way, limits)
        worker = site_worker.SiteWorker(
            fetcher, delay=0, told=lambda visit: told.append(visit.host), **more
        )
        try:
            await worker.run()
        finally:
            await fetcher.close()

    asyncio.run(run())
    return told


def test_round_is_visited_to_its_end():
    made, organisations = opened(5)
    with serve(sites(organisations, absent=["common.phone"])) as served:
        told = work(served, concurrency=3)
    made.refresh_from_db()
    assert sorted(told) == [f"org{n}.example" for n in range(1, 6)]
    assert made.status == "closed"
    phones = SiteFinding.objects.filter(code="common.phone").values_list("status", flat=True)
    assert list(phones) == ["absent"] * 5
    assert not SiteHost.objects.exclude(claimed_by="").exists()


def test_round_keeps_an_archive_of_every_site():
    made, organisations = opened(2)
    with serve(sites(organisations)) as served:
        work(served)
    for visit in made.visits.all():
        path = Path(settings.FILES) / visit.archive
        assert path.is_file()
        assert len(visit.archive_digest) == 64


def test_round_judged_again_from_its_archives():
    made, organisations = opened(2)
    with serve(sites(organisations, absent=["common.email"])) as served:
        work(served)
        asked = len(served.asked)
        again = replay(source=made, regime=REGIME, on=DAY, by=None, now=timezone.now())
        assert len(served.asked) == asked
    assert (again.status, again.replay_of_id, again.number) == ("closed", made.pk, 2)
    columns = ("visit__organisation", "code", "status", "excerpt")
    order = ("visit__organisation", "code")
    before = SiteFinding.objects.filter(visit__round=made).order_by(*order).values_list(*columns)
    after = SiteFinding.objects.filter(visit__round=again).order_by(*order).values_list(*columns)
    assert list(after) == list(before)


def test_next_round_fetches_no_unchanged_page_and_can_be_judged_again():
    made, organisations = opened(1)
    pages = {key: _with_mark(body) for key, body in sites(organisations).items()}
    with serve(pages) as served:
        work(served)
        second = deeds.open_round(
            cycle=made.cycle,
            organisations=organisations,
            regime=REGIME,
            on=DAY,
            by=None,
            now=timezone.now(),
        )
        work(served)
    first, last = made.visits.get(), second.visits.get()
    assert (last.found, last.absent, last.pages) == (first.found, first.absent, first.pages)
    sizes = [(Path(settings.FILES) / one.archive).stat().st_size for one in (first, last)]
    assert sizes[1] < sizes[0]
    again = replay(source=second, regime=REGIME, on=DAY, by=None, now=timezone.now())
    assert again.visits.get().found == first.found
    (Path(settings.FILES) / first.archive).unlink()
    lost = replay(source=second, regime=REGIME, on=DAY, by=None, now=timezone.now())
    assert lost.visits.get().outcome == "broken_archive"


def _with_mark(body: bytes) -> Reply:
    def reply(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == '"1"'
        handler.answer(304 if same else 200, b"" if same else body, ETag='"1"')

    return reply


def test_changed_archive_is_not_trusted_by_the_next_round():
    made, organisations = opened(1)
    pages = {key: _with_mark(body) for key, body in sites(organisations).items()}
    with serve(pages) as served:
        work(served)
        visit = made.visits.get()
        path = Path(settings.FILES) / visit.archive
        assert kept(visit) is not None
        path.write_bytes(path.read_bytes() + b"\x00")
        assert kept(visit) is None


def kept(visit: SiteVisit) -> KeptAnswers | None:
    last = last_of(visit)
    assert last is not None
    return last.kept(timezone.now())


def test_archive_changed_is_not_judged():
    made, organisations = opened(1)
    with serve(sites(organisations)) as served:
        work(served)
    path = Path(settings.FILES) / made.visits.get().archive
    path.write_bytes(path.read_bytes() + b"\x00")
    again = replay(source=made, regime=REGIME, on=DAY, by=None, now=timezone.now())
    assert again.visits.get().outcome == "broken_archive"


def test_silent_site_waits_for_its_next_turn():
    made, organisations = opened(2)
    pages = sites(organisations)
    silent = {key: body for key, body in pages.items() if key.startswith("org1.")}
    silent["*"] = lambda handler: handler.answer(503, b"x")
    with serve(silent) as served:
        work(served)
    waiting = made.visits.get(host="org2.example")
    assert (waiting.state, waiting.attempts) == ("waiting", 1)
    made.refresh_from_db()
    assert made.status == "open"
    SiteVisit.objects.update(ready_at=timezone.now(), attempts=2)
    with serve(silent) as served:
        work(served)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.outcome) == ("done", "server_error")
    assert waiting.absent == 0


def test_two_workers_share_a_round():
    made, organisations = opened(8)
    with serve(sites(organisations)) as served:

        async def both() -> None:
            fetchers = [Fetcher("NokoMonitor/test", served.way) for _ in range(2)]
            workers = [
                site_worker.SiteWorker(fetcher, delay=0, concurrency=2) for fetcher in fetchers
            ]
            await asyncio.gather(*(worker.run() for worker in workers))
            for fetcher in fetchers:
                await fetcher.close()

        asyncio.run(both())
        homes = [one.host for one in served.asked if one.path == "/"]
    made.refresh_from_db()
    assert sorted(homes) == [f"org{n}.example" for n in range(1, 9)]
    assert made.status == "closed"


def test_killed_worker_is_replaced():
    """A worker dies with a host in its hands; the next one takes it over after the lease."""
    made, organisations = opened(2)
    deeds.take_hosts(worker="killed:1", limit=2)
    with serve(sites(organisations)) as served:
        assert work(served) == []
        SiteHost.objects.update(claimed_until=timezone.now())
        assert sorted(work(served)) == ["org1.example", "org2.example"]
    made.refresh_from_db()
    assert made.status == "closed"


def test_worker_that_lost_its_hosts_writes_nothing():
    made, organisations = opened(1)
    with serve(sites(organisations)) as served:

        async def run() -> None:
            fetcher = Fetcher("NokoMonitor/test", served.way)
            worker = site_worker.SiteWorker(fetcher, delay=0)
            await worker._claim()
            await asyncio.to_thread(_given_to_another)
            while worker._running:
                await worker._some_done()
            await worker._end(asyncio.create_task(asyncio.sleep(0)))
            await fetcher.close()

        asyncio.run(run())
    visit = made.visits.get()
    assert visit.state == "waiting"
    assert SiteFinding.objects.count() == 0
    assert list(Path(settings.FILES).rglob("*.warc*")) == []


def _given_to_another() -> None:
    SiteHost.objects.update(claimed_by="other")
    connection.close()


def test_defect_at_one_site_does_not_stop_the_others(monkeypatch):
    made, organisations = opened(2)
    whole = site_worker.inspect

    def breaks(site, regime):
        if "org1" in site.pages[0].address:
            raise ZeroDivisionError
        return whole(site, regime)

    monkeypatch.setattr(site_worker, "inspect", breaks)
    with serve(sites(organisations)) as served:
        work(served)
    outcomes = dict(made.visits.values_list("host", "outcome"))
    assert outcomes == {"org1.example": "defect", "org2.example": ""}


def test_jobs_do_not_load_what_only_visits_need():
    code = (
        "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; import django;"
        "django.setup(); import noko.jobs, sys; print([m for m in"
        " ('httpx', 'warcio', 'protego', 'selectolax', 'pypdf') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
