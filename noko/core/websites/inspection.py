"""The inspection of a site: its pages, documents and failures in; findings and defects out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from noko.core.websites.addresses import joined
from noko.core.websites.beside import judge_beside
from noko.core.websites.defects import find_defects
from noko.core.websites.feedback import find_channels, find_special_version
from noko.core.websites.findings import (
    Evidence,
    Finding,
    Inspection,
    Reason,
    Seen,
    Status,
    SubsectionPages,
)
from noko.core.websites.markup import Placed, matching
from noko.core.websites.page import Failure, FailureReason, Link, PageContent
from noko.core.websites.patterns import Patterns, fold
from noko.core.websites.rules import Item, Regime, Subsection
from noko.core.websites.searching import EXCERPT, Search, under
from noko.core.websites.sections import (
    goes_on,
    normal_address,
    subsection_of_address,
    unread_links,
)
from noko.core.websites.site import ReadPage, ReadSite, Site, read_site


def inspect(site: Site, regime: Regime) -> Inspection:
    """Judges every item of the regime for the site."""
    read = read_site(site, regime)
    inspector = _Inspector(read)
    findings = tuple(inspector.judge(sub, item) for sub in regime.subsections for item in sub.items)
    special = find_special_version(read)
    return Inspection(
        regime=regime,
        type=site.type,
        on=site.on,
        findings=findings,
        defects=tuple(find_defects(read, findings, special)),
        subsections=tuple(inspector.pages_of(sub) for sub in regime.subsections),
        channels=find_channels(read),
        special_version=special,
        pages=tuple(read.pages),
        failures=tuple(site.failures),
        beside=tuple(judge_beside(read, item) for sub in regime.beside for item in sub.items),
    )


@dataclass(slots=True)
class _Inspector:
    read: ReadSite

    def pages_of(self, subsection: Subsection) -> SubsectionPages:
        own = self.read.placement.all_of(subsection.code)
        failure = None if own else self._failure(subsection)
        linked = subsection.code in self.read.placement.menu
        return SubsectionPages(subsection, tuple(page.address for page in own), failure, linked)

    def judge(self, subsection: Subsection, item: Item) -> Finding:
        """The verdict on one item: what was seen first of all, then why it was not."""
        if not self._applies(subsection, item):
            return Finding(item, Status.NOT_APPLICABLE)
        own = self.read.placement.all_of(subsection.code)
        looked_at = tuple(page.address for page in own)
        evidence = tuple(self._evidence(subsection, item, own))
        if evidence:
            return Finding(item, Status.FOUND, _seen(evidence), evidence, looked_at=looked_at)
        if item.condition and self.read.site.facts.get(item.condition) is False:
            return Finding(item, Status.NOT_APPLICABLE, looked_at=looked_at)
        doubt = self._doubt(subsection, item, own)
        if doubt is not None:
            reason, failure, note = doubt
            return Finding(
                item,
                Status.UNCHECKED,
                reason=reason,
                failure=failure,
                looked_at=looked_at,
                note=note,
            )
        return Finding(item, Status.ABSENT, looked_at=looked_at)

    def _applies(self, subsection: Subsection, item: Item) -> bool:
        site = self.read.site
        return site.type in subsection.types and site.type in item.types and item.in_force(site.on)

    def _evidence(
        self, subsection: Subsection, item: Item, own: list[PageContent]
    ) -> Iterator[Evidence]:
        pages = self.read.pages
        for content in own:
            page = pages[content.address]
            marked = next(self._marked(item, page), None)
            if marked is not None:
                yield marked
            search = Search(
                item.sign, page.reading, self.read.regime.words, False, subsection.mixed
            )
            written = search.evidence()
            if written is not None:
                yield written
            if marked is not None or written is not None:
                return
        if not item.sign.anywhere:
            return
        for page in pages.values():
            if page.content in own or page.not_found:
                continue
            search = Search(item.sign, page.reading, self.read.regime.words, elsewhere=True)
            written = search.evidence()
            if written is not None:
                yield written
                return

    def _marked(self, item: Item, page: ReadPage) -> Iterator[Evidence]:
        heads = page.reading.heads
        slug = self.read.regime.subsection_of[item.code].slug
        alone = self.read.regime.alone.get(slug, frozenset())
        found = [
            pair for pair in matching(item, page.markup, alone) if pair[0].marked.line not in heads
        ]
        found.sort(key=lambda pair: (not pair[1], not pair[0].marked.text))
        for placed, official in found:
            yield _marked_evidence(page, placed, official)

    def _doubt(
        self, subsection: Subsection, item: Item, own: list[PageContent]
    ) -> tuple[Reason, Failure | None, str] | None:
        """Why an unseen item is not simply absent."""
        pages = [self.read.pages[content.address] for content in own]
        if not own:
            return self._no_page(subsection)
        if any(page.drawn_by_script for page in pages):
            return Reason.NEEDS_JAVASCRIPT, None, ""
        for page in pages:
            for address in self._unread(subsection, item, page):
                return Reason.PAGE_NOT_READ, None, address
        if item.condition and item.condition not in self.read.site.facts:
            return Reason.CONDITION_UNKNOWN, None, self.read.regime.conditions[item.condition]
        if item.sign.kind != "document" and any(self._in_picture(item, page) for page in pages):
            return Reason.PICTURE_ONLY, None, ""
        return None

    def _no_page(self, subsection: Subsection) -> tuple[Reason, Failure | None, str] | None:
        """No page of the subsection: it failed, was not given, or is really not there."""
        failure = self._failure(subsection)
        if failure is not None and failure.reason is not FailureReason.MISSING:
            return Reason.FAILURE, failure, ""
        if self.read.site.whole:
            return self._whole_site_doubt()
        return None if failure is not None else (Reason.PAGE_NOT_GIVEN, None, "")

    def _whole_site_doubt(self) -> tuple[Reason, Failure | None, str] | None:
        pages = self.read.pages.values()
        if pages and all(page.not_found for page in pages):
            return Reason.SITE_ANSWERS_NOT_FOUND, None, ""
        if pages and all(page.drawn_by_script for page in pages):
            return Reason.NEEDS_JAVASCRIPT, None, ""
        blocking = [f for f in self.read.site.failures if f.reason is not FailureReason.MISSING]
        if not pages and blocking:
            return Reason.FAILURE, blocking[0], ""
        return None

    def _failure(self, subsection: Subsection) -> Failure | None:
        """The failure of the subsection's own address or of the one that the menu names."""
        regime = self.read.regime
        linked = {
            normal_address(joined(content.base, link.href))
            for content, link in self.read.placement.menu.get(subsection.code, ())
        }
        for failure in self.read.site.failures:
            own = subsection_of_address(failure.address, regime) == subsection.code
            if own or normal_address(failure.address) in linked:
                return failure
        return None

    def _unread(self, subsection: Subsection, item: Item, page: ReadPage) -> Iterator[str]:
        """Pages of the site that the subsection goes on to, or that are named like the item."""
        named = item.sign.labels if item.sign.kind != "document" else Patterns()

        def wanted(link: Link) -> bool:
            further = goes_on(link, page.content, subsection)
            return further or bool(named.find(fold(link.text)))

        lines = set(page.reading.around)
        return unread_links(page.content, self.read.read_addresses, lines, wanted)

    def _in_picture(self, item: Item, page: ReadPage) -> bool:
        """A heading of the item with nothing but a picture below it."""
        for statement in page.reading.statements:
            if statement.heading and item.sign.labels.find(statement.label):
                below = statement.lines[:3]
                if any(line.images for line in below) and not any(line.text for line in below):
                    return True
        return False


def _seen(evidence: tuple[Evidence, ...]) -> Seen:
    kinds = {one.markup for one in evidence}
    if len(kinds) == 2:
        return Seen.BOTH
    return Seen.MARKUP if kinds == {True} else Seen.TEXT


def _marked_evidence(page: ReadPage, placed: Placed, official: bool) -> Evidence:
    marked = placed.marked
    above = page.reading.around.get(marked.line, ())
    return Evidence(
        page.content.address,
        f'{under(above)}строка {marked.line + 1}, {marked.attribute}="{marked.written[:60]}"',
        (marked.text or next((link.href or "" for link in marked.links), ""))[:EXCERPT],
        markup=True,
        by=marked.name,
        negative=placed.value.negative,
        official=official,
    )
