"""Records of the registry that may be one organisation: proposed with the reason, never joined.

Two records are proposed when they stand in one municipality, are of one type, and have alike names
(:func:`noko.core.tables.matching.alike`). Different INN or OGRN speak against it, unless they
differ in a digit or two, as a misprint does, or the two have one address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from noko.core.tables.matching import alike, index_keys, kinds_agree
from noko.core.tables.names import parts_of, typographic_key

PROPOSED_FROM = 0.8
"""Within one registry names are many: the bar is higher than between two files."""

MISPRINT = 2
"""Identifiers that differ in so many digits may be one, mistyped."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record: its key and what is compared."""

    key: int
    full_name: str
    short_name: str
    type: str
    municipality: str
    inn: str = ""
    ogrn: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two records, the smaller key first; ``reason`` is a Russian phrase, ``score`` 0..1."""

    first: int
    second: int
    score: float
    reason: str


def likenesses(records: Sequence[Candidate]) -> list[Likeness]:
    """Every pair that may be one organisation, the likeliest first."""
    groups: dict[tuple[str, str, str], list[Candidate]] = defaultdict(list)
    for record in records:
        for name in {record.full_name, record.short_name}:
            for key in index_keys(parts_of(name)):
                groups[record.municipality, record.type, key].append(record)
    found: dict[tuple[int, int], Likeness] = {}
    for group in groups.values():
        for position, left in enumerate(group):
            _compare(left, group[position + 1 :], found)
    return sorted(found.values(), key=lambda item: (-item.score, item.first, item.second))


def alike_to(record: Candidate, others: Iterable[Candidate]) -> list[Likeness]:
    """Records that may be the same organisation as ``record``, the likeliest first."""
    found = [
        likeness
        for other in others
        if other.key != record.key and (likeness := likeness_of(record, other)) is not None
    ]
    return sorted(found, key=lambda item: (-item.score, item.first, item.second))


def _compare(
    left: Candidate, others: Iterable[Candidate], found: dict[tuple[int, int], Likeness]
) -> None:
    for right in others:
        pair = (min(left.key, right.key), max(left.key, right.key))
        if left.key == right.key or pair in found:
            continue
        likeness = likeness_of(left, right)
        if likeness is not None:
            found[pair] = likeness


def likeness_of(left: Candidate, right: Candidate) -> Likeness | None:
    """How alike two records are, and why; None when they cannot be one organisation."""
    if left.municipality != right.municipality or left.type != right.type:
        return None
    named = _named_alike(left, right)
    if named is None:
        return None
    score, reason = named
    against = _identifiers(left, right)
    if against is None:
        return None
    first, second = sorted((left.key, right.key))
    return Likeness(first, second, score, f"{reason}{against}")


def _named_alike(left: Candidate, right: Candidate) -> tuple[float, str] | None:
    full = parts_of(left.full_name), parts_of(right.full_name)
    short = parts_of(left.short_name), parts_of(right.short_name)
    # Where the full names say that they differ (№ 5 and № 15), short ones do not overrule them.
    found = [alike(*full), alike(*short)]
    if found[0] is None or not kinds_agree(*full):
        return None
    best = max((item for item in found if item is not None), key=lambda item: item[0])
    return best if best[0] >= PROPOSED_FROM else None


def _identifiers(left: Candidate, right: Candidate) -> str | None:
    """What the identifiers add to the reason; None when they speak against it."""
    notes = []
    for title, one, other in (("ИНН", left.inn, right.inn), ("ОГРН", left.ogrn, right.ogrn)):
        if not one or not other or one == other:
            continue
        if _differing(one, other) <= MISPRINT:
            notes.append(f"{title} почти совпадает")
        elif _one_address(left, right):
            notes.append(f"{title} разные, адрес один")
        else:
            return None
    return f"; {', '.join(notes)}" if notes else ""


def _differing(left: str, right: str) -> int:
    """In how many places two numbers differ; a neighbouring swap counts as one."""
    if len(left) != len(right):
        return max(len(left), len(right))
    places = [i for i in range(len(left)) if left[i] != right[i]]
    swapped = len(places) == 2 and places[1] == places[0] + 1
    if swapped and left[places[0]] == right[places[1]] and left[places[1]] == right[places[0]]:
        return 1
    return len(places)


def _one_address(left: Candidate, right: Candidate) -> bool:
    one, other = typographic_key(left.address), typographic_key(right.address)
    return bool(one) and one == other
