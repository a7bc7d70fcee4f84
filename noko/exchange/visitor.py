"""A visit of one site: robots.txt obeyed, one request at a time, everything kept."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Required, TypedDict, Unpack

from protego import Protego

from noko import __version__
from noko.core.websites.addresses import clean, home_address
from noko.core.websites.decoding import decode_page
from noko.core.websites.page import Document, Failure, FailureReason, Page
from noko.core.websites.reading import read_page
from noko.core.websites.rules import Regime, SiteType
from noko.core.websites.site import drawn_by_script
from noko.core.websites.visiting import Budget, VisitPlan, Wanted
from noko.exchange.chromium import ChromiumError, Renderer
from noko.exchange.document_reader import threads as document_threads
from noko.exchange.fetching import Fetcher
from noko.exchange.kept_answers import KeptAnswers
from noko.exchange.site_answers import NOT_MODIFIED, Answer, outcome_of, renewed
from noko.exchange.warc import HTML_TYPE, Expected, SiteArchive
from noko.exchange.warc_records import Origin

log = logging.getLogger(__name__)

SOFTWARE = f"НОКО {__version__}"
ROBOTS = "/robots.txt"
LARGEST_ROBOTS = 500_000
DELAY = 1.0
LONGEST_DELAY = 30.0
MANY_IN_VAIN = 5
"""After so many requests in a row without any answer the site is left alone."""
MOST_PARTS = 150
LARGEST_PARTS = 30_000_000
"""How much the scripts of one site may ask for in a visit."""
SILENT = (
    FailureReason.TIMEOUT,
    FailureReason.UNREACHABLE,
    FailureReason.NO_SUCH_HOST,
    FailureReason.PRIVATE_ADDRESS,
    FailureReason.BAD_CERTIFICATE,
    FailureReason.BLOCKED,
)

Sleep = Callable[[float], Awaitable[None]]


def agent_name(contact: str) -> str:
    """The name under which sites are visited: with a contact, so that a visit can be objected."""
    return f"NokoMonitor/{__version__} (+{contact})"


@dataclass(slots=True)
class Parts:
    """Scripts and data that drawn pages have asked for; pages of one site share them."""

    known: dict[str, Answer | None] = field(default_factory=dict)
    _bytes: int = 0

    @property
    def full(self) -> bool:
        return len(self.known) >= MOST_PARTS or self._bytes >= LARGEST_PARTS

    def note(self, address: str, answer: Answer | None) -> None:
        self.known[address] = answer
        self._bytes += len(answer.body) if answer is not None else 0


@dataclass(slots=True)
class Visit:
    """The visit of a plan's site. ``delay`` is the least time between two requests; ``kept`` are
    the answers of the last visit, ``renderer`` draws the pages that ask for JavaScript.
    """

    plan: VisitPlan
    fetcher: Fetcher
    archive: SiteArchive | None = None
    delay: float = DELAY
    sleep: Sleep = asyncio.sleep
    alive: Callable[[], bool] = lambda: True
    kept: KeptAnswers | None = None
    renderer: Renderer | None = None
    _parts: Parts = field(default_factory=Parts)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _robots: dict[str, Protego | None] = field(default_factory=dict)
    _last: float = 0.0
    _silent: int = 0

    async def run(self) -> VisitPlan:
        """Asks for everything that the plan wants. Stops when ``alive`` says no."""
        while self.alive() and (wanted := self.plan.next()) is not None:
            await self._ask(wanted)
            if self._silent >= MANY_IN_VAIN:
                self._leave()
        return self.plan

    def _leave(self) -> None:
        """The site answers nothing: what was not asked for fails for the same reason."""
        last = self.plan.failures[-1]
        known = len(self.plan.failures)
        self.plan.stop(last.reason, f"после {MANY_IN_VAIN} обращений подряд без ответа")
        for failure in self.plan.failures[known:]:
            self._note(failure)

    def _note(self, failure: Failure) -> None:
        if self.archive is not None:
            self.archive.failure(failure, self.fetcher.clock())

    async def _ask(self, wanted: Wanted) -> None:
        forbidden = await self._forbidden(wanted.address)
        if forbidden is not None:
            self._fail(forbidden)
            return
        outcome = await self._outcome(wanted)
        if isinstance(outcome, Page):
            self.plan.got_page(await self._drawn(outcome))
        elif isinstance(outcome, Document):
            self.plan.got_document(outcome)
        else:
            self._fail(outcome, told=outcome.status is not None)
            return
        self._silent = 0

    def _fail(self, failure: Failure, *, told: bool = False) -> None:
        """``told``: the archive has the answer itself and needs no separate note."""
        self._silent = self._silent + 1 if failure.reason in SILENT else 0
        self.plan.failed(failure)
        kept = told and failure.reason not in KEPT_APART
        if not kept:
            self._note(failure)

    async def _outcome(self, wanted: Wanted) -> Page | Document | Failure:
        expected = Expected.PAGE if wanted.page else Expected.DOCUMENT
        answer = await self._get(wanted.address, expected)
        if isinstance(answer, Failure):
            return answer
        if wanted.page:
            return outcome_of(answer, page=True)
        # Documents wait for their reader in threads of their own, so that nothing else waits.
        meaning = partial(outcome_of, answer, page=False)
        return await asyncio.get_running_loop().run_in_executor(document_threads, meaning)

    async def _get(self, address: str, expected: Expected) -> Answer | Failure:
        async with self._turn:
            answer = await self._asked(address, expected, self.kept)
            if isinstance(answer, Failure) or answer.status != NOT_MODIFIED or self.kept is None:
                return answer
            kept = await asyncio.to_thread(self.kept.take, answer.base)
            if kept is None:
                return await self._asked(address, expected, None)
            self._note_unchanged(answer, expected, kept[1])
            return renewed(kept[0], answer)

    async def _asked(
        self, address: str, expected: Expected, kept: KeptAnswers | None
    ) -> Answer | Failure:
        """One polite request, under conditions where there is a kept answer."""
        answer = await self.fetcher.get(
            address,
            page=expected is not Expected.DOCUMENT,
            allows=self.plan.allows,
            keep=lambda url, got, asked: self._keep(url, got, asked, expected),
            conditions=kept.conditions if kept is not None else lambda url: {},
            pause=self._wait,
        )
        self._last = time.monotonic()
        return answer

    def _keep(self, url: str, answer: Answer, asked: dict[str, str], expected: Expected) -> None:
        self._last = time.monotonic()  # the delay begins with the answer, at redirects too
        if self.archive is not None and answer.status != NOT_MODIFIED:
            self.archive.answer(url, answer, asked, expected=expected)

    def _note_unchanged(self, answer: Answer, expected: Expected, origin: Origin) -> None:
        if self.archive is None or self.kept is None:
            return
        asked = {"user-agent": self.fetcher.agent, **self.kept.conditions(answer.base)}
        self.archive.unchanged(answer.base, answer, asked, expected=expected, origin=origin)

    async def _drawn(self, page: Page) -> Page:
        """The page after its scripts, where it shows nothing without them and may be drawn."""
        if self.renderer is None or not drawn_by_script(read_page(page), self.plan.regime):
            return page
        url = page.base or page.address
        came = Answer(page.address, url, 200, {"content-type": HTML_TYPE}, _text_of(page))
        try:
            drawn = await self.renderer.draw(url, came, self._part)
        except ChromiumError as error:
            log.warning("Chromium: %s: %s", page.address, error)
            return page
        ready = replace(page, content=drawn, charset="utf-8")
        if self.archive is not None:
            self.archive.drawn(ready)
        return ready

    async def _part(self, address: str) -> Answer | None:
        """What the scripts of a page ask for: from this site alone, as politely as all else."""
        ready = clean(address)
        if ready is None or not self.plan.allows(ready):
            return None
        if ready not in self._parts.known:
            if self._parts.full or await self._forbidden(ready) is not None:
                return None
            answer = await self._get(ready, Expected.PART)
            self._parts.note(ready, answer if isinstance(answer, Answer) else None)
        return self._parts.known[ready]

    async def _wait(self) -> None:
        """At most one request in ``delay`` seconds, or as slowly as robots.txt asks."""
        delay = self.delay
        for robots in self._robots.values():
            asked = robots.crawl_delay(self.fetcher.agent) if robots is not None else None
            delay = max(delay, min(float(asked or 0), LONGEST_DELAY) if self.delay else 0)
        rest = self._last + delay - time.monotonic()
        if rest > 0 and self._last:
            await self.sleep(rest)
        self._last = time.monotonic()

    async def _forbidden(self, address: str) -> Failure | None:
        """Why the host does not want the address to be asked for, if it does not."""
        robots = await self._rules(address)
        if isinstance(robots, Failure):
            return Failure(address, robots.reason, robots.detail, robots.status)
        if robots is not None and not robots.can_fetch(address, self.fetcher.agent):
            return Failure(address, FailureReason.FORBIDDEN_BY_ROBOTS, ROBOTS)
        return None

    async def _rules(self, address: str) -> Protego | Failure | None:
        """robots.txt of the address's host: None where there is none, a failure where the host
        does not answer for it (RFC 9309: then nothing may be asked).
        """
        place = clean(ROBOTS, address) or address
        if place in self._robots:
            return self._robots[place]
        answer = await self._get(place, Expected.PAGE)
        if isinstance(answer, Failure):
            if answer.reason is FailureReason.OTHER_HOST:
                self._robots[place] = None
                return None
            return answer
        if answer.status >= 500:
            return Failure(place, FailureReason.SERVER_ERROR, f"robots.txt: код {answer.status}")
        text = answer.body[:LARGEST_ROBOTS].decode("utf-8", errors="replace")
        self._robots[place] = Protego.parse(text) if answer.status == 200 else None
        return self._robots[place]


class Means(TypedDict, total=False):
    """With what a site is visited: the fields of :class:`Visit`."""

    fetcher: Required[Fetcher]
    archive: SiteArchive | None
    delay: float
    alive: Callable[[], bool]
    kept: KeptAnswers | None
    renderer: Renderer | None


KEPT_APART = (
    FailureReason.OTHER_HOST,
    FailureReason.REDIRECT_LOOP,
    FailureReason.BAD_ADDRESS,
    FailureReason.TOO_LARGE,
)
"""Failures that are known only from several answers together: noted beside them."""


def _text_of(page: Page) -> bytes:
    """The page in UTF-8, whatever it came in."""
    return decode_page(page.content, page.charset).encode("utf-8", errors="replace")


async def visit_home(
    written: str,
    *,
    regime: Regime,
    kind: SiteType,
    budget: Budget | None = None,
    **more: Unpack[Means],
) -> VisitPlan:
    """The visit of a site by its address as people write it; ``more`` goes to :class:`Visit`.

    An address without a scheme is tried over HTTPS first, then over plain HTTP. ValueError for
    what is no address.
    """
    home = home_address(written)
    if home is None:
        raise ValueError("адреса сайта нет")
    chosen = budget or Budget()
    plan = VisitPlan(home, regime, kind, chosen)
    await Visit(plan, **more).run()
    if "://" in written or plan.pages or not _is_mute(plan):
        return plan
    plain = VisitPlan("http" + home.removeprefix("https"), regime, kind, chosen)
    await asyncio.sleep(more.get("delay", DELAY))  # the host is the same
    await Visit(plain, **more).run()
    return plain if plain.pages else plan


def _is_mute(plan: VisitPlan) -> bool:
    """Whether HTTPS itself is the trouble."""
    reasons = {failure.reason for failure in plan.failures}
    return bool(
        reasons & {FailureReason.UNREACHABLE, FailureReason.BAD_CERTIFICATE, FailureReason.TIMEOUT}
    )
