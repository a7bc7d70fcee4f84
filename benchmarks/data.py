"""The national data set of the benchmark, generated once from a seed into the cache."""

from __future__ import annotations

import os
from pathlib import Path

CACHE = Path(os.environ.get("NOKO_HOME") or Path(__file__).parent.parent / "var") / "benchmarks"
ORGANISATIONS, RESPONDENTS = 35_000, 600
QUESTIONS = [f"q{number}" for number in range(1, 16) if number != 5]
COLUMNS = ["organisation", *QUESTIONS]
FILTERS = {"q2": "q1", "q4": "q3", "q8": "q7", "q12": "q11"}
SHARES = {"q1": 0.8, "q3": 0.7, "q7": 0.08, "q11": 0.5}
SCORED = [question for question in QUESTIONS if question not in SHARES]
SKIPPED = 0.02


def national() -> Path:
    """21 million rows, sorted by organisation, zstd; in the order of arrival within each."""
    path = CACHE / "national.parquet"
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        _generate().write_parquet(path.with_suffix(".unfinished"), compression="zstd")
        path.with_suffix(".unfinished").rename(path)
    return path


def _generate():  # type: ignore[no-untyped-def]
    import numpy as np
    import polars as pl

    rng = np.random.default_rng(1)
    size = ORGANISATIONS * RESPONDENTS
    columns: dict[str, pl.Series] = {}
    for question in QUESTIONS:
        share = np.full(ORGANISATIONS, SHARES.get(question, 0.0), dtype=np.float32)
        if question not in SHARES:
            share = rng.beta(18, 2, ORGANISATIONS).astype(np.float32)
        answer = rng.random(size, dtype=np.float32) < np.repeat(share, RESPONDENTS)
        empty = np.zeros(size, dtype=bool)
        if question not in SHARES:
            empty = rng.random(size, dtype=np.float32) < SKIPPED
        if question in FILTERS:
            empty |= columns[FILTERS[question]].to_numpy() != 1
        given = pl.Series(question, answer.astype(np.int8))
        masked = pl.select(pl.when(pl.Series(~empty)).then(given).otherwise(None).alias(question))
        columns[question] = masked.to_series()
    names = pl.Series("organisation", [f"o{number:06}" for number in range(ORGANISATIONS)])
    index = np.repeat(np.arange(ORGANISATIONS, dtype=np.uint32), RESPONDENTS)
    return pl.DataFrame([names.gather(index), *columns.values()])
