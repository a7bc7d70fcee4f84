"""``make bench``: every benchmark whole, their tables written to ``benchmarks/RESULTS.md``."""

from __future__ import annotations

import os
import platform
from pathlib import Path

from benchmarks import national, operator, pages, region, start, websites

HEAD = """# Measured side by side

Written by `make bench` in one run. Read the figures as ratios within it: the machine, and what else
it does, differ. {machine}

## National rating

35,000 organisations x 600 questionnaires, 21 million rows, Parquet sorted by organisation; every
way reads the same file. "x" is the ratio to Polars' decoding of the same columns alone, every value
of them, batch by batch; for NOKO it is the median of {pairs} pairs run in turn. Processor time and
memory are those of the measuring process, so there are none for the servers, PostgreSQL and
PySpark. All ways counted the same satisfied answers.

| Way | Seconds | x | Processor, s | x | Peak memory |
|---|---|---|---|---|---|
"""
PROMISE = """
| Promised | Must be | Measured |
|---|---|---|
"""
ONE = """
## A region, an operator, a start

A region has 300 organisations and 100,000 questionnaires, its package lies on disk; an operator's
pair of XLSX files has 121 organisations and 30,000 answers.

| What | Seconds | Must be under |
|---|---|---|
"""
PAGES = """
## Pages

One worker, loopback, requests a second.

| Page | Rendered | Served as a file | Ratio | At least |
|---|---|---|---|---|
"""
WEBSITES = """
## Sites of organisations

The inspector on pages of real sites that are not kept here (`NOKO_SITE_PAGES`), against labels made
by hand before it first ran; its rules were worked on with the half "tune" alone, split by whole
sites. Precision and recall are those of "absent", pages a second those of one processor. The set is
small: 32 right of 32 only mean that the true share is above 0.90 with 95 % confidence.

| Half | Labels | Precision (least 0.98) | Recall (least 0.95) | Pages a second (least 100) |
|---|---|---|---|---|
"""


def main() -> str:
    before = _load()
    country = national.run()
    single = [*region.run(), *operator.run(), *start.run()]
    served = pages.run()
    machine = (
        f"{os.cpu_count()} processors ({platform.machine()}), Python {platform.python_version()};"
        f" load average before the run {before}, after it {_load()} (the run itself takes part)."
    )
    return (
        HEAD.format(machine=machine, pairs=national.PAIRS)
        + _lines(country.rows)
        + PROMISE
        + _lines(_promises(country))
        + ONE
        + _lines(single)
        + PAGES
        + _lines(served)
        + WEBSITES
        + _lines(websites.run())
    )


def _promises(country: national.National) -> list[list[str]]:
    return [
        ["national rating, x of decoding alone", "at most 2", f"{country.ratio:.2f}"],
        ["the same, processor seconds", "at most 2", f"{country.processor_ratio:.2f}"],
        ["peak memory", "under 600 MB", f"{country.memory:.0f} MB"],
        ["scoring and all places alone", "under 1 s", f"{country.scoring:.2f} s"],
    ]


def _load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def _lines(rows: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    text = main()
    (Path(__file__).parent / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
