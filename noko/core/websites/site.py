"""A site as it was given, and the same read and sorted: what all checks work on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from noko.core.websites.addresses import joined
from noko.core.websites.frame import content_lines, repeated_lines
from noko.core.websites.markup import Markup, place_markup
from noko.core.websites.page import Document, Failure, FailureReason, Line, Page, PageContent
from noko.core.websites.patterns import fold
from noko.core.websites.reading import read_page
from noko.core.websites.rules import Regime, SiteType
from noko.core.websites.sections import Placement, normal_address, place_pages
from noko.core.websites.statements import Reading, make_reading

ALMOST_EMPTY = 200
"""Visible characters below which a page with scripts is taken to be drawn by them."""


@dataclass(frozen=True, slots=True)
class Site:
    """What is known of a site.

    ``whole``: it was visited, so a subsection without a page is not there; otherwise the pages
    are only those that somebody saved. ``facts`` answers conditions of the regime.
    """

    pages: Sequence[Page]
    type: SiteType
    on: date
    documents: Sequence[Document] = ()
    failures: Sequence[Failure] = ()
    facts: Mapping[str, bool] = field(default_factory=dict)
    whole: bool = False


@dataclass(slots=True)
class ReadPage:
    """A page with everything that was made of it."""

    content: PageContent
    reading: Reading
    markup: Markup
    norms: list[Line]
    drawn_by_script: bool
    not_found: bool


@dataclass(slots=True)
class ReadSite:
    """A site ready for questions; defects and feedback use it too."""

    site: Site
    regime: Regime
    placement: Placement
    pages: dict[str, ReadPage]
    read_addresses: set[str]


def read_site(site: Site, regime: Regime) -> ReadSite:
    """Reads and sorts the pages."""
    contents = [read_page(page) for page in site.pages]
    _bury(contents, site.failures)
    found = [content for content in contents if not says_not_found(content, regime)]
    repeated = repeated_lines(contents, regime)
    pages = {content.address: _read(content, regime, repeated) for content in contents}
    addresses = {normal_address(content.address) for content in contents}
    return ReadSite(site, regime, place_pages(found, regime), pages, addresses)


def _bury(contents: Sequence[PageContent], failures: Sequence[Failure]) -> None:
    """Marks links to addresses that were tried and are not there."""
    gone = (FailureReason.MISSING, FailureReason.NO_SUCH_HOST)
    dead = {normal_address(failure.address) for failure in failures if failure.reason in gone}
    for content in contents if dead else ():
        for link in content.links:
            link.dead = normal_address(joined(content.base, link.href)) in dead


def _read(content: PageContent, regime: Regime, repeated: set[str]) -> ReadPage:
    counting, norms = content_lines(content, regime, repeated)
    return ReadPage(
        content,
        make_reading(content, counting, regime.words),
        place_markup(content, regime.microdata, regime.words),
        norms,
        drawn_by_script=drawn_by_script(content, regime),
        not_found=says_not_found(content, regime),
    )


def drawn_by_script(content: PageContent, regime: Regime) -> bool:
    """Whether a page shows nothing without its scripts."""
    if content.scripts == 0 or content.visible_length > ALMOST_EMPTY * 5:
        return False
    asks = any(regime.site.needs_script.find(line.folded) for line in content.lines)
    return asks or content.visible_length < ALMOST_EMPTY


def says_not_found(content: PageContent, regime: Regime) -> bool:
    """A page of status 200 that says that there is no page: in its title or a heading."""
    heads = [line.folded for line in content.lines if 0 < line.level <= 3]
    heads.append(fold(content.title))
    if content.visible_length < ALMOST_EMPTY * 3:
        heads += [line.folded for line in content.lines if not line.frame]
    return any(regime.site.not_found.find(head) for head in heads)
