"""Different wordings that may name one body or one person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from noko.core.planning.people import Responsible, Who
from noko.core.tables.text import plain, stems

ALIKE = 0.88
"""Spellings at least so alike (0..1) may be one name with a slip."""


@dataclass(frozen=True, slots=True)
class Wordings:
    """Two wordings, the one met more often as ``usual``, and the rows of each."""

    usual: str
    usual_keys: tuple[str, ...]
    rare: str
    rare_keys: tuple[str, ...]


def wordings(rows: Sequence[tuple[str, Sequence[Responsible]]]) -> Iterator[Wordings]:
    """Pairs of wordings that look like one; letters' case, spaces and dashes alone never do."""
    met: dict[tuple[Who, str], list[tuple[str, str]]] = defaultdict(list)
    for key, everybody in rows:
        for one in everybody:
            met[one.kind, one.key].append((key, one.name))
    for (kind, left), (other, right) in combinations(met, 2):
        a, b = met[kind, left], met[other, right]
        if kind is other and _alike(kind, a[0][1], b[0][1]):
            usual, rare = (a, b) if len(a) >= len(b) else (b, a)
            yield Wordings(usual[0][1], _keys(usual), rare[0][1], _keys(rare))


def _keys(met: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key, _ in met))


def _alike(kind: Who, left: str, right: str) -> bool:
    if kind is Who.PERSON:
        return _one_person(left, right)
    a, b = set(stems(plain(left))), set(stems(plain(right)))
    if a <= b or b <= a:
        return True
    return SequenceMatcher(None, plain(left), plain(right)).ratio() >= ALIKE


def _one_person(left: str, right: str) -> bool:
    """One surname with other initials, or one slip in the surname with the same initials."""
    a, b = _surname(left), _surname(right)
    if a == b:
        return True
    same_initials = _initials(left) == _initials(right)
    return same_initials and SequenceMatcher(None, a, b).ratio() >= ALIKE


def _surname(name: str) -> str:
    return (
        max((word for word in plain(name).split()), key=len, default="")
        if "." in name
        else (plain(name).split()[0])
    )


def _initials(name: str) -> tuple[str, ...]:
    words = plain(name).split()
    surname = _surname(name)
    return tuple(word[0] for word in words if word != surname)
