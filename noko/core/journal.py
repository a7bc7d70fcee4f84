"""The chain of the journal: what each entry's digest is made of, and how a change is found.

Every entry has a digest of its content; every seal binds an entry to the one before it. Whoever
changes, removes or slips in an entry has to change every seal after it, and the newest digest that
somebody has noted elsewhere no longer agrees (S. Haber, W. S. Stornetta, "How to time-stamp a
digital document", J. Cryptology 3 (1991): linked time stamps).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

FIRST = "0" * 64
"""What stands before the first entry."""

FIELDS = (
    "at",
    "by",
    "by_name",
    "deed",
    "kind",
    "key",
    "title",
    "cycle",
    "reason",
    "before",
    "after",
)
"""What an entry's digest covers, all of it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as it is stored, with its seal. ``number`` is None when there is no seal."""

    entry: int
    content: Mapping[str, Any]
    content_digest: str
    number: int | None
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain is broken. ``number`` of the seal, ``message`` a Russian sentence."""

    number: int | None
    entry: int
    message: str


def canonical(content: Mapping[str, Any]) -> bytes:
    """The bytes an entry is known by: JSON with sorted keys, moments in UTC to the microsecond."""
    whole = {name: content[name] for name in FIELDS}
    moment: datetime = whole["at"]
    whole["at"] = moment.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def content_digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of :func:`canonical`, 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content)).hexdigest()


def seal_digest(previous: str, number: int, entry: int, content: str) -> str:
    """SHA-256 over the digest before, the number, the entry's key and the digest of its content."""
    return hashlib.sha256(f"{previous}\n{number}\n{entry}\n{content}".encode()).hexdigest()


def breaks(entries: Iterable[Sealed]) -> Iterator[Break]:
    """Every place where ``entries``, in the order of their numbers, are not one whole chain."""
    previous, expected = FIRST, 1
    for item in entries:
        if item.number is None:
            yield Break(None, item.entry, "запись не скреплена: её нет в цепочке")
            continue
        if item.number != expected:
            yield Break(item.number, item.entry, f"перед записью нет записи № {expected}")
        elif item.previous != previous:
            yield Break(item.number, item.entry, "запись не продолжает предыдущую")
        if not item.content:
            yield Break(item.number, item.entry, "запись удалена")
        elif content_digest(item.content) != item.content_digest:
            yield Break(item.number, item.entry, "содержание записи изменено")
        elif (
            seal_digest(item.previous, item.number, item.entry, item.content_digest) != item.digest
        ):
            yield Break(item.number, item.entry, "печать не подходит к записи")
        previous, expected = item.digest, item.number + 1
