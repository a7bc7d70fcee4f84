"""A second visit of a site: what has not changed is not fetched, and can be replayed."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from noko.core.refusal import Refusal
from noko.core.websites.findings import Status
from noko.core.websites.page import FailureReason, Page
from noko.exchange.kept_answers import OLDEST, KeptAnswers, kept_answers
from noko.exchange.warc import read_archive
from noko.exchange.warc_records import NOT_MODIFIED
from tests.exchange.site_server import Handler, redirect, serve
from tests.exchange.test_visitor import Pages, Visited, inspection, site_pages, visit

NOW = datetime.now(UTC)


def cached(body: bytes, mark: str = '"1"', day: str = "") -> object:
    """A page of a server that knows conditional requests."""

    def reply(handler: Handler) -> None:
        same = handler.headers.get("If-None-Match") == mark
        same = same or (bool(day) and handler.headers.get("If-Modified-Since") == day)
        known = {"Last_Modified": day} if day else {"ETag": mark}
        handler.answer(304 if same else 200, b"" if same else body, **known)

    return reply


def all_cached(**more: object) -> Pages:
    return {path: cached(body) for path, body in site_pages(**more).items()}  # type: ignore[misc,arg-type]


def again(served: object, folder: Path, number: int, *, find: object = None) -> Visited:
    """The next visit, which knows the archive of the one before."""
    before = folder / f"{number - 1}.warc.gz"
    kept = kept_answers(before, now=NOW) if before.exists() else None
    return visit(served, folder, kept=kept, name=f"{number}.warc.gz")  # type: ignore[arg-type]


def statuses(visited: Visited) -> list[Status]:
    return [one.status for one in visited.inspection().findings]


def replayed(visited: Visited) -> list[Status]:
    kept = read_archive(visited.archive)
    return [one.status for one in inspection(kept.pages, kept.documents, kept.failures).findings]


def seen(pages: list[Page]) -> list[tuple[str, str, bytes]]:
    return [(page.address, page.base, page.content) for page in pages]


def test_revisit_of_an_unchanged_site_fetches_no_page_again(tmp_path):
    with serve(all_cached(absent=["common.phone"])) as served:
        first = again(served, tmp_path, 1)
        second = again(served, tmp_path, 2)
    assert statuses(second) == statuses(first) == replayed(second)
    assert second.archive.stat().st_size < first.archive.stat().st_size
    assert [page.content for page in second.plan.pages] == [
        page.content for page in first.plan.pages
    ]


def test_revisit_is_a_record_that_others_understand(tmp_path):
    from warcio.archiveiterator import ArchiveIterator

    with serve({"/": cached(b"<p>x</p>"), "/robots.txt": ""}) as served:
        again(served, tmp_path, 1)
        path = again(served, tmp_path, 2).archive
    with path.open("rb") as file:
        records = list(ArchiveIterator(file))
    [found] = [record.rec_headers for record in records if record.rec_type == "revisit"]
    assert found.get_header("WARC-Profile") == NOT_MODIFIED
    assert found.get_header("WARC-Refers-To-Target-URI") == "http://school.example/"
    assert found.get_header("NOKO-Refers-To-Archive") == "1.warc.gz"


def test_revisit_after_a_revisit_leads_to_the_first_archive(tmp_path):
    with serve(all_cached()) as served:
        first = again(served, tmp_path, 1)
        again(served, tmp_path, 2)
        third = again(served, tmp_path, 3)
    (tmp_path / "2.warc.gz").unlink()
    assert replayed(third) == statuses(first)


def test_revisit_sees_what_has_changed(tmp_path):
    pages = all_cached()
    with serve(pages) as served:
        again(served, tmp_path, 1)
        changed = site_pages(absent=["common.phone"])["/sveden/common"]
        pages["/sveden/common"] = cached(changed, '"2"')  # type: ignore[assignment,arg-type]
        second = again(served, tmp_path, 2)
    assert second.inspection().finding("common.phone").status is Status.ABSENT
    assert replayed(second) == statuses(second)


def test_revisit_by_the_day_of_the_last_change(tmp_path):
    day = "Mon, 03 Feb 2025 10:00:00 GMT"
    with serve({"/": cached(b"<p>x</p>", day=day)}) as served:
        again(served, tmp_path, 1)
        second = again(served, tmp_path, 2)
    page = second.plan.pages[0]
    assert (page.content, page.last_modified) == (
        b"<p>x</p>",
        datetime(2025, 2, 3, 10, tzinfo=UTC),
    )


def test_revisit_behind_a_redirect(tmp_path):
    pages: Pages = {"/": redirect("/home"), "/home": cached(b"<p>x</p>")}  # type: ignore[dict-item]
    with serve(pages) as served:
        again(served, tmp_path, 1)
        second = again(served, tmp_path, 2)
    assert second.plan.pages[0].base == "http://school.example/home"
    assert seen(read_archive(second.archive).pages) == seen(second.plan.pages)


def test_revisit_without_the_earlier_archive_is_refused(tmp_path):
    with serve({"/": cached(b"<p>x</p>")}) as served:
        again(served, tmp_path, 1)
        second = again(served, tmp_path, 2)
    (tmp_path / "1.warc.gz").unlink()
    with pytest.raises(Refusal) as refused:
        read_archive(second.archive)
    assert refused.value.kind == "no_earlier"


def test_revisit_of_a_broken_archive_asks_for_everything(tmp_path):
    with serve({"/": cached(b"<p>x</p>")}) as served:
        first = again(served, tmp_path, 1)
        first.archive.write_bytes(first.archive.read_bytes()[:-40])
        second = again(served, tmp_path, 2)
    assert second.plan.pages[0].content == b"<p>x</p>"


def test_revisit_whose_archive_is_lost_in_between_asks_again(tmp_path):
    with serve({"/": cached(b"<p>x</p>"), "/robots.txt": ""}) as served:
        first = again(served, tmp_path, 1)
        kept = kept_answers(first.archive, now=NOW)
        first.archive.unlink()
        second = visit(served, tmp_path, kept=kept, name="2.warc.gz")
        asked = served.paths.count("/")
    assert second.plan.pages[0].content == b"<p>x</p>"
    assert asked == 3
    assert seen(read_archive(second.archive).pages) == seen(second.plan.pages)


def test_revisit_believes_no_server_for_ever(tmp_path):
    with serve({"/": cached(b"<p>x</p>")}) as served:
        first = again(served, tmp_path, 1)
    late = kept_answers(first.archive, now=NOW + OLDEST + timedelta(days=1))
    assert late.conditions("http://school.example/") == {}


def test_unasked_not_modified_says_nothing_of_the_page(tmp_path):
    with serve({"*": lambda handler: handler.answer(304)}) as served:
        visited = visit(served, tmp_path)
    assert FailureReason.MISSING not in visited.reasons


def test_kept_answers_of_no_archive_are_none(tmp_path):
    assert isinstance(kept_answers(tmp_path / "no.warc.gz", now=NOW), KeptAnswers)
