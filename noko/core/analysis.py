"""What an operator's analytical report says: groups, extremes, shortcomings. All of it follows from
a calculation and the marks of the inspection; nothing here is a score of its own.

The order of the report follows the published reports of operators: sample, criterion by criterion
(range, mean, the highest and the lowest), the rating, municipalities, conclusions with the three
lowest criteria, and the shortcomings of every organisation taken from the absent items.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from noko.core.dataset import ABSENT, PRESENT, Mark
from noko.core.editions import Edition
from noko.core.sampling import sample_size
from noko.core.scoring.groups import mean
from noko.core.scoring.publishing import AllPlaces, official_order
from noko.core.scoring.scores import Scores, Values

LOW = Fraction(9, 10)
"""An indicator below this share of its maximum is named among the shortcomings.

Not from an act: operators' own programs advise where a value is below 90 of 100.
"""

EXTREMES = 3
"""How many organisations are named as the highest and the lowest, how many criteria as lowest."""


@dataclass(frozen=True, slots=True)
class Line:
    """An organisation with one published value (decimal point) and its place by it."""

    index: int
    name: str
    municipality: str
    value: str
    place: int


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion over all rated organisations; texts are published values, decimal point."""

    code: str
    name: str
    short: str
    maximum: int
    mean: str
    lowest: str
    highest: str
    indicators: tuple[tuple[str, str, str], ...]
    upper: tuple[Line, ...]
    lower: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class GroupView:
    """A type or a municipality: how many are rated, mean total, means by criterion."""

    title: str
    organisations: int
    total: str
    criteria: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shortcomings:
    """Absent items by checklist title, and indicators below :data:`LOW` with their values."""

    absent: tuple[tuple[str, tuple[str, ...]], ...]
    low: tuple[tuple[str, str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """The sample of an organisation; ``required`` is None where recipients are not known."""

    index: int
    name: str
    recipients: int | None
    required: int | None
    respondents: int | None


@dataclass(frozen=True, slots=True)
class Analysis:
    edition: Edition
    order: tuple[int, ...]
    total_mean: str
    criteria: tuple[CriterionView, ...]
    types: tuple[GroupView, ...]
    municipalities: tuple[GroupView, ...]
    lowest_criteria: tuple[CriterionView, ...]
    frequent: tuple[tuple[str, str, int, int], ...]
    """Checklist, item, at how many absent, of how many where it applies; the most absent first."""
    shortcomings: tuple[Shortcomings, ...]
    sample: tuple[Asked, ...]

    def maximum_of(self, indicator: str) -> int:
        """The largest value of an indicator, by its code."""
        return next(item.maximum for item in self.edition.indicators if item.code == indicator)


def analyse(
    scores: Scores,
    places: AllPlaces,
    *,
    ids: Sequence[str],
    marks: Sequence[Mark],
    recipients: Sequence[int | None],
    respondents: Sequence[int | None],
) -> Analysis:
    """``ids``, ``recipients`` and ``respondents`` follow the order of ``scores.counts``."""
    edition, titles = scores.edition, _titles(scores.edition)
    order = official_order(scores, places)
    views = tuple(_criterion(scores, places, code) for code in scores.criteria)
    ranked = sorted(views, key=lambda view: Fraction(view.mean or 0) / view.maximum)
    counts = scores.counts
    return Analysis(
        edition=edition,
        order=tuple(order),
        total_mean=_mean(scores.total, range(len(scores))),
        criteria=views,
        types=tuple(_groups(scores, counts.types)),
        municipalities=tuple(_groups(scores, counts.municipalities)),
        lowest_criteria=tuple(ranked[:EXTREMES]),
        frequent=_frequent(titles, marks),
        shortcomings=tuple(_shortcomings(scores, titles, ids, marks)),
        sample=tuple(
            Asked(index, name, people, sample_size(people, edition.sample).size, asked)
            for index, (name, people, asked) in enumerate(
                zip(counts.organisations, recipients, respondents, strict=True)
            )
        ),
    )


def _criterion(scores: Scores, places: AllPlaces, code: str) -> CriterionView:
    rule = next(item for item in scores.edition.criteria if item.code == code)
    values, place = scores.criteria[code], places["all"][code].place
    known = [index for index in range(len(scores)) if values.known[index]]
    known.sort(key=lambda index: (int(place[index]), scores.counts.organisations[index]))
    everybody = range(len(scores))
    return CriterionView(
        code=code,
        name=rule.name,
        short=rule.short,
        maximum=rule.maximum,
        mean=_mean(values, everybody),
        lowest=values.text(known[-1]) or "" if known else "",
        highest=values.text(known[0]) or "" if known else "",
        indicators=tuple(
            (item.code, item.name, _mean(scores.indicators[item.code], everybody))
            for item in rule.indicators
        ),
        upper=tuple(_line(scores, values, place, index) for index in known[:EXTREMES]),
        lower=tuple(_line(scores, values, place, index) for index in known[EXTREMES:][-EXTREMES:]),
    )


def _line(scores: Scores, values: Values, place: npt.NDArray[np.int64], index: int) -> Line:
    counts = scores.counts
    where = counts.municipalities[index] if counts.municipalities else ""
    text = values.text(index) or ""
    return Line(index, counts.organisations[index], where, text, int(place[index]))


def _mean(values: Values, indexes: Iterable[int]) -> str:
    found = mean(values.text(index) for index in indexes)
    return found.text() if found else ""


def _groups(scores: Scores, titles: Sequence[str]) -> Iterable[GroupView]:
    """Means of the organisations of each group, the groups in Russian order."""
    members: dict[str, list[int]] = {}
    for index, title in enumerate(titles):
        if scores.total.known[index]:
            members.setdefault(title, []).append(index)
    for title in sorted(members, key=lambda name: name.casefold().replace("ё", "е")):
        inside = members[title]
        yield GroupView(
            title,
            len(inside),
            _mean(scores.total, inside),
            {code: _mean(values, inside) for code, values in scores.criteria.items()},
        )


Titles = Callable[[str, str], tuple[str, str]]
"""(checklist, item) → their titles."""


def _titles(edition: Edition) -> Titles:
    """An item that an operator has added stays under its own words."""
    lists = {checklist.code: checklist for checklist in edition.checklists}
    items = {
        (checklist.code, item.id): item.name
        for checklist in edition.checklists
        for item in checklist.items
    }

    def titles(checklist: str, item: str) -> tuple[str, str]:
        known = lists.get(checklist)
        return (known.title if known else checklist, items.get((checklist, item), item))

    return titles


def _frequent(titles: Titles, marks: Sequence[Mark]) -> tuple[tuple[str, str, int, int], ...]:
    absent, applied = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for mark in marks:
        if mark.mark in (PRESENT, ABSENT):
            applied[mark.checklist, mark.item] += 1
            absent[mark.checklist, mark.item] += mark.mark == ABSENT
    rows = [(*titles(*key), absent[key], applied[key]) for key in applied if absent[key]]
    return tuple(sorted(rows, key=lambda row: (-Fraction(row[2], row[3]), row[0], row[1])))


def _shortcomings(
    scores: Scores, titles: Titles, ids: Sequence[str], marks: Sequence[Mark]
) -> Iterable[Shortcomings]:
    absent: dict[str, dict[str, list[str]]] = {}
    for mark in marks:
        if mark.mark == ABSENT:
            checklist, item = titles(mark.checklist, mark.item)
            absent.setdefault(mark.organisation, {}).setdefault(checklist, []).append(item)
    for index, key in enumerate(ids):
        lists = absent.get(key, {})
        low = [
            (item.code, item.name, scores.indicators[item.code].text(index) or "", item.maximum)
            for rule in scores.edition.criteria
            for item in rule.indicators
            if _is_low(scores.indicators[item.code], index, item.maximum)
        ]
        yield Shortcomings(
            tuple((title, tuple(items)) for title, items in lists.items()), tuple(low)
        )


def _is_low(values: Values, index: int, maximum: int) -> bool:
    text = values.text(index)
    return text is not None and Fraction(text) < LOW * maximum
