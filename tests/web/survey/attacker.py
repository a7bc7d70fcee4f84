"""Somebody who wants to know who answered what, and has everything but the live machine.

They know of many respondents when exactly each answered, with which key and from which device and
address; they hold whole dumps of the database, rows in the order of the disk with the number of
the writing transaction, taken on several nights. They try every order that a row can have, what
has been added between two dumps, and whatever was written by one transaction.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from math import sqrt

from django.db import connection

from noko.core.answers.slip import Slip

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one respondent from outside; ``slip`` is the truth to be guessed."""

    at: datetime
    day: date
    key: str
    slip: Slip


@dataclass(slots=True)
class Dump:
    """Table → its rows in the order of the disk, with ``ctid`` and ``xmin``."""

    tables: dict[str, list[Row]] = field(default_factory=dict)

    def text(self) -> str:
        return json.dumps(self.tables, default=_plain, ensure_ascii=False)


def _plain(value: object) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value)


def dump() -> Dump:
    """Everything that the database shows to its owner."""
    made = Dump()
    with connection.cursor() as cursor:
        cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
        for (name,) in cursor.fetchall():
            table = connection.ops.quote_name(name)
            cursor.execute(f"select ctid::text, xmin::text::bigint, t.* from {table} t")  # noqa: S608
            columns = [column[0] for column in cursor.description]
            made.tables[name] = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
    return made


PATTERN = re.compile(r"[01-]{14}")


def answers_in(row: Row) -> list[str]:
    """The patterns of a row in the order in which they stand there, each as often as it counts."""
    found: list[str] = []
    for value in row.values():
        held = as_json(value)
        if isinstance(held, dict):
            for key, number in held.items():
                if PATTERN.fullmatch(key):
                    found += [key] * int(number)
        elif isinstance(value, str) and PATTERN.fullmatch(value):
            found.append(value)
    return found


def as_json(value: object) -> object:
    if isinstance(value, str) and value.startswith("{"):
        return json.loads(value)
    return value


def in_order(whole: Dump) -> Iterator[tuple[str, list[tuple[object, str]]]]:
    """Name of a strategy → (day or None, pattern) in the order that it takes for that of time."""
    rows = [(t, row) for t, rows in whole.tables.items() for row in rows if answers_in(row)]
    orders = {
        "disk": rows,
        "transaction": sorted(rows, key=lambda item: int(str(item[1]["xmin"]))),
        "number": sorted(rows, key=lambda item: str(item[1].get("id", "")).zfill(20)),
    }
    for name, ordered in orders.items():
        listed = [(row.get("day"), p) for _, row in ordered for p in answers_in(row)]
        yield name, listed
        yield f"{name}, backwards", listed[::-1]
        yield f"{name}, by pattern", sorted(listed, key=lambda item: item[1])


def added(before: Dump, after: Dump) -> list[tuple[object, str]]:
    """What stands in the later dump and not in the earlier one."""
    rest = Counter(p for rows in before.tables.values() for row in rows for p in answers_in(row))
    found = []
    for rows in after.tables.values():
        for row in rows:
            for pattern in answers_in(row):
                if rest[pattern]:
                    rest[pattern] -= 1
                else:
                    found.append((row.get("day"), pattern))
    return found


def hits(known: Sequence[Known], listed: Sequence[tuple[object, str]]) -> int:
    """How many respondents are given their own answers when both orders are laid side by side."""
    by_day: dict[object, list[str]] = defaultdict(list)
    for day, pattern in listed:
        by_day[day].append(pattern)
    found = 0
    for day in {item.day for item in known}:
        of_day = sorted((item for item in known if item.day == day), key=lambda item: item.at)
        taken = by_day.get(day) or by_day.get(None, [])
        found += sum(k.slip.pattern == p for k, p in zip(of_day, taken, strict=False))
    return found


def hits_by_transaction(known: Sequence[Known], whole: Dump, digests: Sequence[bytes]) -> int:
    """Who holds keys and salt finds the receipts, and looks for what the same moment has written.

    Where a row holds many answers any of them may be meant; the first is taken.
    """
    written: dict[int, list[str]] = defaultdict(list)
    for rows in whole.tables.values():
        for row in rows:
            written[int(str(row["xmin"]))] += answers_in(row)
    receipts = {bytes(row["digest"]): int(str(row["xmin"])) for row in _receipts(whole)}
    found = 0
    for item, digest in zip(known, digests, strict=True):
        near = written.get(receipts.get(digest, -1), [])
        found += bool(near) and near[0] == item.slip.pattern
    return found


def _receipts(whole: Dump) -> list[Row]:
    return [r for rows in whole.tables.values() for r in rows if isinstance(r.get("digest"), bytes)]


def chance(known: Sequence[Known]) -> tuple[float, float]:
    """Expected hits of somebody who only knows the day, and so many as luck alone does not give."""
    expected = 0.0
    for day in {item.day for item in known}:
        of_day = Counter(item.slip.pattern for item in known if item.day == day)
        expected += sum(number**2 for number in of_day.values()) / of_day.total()
    return expected, expected + 4 * sqrt(expected)
