"""National rating: 35,000 organisations x 600 questionnaires, each way in a process of its own.

``python -m benchmarks.national WAY`` prints one line of JSON: the best of three, the processor's
seconds, the peak of memory and the number of satisfied answers counted (a check that all agree).
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks.data import FILTERS, QUESTIONS, SCORED, national

COLUMNS = ["organisation", *QUESTIONS]


def decode_polars() -> int:
    import polars as pl

    frame = pl.scan_parquet(national()).select(COLUMNS)
    return int(frame.select(pl.all().null_count()).collect(engine="streaming").width) * 0


def decode_pyarrow() -> int:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(national())
    return sum(0 * len(b) for b in file.iter_batches(batch_size=1 << 18, columns=COLUMNS))


def noko_rating() -> int:
    """Counts, exact scores and all places."""
    import numpy as np

    from noko.core.scoring.counts import counts_from_columns
    from noko.core.scoring.places import all_places
    from noko.core.scoring.scores import score
    from noko.exchange.answers import count_parquet
    from noko.queries.edition import get_edition

    edition = get_edition("344n-2018")
    survey = count_parquet(national(), edition)
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
    print(f"scoring alone {time.perf_counter() - begun:.3f} s", file=sys.stderr)
    return sum(int(v.sum()) for key, v in survey.columns.items() if key.startswith("U_"))


def _sql(grammar: str) -> str:
    """Asked and satisfied of every scored question, in the SQL of ``count_if`` or ``filter``."""
    parts = []
    for question in SCORED:
        shown = f"{FILTERS[question]} = 1 and " if question in FILTERS else ""
        for condition in (f"{shown}{question} is not null", f"{shown}{question} = 1"):
            whole = "count_if({})" if grammar == "count_if" else "count(*) filter (where {})"
            parts.append(whole.format(condition))
    return ", ".join(f"{part} as n{number}" for number, part in enumerate(parts))


def duckdb_counts() -> int:
    import duckdb

    query = f"select organisation, {_sql('count_if')} from '{national()}' group by 1"
    return _satisfied(duckdb.sql(query).fetchall())


def pandas_counts() -> int:
    import pandas as pd

    frame = pd.read_parquet(national(), columns=COLUMNS)
    total = 0
    for question in SCORED:
        shown = frame[question]
        if question in FILTERS:
            shown = shown.where(frame[FILTERS[question]] == 1)
        groups = frame["organisation"]
        shown.notna().groupby(groups).sum()
        total += int((shown == 1).groupby(groups).sum().sum())
    return total


def spark_counts() -> int:
    from noko.exchange.answers import count_parquet
    from noko.queries.edition import get_edition

    survey = count_parquet(national(), get_edition("344n-2018"), engine="spark")
    return sum(int(v.sum()) for key, v in survey.columns.items() if key.startswith("U_"))


def _satisfied(rows: list[tuple[int, ...]]) -> int:
    return sum(sum(row[2::2]) for row in rows)


WAYS: dict[str, tuple[str, Callable[[], int], int]] = {
    "decode_polars": ("decoding the same columns alone, Polars", decode_polars, 5),
    "decode_pyarrow": ("decoding the same columns alone, pyarrow", decode_pyarrow, 3),
    "noko": ("NOKO: counts, exact scores, all places", noko_rating, 5),
    "duckdb": ("DuckDB, counts only", duckdb_counts, 3),
    "pandas": ("pandas, counts only", pandas_counts, 1),
    "spark": ("NOKO on PySpark (start included), counts only", spark_counts, 1),
}


def measure(way: str) -> dict[str, float]:
    """The best of several rounds; processor seconds are the steadier figure on a busy machine."""
    _, work, times = WAYS[way]
    seconds, processor, checked = [], [], 0
    for _ in range(times):
        begun, used = time.perf_counter(), time.process_time()
        checked = work()
        seconds.append(time.perf_counter() - begun)
        processor.append(time.process_time() - used)
    return {
        "seconds": round(min(seconds), 3),
        "processor": round(min(processor), 3),
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "satisfied": checked,
    }


def run() -> list[list[str]]:
    """Rows of the table: way, seconds and processor seconds with their ratios, peak memory."""
    national()
    found = {}
    for way in WAYS:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.national", way], capture_output=True, text=True
        )
        if done.returncode:
            print(f"{way}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
            continue
        found[way] = json.loads(done.stdout.splitlines()[-1])
        print(way, found[way], done.stderr.strip().splitlines()[-1:], flush=True)
    counted = {item["satisfied"] for item in found.values() if item["satisfied"]}
    assert len(counted) <= 1, f"the ways disagree: {found}"
    base = found["decode_polars"]
    return [
        [
            WAYS[way][0],
            f"{item['seconds']:.2f}",
            f"{item['seconds'] / base['seconds']:.1f}",
            f"{item['processor']:.2f}",
            f"{item['processor'] / base['processor']:.1f}",
            f"{item['memory']:.0f} MB",
        ]
        for way, item in found.items()
    ]


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
