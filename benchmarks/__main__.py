"""``make bench``: every benchmark whole, their tables written to ``benchmarks/RESULTS.md``.

``python -m benchmarks intake`` measures one section anew and leaves the others as they are.
``python -m benchmarks sites --sites 1000 --pages 40 --keep`` visits the sites of a whole region.
"""

from __future__ import annotations

import os
import platform
import re
import sys
from pathlib import Path

from benchmarks import intake, monitor, national, operator, pages, region, start, wave, websites

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
INTAKE = """
## Questionnaires taken in

`noko serve` as production runs it ({processes}), the embedded PostgreSQL with fsync and
synchronous_commit on, and the generator of load on one machine: {connections} connections that are
kept open and ask again as soon as they have an answer, {seconds:.0f} s each. Every questionnaire of
344n is complete, checked and on the disk when it is acknowledged; all their boxes were counted
afterwards. Boxes hold {in_a_box} answers of the day when it begins. Load average before {before},
after {after}: processor time for each answer hardly depends on it, rates and times do. "Share":
intake as a part of that line's rate. No such figure of LimeSurvey, ODK Central or KoboToolbox was
found to stand beside it.

| What | A second | p50, ms | p99, ms | Processor: site, ms | database, ms | Share |
|---|---|---|---|---|---|---|
{rows}
| Promised | Must be | Measured |
|---|---|---|
| complete questionnaires a second | at least {at_least} | {rate} |
| p99 at {connections} connections | under {p99_under} ms | {p99} ms |
"""
WAVE = """
## A wave of many answers

The office's own pages, each asked in a process of its own; boxes, receipts and traces as so many
acceptances leave them. A million answers are of {organisations:,} organisations, with 200,000
remarks. Load average before {before}, after {after}.

| What | Measured | Must be |
|---|---|---|
{rows}"""
ACCURACY = """
## Sites of organisations

The inspector on pages of real sites that are not kept here (`NOKO_SITE_PAGES`), against labels made
by hand before it first ran; its rules were worked on with the half "tune" alone, split by whole
sites. Precision and recall are those of "absent", pages a second those of one processor. The set is
small: 32 right of 32 only mean that the true share is above 0.90 with 95 % confidence.

| Half | Labels | Precision (least 0.98) | Recall (least 0.95) | Pages a second (least 100) |
|---|---|---|---|---|
"""
SPEED = """
Pages read and judged on one processor; "x" is how many times longer that takes than the trees alone
take selectolax (C). Large pages of one site weigh more than small ones.

| Site | Pages | KB of a page | Pages a second (least 100) | x |
|---|---|---|---|---|
"""
DESCRIBED = """
What the person who chose the pages described on them, and what the inspector makes of it:

| Site | Described | Told as |
|---|---|---|
"""
MONITOR = """
### A round of visits

One worker with its database, archives and document readers visits invented sites on this machine at
one request a second for each host; of a thousand, 95 are bad ones: silent, slow, blocking,
forbidding, endless, looping, with bombs and hostile documents. Two sites at once bring at most two
requests a second: the share says how near to that the worker comes. Fifty sites of ten pages, all
at once:

| What | Measured |
|---|---|
"""
REGION = """
A region (`python -m benchmarks sites --sites 1000 --pages 40 --keep`, measured apart):

| What | Measured |
|---|---|
"""


def main() -> str:
    before = _load()
    country = national.run()
    single = _single()
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
        + single
        + PAGES
        + _lines(served)
        + _intake()
        + _wave()
        + _sites()
    )


def _single() -> str:
    return ONE + _lines([*region.run(), *operator.run(), *start.run()])


def _sites() -> str:
    """The part about sites."""
    kept = monitor.KEPT.read_text(encoding="utf-8") if monitor.KEPT.exists() else ""
    return (
        ACCURACY
        + _lines(websites.run())
        + SPEED
        + _lines(websites.speed())
        + DESCRIBED
        + _lines(websites.described())
        + MONITOR
        + _lines(monitor.run())
        + (REGION + kept if kept else "")
    )


def _promises(country: national.National) -> list[list[str]]:
    return [
        ["national rating, x of decoding alone", "at most 2", f"{country.ratio:.2f}"],
        ["the same, processor seconds", "at most 2", f"{country.processor_ratio:.2f}"],
        ["peak memory", "under 600 MB", f"{country.memory:.0f} MB"],
        ["scoring and all places alone", "under 1 s", f"{country.scoring:.2f} s"],
    ]


def _intake() -> str:
    before = _load()
    rows = intake.run()
    return INTAKE.format(
        processes=f"{intake.WORKERS} processes of {intake.THREADS} threads",
        connections=intake.CONNECTIONS, seconds=intake.SECONDS, in_a_box=intake.IN_A_BOX,
        before=before, after=_load(), rows=_lines(rows),
        at_least=intake.AT_LEAST, rate=rows[0][1], p99_under=intake.P99_UNDER, p99=rows[0][3],
    )  # fmt: skip


def _wave() -> str:
    before = _load()
    rows = _lines(wave.run())
    return WAVE.format(organisations=wave.ORGANISATIONS, before=before, after=_load(), rows=rows)


SECTIONS = {"region": _single, "intake": _intake, "wave": _wave, "websites": _sites}
"""What can be measured by itself."""


def renewed(text: str, section: str) -> str:
    """``text`` with ``section`` in place of the one of the same title, or at its end."""
    title = section.strip().splitlines()[0]
    old = re.compile(rf"^{re.escape(title)}\n.*?(?=^## |\Z)", re.DOTALL | re.MULTILINE)
    new = section.strip() + "\n"
    if not old.search(text):
        return f"{text.rstrip()}\n\n{new}"
    return old.sub(lambda found: new + ("\n" if found.end() < len(text) else ""), text)


def _load() -> str:
    return " ".join(f"{value:.1f}" for value in os.getloadavg())


def _lines(rows: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    if sys.argv[1:2] == ["sites"]:
        sys.exit(monitor.main(sys.argv[2:]))
    results = Path(__file__).parent / "RESULTS.md"
    if names := sys.argv[1:]:
        text = results.read_text(encoding="utf-8")
        for name in names:
            text = renewed(text, SECTIONS[name]())
    else:
        text = main()
    results.write_text(text, encoding="utf-8")
    print(text)
