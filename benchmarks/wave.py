"""A wave of many answers: its closing, the page of its progress, and the memory of both.

Each is asked of the site's own pages, as people do, in a process of its own whose peak of memory
Linux counts. Boxes, receipts and traces are written as so many acceptances would have left them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from benchmarks.data import FILTERS, QUESTIONS, SHARES

ROOT = Path(__file__).parent.parent
REMARK = "Хотелось бы, чтобы секции заканчивались не позже семи вечера, и чтобы летом работал двор"
FEW, MANY, CLOSED = 1_000, 1_000_000, 100_000
ORGANISATIONS = 1_000
REGION = 300
CLOSED_UNDER, MEMORY_UNDER = 10, 256
ASKED = 5
"""Times that the page is asked for; the quickest counts."""


def run() -> list[list[str]]:
    """Rows of the table: what, what was measured, what is promised."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.wave"], stdout=subprocess.PIPE, text=True, check=True
    )
    rows: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def main() -> list[list[str]]:
    import shutil

    from tests.served import make_home

    home = make_home("noko-bench-")
    from noko.commands import site
    from noko.database import Cluster

    site.prepare()
    try:
        return list(_measured())
    finally:
        cluster = Cluster(home / "postgres")
        cluster.leave()
        cluster.discard()
        shutil.rmtree(home, ignore_errors=True)


def _measured() -> Iterator[list[str]]:
    _make_person()
    region = fill(_wave("2027", "general", REGION), CLOSED)
    few = fill(_wave("2028", "preschool", ORGANISATIONS), FEW)
    many = fill(_wave("2029", "preschool", ORGANISATIONS), MANY)
    closed = _child("close", region)
    yield [
        f"closing {CLOSED:,} answers of {REGION} organisations",
        f"{closed['seconds']:.1f} s, {closed['memory']:.0f} MB",
        f"under {CLOSED_UNDER} s",
    ]
    small, large = _child("progress", few), _child("progress", many)
    yield [
        f"progress of {ORGANISATIONS:,} organisations, {FEW:,} and {MANY:,} answers: queries",
        f"{small['queries']} and {large['queries']}",
        "the same",
    ]
    yield [
        "the same: processor of the site, and of the database",
        f"{small['site']:.2f} and {large['site']:.2f} s, "
        f"{small['database'] * 1000:.0f} and {large['database'] * 1000:.0f} ms",
        "about the same",
    ]
    whole = _child("close", many)
    yield [
        f"closing {MANY:,} answers and saving them: peak of memory",
        f"{whole['memory']:.0f} MB ({whole['before']:.0f} MB before it, {whole['seconds']:.0f} s)",
        f"under {MEMORY_UNDER} MB",
    ]


def _child(what: str, wave: int) -> dict[str, Any]:
    """What :func:`measure` has found, in a process that has loaded nothing but the site."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.wave", what, str(wave)],
        stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    print(what, found, file=sys.stderr)
    return found


# --- measuring ----------------------------------------------------------------------------------


def measure(what: str, wave: int) -> dict[str, Any]:
    from noko.commands import site

    site.setup()
    from django.test import Client

    from noko.models import Person

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(Person.objects.get())
    client.get(f"/office/waves/{wave}/close/")  # whatever is made once for a process
    return _close(client, wave) if what == "close" else _progress(client, wave)


def _close(client: Any, wave: int) -> dict[str, Any]:
    before = _memory()
    begun = time.perf_counter()
    answer = client.post(f"/office/waves/{wave}/close/")
    seconds = time.perf_counter() - begun
    assert answer.status_code == 302, answer.content.decode()
    saved = client.get(f"/office/waves/{wave}/opros.zip")
    size = sum(len(part) for part in saved.streaming_content)
    assert size > 1000
    return {"seconds": seconds, "before": before, "memory": _memory(), "size": size}


def _progress(client: Any, wave: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    address = f"/office/waves/{wave}/"
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
        number = len(queries)
        database = sum(float(query["time"]) for query in queries)
    spent, waited = [], []
    for _ in range(ASKED):
        begun, used = time.perf_counter(), time.process_time()
        client.get(address)
        spent.append(time.process_time() - used)
        waited.append(time.perf_counter() - begun)
    return {
        "queries": number, "site": min(spent), "seconds": min(waited), "database": database,
    }  # fmt: skip


def _memory() -> float:
    """Megabytes: the most that this process has held."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


# --- filling ------------------------------------------------------------------------------------


def _make_person() -> None:
    from tests.small_cycle import make_person

    make_person("operator_manager")


def _wave(slug: str, type: str, number: int) -> Any:
    from noko.actions import organisation, wave
    from noko.models import Organisation
    from tests.small_cycle import NOW, make_cycle

    rows = [
        {
            "full_name": f"Организация № {n} ({slug})", "type": type, "enrolment": 700,
            "municipality": f"Район № {n % 30}",
        }
        for n in range(number)
    ]  # fmt: skip
    organisation.save_all(added=rows, by=None, now=NOW)
    year = int(slug)
    planned = wave.plan(
        cycle=make_cycle(slug, year=year), type=type, operator="ООО «Опрос»",
        starts_on=date(year, 2, 1), ends_on=date(year, 2, 28),
        organisations=list(Organisation.objects.filter(full_name__endswith=f"({slug})")),
        by=None, now=NOW,
    )  # fmt: skip
    return wave.open_wave(wave=planned, by=None, now=NOW)


def fill(wave: Any, answers: int) -> int:
    """``answers`` spread evenly: one box for an organisation where they are as many as these,
    else one for each of ten days, and what else acceptances leave behind. The key of the wave."""
    import numpy as np

    from noko.models import AnswerBox

    rng = np.random.default_rng(1)
    places = list(wave.places.values_list("pk", flat=True))
    days = 1 if len(places) == ORGANISATIONS else 10
    each = answers // (len(places) * days)
    rest = answers - each * len(places) * days
    boxes = []
    for position, place in enumerate(places):
        for day in range(days):
            number = each + (position < rest and day == 0)
            boxes.append(
                AnswerBox(
                    place_id=place,
                    channel="link",
                    number=number,
                    day=wave.starts_on + timedelta(day),
                    **slips(rng, number),
                )
            )
        if len(boxes) > 500:
            AnswerBox.objects.bulk_create(boxes)
            boxes = []
    AnswerBox.objects.bulk_create(boxes)
    _leave_behind(wave, answers)
    return int(wave.pk)


def slips(rng: Any, number: int) -> dict[str, dict[str, int]]:
    """What ``number`` answers leave in a box; every fifth person proposes something."""
    import numpy as np

    columns: dict[str, Any] = {}
    for name in QUESTIONS:
        given = (rng.random(number) < SHARES.get(name, 0.88)).astype(np.uint8) + ord("0")
        if name in FILTERS:
            given[columns[FILTERS[name]] != ord("1")] = ord("-")
        columns[name] = given
    lines = np.ascontiguousarray(np.stack(list(columns.values()), axis=1))
    found, times = np.unique(lines.view(f"S{len(QUESTIONS)}").ravel(), return_counts=True)
    ages, aged = np.unique(rng.integers(18, 71, number), return_counts=True)
    women = int(rng.binomial(number, 0.7))
    profile = {f"q18={age}": int(n) for age, n in zip(ages, aged, strict=True)}
    remarks = {f"q16={REMARK}: {value}": 1 for value in rng.integers(0, 1 << 40, number // 5)}
    return {
        "answers": {key.decode(): int(n) for key, n in zip(found, times, strict=True)},
        "profile": profile | {"q17=1": number - women, "q17=2": women},
        "remarks": remarks,
    }


def _leave_behind(wave: Any, answers: int) -> None:
    """A receipt for each answer; a device for each and a network for every tenth."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "insert into noko_receipt (digest, wave_id)"
            " select decode(md5(%s || ':' || n), 'hex'), %s from generate_series(1, %s) as n",
            [wave.pk, wave.pk, answers],
        )
        cursor.execute(
            "insert into noko_trace (place_id, kind, token, number, last_on)"
            " select place.id, kind, left(md5(n || kind), 16), 1, %s"
            " from (select id, row_number() over () as position, count(*) over () as places"
            "       from noko_waveorganisation where wave_id = %s) as place"
            " join generate_series(0, %s) as n on n %% place.places = place.position - 1"
            " join (values ('device'), ('network')) as kinds (kind)"
            "   on kind = 'device' or n / place.places %% 10 = 0",
            [wave.starts_on, wave.pk, answers - 1],
        )
        cursor.execute("vacuum analyze")


if __name__ == "__main__":
    if sys.argv[1:]:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noko.settings")
        print(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
    else:
        print(json.dumps(main()))
