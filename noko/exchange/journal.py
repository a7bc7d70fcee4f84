"""The journal as a table for people: CSV that Excel opens, row by row, in constant memory."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from noko.audit.deeds import title_of
from noko.models import JournalEntry

HEADER = (
    "№",
    "Когда",
    "Кто",
    "Действие",
    "Предмет",
    "Цикл",
    "Почему",
    "Было",
    "Стало",
    "Контрольная сумма",
)
CHUNK = 2000
BYTE_ORDER_MARK = "\ufeff"


def journal_lines(found: QuerySet[JournalEntry]) -> Iterator[str]:
    """The lines of the file, the header first; cells that look like formulas are made texts."""
    writer = csv.writer(_Line(), delimiter=";")
    yield BYTE_ORDER_MARK + writer.writerow(HEADER)
    for item in found.iterator(CHUNK):
        yield writer.writerow([_safe(cell) for cell in _cells(item)])


def write_journal(path: Path, found: QuerySet[JournalEntry]) -> int:
    """Writes the file; the number of entries in it."""
    number = -1
    with path.open("w", encoding="utf-8", newline="") as file:
        for line in journal_lines(found):
            file.write(line)
            number += 1
    return number


def _cells(item: JournalEntry) -> list[str]:
    seal = getattr(item, "seal", None)
    return [
        str(seal.number) if seal else "",
        timezone.localtime(item.at).strftime("%d.%m.%Y %H:%M:%S"),
        item.by_name or "система",
        title_of(item.deed),
        item.title,
        item.cycle.title if item.cycle else "",
        item.reason,
        _shown(item.before),
        _shown(item.after),
        seal.digest if seal else "",
    ]


def _shown(values: Any) -> str:
    return "" if values is None else json.dumps(values, ensure_ascii=False)


def _safe(text: str) -> str:
    return f"'{text}" if text[:1] in tuple("=+-@\t\r") else text


class _Line:
    """What a csv writer writes to: gives the line back instead of keeping it."""

    def write(self, line: str) -> str:
        return line
