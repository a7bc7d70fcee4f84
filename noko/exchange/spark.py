"""The cluster engine: PySpark, imported only when it is asked for.

A session that is already running (a notebook, a cluster's driver) is used; otherwise one is
started with what ``SPARK_MASTER`` or ``spark-defaults.conf`` say, by default on this machine.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from noko.core.refusal import Refusal

_HERE = "127.0.0.1"


@cache
def session() -> Any:
    """The Spark session. Refusals: ``no_pyspark``, ``no_java`` with their cure."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise Refusal(
            "Для расчёта на кластере нужен PySpark, он не установлен.",
            kind="no_pyspark",
            cure="Выполните requirements/install spark или уберите --engine spark.",
        ) from None
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise Refusal(
            "Для расчёта на кластере нужна Java 17 или новее, она не найдена.",
            kind="no_java",
            cure="Установите её (Debian, Ubuntu: apt install default-jre-headless) "
            "или уберите --engine spark.",
        )
    builder = SparkSession.builder.appName("noko").config("spark.ui.showConsoleProgress", "false")
    if master := os.environ.get("SPARK_MASTER"):
        return builder.master(master).getOrCreate()
    here = {
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": _HERE,
        "spark.driver.host": _HERE,
    }
    return builder.config(map=here).getOrCreate()


def read(kind: str, path: Path, options: Mapping[str, str]) -> nw.LazyFrame:
    """A Parquet or CSV file (or a folder of them) as a narwhals frame on the cluster."""
    reader = session().read.options(**options)
    where = str(path.resolve())
    return nw.from_native(reader.parquet(where) if kind == "parquet" else reader.csv(where))


def rows_of(query: nw.LazyFrame) -> pl.DataFrame:
    """The few rows of a counted query, brought to this machine without Arrow."""
    native: Any = query.to_native()
    rows = [row.asDict() for row in native.collect()]
    if rows:
        return pl.DataFrame(rows, infer_schema_length=None)
    return pl.DataFrame({name: [] for name in query.columns})
