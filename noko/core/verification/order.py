"""Places of a published list: they must follow the totals.

A list may be a part of a longer one, so that numbers may be left out; what cannot be is a better
place beside a smaller total, one place beside two different totals, a place beyond the length of
the list. How equal totals are numbered is read off and told; no official rule is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby, pairwise

from noko.core.verification.interval import rounded_from
from noko.core.verification.table import PublishedRow, common_labels

LIST_OF = ("sheet", "year", "region", "rank_scope", "n_ranked")
NAMED_BY = ("sheet", "year", "region", "municipality", "type", "rank_scope")
FINER = (("municipality",), ("type",), ("municipality", "type"))


class Ties(StrEnum):
    """How equal totals of a list are numbered."""

    NONE = "none"
    """There are no equal totals."""
    COMPETITION = "competition"
    """1, 2, 2, 4."""
    DENSE = "dense"
    """1, 2, 2, 3."""
    SHARED = "shared"
    """A common place; the next place is not printed."""
    SEQUENTIAL = "sequential"
    """Every line has its own number."""
    MIXED = "mixed"
    """Some share a place and some do not."""


class Break(StrEnum):
    """What is wrong with a place."""

    ORDER = "order"
    SHARED = "shared"
    BEYOND = "beyond"


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with both a place and a total."""

    row: PublishedRow
    place: Fraction
    total: Decimal


@dataclass(frozen=True, slots=True)
class BrokenPlace:
    """``upper`` has the better place (or the same one, or is alone) and should not."""

    kind: Break
    upper: Placed
    lower: Placed | None = None


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A list of ``size`` lines with place and total that share ``labels``."""

    labels: Mapping[str, str]
    size: int
    ties: Ties
    breaks: tuple[BrokenPlace, ...]


def check_order(rows: Iterable[PublishedRow]) -> list[CheckedList]:
    """Every list of places of ``rows`` (organisations only, no lines of means)."""
    placed = [
        Placed(row, row.place, row.total)
        for row in rows
        if row.place is not None and row.total is not None
    ]
    return [
        _check(part) for members in _split(placed, LIST_OF) for part in _numbered_apart(members)
    ]


def _split(lines: Iterable[Placed], names: Sequence[str]) -> list[list[Placed]]:
    lists: dict[tuple[str, ...], list[Placed]] = {}
    for line in lines:
        lists.setdefault(tuple(line.row.labels.get(name, "") for name in names), []).append(line)
    return list(lists.values())


def _numbered_apart(lines: list[Placed]) -> list[list[Placed]]:
    """``lines``, parted by municipality or type where places are plainly counted apart.

    Only if one place stands beside different totals, and in the parts no place is wrong.
    """
    if any(item.kind is Break.SHARED for item in _breaks(lines)):
        for names in FINER:
            parts = _split(lines, names)
            if not any(_breaks(part) for part in parts):
                return parts
    return [lines]


def _check(lines: list[Placed]) -> CheckedList:
    labels = common_labels([line.row for line in lines], NAMED_BY)
    return CheckedList(labels, len(lines), _ties(lines), tuple(_breaks(lines)))


def _breaks(lines: Sequence[Placed]) -> list[BrokenPlace]:
    found = [BrokenPlace(Break.BEYOND, line) for line in lines if _beyond(line)]
    by_place = sorted(lines, key=lambda line: (line.place, -line.total))
    shelves = [list(shelf) for _, shelf in groupby(by_place, key=lambda line: line.place)]
    for shelf in shelves:
        if _below(shelf[-1], shelf[0]):
            found.append(BrokenPlace(Break.SHARED, shelf[-1], shelf[0]))
    for upper, lower in pairwise(shelves):
        if _below(upper[-1], lower[0]):
            found.append(BrokenPlace(Break.ORDER, upper[-1], lower[0]))
    return found


def _below(one: Placed, other: Placed) -> bool:
    """The total of ``one`` is certainly smaller, however both were rounded."""
    return rounded_from(one.total).high <= rounded_from(other.total).low


def _beyond(line: Placed) -> bool:
    length = re.match(r"\d+", line.row.labels.get("n_ranked", ""))
    return line.place < 1 or (length is not None and line.place > int(length[0]))


def _ties(lines: Sequence[Placed]) -> Ties:
    equal: dict[Decimal, list[Fraction]] = {}
    for line in lines:
        equal.setdefault(line.total, []).append(line.place)
    tied = [places for places in equal.values() if len(places) > 1]
    if not tied:
        return Ties.NONE
    if all(len(set(places)) == len(places) for places in tied):
        return Ties.SEQUENTIAL
    if any(len(set(places)) > 1 for places in tied):
        return Ties.MIXED
    all_places = sorted({line.place for line in lines})
    kinds = {_rule(places, all_places) for places in tied} - {Ties.SHARED}
    if len(kinds) > 1:
        return Ties.MIXED
    return kinds.pop() if kinds else Ties.SHARED


def _rule(places: Sequence[Fraction], all_places: Sequence[Fraction]) -> Ties:
    """What the next place after a shared one says; rows left out make it say nothing."""
    after = next((place for place in all_places if place > places[0]), None)
    if after == places[0] + 1:
        return Ties.DENSE
    return Ties.COMPETITION if after == places[0] + len(places) else Ties.SHARED
