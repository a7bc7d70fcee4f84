"""CSV that a spreadsheet opens as it is: UTF-8 with its mark, semicolons, no formulas.

A text that a spreadsheet would take for a formula gets an apostrophe before it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

FORMULA = tuple("=+-@\t\r")


class _Line:
    """What a csv writer writes to: gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of the file one after another, the head first."""
    writer = csv.writer(_Line(), delimiter=";")
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow([safe(text) for text in row])


def safe(text: str) -> str:
    return f"'{text}" if text[:1] in FORMULA else text
