"""Whole sites that do their worst: each visit ends soon, is told by its reason, and calls nothing
absent that was not read.
"""

import asyncio
import gzip
import resource
import time
from collections.abc import Callable

import pytest

from noko.core.websites.findings import Inspection, Status
from noko.core.websites.page import FailureReason
from noko.core.websites.rules import SiteType
from noko.core.websites.visiting import Budget, VisitPlan
from noko.core.websites.wording import finding_words
from noko.exchange.fetching import Fetcher, Limits
from noko.exchange.network import GuardedTransport, Way
from noko.exchange.visitor import Visit, visit_home
from tests.exchange.site_server import Handler, redirect, serve
from tests.exchange.test_visitor import REGIME, Pages, inspection, site_pages, visit

PHONE = "common.phone"


def bomb(handler: Handler) -> None:
    handler.answer(200, gzip.compress(b"0" * 200_000_000, 1), Content_Encoding="gzip")


def calendar(handler: Handler) -> None:
    day = int(handler.path.partition("day=")[2] or 0)
    links = "".join(
        f"<a itemprop='addRef' href='/sveden/common?day={day + step}'>{step}</a>"
        for step in range(1, 9)
    )
    handler.answer(200, f"<h1>Календарь</h1>{links}".encode())


HOSTILE: dict[str, tuple[Pages, FailureReason]] = {
    "robots.txt that forbids all": (
        {"/robots.txt": "User-agent: *\nDisallow: /\n"},
        FailureReason.FORBIDDEN_BY_ROBOTS,
    ),
    "redirect loop": (
        {"/sveden/common": redirect("/a"), "/a": redirect("/sveden/common")},
        FailureReason.REDIRECT_LOOP,
    ),
    "two gigabytes": (
        {"/sveden/common": lambda h: h.endless(b"x" * 65536)},
        FailureReason.TOO_LARGE,
    ),
    "gzip bomb": ({"/sveden/common": bomb}, FailureReason.TOO_LARGE),
    "twenty megabytes in one line": (
        {"/sveden/common": b"<p>" + b"x " * 10_000_000},
        FailureReason.TOO_LARGE,
    ),
    "closed by the server": (
        {"/sveden/common": lambda h: h.answer(403, b"")},
        FailureReason.BLOCKED,
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_subsection_is_not_called_absent(tmp_path, name):
    bad, reason = HOSTILE[name]
    pages: Pages = site_pages() | bad
    with serve(pages) as served:
        result = visit(served, tmp_path).inspection()
    finding = result.finding(PHONE)
    assert finding.status is Status.UNCHECKED
    assert finding.failure is not None
    assert finding.failure.reason is reason
    words = finding_words(finding, result)
    assert words.seen
    assert words.cure
    assert len(served.paths) < 120


def test_endless_calendar_keeps_the_other_subsections(tmp_path):
    pages: Pages = site_pages() | {f"/sveden/common?day={n}": calendar for n in range(500)}
    pages["/sveden/common"] = calendar
    with serve(pages) as served:
        result = visit(served, tmp_path, budget=Budget(pages=40, documents=5)).inspection()
    assert sum(not path.endswith(".pdf") for path in served.paths) == 41
    assert result.finding("grants.support").status is Status.FOUND


def test_twelve_thousand_nested_tags_are_read(tmp_path):
    deep = b"<div>" * 12_000 + "<p>Тел. +7 (000) 123-45-67</p>".encode() + b"</div>" * 12_000
    pages = site_pages() | {"/sveden/common": deep}
    with serve(pages) as served:
        result = visit(served, tmp_path).inspection()
    assert result.finding(PHONE).status is Status.FOUND


def test_bombs_take_little_memory(tmp_path):
    """The most memory this process has ever had grows by much less than one bomb unpacked."""
    pages: Pages = {"/": site_pages()["/"], "*": bomb}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serve(pages) as served:
        visit(served, tmp_path, budget=Budget(pages=4, documents=0))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    # The server packs its bomb in this process too: 200 MB once, and never four times.
    assert grown < 450_000


def resolved(address: str, answers: list[str]) -> VisitPlan:
    """The visit of a site whose name leads to ``answers``."""

    async def resolver(host: str, port: int) -> list[str]:
        return answers

    async def run() -> VisitPlan:
        transport = GuardedTransport(Way(), resolver)
        fetcher = Fetcher("NokoMonitor/test", limits=Limits(1, 1, 2), transport=transport)
        plan = VisitPlan(address, REGIME, SiteType.GENERAL, Budget(5, 0))
        try:
            return await Visit(plan, fetcher, delay=0).run()
        finally:
            await fetcher.close()

    return asyncio.run(run())


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], ["10.1.2.3"], ["::1"], ["169.254.169.254"], ["::ffff:127.0.0.1"]]
)
def test_name_that_leads_into_a_closed_network_is_never_asked(answers):
    plan = resolved("http://school.example/", answers)
    assert {failure.reason for failure in plan.failures} == {FailureReason.PRIVATE_ADDRESS}
    assert judged(plan).finding(PHONE).status is Status.UNCHECKED


def judged(plan: VisitPlan) -> Inspection:
    return inspection(plan.pages, plan.documents, plan.failures)


def test_cyrillic_name_is_visited_as_dns_knows_it():
    hosts: set[str] = set()

    def home(handler: Handler) -> None:
        hosts.add(handler.headers["Host"])
        handler.answer(200, "<a href='http://школа5.рф/docs'>Документы</a>".encode())

    docs: Callable[[Handler], None] = lambda handler: handler.answer(  # noqa: E731
        200, "<h1>Документы</h1><p>Предписаний нет</p>".encode()
    )
    with serve({"/": home, "/docs": docs}) as served:

        async def run() -> VisitPlan:
            fetcher = Fetcher("NokoMonitor/test", served.way)
            try:
                return await visit_home(
                    "http://школа5.рф",
                    regime=REGIME,
                    kind=SiteType.GENERAL,
                    fetcher=fetcher,
                    delay=0,
                )
            finally:
                await fetcher.close()

        plan = asyncio.run(run())
    assert hosts == {"xn--5-7sb3aeo2d.xn--p1ai"}
    assert judged(plan).finding("document.prescriptions").status is Status.FOUND


def test_site_that_drips_its_answers_is_left(tmp_path):
    def drip(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        with_patience(handler)

    pages: Pages = {"/robots.txt": "", "*": drip}
    with serve(pages) as served:
        visited = visit(served, tmp_path)
    assert visited.reasons == {FailureReason.TIMEOUT}
    assert len(served.paths) <= 7


def with_patience(handler: Handler) -> None:
    try:
        for _ in range(20):
            handler.wfile.write(b"x")
            time.sleep(0.3)
    except OSError:
        return
