"""A visit of one site: robots.txt obeyed, one request at a time, everything kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

from protego import Protego

from noko import __version__
from noko.core.websites.addresses import clean, home_address
from noko.core.websites.page import Document, Failure, FailureReason, Page
from noko.core.websites.rules import Regime, SiteType
from noko.core.websites.visiting import Budget, VisitPlan, Wanted
from noko.exchange.document_reader import threads as document_threads
from noko.exchange.fetching import Fetcher
from noko.exchange.site_answers import Answer, outcome_of
from noko.exchange.warc import SiteArchive

SOFTWARE = f"НОКО {__version__}"
ROBOTS = "/robots.txt"
LARGEST_ROBOTS = 500_000
LONGEST_DELAY = 30.0
MANY_IN_VAIN = 5
"""After so many requests in a row without any answer the site is left alone."""
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
class Visit:
    """The visit of a plan's site. ``delay`` is the least time between two requests."""

    plan: VisitPlan
    fetcher: Fetcher
    archive: SiteArchive | None = None
    delay: float = 1.0
    sleep: Sleep = asyncio.sleep
    alive: Callable[[], bool] = lambda: True
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
        robots = await self._rules(wanted.address)
        if isinstance(robots, Failure):
            self._fail(Failure(wanted.address, robots.reason, robots.detail, robots.status))
            return
        if robots is not None and not robots.can_fetch(wanted.address, self.fetcher.agent):
            self._fail(Failure(wanted.address, FailureReason.FORBIDDEN_BY_ROBOTS, ROBOTS))
            return
        outcome = await self._outcome(wanted)
        if isinstance(outcome, Page):
            self.plan.got_page(outcome)
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
        answer = await self._get(wanted.address, page=wanted.page)
        if isinstance(answer, Failure):
            return answer
        if wanted.page:
            return outcome_of(answer, page=True)
        # Documents wait for their reader in threads of their own, so that nothing else waits.
        meaning = partial(outcome_of, answer, page=False)
        return await asyncio.get_running_loop().run_in_executor(document_threads, meaning)

    async def _get(self, address: str, *, page: bool) -> Answer | Failure:
        await self._wait()
        answer = await self.fetcher.get(
            address,
            page=page,
            allows=self.plan.allows,
            keep=lambda url, got, asked: self._keep(url, got, asked, page=page),
        )
        self._last = time.monotonic()
        return answer

    def _keep(self, url: str, answer: Answer, asked: dict[str, str], *, page: bool) -> None:
        if self.archive is not None:
            self.archive.answer(url, answer, asked, page=page)

    async def _wait(self) -> None:
        """At most one request in ``delay`` seconds, or as slowly as robots.txt asks."""
        delay = self.delay
        for robots in self._robots.values():
            asked = robots.crawl_delay(self.fetcher.agent) if robots is not None else None
            delay = max(delay, min(float(asked or 0), LONGEST_DELAY) if self.delay else 0)
        rest = self._last + delay - time.monotonic()
        if rest > 0 and self._last:
            await self.sleep(rest)

    async def _rules(self, address: str) -> Protego | Failure | None:
        """robots.txt of the address's host: None where there is none, a failure where the host
        does not answer for it (RFC 9309: then nothing may be asked).
        """
        place = clean(ROBOTS, address) or address
        if place in self._robots:
            return self._robots[place]
        answer = await self._get(place, page=True)
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


KEPT_APART = (
    FailureReason.OTHER_HOST,
    FailureReason.REDIRECT_LOOP,
    FailureReason.BAD_ADDRESS,
    FailureReason.TOO_LARGE,
)
"""Failures that are known only from several answers together: noted beside them."""


async def visit_home(
    written: str,
    *,
    regime: Regime,
    kind: SiteType,
    fetcher: Fetcher,
    archive: SiteArchive | None = None,
    budget: Budget | None = None,
    delay: float = 1.0,
    alive: Callable[[], bool] = lambda: True,
) -> VisitPlan:
    """The visit of a site by its address as people write it.

    An address without a scheme is tried over HTTPS first, then over plain HTTP. ValueError for
    what is no address.
    """
    home = home_address(written)
    if home is None:
        raise ValueError("адреса сайта нет")
    chosen = budget or Budget()
    plan = VisitPlan(home, regime, kind, chosen)
    await Visit(plan, fetcher, archive, delay=delay, alive=alive).run()
    if "://" in written or plan.pages or not _is_mute(plan):
        return plan
    plain = VisitPlan("http" + home.removeprefix("https"), regime, kind, chosen)
    await Visit(plain, fetcher, archive, delay=delay, alive=alive).run()
    return plain if plain.pages else plan


def _is_mute(plan: VisitPlan) -> bool:
    """Whether HTTPS itself is the trouble."""
    reasons = {failure.reason for failure in plan.failures}
    return bool(
        reasons & {FailureReason.UNREACHABLE, FailureReason.BAD_CERTIFICATE, FailureReason.TIMEOUT}
    )
