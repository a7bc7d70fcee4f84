"""Visiting sites: hosts are claimed from the frontier, each is visited by one worker alone.

Any number of workers on any machines share the work. A worker that stops renewing its claims
loses its hosts to the others, and whatever it brings after that is not written.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from os import getpid
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import connections
from django.utils import timezone

from noko.actions import website as deeds
from noko.core.refusal import Refusal
from noko.core.websites.inspection import inspect
from noko.core.websites.page import FailureReason
from noko.core.websites.rules import Regime, SiteType
from noko.core.websites.site import Site
from noko.core.websites.visiting import Budget, VisitPlan
from noko.exchange.chromium import Renderer, renderer_of
from noko.exchange.fetching import Fetcher
from noko.exchange.network import Way
from noko.exchange.visitor import SOFTWARE, agent_name, visit_home
from noko.exchange.warc import SiteArchive
from noko.jobs.site_archives import last_of
from noko.models import SiteRound, SiteVisit
from noko.queries.website import facts_of
from noko.queries.website_rules import get_regime

log = logging.getLogger(__name__)

FOLDER = "sites"
CONCURRENCY = 24
"""Hosts visited at once by one worker: waiting takes nearly all of a visit."""
RENEW_SECONDS = 60.0
IDLE_SECONDS = 5.0
AGAIN = (
    FailureReason.TIMEOUT,
    FailureReason.UNREACHABLE,
    FailureReason.SERVER_ERROR,
    FailureReason.NO_SUCH_HOST,
)
"""Silence that may pass: such a site is asked again later."""

T = TypeVar("T")


@dataclass(slots=True)
class SiteWorker:
    """One worker. ``seconds``: takes no new hosts after that long; ``once``: does not wait for
    sites that are to be asked again later.
    """

    fetcher: Fetcher
    concurrency: int = CONCURRENCY
    delay: float = 1.0
    budget: Budget = field(default_factory=Budget)
    seconds: float | None = None
    once: bool = True
    rounds: tuple[int, ...] = ()
    renderer: Renderer | None = None
    told: Callable[[SiteVisit], None] = lambda visit: None
    name: str = field(default_factory=lambda: f"{socket.gethostname()}:{getpid()}:{_token()}")
    _running: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _held: set[str] = field(default_factory=set)
    _database: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="sites-database")
    )

    async def run(self) -> None:
        """Visits until nothing waits, or the time is over."""
        started = time.monotonic()
        renewal = asyncio.create_task(self._renew())
        try:
            while True:
                over = self.seconds is not None and time.monotonic() - started > self.seconds
                if not over:
                    await self._claim()
                if not self._running and (over or self.once):
                    break
                await self._some_done()
        finally:
            await self._end(renewal)

    async def _claim(self) -> None:
        free = self.concurrency - len(self._running)
        if free <= 0:
            return
        take = partial(deeds.take_hosts, worker=self.name, limit=free, rounds=self.rounds)
        for host in await self._db(take):
            self._held.add(host)
            self._running[host] = asyncio.create_task(self._host(host))

    async def _some_done(self) -> None:
        if not self._running:
            await asyncio.sleep(IDLE_SECONDS)
            return
        done, _ = await asyncio.wait(
            self._running.values(), timeout=IDLE_SECONDS, return_when=asyncio.FIRST_COMPLETED
        )
        for host, task in list(self._running.items()):
            if task in done:
                del self._running[host]
                task.result()

    async def _host(self, host: str) -> None:
        """All visits of one host, one after another."""
        try:
            visits = await self._db(partial(_waiting, host, self.rounds))
            for number, visit in enumerate(visits):
                await asyncio.sleep(self.delay if number else 0)
                if host not in self._held:
                    return
                await self._visit(visit)
        finally:
            self._held.discard(host)
            await self._db(partial(deeds.release_host, worker=self.name, host=host))

    async def _visit(self, visit: SiteVisit) -> None:
        regime = get_regime(visit.round.regime)
        path = archive_path(visit, self.name)
        last = await self._db(partial(last_of, visit))
        kept = await asyncio.to_thread(last.kept, timezone.now()) if last else None
        archive = SiteArchive(Path(settings.FILES) / path, software=SOFTWARE, home=visit.address)
        try:
            plan = await visit_home(
                visit.address,
                regime=regime,
                kind=SiteType(visit.type),
                fetcher=self.fetcher,
                archive=archive,
                budget=self.budget,
                delay=self.delay,
                kept=kept,
                renderer=self.renderer,
                alive=lambda: visit.host in self._held,
            )
            if _is_silent(plan) and await self._db(partial(self._put_off, visit)):
                archive.discard()
                return
            digest = archive.close()
            facts = await self._db(partial(facts_of, visit.organisation_id, visit.round.on))
            made = await asyncio.to_thread(_inspected, plan, visit, regime, facts)
            result = deeds.Result(made, path, digest, *_outcome(plan))
            await self._db(
                partial(
                    deeds.finish, visit=visit, worker=self.name, result=result, now=timezone.now()
                )
            )
            self.told(visit)
        except Refusal as refusal:
            if refusal.kind != "taken_over":
                raise
            archive.discard()
        except Exception as error:
            # One site must not stop all others: the defect is logged and told beside the site.
            log.exception("site %s", visit.address)
            archive.discard()
            await self._db(partial(self._give_up, visit, repr(error)))

    def _give_up(self, visit: SiteVisit, detail: str) -> None:
        deeds.give_up(visit=visit, worker=self.name, detail=detail, now=timezone.now())

    def _put_off(self, visit: SiteVisit) -> bool:
        return deeds.put_off(visit=visit, worker=self.name, now=timezone.now())

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            kept = await self._db(partial(deeds.keep_hosts, worker=self.name))
            self._held &= kept

    async def _end(self, renewal: asyncio.Task[None]) -> None:
        renewal.cancel()
        for task in self._running.values():
            task.cancel()
        await asyncio.gather(renewal, *self._running.values(), return_exceptions=True)
        await self._db(partial(deeds.close_finished, now=timezone.now()))
        await self._db(connections.close_all)
        self._database.shutdown()

    async def _db(self, call: Callable[[], T]) -> T:
        """Runs a query in the one thread that has the database."""
        return await asyncio.get_running_loop().run_in_executor(self._database, call)


def _token() -> str:
    return secrets.token_hex(4)


def _waiting(host: str, rounds: tuple[int, ...]) -> list[SiteVisit]:
    rows = SiteVisit.objects.select_related("round", "round__cycle").filter(
        host=host,
        state=SiteVisit.State.WAITING,
        ready_at__lte=timezone.now(),
        round__status=SiteRound.Status.OPEN,
    )
    return list(rows.filter(round__in=rounds) if rounds else rows)


def archive_path(visit: SiteVisit, worker: str) -> str:
    """Where the archive of a visit lies below the folder of files; another worker's is apart."""
    cycle = visit.round.cycle.slug
    return f"{FOLDER}/{cycle}/{visit.round.number}/{visit.pk}-{worker[-8:]}.warc.gz"


def _is_silent(plan: VisitPlan) -> bool:
    return not plan.pages and any(failure.reason in AGAIN for failure in plan.failures)


def _outcome(plan: VisitPlan) -> tuple[str, str]:
    """("", "") for a site that was read, else why it was not."""
    if plan.pages or not plan.failures:
        return "", ""
    first = plan.failures[0]
    return first.reason.value, first.detail


def _inspected(plan: VisitPlan, visit: SiteVisit, regime: Regime, facts: dict[str, bool]) -> Any:
    site = Site(
        plan.pages,
        SiteType(visit.type),
        visit.round.on,
        plan.documents,
        plan.failures,
        facts,
        whole=True,
    )
    return inspect(site, regime)


def our_contact() -> str:
    """How owners of visited sites reach us. Refusal ``no_contact`` where nobody has said it."""
    if not settings.MONITOR_CONTACT:
        raise Refusal(
            "Не назван адрес для связи: его видят владельцы обходимых сайтов.",
            kind="no_contact",
            cure="Задайте NOKO_MONITOR_CONTACT: почту или адрес страницы.",
        )
    return str(settings.MONITOR_CONTACT)


def our_fetcher() -> Fetcher:
    """The fetcher of this installation."""
    way = Way(all_to=settings.MONITOR_ALL_TO, plain=True, roots=settings.MONITOR_ROOTS)
    return Fetcher(agent_name(our_contact()), way)


def visit_sites(**more: Any) -> None:
    """Runs a worker over the open rounds until nothing waits; ``more`` are its settings."""

    async def run() -> None:
        renderer = renderer_of(settings.SITES_CHROMIUM, settings.SITES_CHROMIUM_SANDBOX)
        fetcher = our_fetcher()
        try:
            await SiteWorker(fetcher, renderer=renderer, **more).run()
        finally:
            await fetcher.close()

    asyncio.run(run())
