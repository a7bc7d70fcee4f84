"""A region's sites visited by one worker at one request a second for each host, on this machine.

``python -m benchmarks sites --sites 1000 --pages 40`` is the whole form; ``make bench`` runs a
short one. The worker, its database, archives and document readers are those of the product; only
the names of all hosts lead to :mod:`benchmarks.virtual_sites`. With ``--keep`` the figures go to
``monitor_full.md``, which the report takes over.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

KEPT = Path(__file__).with_name("monitor_full.md")
DAY = date(2025, 3, 3)
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
SAMPLES = 8
HOURS = 2.0
"""The bar for a thousand sites of forty pages."""


@dataclass(slots=True)
class Memory:
    """Resident memory of this process, and of it with its document readers, over the time."""

    every: float
    own: list[float] = field(default_factory=list)
    all: list[float] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread = field(init=False)

    def __enter__(self) -> Memory:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self.every):
            own = resident(os.getpid())
            readers = sum(resident(pid) for pid in document_readers())
            self.own.append(own)
            self.all.append(own + readers)
            print(f"{len(self.own) * self.every:.0f} s: {own:.0f} MB", file=sys.stderr)


def resident(pid: int) -> float:
    """Megabytes of a process that are in memory."""
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0.0
    return int(pages) * PAGE_BYTES / 1e6


def document_readers() -> list[int]:
    """Our children that read documents."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):  # threads and children may end under our eyes
            for child in map(int, (task / "children").read_text(encoding="ascii").split()):
                if b"document_child" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(child)
    return found


def run(sites: int = 50, pages: int = 10, documents: int = 3) -> list[list[str]]:
    """Rows of the table, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.monitor", "--sites", str(sites)]
    command += ["--pages", str(pages), "--documents", str(documents), "--concurrency", str(sites)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    rows: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def measured(sites: int, pages: int, documents: int, concurrency: int) -> list[list[str]]:
    """The round visited, in a database of its own that is thrown away."""
    home = Path(tempfile.mkdtemp(prefix="noko-bench-"))
    home.chmod(0o711)  # the database may run as another user
    os.environ |= {"NOKO_HOME": str(home), "NOKO_DEMO": "1"}
    from benchmarks.pages import free_port
    from noko.commands import site
    from noko.database import Cluster

    site.prepare()
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.virtual_sites", str(port), DAY.isoformat()]
    )
    try:
        made = _open(sites)
        _wait(port)
        with Memory(every=30.0 if sites > 200 else 2.0) as memory:
            seconds = _visit(made, port, pages, documents, concurrency)
        return _rows(made, _stats(port), memory, seconds, concurrency)
    finally:
        site.stop([server])
        cluster = Cluster(home / "postgres")
        cluster.leave()
        cluster.discard()
        shutil.rmtree(home, ignore_errors=True)


def _open(sites: int) -> Any:
    from django.utils import timezone

    from noko.actions.website import open_round
    from noko.queries.website_rules import get_regime
    from tests.factories import make_cycle, make_organisations

    return open_round(
        cycle=make_cycle(),
        organisations=make_organisations(sites),
        regime=get_regime("1493-2023"),
        on=DAY,
        by=None,
        now=timezone.now(),
    )


def _visit(made: Any, port: int, pages: int, documents: int, concurrency: int) -> float:
    """Seconds until the worker has nothing to do; sites to be asked again later are left."""
    import asyncio

    from noko.core.websites.visiting import Budget
    from noko.exchange.fetching import Fetcher
    from noko.exchange.network import Way
    from noko.exchange.visitor import agent_name
    from noko.jobs.site_worker import SiteWorker

    async def visit() -> None:
        way = Way(all_to=("127.0.0.1", port), plain=True)
        fetcher = Fetcher(agent_name("mailto:benchmark@example.org"), way)
        budget = Budget(pages, documents)
        try:
            await SiteWorker(fetcher, concurrency, budget=budget, rounds=(made.pk,)).run()
        finally:
            await fetcher.close()

    started = time.monotonic()
    asyncio.run(visit())
    return time.monotonic() - started


def _rows(
    made: Any, stats: dict[str, float], memory: Memory, seconds: float, concurrency: int
) -> list[list[str]]:
    from django.conf import settings
    from django.db.models import Sum

    visits = made.visits.all()
    done = visits.filter(state="done")
    read = done.filter(outcome="").count()
    taken = visits.aggregate(Sum("pages"))["pages__sum"] or 0
    used = resource.getrusage(resource.RUSAGE_SELF)
    ideal = stats["asked"] / min(concurrency, visits.count())
    kept = sum(path.stat().st_size for path in Path(settings.FILES).rglob("*.warc.gz")) / 1e6
    return [
        ["sites; read, judged unreadable, to be asked again later",
         f"{visits.count()}; {read}, {done.count() - read}, {visits.count() - done.count()}"],
        ["visited at once", str(concurrency)],
        ["requests, pages among them, MB of archives",
         f"{stats['asked']:.0f}, {taken}, {kept:.0f}"],
        ["least seconds between two requests to one host (at least 1)", f"{stats['least']:.2f}"],
        [f"minutes (1,000 sites of 40 pages: under {HOURS * 60:.0f})", f"{seconds / 60:.1f}"],
        ["requests a second; share of what the delay alone allows",
         f"{stats['asked'] / seconds:.1f}; {ideal / seconds:.2f}"],
        ["processor seconds of the worker", f"{used.ru_utime + used.ru_stime:.0f}"],
        ["peak memory of the worker; with its document readers, MB",
         f"{used.ru_maxrss / 1000:.0f}; {max(memory.all):.0f} of what was sampled"],
        ["its memory from beginning to end, MB", _over_time(memory.own)],
    ]  # fmt: skip


def _over_time(own: list[float]) -> str:
    step = max(len(own) // SAMPLES, 1)
    return ", ".join(f"{value:.0f}" for value in own[step - 1 :: step])


def _stats(port: int) -> dict[str, float]:
    asked = Request(f"http://127.0.0.1:{port}/", headers={"Host": "stats"})
    with urlopen(asked) as answer:  # noqa: S310
        told: dict[str, float] = json.loads(answer.read())
    return told


def _wait(port: int) -> None:
    for _ in range(100):
        try:
            _stats(port)
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the virtual sites do not answer")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks sites", description=__doc__)
    parser.add_argument("--sites", type=int, default=1000)
    parser.add_argument("--pages", type=int, default=40)
    parser.add_argument("--documents", type=int, default=10)
    parser.add_argument("--concurrency", type=int, default=24)
    parser.add_argument("--keep", action="store_true", help=f"write {KEPT.name}")
    given = parser.parse_args(arguments)
    rows = measured(given.sites, given.pages, given.documents, given.concurrency)
    if given.keep:
        text = "".join(f"| {' | '.join(row)} |\n" for row in rows)
        KEPT.write_text(text, encoding="utf-8")
    print(json.dumps(rows, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
