"""What to ask a site for, in which order, and when to stop: the plan of one visit.

The plan is pure: it is told what came and says what is wanted next. Every site is bounded by its
budget, whatever it answers: a calendar without end is a few pages like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from noko.core.websites.addresses import clean, family, host_of, parts_of
from noko.core.websites.page import Document, Failure, FailureReason, Link, Page, PageContent
from noko.core.websites.patterns import fold
from noko.core.websites.reading import read_page
from noko.core.websites.rules import Regime, SiteType, Subsection
from noko.core.websites.sections import (
    FILE_ENDINGS,
    bare,
    leads_to_page,
    subsection_of_address,
    titles_of,
)
from noko.core.websites.site import says_not_found

SECTION_WORDS = "сведения об образовательной организации"
READ_KINDS = ("pdf", "docx", "odt", "xlsx", "ods")
"""Documents whose text is taken out; others are asked for only to see that they are there."""


class Turn(IntEnum):
    """What is asked for first when the budget is short."""

    HOME = 0
    SECTION = 1
    SUBSECTION = 2
    MENU = 3
    FURTHER = 4
    DOCUMENT = 5


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that one visit asks for."""

    pages: int = 60
    documents: int = 30


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address to ask for. ``page``: HTML is expected."""

    address: str
    page: bool = True


@dataclass(slots=True)
class VisitPlan:
    """The visit of one site from its ``home``; hosts are those that may be asked."""

    home: str
    regime: Regime
    type: SiteType
    budget: Budget = Budget()
    pages: list[Page] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    _queue: dict[str, tuple[int, int, bool]] = field(default_factory=dict)
    _known: set[str] = field(default_factory=set)
    _asked: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _answered: set[str] = field(default_factory=set)
    _menu: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._want(self.home, Turn.HOME)

    @property
    def hosts(self) -> frozenset[str]:
        """The registry's host with and without ``www.``: nothing else is visited."""
        bare_host = family(host_of(self.home))
        return frozenset({bare_host, f"www.{bare_host}"})

    def allows(self, address: str) -> bool:
        return host_of(address) in self.hosts

    def next(self) -> Wanted | None:
        """The next address, or None when nothing is wanted or the budget is spent."""
        while self._queue:
            address = min(self._queue, key=self._queue.__getitem__)
            turn, _, page = self._queue.pop(address)
            if self._is_needless(address, turn):
                continue
            limit = self.budget.pages if page else self.budget.documents
            if self._asked[page] >= limit:
                self._over(address, turn)
                continue
            self._asked[page] += 1
            return Wanted(address, page)
        return None

    def _is_needless(self, address: str, turn: int) -> bool:
        """A menu's other address of a subsection that has answered already."""
        code = self._menu.get(address)
        return turn == Turn.MENU and code is not None and code in self._answered

    def _over(self, address: str, turn: int) -> None:
        if turn in (Turn.SUBSECTION, Turn.MENU):
            self.failures.append(Failure(address, FailureReason.BUDGET))

    def got_page(self, page: Page) -> None:
        """A page came: its links are the next wishes."""
        self.pages.append(page)
        content = read_page(page)
        code = subsection_of_address(page.address, self.regime)
        if code and not says_not_found(content, self.regime):
            self._answered.add(code)
        if page.address == self.home:
            self._want_section()
        self._follow(content, page, code)

    def got_document(self, document: Document) -> None:
        self.documents.append(document)

    def failed(self, failure: Failure) -> None:
        """An address gave nothing. Without a first page the section may still be there."""
        self.failures.append(failure)
        if failure.address == self.home and failure.reason is FailureReason.MISSING:
            self._want_section()

    def stop(self, reason: FailureReason, detail: str) -> None:
        """The visit ends early: subsections that were not asked for could not be checked."""
        for address, (turn, _, _) in self._queue.items():
            if turn in (Turn.SUBSECTION, Turn.MENU) and not self._is_needless(address, turn):
                self.failures.append(Failure(address, reason, detail))
        self._queue.clear()

    def _want_section(self) -> None:
        path = self.regime.section.path
        self._want(f"/{path}", Turn.SECTION)
        for subsection in self.regime.subsections:
            if self.type in subsection.types:
                self._want(f"/{path}/{subsection.slug}", Turn.SUBSECTION)

    def _want(self, address: str, turn: Turn, base: str = "", *, page: bool = True) -> None:
        ready = clean(address, base or self.home)
        key = (ready or "").rstrip("/")
        if ready is None or not self.allows(ready) or key in self._known:
            return
        self._known.add(key)
        self._queue[ready] = (turn, len(self._known), page)

    def _follow(self, content: PageContent, page: Page, code: str | None) -> None:
        base = page.base or page.address
        titles = titles_of(self.regime)
        own = next((sub for sub in self.regime.subsections if sub.code == code), None)
        if own is None:
            own = self._by_menu(page.address)
        for link in content.links:
            if not link.alive or not link.href:
                continue
            named = titles.get(bare(link.text))
            if named is not None:
                self._want_named(link, base, named)
            elif SECTION_WORDS in fold(link.text):
                self._want(link.href, Turn.SECTION, base)
            elif self.regime.site.assessment.find(fold(link.text)) and leads_to_page(link):
                self._want(link.href, Turn.FURTHER, base)
            elif own is not None and not link.frame:
                self._want_further(link, base, own)
        for link in _additional(content):
            self._want(link.href or "", Turn.FURTHER, base)
        if content.refresh:
            self._want(content.refresh, Turn.MENU, base)

    def _by_menu(self, address: str) -> Subsection | None:
        code = self._menu.get(address)
        return next((sub for sub in self.regime.subsections if sub.code == code), None)

    def _want_named(self, link: Link, base: str, code: str) -> None:
        ready = clean(link.href or "", base)
        if ready is not None and self.allows(ready):
            self._menu.setdefault(ready, code)
            self._want(ready, Turn.MENU)

    def _want_further(self, link: Link, base: str, own: Subsection) -> None:
        """Documents of the subsection's items, and pages that it goes on to."""
        folded, href = fold(link.text), link.href or ""
        ending = parts_of(href).path.rpartition(".")[2].lower()
        if ending in FILE_ENDINGS:
            if ending in READ_KINDS and any(i.sign.documents.find(folded) for i in own.items):
                self._want(href, Turn.DOCUMENT, base, page=False)
            return
        labels = (item.sign.labels for item in own.items if item.sign.kind != "document")
        if own.follow.find(folded) or any(patterns.find(folded) for patterns in labels):
            self._want(href, Turn.FURTHER, base)


def _additional(content: PageContent) -> Iterator[Link]:
    """Links marked as the continuation of a subsection, ten at most as the algorithm says."""
    marked = (mark for mark in content.marked if mark.name == "addRef")
    links = [link for mark in marked for link in mark.links if link.alive]
    yield from links[:10]
