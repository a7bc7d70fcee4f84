"""National rating: 35,000 organisations x 600 questionnaires, each way in a process of its own.

``python -m benchmarks.national WAY`` prints one line of JSON: the best of several rounds, the
processor's seconds, the peak of memory and the satisfied answers counted (a check that all agree).
:func:`run` repeats the two ways whose ratio is promised in turn, A B A B …, and takes the median
of the ratios pair by pair: other work on the machine then touches both alike.

What "decoding alone" is: every value of the same columns is decoded by the same library, batch by
batch, and each batch is let go; nothing is computed and nothing is kept. It is the cheapest honest
reading: counting the nulls takes as long (it decodes each value too), keeping the whole table
takes a sixth longer, and adding every column up two thirds longer, but that is already counting.
"""

from __future__ import annotations

import json
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.data import COLUMNS, FILTERS, SCORED, national
from benchmarks.postgres import loaded_answers

BATCH = 1 << 17
PAIRS = 5
LIMIT = 2.0


def decode_polars(path: Path) -> int:
    import polars as pl

    for _ in pl.scan_parquet(path).select(COLUMNS).collect_batches(chunk_size=BATCH):
        pass
    return 0


def decode_pyarrow(path: Path) -> int:
    import pyarrow.parquet as pq

    for _ in pq.ParquetFile(path).iter_batches(batch_size=BATCH, columns=COLUMNS):
        pass
    return 0


def noko_rating(path: Path) -> int:
    """Counts, exact scores and all places; what came after the counts is told on its own."""
    import numpy as np

    from noko.core.scoring.counts import counts_from_columns
    from noko.core.scoring.places import all_places
    from noko.core.scoring.scores import score
    from noko.exchange.answers import count_parquet
    from noko.queries.edition import get_edition

    edition = get_edition("344n-2018")
    survey = count_parquet(path, edition)
    begun = time.perf_counter()
    size = len(survey)
    found = {"I_stand": 10, "N_stand": 12, "I_site": 40, "N_site": 44, "C_dist": 4, "C_comf": 5}
    found |= {"C_org": 3, "C_usl": 4}
    inspection = {symbol: np.full(size, value) for symbol, value in found.items()}
    counts = counts_from_columns(
        survey.organisations,
        {**survey.columns, **inspection},
        types=[f"t{number % 3}" for number in range(size)],
        municipalities=[f"m{number % 2500}" for number in range(size)],
    )
    all_places(score(edition, counts))
    print(f"{time.perf_counter() - begun:.3f}", file=sys.stderr)
    return _noko_satisfied(survey)


def spark_counts(path: Path) -> int:
    from noko.exchange.answers import count_parquet
    from noko.queries.edition import get_edition

    return _noko_satisfied(count_parquet(path, get_edition("344n-2018"), engine="spark"))


def duckdb_counts(path: Path) -> int:
    import duckdb

    query = f"select organisation, {_figures('count_if({})')} from '{path}' group by 1"
    return _satisfied(duckdb.sql(query).fetchall())


def postgres_counts(database: Any) -> int:
    counted = _figures("count(*) filter (where {})")
    rows = database.execute(f"select organisation, {counted} from answers group by 1")
    return _satisfied(rows.fetchall())


def pandas_counts(path: Path) -> int:
    import pandas as pd

    frame = pd.read_parquet(path, columns=COLUMNS)
    total = 0
    for question in SCORED:
        shown = frame[question]
        if question in FILTERS:
            shown = shown.where(frame[FILTERS[question]] == 1)
        groups = frame["organisation"]
        shown.notna().groupby(groups).sum()
        total += int((shown == 1).groupby(groups).sum().sum())
    return total


def _figures(counting: str) -> str:
    """Asked and satisfied of every scored question, in SQL; ``counting`` holds a condition."""
    parts = []
    for question in SCORED:
        shown = f"{FILTERS[question]} = 1 and " if question in FILTERS else ""
        for condition in (f"{shown}{question} is not null", f"{shown}{question} = 1"):
            parts.append(counting.format(condition))
    return ", ".join(f"{part} as n{number}" for number, part in enumerate(parts))


def _satisfied(rows: list[tuple[Any, ...]]) -> int:
    return sum(sum(row[2::2]) for row in rows)


def _noko_satisfied(survey: Any) -> int:
    return sum(int(v.sum()) for key, v in survey.columns.items() if key.startswith("U_"))


@contextmanager
def parquet() -> Iterator[Path]:
    yield national()


@dataclass(frozen=True)
class Way:
    """``work`` gets what ``source`` opens and gives the satisfied answers, 0 if it counts none.

    The best of ``rounds`` is told. ``alone``: all of it happens in this process, so the
    process's own time and memory are the whole of it.
    """

    title: str
    work: Callable[[Any], int]
    rounds: int = 1
    source: Callable[[], AbstractContextManager[Any]] = parquet
    alone: bool = True


WAYS = {
    "decode_polars": Way("decoding the same columns alone, Polars", decode_polars, 3),
    "noko": Way("NOKO: counts, exact scores, all places", noko_rating, 3),
    "decode_pyarrow": Way("decoding the same columns alone, pyarrow", decode_pyarrow, 3),
    "duckdb": Way("DuckDB, counts only", duckdb_counts, 3),
    "postgres": Way(
        "PostgreSQL 18, counts only, rows already loaded",
        *(postgres_counts, 2, loaded_answers, False),
    ),
    "pandas": Way("pandas, counts only", pandas_counts),
    "spark": Way("NOKO on PySpark, start included, counts only", spark_counts, alone=False),
}


def measure(name: str) -> dict[str, float]:
    """The best of several rounds; processor seconds are the steadier figure on a busy machine."""
    way = WAYS[name]
    seconds, processor, checked = [], [], 0
    with way.source() as source:
        for _ in range(way.rounds):
            begun, used = time.perf_counter(), time.process_time()
            checked = way.work(source)
            seconds.append(time.perf_counter() - begun)
            processor.append(time.process_time() - used)
    return {
        "seconds": round(min(seconds), 3),
        "processor": round(min(processor), 3),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "satisfied": checked,
    }


def _measured(name: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.national", name], capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr.strip()}")
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    if name == "noko":
        found["scoring"] = min(float(line) for line in done.stderr.split())
    print(name, found, flush=True)
    return found


@dataclass(frozen=True)
class National:
    """``rows``: way, seconds, ratio, processor seconds, ratio, memory; then what is promised."""

    rows: list[list[str]]
    ratio: float
    processor_ratio: float
    scoring: float
    memory: float


def run() -> National:
    """Every way once, the two of the promise in pairs; all must count the same."""
    national()
    pairs = [(_measured("noko"), _measured("decode_polars")) for _ in range(PAIRS)]
    found = {name: _median(pairs, place) for place, name in ((1, "decode_polars"), (0, "noko"))}
    found |= {name: _measured(name) for name in WAYS if name not in found and _possible(name)}
    counted = {item["satisfied"] for item in found.values() if item["satisfied"]}
    assert len(counted) == 1, f"the ways disagree: {found}"
    ratios = {
        key: statistics.median(one[key] / other[key] for one, other in pairs)
        for key in ("seconds", "processor")
    }
    base = found["decode_polars"]
    rows = []
    for name, item in found.items():
        way = WAYS[name]
        times = [f"{item['seconds']:.2f}", f"{item['seconds'] / base['seconds']:.1f}"]
        work = [f"{item['processor']:.2f}", f"{item['processor'] / base['processor']:.1f}"]
        work.append(f"{item['memory']:.0f} MB")
        if name == "noko":
            times[1], work[1] = f"{ratios['seconds']:.2f}", f"{ratios['processor']:.2f}"
        rows.append([way.title, *times, *(work if way.alone else ["", "", ""])])
    return National(
        rows,
        ratios["seconds"],
        ratios["processor"],
        min(one["scoring"] for one, _ in pairs),
        max(one["memory"] for one, _ in pairs),
    )


def _possible(name: str) -> bool:
    possible = name != "spark" or shutil.which("java") is not None
    if not possible:
        print(f"{name} is left out: there is no Java", flush=True)
    return possible


def _median(pairs: list[tuple[dict[str, float], dict[str, float]]], place: int) -> dict[str, float]:
    return {
        key: statistics.median(pair[place][key] for pair in pairs)
        for key in ("seconds", "processor", "memory", "satisfied")
    }


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
