"""The inspection on site: what is asked, what two experts disagree about, what is counted.

A key is ``(checklist, item)``. Besides the items of the edition's checklists there is the list
:data:`FIGURES`: inputs that no checklist feeds, under their symbols – marks of an organisation
(historic building) and points that an expert gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from noko.core.dataset import ABSENT, NOT_APPLICABLE, PRESENT
from noko.core.editions import Edition, Input

Key = tuple[str, str]
MARKS = (PRESENT, ABSENT, NOT_APPLICABLE)
FIGURES = "figures"


@dataclass(frozen=True, slots=True)
class Asked:
    """One thing to look at. ``kind``: ``item`` (three marks), ``mark`` (yes or no), ``points``."""

    key: Key
    name: str
    kind: str
    maximum: int | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A checklist as it is walked through."""

    code: str
    title: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Experts found different things: expert → what they found."""

    key: Key
    found: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Merged:
    """``marks``: what holds; ``differences``: what somebody has still to settle."""

    marks: Mapping[Key, str]
    differences: tuple[Difference, ...]


def parts_of(edition: Edition, type: str = "") -> tuple[Part, ...]:
    """Everything to look at in an organisation of ``type``, checklist by checklist."""
    parts = [
        Part(
            checklist.code,
            checklist.title,
            tuple(
                Asked((checklist.code, item.id), item.name, "item")
                for item in checklist.items
                if not item.applies_to or not type or type in item.applies_to
            ),
        )
        for checklist in edition.checklists
    ]
    own = [
        Asked(
            (FIGURES, item.symbol),
            item.name,
            "mark" if item.kind == "mark" else "points",
            item.maximum,
            item.optional,
        )
        for item in _unfed(edition)
    ]
    if own:
        parts.append(Part(FIGURES, "Отметки и баллы эксперта", tuple(own)))
    return tuple(part for part in parts if part.asked)


def _unfed(edition: Edition) -> Iterable[Input]:
    """Inspection inputs that no checklist counts."""
    fed = {symbol for item in edition.checklists for symbol in (item.present, item.applicable)}
    return (
        item for item in edition.inputs if item.collected == "inspection" and item.symbol not in fed
    )


def lawful(asked: Asked, value: str) -> bool:
    """Whether ``value`` may be found for it: a mark, or points with at most two decimals."""
    if asked.kind == "item":
        return value in MARKS
    if asked.kind == "mark":
        return value in (PRESENT, ABSENT)
    try:
        points = Decimal(value)
    except InvalidOperation:
        return False
    if not points.is_finite() or points.as_tuple().exponent < -2:  # type: ignore[operator]
        return False
    return 0 <= points <= (asked.maximum if asked.maximum is not None else points)


def missing(parts: Sequence[Part], found: Mapping[Key, str]) -> list[Asked]:
    """What has not been looked at yet, in the order of the lists; the optional may stay open."""
    return [
        asked
        for part in parts
        for asked in part.asked
        if asked.key not in found and asked.kind != "mark" and not asked.optional
    ]


def merged(
    found: Mapping[int, Mapping[Key, str]], settled: Mapping[Key, str] | None = None
) -> Merged:
    """What holds after one or more experts: what they agree about, and what was settled.

    ``found``: expert → key → value. What only one of them has looked at holds as it is.
    """
    settled = settled or {}
    marks: dict[Key, str] = {}
    differences = []
    for key in dict.fromkeys(key for own in found.values() for key in own):
        values = {expert: own[key] for expert, own in found.items() if key in own}
        if key in settled:
            marks[key] = settled[key]
        elif len({_same(value) for value in values.values()}) == 1:
            marks[key] = next(iter(values.values()))
        else:
            differences.append(Difference(key, values))
    return Merged(marks, tuple(differences))


def _same(value: str) -> str | Decimal:
    """«7.5» and «7.50» are the same points."""
    return value if value in MARKS else Decimal(value)


def figures(edition: Edition, marks: Mapping[Key, str]) -> dict[str, int | Decimal]:
    """The edition's inspection inputs by symbol: items present, items that apply, own figures."""
    counted: dict[str, int | Decimal] = {}
    for checklist in edition.checklists:
        own = [value for (code, _), value in marks.items() if code == checklist.code]
        if not own:
            continue
        if checklist.present:
            counted[checklist.present] = own.count(PRESENT)
        if checklist.applicable:
            counted[checklist.applicable] = own.count(PRESENT) + own.count(ABSENT)
    for item in _unfed(edition):
        value = marks.get((FIGURES, item.symbol))
        if value is None or value == NOT_APPLICABLE:
            continue
        counted[item.symbol] = int(value == PRESENT) if item.kind == "mark" else Decimal(value)
    return counted
