"""A whole site visited on this machine: what is asked, what is kept, what is found again later."""

import asyncio
import gzip
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from noko.core.refusal import Refusal
from noko.core.websites.findings import Inspection, Reason, Status
from noko.core.websites.inspection import inspect
from noko.core.websites.page import FailureReason
from noko.core.websites.rules import SiteType
from noko.core.websites.site import Site
from noko.core.websites.visiting import Budget, VisitPlan
from noko.demo.websites import Flaw, Owner, Style, make_site
from noko.exchange.fetching import Fetcher, Limits
from noko.exchange.visitor import Visit
from noko.exchange.warc import SiteArchive, read_archive
from noko.queries.website_rules import get_regime
from tests.exchange.site_server import Handler, Reply, Served, redirect, serve

HOME = "http://school.example/"
DAY = date(2025, 3, 3)
REGIME = get_regime("1493-2023")
FACTS = dict.fromkeys(REGIME.conditions, True)
OWNER = Owner(
    "general",
    "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 5»",
    "МБОУ СШ № 5",
    "администрация города Зареченска",
    "123456, г. Зареченск, ул. Школьная, д. 5",
    "+7 (000) 123-45-67",
    "school5@example.org",
)
Pages = dict[str, bytes | str | Reply]


@dataclass(frozen=True, slots=True)
class Visited:
    plan: VisitPlan
    waits: list[float]
    archive: Path

    @property
    def reasons(self) -> set[FailureReason]:
        return {failure.reason for failure in self.plan.failures}

    def inspection(self) -> Inspection:
        return inspection(self.plan.pages, self.plan.documents, self.plan.failures)


def inspection(pages, documents, failures) -> Inspection:
    site = Site(pages, SiteType.GENERAL, DAY, documents, failures, FACTS, whole=True)
    return inspect(site, REGIME)


def visit(
    served: Served,
    folder: Path,
    *,
    budget: Budget | None = None,
    delay: float = 0.0,
    name: str = "visit.warc.gz",
    **more: Any,
) -> Visited:
    plan = VisitPlan(HOME, REGIME, SiteType.GENERAL, budget or Budget())
    archive = SiteArchive(folder / name, software="test", home=HOME)
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async def run() -> None:
        limits = Limits(connect=2, read=1, whole=3)
        fetcher = Fetcher("NokoMonitor/test (+mailto:test@example.org)", served.way, limits)
        try:
            await Visit(plan, fetcher, archive, delay=delay, **{"sleep": sleep} | more).run()
        finally:
            await fetcher.close()

    asyncio.run(run())
    archive.close()
    return Visited(plan, waits, archive.path)


def site_pages(**more: object) -> Pages:
    site = make_site(OWNER, Style.LABELS, on=DAY, **more)  # type: ignore[arg-type]
    return dict(site.pages)


def test_visit_finds_what_the_site_has(tmp_path):
    site = make_site(OWNER, Style.TABLES, on=DAY, absent=["document.charter", "common.phone"])
    pages: Pages = dict(site.pages) | {"*": answer_files}
    with serve(pages) as served:
        visited = visit(served, tmp_path)
    got = {one.item.code: one.status.value for one in visited.inspection().findings}
    expected = dict.fromkeys(site.present, "found") | dict.fromkeys(site.absent, "absent")
    assert {code: got[code] for code in expected} == expected


def test_visit_finds_that_documents_are_not_there(tmp_path):
    with serve(site_pages()) as served:
        result = visit(served, tmp_path).inspection()
    assert result.finding("document.charter").status is Status.ABSENT
    broken = [one.subject for one in result.defects if one.kind.value == "broken_link"]
    assert "/files/document_charter.pdf" in broken


def answer_files(handler: Handler) -> None:
    if handler.path.endswith(".pdf"):
        handler.answer(200, b"%PDF-1.4\n%%EOF", "application/pdf")
    else:
        handler.answer(404, b"<h1>404</h1>")


def test_visit_asks_robots_first_and_one_at_a_time(tmp_path):
    with serve(site_pages()) as served:
        visited = visit(served, tmp_path, delay=1.0)
    assert served.paths[:3] == ["/robots.txt", "/", "/sveden"]
    assert len(served.paths) == len(set(served.paths))
    assert len(visited.waits) == len(served.paths) - 1
    assert min(visited.waits) > 0.5


def test_visit_waits_before_every_step_of_a_redirect(tmp_path):
    pages: Pages = {"/": redirect("/a"), "/a": redirect("/b"), "/b": "x"}
    with serve(pages) as served:
        visited = visit(served, tmp_path, delay=1.0)
    assert served.paths[:4] == ["/robots.txt", "/", "/a", "/b"]
    assert len(visited.waits) == len(served.paths) - 1


def test_visit_waits_after_a_slow_step_of_a_redirect(tmp_path):
    def slowly(handler: Handler) -> None:
        time.sleep(0.4)
        handler.answer(302, b"", Location="/a")

    with serve({"/robots.txt": "", "/": slowly, "/a": "x"}) as served:
        visit(served, tmp_path, delay=0.3, sleep=asyncio.sleep, budget=Budget(1, 0))
    at = {one.path: one.at for one in served.asked}
    assert at["/a"] - at["/"] > 0.65


def test_visit_obeys_robots_that_forbid_all(tmp_path):
    pages = site_pages() | {"/robots.txt": "User-agent: *\nDisallow: /\n"}
    with serve(pages) as served:
        visited = visit(served, tmp_path)
    assert served.paths == ["/robots.txt"]
    finding = visited.inspection().finding("common.phone")
    assert (finding.status, finding.failure.reason) == (
        Status.UNCHECKED,
        FailureReason.FORBIDDEN_BY_ROBOTS,
    )


def test_visit_obeys_robots_for_a_part(tmp_path):
    pages = site_pages() | {"/robots.txt": "User-agent: NokoMonitor\nDisallow: /sveden/common\n"}
    with serve(pages) as served:
        result = visit(served, tmp_path).inspection()
    assert "/sveden/common" not in served.paths
    assert result.finding("common.phone").reason is Reason.FAILURE
    assert result.finding("grants.support").status is Status.FOUND


def test_visit_waits_as_robots_ask(tmp_path):
    pages = site_pages() | {"/robots.txt": "User-agent: *\nCrawl-delay: 7\n"}
    with serve(pages) as served:
        visited = visit(served, tmp_path, delay=1.0)
    assert min(visited.waits[1:]) > 6


def test_visit_without_an_answer_for_robots_asks_nothing(tmp_path):
    pages = site_pages() | {"/robots.txt": lambda handler: handler.answer(500, b"x")}
    with serve(pages) as served:
        visited = visit(served, tmp_path)
    assert set(served.paths) == {"/robots.txt"}
    assert visited.reasons == {FailureReason.SERVER_ERROR}


def test_visit_leaves_a_silent_site_alone(tmp_path):
    pages: Pages = {"/robots.txt": "", "*": lambda handler: handler.answer(403, b"no")}
    with serve(pages) as served:
        visited = visit(served, tmp_path)
    assert len(served.paths) <= 8
    assert {one.status for one in visited.inspection().findings} <= {
        Status.UNCHECKED,
        Status.NOT_APPLICABLE,
    }


def test_visit_that_stops_early_calls_nothing_absent(tmp_path):
    pages = site_pages()
    common = pages["/sveden/common"]
    pages = {"/": pages["/"], "/sveden/common": common, "*": lambda h: h.answer(403, b"")}
    with serve(pages) as served:
        result = visit(served, tmp_path).inspection()
    assert result.finding("document.charter").status is Status.UNCHECKED


def test_visit_of_an_endless_calendar_is_bounded(tmp_path):
    def calendar(handler: Handler) -> None:
        day = int(handler.path.partition("day=")[2] or 0)
        links = "".join(
            f"<a href='/sveden/employees?day={day + step}'>Учителя, день {day + step}</a>"
            for step in (1, 2, 3)
        )
        handler.answer(200, f"<h1>Календарь</h1>{links}".encode())

    pages: Pages = {"/": "<a href='/sveden/employees'>Педагогический состав</a>", "*": calendar}
    with serve(pages) as served:
        visit(served, tmp_path, budget=Budget(pages=25, documents=5))
    assert len(served.paths) == 26


def test_visit_of_a_site_that_answers_not_found_to_everything(tmp_path):
    with serve({"*": "<title>Страница не найдена</title><h1>Страница не найдена</h1>"}) as served:
        result = visit(served, tmp_path).inspection()
    assert {one.reason for one in result.of_status(Status.UNCHECKED)} == {
        Reason.SITE_ANSWERS_NOT_FOUND
    }
    assert result.of_status(Status.ABSENT) == ()


def test_visit_follows_redirects_and_the_menu(tmp_path):
    body = "<h1>Основные сведения</h1><p>Тел. +7 (000) 123-45-67</p><a href='u.pdf'>Устав</a>"
    pages: Pages = {
        "/": "<a href='/o-nas'>Документы</a>",
        "/sveden/common": redirect("/info/common"),
        "/info/common": body,
        "/o-nas": "<h1>Документы</h1><p>Предписаний нет</p>",
    }
    with serve(pages) as served:
        result = visit(served, tmp_path).inspection()
    assert result.finding("common.phone").status is Status.FOUND
    assert result.finding("document.prescriptions").status is Status.FOUND
    addresses = [d.subject for d in result.defects if d.kind.value == "wrong_address"]
    assert addresses == ["o-nas"]


def test_visit_follows_meta_refresh(tmp_path):
    pages: Pages = {
        "/": "<meta http-equiv='refresh' content='0;url=/home'><p>x",
        "/home": "<a href='/docs'>Документы</a>",
        "/docs": "<h1>Документы</h1><p>Предписаний нет</p>",
    }
    with serve(pages) as served:
        result = visit(served, tmp_path).inspection()
    assert result.finding("document.prescriptions").status is Status.FOUND


def test_visit_reads_the_pages_that_a_subsection_goes_on_to(tmp_path):
    pages: Pages = {
        "/": "x",
        "/sveden/employees": "<a href='/people'>Персональный состав педагогических работников</a>",
        "/people": "<table><tr><th>ФИО<th>Преподаваемые предметы<th>Должность"
        "<tr><td>Орлова Нина Петровна<td>физика<td>учитель</table>",
        "/sveden/education": "<a itemprop='addRef' href='/sveden/education/2'>далее</a>",
        "/sveden/education/2": "<p>Нормативный срок обучения: 4 года</p>",
    }
    with serve(pages) as served:
        result = visit(served, tmp_path).inspection()
    assert result.finding("employees.subjects").status is Status.FOUND
    assert result.finding("education.terms").status is Status.FOUND


def test_visit_never_leaves_the_site(tmp_path):
    pages: Pages = {
        "/": "<a href='http://other.example/x'>Документы</a><a href='http://127.0.0.1/'>Структура"
        " и органы управления</a><a href='//evil.example/'>Образование</a>",
        "/sveden/document": redirect("http://other.example/sveden/document"),
    }
    with serve(pages) as served:
        visited = visit(served, tmp_path)
    assert {one.host for one in served.asked} == {"school.example"}
    assert FailureReason.OTHER_HOST in visited.reasons


def test_visit_of_both_names_of_a_site(tmp_path):
    pages: Pages = {
        "school.example/": redirect("http://www.school.example/"),
        "www.school.example/": "<a href='/docs'>Документы</a>",
        "*": "<h1>Документы</h1><p>Предписаний нет</p>",
    }
    with serve(pages) as served:
        visited = visit(served, tmp_path)
    assert FailureReason.OTHER_HOST not in visited.reasons
    assert visited.inspection().finding("document.prescriptions").status is Status.FOUND


def test_archive_gives_the_same_findings_without_a_visit(tmp_path):
    flaws = [Flaw.OLD_CHARSET, Flaw.STALE, Flaw.WRONG_SLUG]
    pages = site_pages(absent=["common.phone"], missing=["inter"], flaws=flaws)
    pages["/sveden/grants"] = lambda handler: time.sleep(2)
    with serve(pages) as served:
        visited = visit(served, tmp_path)
    kept = read_archive(visited.archive)
    before = visited.inspection()
    after = inspection(kept.pages, kept.documents, kept.failures)
    assert [one.status for one in after.findings] == [one.status for one in before.findings]
    assert [one.evidence for one in after.findings] == [one.evidence for one in before.findings]
    assert after.defects == before.defects
    assert {one.reason for one in kept.failures} == visited.reasons


def test_archive_can_be_judged_by_other_rules(tmp_path):
    with serve(site_pages()) as served:
        visited = visit(served, tmp_path)
    kept = read_archive(visited.archive)
    site = Site(kept.pages, SiteType.GENERAL, date(2016, 9, 4), whole=True)
    result = inspect(site, get_regime("785-2014"))
    assert result.finding("common.phone").status is Status.FOUND


def test_archive_is_a_warc_that_others_read(tmp_path):
    from warcio.archiveiterator import ArchiveIterator

    with serve({"/": "<p>x</p>"}) as served:
        path = visit(served, tmp_path).archive
    with path.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file, check_digests=False)]
    assert kinds[:3] == ["warcinfo", "response", "request"]
    assert kinds.count("response") == kinds.count("request") == len(served.paths)


def test_archive_changed_is_refused(tmp_path):
    with serve({"/": "<p>" + "правда " * 50}) as served:
        path = visit(served, tmp_path).archive
    forged = tmp_path / "forged.warc"
    whole = gzip.decompress(path.read_bytes())
    forged.write_bytes(whole.replace("правда".encode(), "кривда".encode()))
    with pytest.raises(Refusal) as refused:
        read_archive(forged)
    assert refused.value.kind == "wrong_digest"


@pytest.mark.parametrize("content", [b"not a warc", b"\x1f\x8b\x08\x00broken"])
def test_archive_broken_is_refused(tmp_path, content):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        read_archive(path)
    assert refused.value.kind == "broken_archive"


def test_archive_empty_has_nothing(tmp_path):
    path = tmp_path / "x.warc.gz"
    path.write_bytes(b"")
    assert read_archive(path).pages == []


def test_archive_unfinished_has_no_name(tmp_path):
    archive = SiteArchive(tmp_path / "a.warc.gz", software="test", home=HOME)
    assert not archive.path.exists()
    archive.discard()
    assert list(tmp_path.iterdir()) == []
