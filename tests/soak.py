"""``make soak``: many answers, with web processes and the database killed in the middle.

Real processes throughout: the site as it is served, the embedded database with all its care for
the disk, senders over HTTP that try again as devices do. Every answer has a key of its own and a
pattern known beforehand; most come as the page sends them, some as ODK Collect on a tablet does. At
the end each organisation must hold exactly the patterns that were sent to it. Nothing of an answer
may stand in a log.

How far it is stands on the standard error output; the last line of the output is the result.

    python -m tests.soak --answers 1000000 --kills 60
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Lock, Thread

from tests.served import make_administrator, make_home

SENDERS = 16
COPIES = 20
"""Of so many answers one of the page and one of a tablet are sent by two senders at once."""

BY_TABLET = 5
"""Every so many-th answer comes from ODK Collect."""

TRY_AGAIN = 0.2
TELL_EVERY = 10
ANSWERS_EACH = 600
"""The most that an organisation is asked for: how many organisations a run has follows from it."""


@dataclass(slots=True)
class Result:
    """``expected`` and ``found``: (organisation, pattern) → how many."""

    seconds: float = 0
    kills: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    expected: Counter[tuple[int, str]] = field(default_factory=Counter)
    found: Counter[tuple[int, str]] = field(default_factory=Counter)
    leaked: list[str] = field(default_factory=list)

    def lost(self) -> int:
        return (self.expected - self.found).total()

    def doubled(self) -> int:
        return (self.found - self.expected).total()


@dataclass(frozen=True, slots=True)
class Target:
    """An organisation that is answered about."""

    place: int
    code: str
    version: str
    wave: int
    organisation: int
    tablet: str


@dataclass(frozen=True, slots=True)
class Message:
    """What goes over the wire."""

    path: str
    type: str
    body: bytes


def by_page(target: Target, answers: dict[str, int], key: str) -> Message:
    body = json.dumps({"key": key, "version": target.version, "answers": answers})
    return Message(f"/s/{target.code}/", "application/json", body.encode())


def by_tablet(target: Target, answers: dict[str, int], key: str) -> Message:
    """The one part that ODK Collect sends."""
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items())
    form = (
        f'<data id="noko-{target.wave}" version="{target.version}">'
        f"<organisation>o{target.organisation}</organisation>{fields}"
        f"<meta><instanceID>uuid:{key}</instanceID></meta></data>"
    )
    body = (
        '--part\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"'
        f"\r\nContent-Type: text/xml\r\n\r\n{form}\r\n--part--\r\n"
    )
    path = f"/odk/{target.tablet}/submission?deviceID={key[:8]}"
    return Message(path, "multipart/form-data; boundary=part", body.encode())


class Sender:
    """A connection that is kept open as browsers do, and opened again when it breaks."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def post(self, message: Message) -> int:
        """The status; 0 when there was no answer."""
        headers = {"Content-Type": message.type}
        try:
            self.connection.request("POST", message.path, message.body, headers)
            answer = self.connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            return 0
        return answer.status

    def close(self) -> None:
        self.connection.close()


class Soak:
    """One run in ``home``, which is thrown away."""

    def __init__(self, home: Path, answers: int, kills: int, organisations: int) -> None:
        from noko.commands import site

        self.site = site
        site.prepare()
        make_administrator()
        self.answers, self.kills = answers, kills
        self.targets = make_wave(organisations)
        self.port = free_port()
        self.log = home / "site.log"
        self.result = Result()
        self.numbers, self.lock, self.over = count(), Lock(), Event()
        self.web = self.serve()

    def serve(self) -> subprocess.Popen[bytes]:
        """The site, with everything it says on its standard outputs kept in a file."""
        saved = os.dup(1), os.dup(2)
        with self.log.open("ab") as log:
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
            try:
                return self.site.start_site("127.0.0.1", self.port)
            finally:
                os.dup2(saved[0], 1)
                os.dup2(saved[1], 2)

    def run(self) -> Result:
        start = time.perf_counter()
        senders = [Thread(target=self.send_all) for _ in range(SENDERS)]
        killer = Thread(target=self.kill_all)
        for thread in (*senders, killer):
            thread.start()
        told = start
        # A process ends with the thread that has started it, so the site is restarted here.
        while any(thread.is_alive() for thread in senders):
            if self.web.poll() is not None:
                self.web = self.serve()
            if time.perf_counter() - told > TELL_EVERY:
                told = time.perf_counter()
                self.tell(told - start)
            time.sleep(0.05)
        self.over.set()
        killer.join()
        self.result.seconds = time.perf_counter() - start
        self.site.stop([self.web])
        self.result.found = found_in_boxes()
        self.result.leaked = self.leaks()
        return self.result

    def tell(self, seconds: float) -> None:
        done, kills = self.result.statuses[201], self.result.kills.total()
        line = f"{done:,} of {self.answers:,} in {seconds:.0f} s, {done / seconds:.0f} a second"
        print(f"{line}, {kills} of {self.kills} kills", file=sys.stderr, flush=True)  # noqa: T201

    # --- sending ----------------------------------------------------------------------------

    def send_all(self) -> None:
        sender = Sender(self.port)
        while (number := next(self.numbers)) < self.answers:
            target, answers, pattern, key = made(number, self.targets)
            make = by_page if number % BY_TABLET else by_tablet
            message = make(target, answers, key)
            if number % COPIES in (0, 1):
                twin = Thread(target=self.until_accepted, args=(Sender(self.port), message))
                twin.start()
                self.until_accepted(sender, message)
                twin.join()
            else:
                self.until_accepted(sender, message)
            with self.lock:
                self.result.expected[target.place, pattern] += 1
        sender.close()

    def until_accepted(self, sender: Sender, message: Message) -> None:
        while True:
            status = sender.post(message)
            with self.lock:
                self.result.statuses[status] += 1
            if status in (200, 201):
                return
            if status and status < 500:
                raise AssertionError(f"the answer was refused with {status}")
            time.sleep(TRY_AGAIN)

    # --- killing ----------------------------------------------------------------------------

    def kill_all(self) -> None:
        """Each deed at an even share of the answers, so that all of them fall in the middle."""
        deeds = [
            self.kill_worker, self.kill_database, self.kill_site, self.kill_backend,
            self.halt_database,
        ]  # fmt: skip
        for number in range(self.kills):
            share = self.answers * (number + 1) // (self.kills + 1)
            while self.result.statuses[201] < share:
                if self.over.wait(0.02):
                    return
            deeds[number % len(deeds)]()

    def kill_worker(self) -> None:
        children = list(children_of(self.web.pid))
        if children:
            os.kill(children[0], signal.SIGKILL)
            self.result.kills["worker of the site"] += 1

    def kill_site(self) -> None:
        children = list(children_of(self.web.pid))
        for pid in (self.web.pid, *children):
            os.kill(pid, signal.SIGKILL)
        self.result.kills["site"] += 1

    def kill_database(self) -> None:
        """Its first process; the others end when they notice."""
        self.strike("database", signal.SIGKILL)

    def halt_database(self) -> None:
        """An immediate shutdown, as by an impatient administrator."""
        self.strike("database, shut down at once", signal.SIGQUIT)

    def kill_backend(self) -> None:
        """One connection's process: the server then breaks all connections and recovers, and
        writes into its log what the process was doing."""
        backends = [pid for pid in children_of(postmaster()) if b"noko" in title_of(pid)]
        busy = [pid for pid in backends if b"INSERT" in title_of(pid) or b"SELECT" in title_of(pid)]
        for pid in (busy or backends)[:1]:
            os.kill(pid, signal.SIGKILL)
            self.result.kills["connection of the database"] += 1

    def strike(self, name: str, signal_: signal.Signals) -> None:
        if pid := postmaster():
            os.kill(pid, signal_)
            self.result.kills[name] += 1

    # --- looking ----------------------------------------------------------------------------

    def leaks(self) -> list[str]:
        """Patterns and keys of answers in what the site and the database have written down."""
        found = []
        for path in (self.log, cluster().log()):
            text = path.read_text(encoding="utf-8", errors="replace")
            for number in range(0, self.answers, max(1, self.answers // 500)):
                _, _, pattern, key = made(number, self.targets)
                found += [f"{path.name}: {word}" for word in (pattern, key) if word in text]
        return found


def made(number: int, targets: list[Target]) -> tuple[Target, dict[str, int], str, str]:
    """Answer ``number``: where it goes, what it says, its pattern, its key."""
    rng = random.Random(number)
    names = ("q1", "q2", "q3", "q4", "q6", "q7", "q8", "q9", "q10", "q11", "q12", "q13", "q14")
    answers = {name: int(rng.random() < 0.8) for name in (*names, "q15")}
    for asked, condition in (("q2", "q1"), ("q4", "q3"), ("q8", "q7"), ("q12", "q11")):
        if not answers[condition]:
            del answers[asked]
    pattern = "".join(str(answers.get(name, "-")) for name in (*names, "q15"))
    return targets[number % len(targets)], answers, pattern, f"{rng.getrandbits(128):032x}"


def make_wave(organisations: int) -> list[Target]:
    from noko.actions import odk, organisation, wave
    from noko.models import Organisation
    from tests.small_cycle import NOW, make_cycle
    from tests.waves import DAY

    rows = [
        {"full_name": f"Сад № {number}", "type": "preschool", "municipality": "Город Лугов"}
        for number in range(organisations)
    ]
    organisation.save_all(added=rows, by=None, now=NOW)
    planned = wave.plan(
        cycle=make_cycle("2027", year=2027), type="preschool", operator="", starts_on=DAY,
        ends_on=DAY, organisations=list(Organisation.objects.all()), by=None, now=NOW,
    )  # fmt: skip
    opened = wave.open_wave(wave=planned, by=None, now=NOW)
    tablet = odk.give(wave=opened, holder="Планшет", municipality=None, by=None, now=NOW)
    return [
        Target(
            place.pk, place.code, opened.version, opened.pk, place.organisation_id, tablet.code
        )
        for place in opened.places.all()
    ]  # fmt: skip


def found_in_boxes() -> Counter[tuple[int, str]]:
    from django.db import connection

    from noko.models import AnswerBox

    connection.close()  # the database may have been killed since
    found: Counter[tuple[int, str]] = Counter()
    for box in AnswerBox.objects.all():
        if box.number != sum(box.answers.values()):
            raise AssertionError("a box counts otherwise than it holds")
        for pattern, number in box.answers.items():
            found[box.place_id, pattern] += number
    return found


def cluster():
    from django.conf import settings

    from noko.database import Cluster

    return Cluster(Path(settings.DATABASES["default"]["NOKO_CLUSTER"]))


def postmaster() -> int:
    """The first process of the database; 0 while it is just starting again."""
    try:
        text = (cluster().log().parent / "data" / "postmaster.pid").read_text()
        pid = int(text.splitlines()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return 0
    return pid


def title_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def children_of(pid: int) -> Iterator[int]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            yield int(stat.parent.name)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> int:
    arguments = argparse.ArgumentParser(prog="make soak")
    arguments.add_argument("--answers", type=int, default=1_000_000)
    arguments.add_argument("--kills", type=int, default=60)
    arguments.add_argument("--organisations", type=int, default=0)
    chosen = arguments.parse_args()
    organisations = chosen.organisations or max(121, -(-chosen.answers // ANSWERS_EACH))
    home = make_home("noko-soak-")
    try:
        soak = Soak(home, chosen.answers, chosen.kills, organisations)
        result = soak.run()
    finally:
        cluster().leave()
        cluster().discard()
        shutil.rmtree(home, ignore_errors=True)
    report = {
        "answers": result.expected.total(),
        "lost": result.lost(),
        "doubled": result.doubled(),
        "kills": dict(result.kills),
        "statuses": dict(result.statuses),
        "seconds": round(result.seconds, 1),
        "a second": round(result.expected.total() / result.seconds),
        "leaked": result.leaked,
    }
    print(json.dumps(report, ensure_ascii=False))  # noqa: T201
    return int(bool(result.lost() or result.doubled() or result.leaked))


if __name__ == "__main__":
    sys.exit(main())
