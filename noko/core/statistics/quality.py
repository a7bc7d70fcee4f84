"""Flags for answers that may be careless or made up: reasons to look, never a verdict.

A flag deletes nothing and changes no score; two people decide, with a reason. Source: the
statistics of this product (careless and fabricated questionnaires): the null distributions come
from the other organisations of the wave, not from a fixed share of equal answers, because with
fourteen yes/no questions every fifth honest questionnaire is all "yes". Everything random here has
a seed: the same answers give the same flags.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from math import lgamma

import numpy as np
import numpy.typing as npt

from noko.core.statistics.marks import DENSE_ABOVE, Mark

SEED = 20270201
DRAWS = 2000
POINT = 0.999
"""A count is unusual above this point of its distribution at other organisations."""

MARGIN = 1.2
"""Organisations differ by more than chance; so much above the unusual is still honest."""

LEAST = 5
"""Fewer answers than this are not worth a person's time."""

FROM_ONE_DEVICE = 3
"""Two answers from a device are two children; from here on somebody looks."""

BURST_CHANCE = 0.001
"""Largest chance of a burst, after Holm's correction over the organisations."""

FAST_SHARE = 0.05
SCALES_FOR_LINES = 8
"""Equal answers in a row mean something on so many scales of mixed direction, and on no fewer."""


class Kind(StrEnum):
    """Stable codes; kept with exclusions."""

    DEVICE = "device"
    BURST = "burst"
    FAST = "fast"
    SAME = "same"
    LINE = "line"


class Level(StrEnum):
    HOLD = "hold"
    """To be decided before the closing."""
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class Flag:
    """Which answers: those of ``place`` with ``marks`` on ``day`` (None: any) and with ``pattern``
    ("": any). ``number`` of them; ``expected``: what would be usual, where that can be said."""

    kind: Kind
    level: Level
    place: int
    number: int
    marks: int = 0
    day: date | None = None
    pattern: str = ""
    expected: int | None = None
    detail: int | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """What is known of one organisation. ``marked``: (marks, day) → how many; ``windows``: ten
    minutes as text → how many; ``devices``: how many answers each device gave; ``bursts``: day →
    the densest ten minutes, of bursts that were found while the minutes were still known."""

    place: int
    patterns: Mapping[str, int]
    marked: Mapping[tuple[int, date], int] = field(default_factory=dict)
    windows: Mapping[str, int] = field(default_factory=dict)
    devices: Sequence[int] = ()
    bursts: Mapping[date, int] = field(default_factory=dict)

    @property
    def number(self) -> int:
        return sum(self.marked.values()) or sum(self.patterns.values())

    def with_mark(self, mark: Mark) -> int:
        return sum(number for (marks, _), number in self.marked.items() if marks & mark)


def flags(held: Sequence[Held], positive: npt.NDArray[np.bool_], scales: int = 0) -> list[Flag]:
    """All flags, the ones to be held first.

    ``positive[i, v]``: whether sign ``v`` (its ASCII code) is a good answer at place ``i`` of a
    pattern, or no answer; ``scales``: how many questions in a row are answered on a scale.
    """
    found = [
        *_devices(held),
        *_bursts(held),
        *_fast(held),
        *_same(held, positive),
        *_lines(held, scales),
    ]
    return sorted(found, key=lambda flag: (flag.level != Level.HOLD, -flag.number))


# --- from how they came ---------------------------------------------------------------------------


def _devices(held: Sequence[Held]) -> Iterator[Flag]:
    for item in held:
        most = max(item.devices, default=0)
        if most >= FROM_ONE_DEVICE:
            number = item.with_mark(Mark.REPEAT)
            yield Flag(
                Kind.DEVICE, Level.HOLD, item.place, number, marks=int(Mark.REPEAT), detail=most
            )


def _fast(held: Sequence[Held]) -> Iterator[Flag]:
    for item in held:
        number = item.with_mark(Mark.FAST)
        if number >= LEAST and number >= FAST_SHARE * item.number:
            yield Flag(Kind.FAST, Level.HOLD, item.place, number, marks=int(Mark.FAST))


def _bursts(held: Sequence[Held]) -> Iterator[Flag]:
    """Days with windows denser than the week of the other organisations explains, now or when
    their minutes were still known."""
    found = {item.place: max(item.windows.values()) for item in _improbable(held)}
    for item in held:
        for (marks, day), number in sorted(item.marked.items()):
            top = found.get(item.place) or item.bursts.get(day)
            if top and marks & Mark.DENSE:
                yield Flag(
                    Kind.BURST, Level.LOOK, item.place, number, marks=int(Mark.DENSE), day=day,
                    expected=DENSE_ABOVE, detail=top,
                )  # fmt: skip


def _improbable(held: Sequence[Held]) -> Iterator[Held]:
    """Organisations with ten minutes that chance does not explain, after Holm."""
    chances = [(burst_chance(item, held), item) for item in held if item.windows]
    chances.sort(key=lambda pair: pair[0])
    for rank, (chance, item) in enumerate(chances):
        if chance * (len(chances) - rank) > BURST_CHANCE:
            return
        yield item


def burst_chance(item: Held, held: Sequence[Held]) -> float:
    """Upper bound of the chance that any ten minutes hold so many of its answers as the densest do.

    Boole's sum over all windows of the wave of P(Bin(n, w) ≥ K); w follows the week of the other
    organisations (their arrivals by day and hour), with one answer added everywhere.
    """
    most, number = max(item.windows.values()), sum(item.windows.values())
    others: Counter[str] = Counter()
    for other in held:
        if other is not item:
            for window, times in other.windows.items():
                others[window[:13]] += times
    hours = {window[:13] for unit in held for window in unit.windows}
    weights = np.array([others[hour] + 1 for hour in sorted(hours)], dtype=float)
    shares = weights / weights.sum() / 6
    return float(min(1.0, 6 * at_least(most, number, shares).sum()))


# --- from what they say ---------------------------------------------------------------------------


def _same(held: Sequence[Held], positive: npt.NDArray[np.bool_]) -> Iterator[Flag]:
    """Patterns that stand at an organisation more often than its share of them elsewhere allows.

    Answers all of which are good and the others are looked at apart: that an organisation is liked
    is no suspicion, that its people say so in one and the same way may be.
    """
    known = {pattern: number for number, pattern in enumerate(sorted(_all(held)))}
    if not known:
        return
    good = _all_good(list(known), positive)
    counts = np.zeros((len(held), len(known)), dtype=np.int64)
    for row, item in enumerate(held):
        for pattern, number in item.patterns.items():
            counts[row, known[pattern]] = number
    names = list(known)
    for row, item in enumerate(held):
        for stratum in (good, ~good):
            yield from _same_within(item, counts, row, stratum, names)


def _same_within(
    item: Held,
    counts: npt.NDArray[np.int64],
    row: int,
    stratum: npt.NDArray[np.bool_],
    names: Sequence[str],
) -> Iterator[Flag]:
    own = np.where(stratum, counts[row], 0)
    number = int(own.sum())
    others = np.where(stratum, counts.sum(axis=0) - counts[row], 0)
    if number < LEAST or others.sum() < number:
        return
    if pairs(own) <= usual_pairs(others, number):
        return
    for place in np.flatnonzero(own >= LEAST).tolist():
        usual = usual_copies(int(others[place]), int(others.sum()), number, len(names))
        if own[place] > MARGIN * usual:
            yield Flag(
                Kind.SAME, Level.LOOK, item.place, int(own[place]), pattern=names[place],
                expected=usual,
            )  # fmt: skip


def pairs(counts: npt.NDArray[np.int64]) -> int:
    """How many pairs of answers are equal."""
    return int((counts * (counts - 1) // 2).sum())


def usual_pairs(others: npt.NDArray[np.int64], number: int) -> int:
    """The 99.9 % point of equal pairs among ``number`` answers drawn from the others'."""
    rng = np.random.default_rng([SEED, number])
    edges = np.cumsum(others)
    drawn = np.searchsorted(edges, rng.integers(edges[-1], size=(DRAWS, number)), side="right")
    drawn.sort(axis=1)
    place = np.arange(number)
    begins = np.ones_like(drawn, dtype=bool)
    begins[:, 1:] = drawn[:, 1:] != drawn[:, :-1]
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    equal = (place - first).sum(axis=1)
    return int(np.quantile(equal, POINT, method="higher"))


def usual_copies(among: int, whole: int, number: int, patterns: int) -> int:
    """How many copies of one pattern ``number`` answers hold at most, 99.9 % of the time over all
    ``patterns`` together; ``among`` of ``whole`` answers elsewhere are such."""
    share = np.array([(among + 1) / (whole + patterns)])
    rare = (1 - POINT) / max(1, min(patterns, number))
    copies = 0
    while copies < number and at_least(copies + 1, number, share)[0] > rare:
        copies += 1
    return copies


def at_least(least: int, number: int, shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """P(Bin(number, share) ≥ least) for every share, summed term by term from the tail."""
    if least <= 0:
        return np.ones_like(shares)
    with np.errstate(divide="ignore"):
        chance, rest = np.log(shares), np.log1p(-shares)
    terms = [
        lgamma(number + 1) - lgamma(j + 1) - lgamma(number - j + 1) + j * chance
        + (number - j) * rest
        for j in range(least, number + 1)
    ]  # fmt: skip
    return np.minimum(1.0, np.exp(terms).sum(axis=0))


def _all(held: Sequence[Held]) -> set[str]:
    return {pattern for item in held for pattern in item.patterns}


def _all_good(patterns: Sequence[str], positive: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    signs = np.frombuffer("".join(patterns).encode(), dtype=np.uint8)
    signs = signs.reshape(len(patterns), -1)
    places = np.arange(signs.shape[1])
    return np.asarray(positive[places, signs].all(axis=1))


def _lines(held: Sequence[Held], scales: int) -> Iterator[Flag]:
    """Equal answers along a long row of scales."""
    if scales < SCALES_FOR_LINES:
        return
    for item in held:
        for pattern, number in item.patterns.items():
            if number and longest_run(pattern[:scales]) == scales:
                yield Flag(Kind.LINE, Level.LOOK, item.place, number, pattern=pattern)


def longest_run(signs: str) -> int:
    """Length of the longest row of equal answers."""
    best = run = 0
    before = ""
    for sign in signs:
        run = run + 1 if sign == before else 1
        before, best = sign, max(best, run)
    return best
