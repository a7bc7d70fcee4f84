"""``make bench``: runs the benchmarks and writes their tables to ``benchmarks/RESULTS.md``."""

from pathlib import Path

from benchmarks import national

HEAD = """# Measured side by side

Read the figures as ratios within one run: the machine and what else it does differ. Memory is the
peak of the process (of PySpark, without its Java part). National rating: 35,000 organisations x
600 questionnaires, 21 million rows, Parquet sorted by organisation; every way reads the same file.

| Way | Seconds | x of decoding by Polars | Peak memory |
|---|---|---|---|
"""

if __name__ == "__main__":
    rows = "".join(f"| {' | '.join(row)} |\n" for row in national.run())
    (Path(__file__).parent / "RESULTS.md").write_text(HEAD + rows, encoding="utf-8")
    print(HEAD + rows)
