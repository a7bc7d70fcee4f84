"""Complete questionnaires of 344n taken in by ``noko serve``, as production runs it.

The site with its own processes, the worker of jobs, the embedded database with all its care for
the disk and the generator of load share one machine. Every answer is a respondent's own: a key, a
device, all the questions that its filters ask, sex and age, and from every fifth a remark. Boxes
are as full as on a busy day. Beside it, in the same run: an empty page of the same server, and
what the database alone commits.
"""

from __future__ import annotations

import atexit
import itertools
import json
import os
import random
import secrets
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Thread
from typing import Any

from benchmarks.data import FILTERS, QUESTIONS, SHARES
from benchmarks.load import CONNECTIONS, Load, drive, request
from benchmarks.pages import free_port, wait_for
from benchmarks.processes import postmaster, processor_seconds
from tests.served import make_administrator, make_home

SECONDS = 12.0
WARM_SECONDS = 3.0
ORGANISATIONS = 300
IN_A_BOX = 300
"""Answers of the day that already lie in the box of each organisation."""

AT_LEAST, P99_UNDER = 500, 100
WORKERS, THREADS = 2, 4
"""What ``noko serve`` starts when nothing else is asked for."""
HOST = "noko.example.org"
EMPTY = "/s/"
MOST, MOST_INSERTS = 4000, 20000
"""Made beforehand for each second, so that making them costs nothing while it is measured."""
REMARK = "Хотелось бы, чтобы секции заканчивались не позже семи вечера."


def run() -> list[list[str]]:
    """Rows of the table: what, a second, p50 and p99 in ms, milliseconds of processor of the site
    and of the database for each, share of intake; the first row is the intake itself."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.intake"], stdout=subprocess.PIPE, text=True, check=True
    )
    rows: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def main() -> list[list[str]]:
    home = make_home("noko-bench-")
    os.environ |= {"NOKO_HOST": HOST, "NOKO_HTTPS": "1"}
    from noko.commands import site
    from noko.database import Cluster

    site.prepare()
    cluster = Cluster(home / "postgres")
    targets = _fill()
    port = free_port()
    command = [sys.executable, "-m", "noko.commands", "serve", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--threads", str(THREADS)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        wait_for(port, server)
        return list(_measured(Measure(port, server.pid, postmaster(cluster)), targets))
    finally:
        site.stop([server])
        cluster.leave()
        cluster.discard()
        shutil.rmtree(home, ignore_errors=True)


def _measured(measure: Measure, targets: Sequence[Any]) -> Iterator[list[str]]:
    wave = Wave(targets)
    warm = drive(measure.port, wave.requests(WARM_SECONDS), WARM_SECONDS)
    many = measure.site(wave.requests(SECONDS), 201)
    alone = measure.site(wave.requests(SECONDS, only=1), 201)
    empty = measure.site(itertools.repeat(request(EMPTY, host=HOST)), 200)
    statement = measure.database(*wave.statement())
    insert = measure.database(*_inserts())
    accepted = sum(len(one.load.times) for one in (many, alone, statement)) + len(warm.times)
    assert _kept() == ORGANISATIONS * IN_A_BOX + accepted
    rows = {
        f"complete questionnaires, {ORGANISATIONS} organisations": many,
        "complete questionnaires, one organisation alone": alone,
        "an empty page of the same server": empty,
        "the database alone: the statement of intake": statement,
        "the database alone: one row inserted and committed": insert,
    }
    for title, one in rows.items():
        load = one.load
        times = [f"{load.percentile(percent):.1f}" for percent in (50, 99)]
        share = f"{100 * many.load.rate / load.rate:.0f} %"
        yield [title, f"{load.rate:.0f}", *times, *one.spent, share]


@dataclass(frozen=True, slots=True)
class Measured:
    """``spent``: milliseconds of processor for each answer, of the site and of the database."""

    load: Load
    spent: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Measure:
    """The site on ``port`` and both process trees whose processor time is counted."""

    port: int
    server: int
    postmaster: int

    def site(self, requests: Iterator[bytes], status: int) -> Measured:
        before = self._spent()
        load = drive(self.port, requests, SECONDS)
        assert set(load.statuses) == {status}, load.statuses
        site, database = self._each(before, load)
        return Measured(load, (site, database))

    def database(self, statement: str, values: Sequence[Mapping[str, Any]]) -> Measured:
        before = self._spent()
        load = _committed(statement, values)
        return Measured(load, ("", self._each(before, load)[1]))

    def _spent(self) -> tuple[float, float]:
        return processor_seconds(self.server), processor_seconds(self.postmaster)

    def _each(self, before: tuple[float, float], load: Load) -> tuple[str, str]:
        site, database = (
            f"{1000 * (after - former) / len(load.times):.2f}"
            for after, former in zip(self._spent(), before, strict=True)
        )
        return site, database


# --- what is sent -------------------------------------------------------------------------------


class Wave:
    """Questionnaires for ``targets``, each another one, made before anything is measured."""

    def __init__(self, targets: Sequence[Any]) -> None:
        from noko.models import Wave as Row
        from noko.queries.response import form_of_wave

        self.targets = targets
        self.wave = Row.objects.select_related("cycle").get()
        self.form = form_of_wave(self.wave)
        self.rng = random.Random(secrets.randbits(64))

    def requests(self, seconds: float, *, only: int = 0) -> Iterator[bytes]:
        targets = self.targets[:only] if only else self.targets
        made = [self._request(self.rng.choice(targets)) for _ in range(int(seconds * MOST))]
        return iter(made)

    def _request(self, target: Any) -> bytes:
        rng = self.rng
        body = {
            "key": f"{rng.getrandbits(128):032x}",
            "version": target.version,
            "c": "p" if rng.random() < 0.5 else "",
            "lang": "ru",
            "answers": {name: str(value) for name, value in self.answers().items()},
            "seconds": rng.randint(60, 600),
            "device": f"{rng.getrandbits(128):032x}",
            "proof": f"{rng.getrandbits(16)}",
        }
        address = f"95.24.{rng.randrange(256)}.{rng.randrange(256)}"
        return request(f"/s/{target.code}/", json.dumps(body).encode(), host=HOST, address=address)

    def slip(self) -> Any:
        """The same as the database keeps it."""
        from noko.core.answers.slip import read_given, slip_of

        given = read_given(self.form, self.answers())
        assert not given.flaws
        return slip_of(self.form, given.values)

    def _values(self) -> dict[str, Any]:
        from django.utils import timezone

        from noko.actions import response
        from noko.models.response import Channel

        rng = self.rng
        sender = response.Sender(
            f"{rng.getrandbits(128):032x}", f"{rng.getrandbits(24):06x}", rng.randint(60, 600),
            way="module",
        )  # fmt: skip
        place = response.Place(rng.choice(self.targets).place, self.wave.pk, self.wave.salt)
        channel = rng.choice((Channel.LINK, Channel.POSTER))
        key = f"{rng.getrandbits(128):032x}"
        return response._values(place, self.slip(), key, channel, sender, timezone.now())

    def statement(self) -> tuple[str, list[dict[str, Any]]]:
        """The statement of intake with the values of as many answers as may be needed."""
        from noko.actions import response

        return response._ACCEPT, [self._values() for _ in range(int(SECONDS * MOST))]

    def answers(self) -> dict[str, Any]:
        """All that the filters ask, sex and age; every fifth person also proposes something."""
        rng = self.rng
        given: dict[str, Any] = {}
        for name in QUESTIONS:
            if name not in FILTERS or given[FILTERS[name]]:
                given[name] = int(rng.random() < SHARES.get(name, 0.88))
        given |= {"q17": rng.randint(1, 2), "q18": rng.randint(18, 70)}
        return given | ({"q16": f"{REMARK} {rng.random()}"} if rng.random() < 0.2 else {})


# --- the database -------------------------------------------------------------------------------


def _fill() -> list[Any]:
    """An open wave whose boxes already hold answers of today; its links."""
    from django.db import connection
    from django.utils import timezone

    from noko.models import AnswerBox
    from tests.soak import make_wave

    now = timezone.now()
    make_administrator()
    targets = make_wave(ORGANISATIONS)
    wave, boxes = Wave(targets), []
    for number, target in enumerate(targets):
        slips = [wave.slip() for _ in range(IN_A_BOX)]
        held = {
            "answers": Counter(slip.pattern for slip in slips),
            "profile": Counter(told for slip in slips for told in slip.profile),
            "remarks": Counter(said for slip in slips for said in slip.remarks),
        }
        channel = ("link", "poster")[number % 2]
        day = timezone.localdate(now)
        boxes.append(
            AnswerBox(place_id=target.place, channel=channel, day=day, number=IN_A_BOX, **held)
        )
    AnswerBox.objects.bulk_create(boxes)
    with connection.cursor() as cursor:
        cursor.execute("analyze")
        for setting in ("fsync", "synchronous_commit"):
            cursor.execute(f"show {setting}")
            assert cursor.fetchone() == ("on",)
    return targets


def _kept() -> int:
    from django.db.models import Sum

    from noko.models import AnswerBox

    return int(AnswerBox.objects.aggregate(number=Sum("number"))["number"])


def _inserts() -> tuple[str, list[dict[str, Any]]]:
    """The least that can be committed: a key and a pattern in a table of nothing else."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("create table bench_row (id bytea primary key, pattern text not null)")
    rows = [
        {"id": secrets.token_bytes(16), "pattern": "1101101111-111"}
        for _ in range(int(SECONDS * MOST_INSERTS))
    ]
    return "insert into bench_row values (%(id)s, %(pattern)s) returning 1", rows


def _committed(statement: str, values: Sequence[Mapping[str, Any]]) -> Load:
    """``statement`` on as many connections as the site is asked on, each commit waited for."""
    import psycopg
    from django.db import connection

    connection.ensure_connection()
    address = connection.get_connection_params()
    names = ("host", "port", "user", "password", "dbname")
    plain = {name: address[name] for name in names}
    opened = [psycopg.connect(**plain, autocommit=True) for _ in range(CONNECTIONS)]
    left, times = iter(values), list[float]()
    begun = time.perf_counter()

    def work(one: Any) -> None:
        while (now := time.perf_counter()) - begun < SECONDS and (given := next(left, None)):
            one.execute(statement, given, prepare=True).fetchone()
            times.append(time.perf_counter() - now)

    threads = [Thread(target=work, args=(one,)) for one in opened]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    passed = time.perf_counter() - begun
    # Connections are closed after the processor time of their processes has been read.
    atexit.register(lambda: [one.close() for one in opened])
    return Load(passed, times, {})


if __name__ == "__main__":
    print(json.dumps(main()))
