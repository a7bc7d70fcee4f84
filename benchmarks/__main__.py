"""``make bench``: runs the benchmarks and writes their tables to ``benchmarks/RESULTS.md``."""

from pathlib import Path

from benchmarks import national, region

HEAD = """# Measured side by side

Read the figures as ratios within one run: the machine and what else it does differ. Memory is the
peak of the process; PySpark's Java part is in neither memory nor processor time.

National rating: 35,000 organisations x 600 questionnaires, 21 million rows, Parquet sorted by
organisation; every way reads the same file.

| Way | Seconds | x of Polars decoding | Processor, s | x of the same | Peak memory |
|---|---|---|---|---|---|
"""

REGION = """
A region: 300 organisations, 100,000 questionnaires, a package on disk.

| What | Seconds | Must be under |
|---|---|---|
"""


def lines(rows: list[list[str]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


if __name__ == "__main__":
    text = HEAD + lines(national.run()) + REGION + lines(region.run())
    (Path(__file__).parent / "RESULTS.md").write_text(text, encoding="utf-8")
    print(text)
