"""XLS and XLSB parsed in a process of their own; formula errors stand in their cells as text.

The parser ends its whole process on some damaged files of the old container, and nothing in such a
file says beforehand how far its cells reach. Here that costs one short-lived process with a limit
on its memory, not the site.
"""

from __future__ import annotations

import io
import pickle
import resource
import struct
import subprocess
import sys
from collections.abc import Sequence

import python_calamine as calamine

from noko.core.tables.sheet import Block, Sheet
from noko.exchange.legacy_errors import errors_of

MEMORY_LIMIT = 2 * 1024 * 1024 * 1024
SECONDS = 120

Corners = tuple[int, int, int, int]
DAMAGED, ENCRYPTED = 1, 3
"""Exit codes of the process; any other but 0 is a damaged file that ended it."""


class Unreadable(Exception):
    """``encrypted`` tells a password from damage."""

    def __init__(self, *, encrypted: bool) -> None:
        self.encrypted = encrypted
        super().__init__()


def read_apart(data: bytes, file: str) -> list[Sheet]:
    """Sheets of the workbook. ``Unreadable`` when the process could not read it."""
    command = [sys.executable, "-m", "noko.exchange.legacy"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise Unreadable(encrypted=False) from None
    if done.returncode:
        raise Unreadable(encrypted=done.returncode == ENCRYPTED)
    found = pickle.loads(done.stdout)  # noqa: S301 - written by our own process just now
    return [
        Sheet(file, name, rows, tuple(Block(*corners) for corners in merged))
        for name, rows, merged in found
    ]


def _parsed(data: bytes) -> list[tuple[str, Sequence[Sequence[object]], list[Corners]]]:
    book = calamine.load_workbook(io.BytesIO(data))
    sheets: list[tuple[str, Sequence[Sequence[object]], list[Corners]]] = []
    for meta, errors in zip(book.sheets_metadata, errors_of(data), strict=True):
        if meta.typ == calamine.SheetTypeEnum.WorkSheet:
            sheet = book.get_sheet_by_name(meta.name)
            merged = [(*first, *last) for first, last in sheet.merged_cell_ranges or ()]
            rows = sheet.to_python(skip_empty_area=False)
            for row, column, error in errors:
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = error
            sheets.append((meta.name, rows, merged))
    return sheets


def main() -> int:
    """Reads the workbook from standard input, writes its sheets to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = _parsed(sys.stdin.buffer.read())
    except calamine.PasswordError:
        return ENCRYPTED
    except (calamine.CalamineError, ValueError, LookupError, StopIteration, struct.error):
        return DAMAGED
    sys.stdout.buffer.write(pickle.dumps(sheets))
    return 0


if __name__ == "__main__":
    sys.exit(main())
