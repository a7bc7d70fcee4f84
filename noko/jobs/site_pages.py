"""Pages kept in the archive of a visit, for those who look at the evidence.

They are others' pages: shown as text alone, or given out to be saved, never drawn in ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from noko.core.refusal import Refusal
from noko.core.websites.page import Page
from noko.models import SiteVisit

MOST_LINES = 2000


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as it was read: its lines as a visitor sees them; ``marked`` are those with the
    excerpt in them. ``cut``: it has more lines than are shown."""

    page: Page
    lines: tuple[tuple[str, bool], ...]
    cut: bool


def kept_page(visit: SiteVisit, address: str) -> Page | None:
    """The page as it came, None where the archive has no such address. Refusals:
    ``no_archive``, ``wrong_digest``, those of reading an archive."""
    return next((page for page in _pages(visit) if page.address == address), None)


def as_text(page: Page, excerpt: str = "") -> KeptPage:
    """The page as text, with the lines that hold the excerpt marked."""
    from noko.core.websites.reading import read_page

    wanted = _plain(excerpt)
    read = read_page(page)
    seen = [line.text for line in read.lines if line.text.strip() and not line.hidden]
    lines = [(text, _holds(text, wanted)) for text in seen]
    return KeptPage(page, tuple(lines[:MOST_LINES]), len(lines) > MOST_LINES)


def _holds(line: str, wanted: str) -> bool:
    own = _plain(line)
    return bool(wanted) and (wanted in own or (len(own) > 3 and own in wanted))


def _plain(text: str) -> str:
    return " ".join(text.strip("… ").lower().split())


def _pages(visit: SiteVisit) -> Iterator[Page]:
    from noko.exchange.warc import read_archive
    from noko.jobs.site_archives import finder, must_be_whole

    if not visit.archive:
        raise Refusal(
            "Архива этого обхода нет.",
            kind="no_archive",
            cure="Сайт не был прочитан: посмотрите его сами.",
        )
    path = Path(settings.FILES) / visit.archive
    read = read_archive(path, finder(visit.organisation_id))
    must_be_whole(path, visit.archive_digest)
    yield from read.pages
