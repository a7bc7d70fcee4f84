"""The national answers as a table of PostgreSQL: the embedded one, with its own settings."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.data import COLUMNS, QUESTIONS, national

ROWS = 500_000


@contextmanager
def loaded_answers() -> Iterator[Any]:
    """A connection to a database whose table ``answers`` holds the same rows in the same order.

    The rows are copied, vacuumed and analysed before anything is measured; the cluster is thrown
    away afterwards. How long that took and how large the table is goes to standard error.
    """
    import psycopg

    from noko.database import Cluster

    home = Path(tempfile.mkdtemp(prefix="noko-bench-"))
    home.chmod(0o711)  # the database may run as another user
    cluster = Cluster(home / "postgres")
    try:
        address = cluster.ensure()
        with psycopg.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            dbname="postgres",
            autocommit=True,
        ) as connection:
            _load(connection)
            yield connection
    finally:
        cluster.leave()
        cluster.discard()
        shutil.rmtree(home, ignore_errors=True)


def _load(connection: Any) -> None:
    import polars as pl

    columns = ", ".join(f"{question} smallint" for question in QUESTIONS)
    connection.execute(f"create table answers (organisation text not null, {columns})")
    begun = time.perf_counter()
    batches = pl.scan_parquet(national()).select(COLUMNS).collect_batches(chunk_size=ROWS)
    copying = f"copy answers ({', '.join(COLUMNS)}) from stdin (format csv)"
    with connection.cursor().copy(copying) as copy:
        for batch in batches:
            copy.write(batch.write_csv(include_header=False))
    connection.execute("vacuum (analyze) answers")
    size = connection.execute("select pg_total_relation_size('answers')").fetchone()[0]
    spent = time.perf_counter() - begun
    print(f"loaded in {spent:.0f} s, {size / 1e9:.1f} GB", file=sys.stderr)
