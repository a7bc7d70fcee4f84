"""Flags: honest regions are left in peace, scripts are found, the arithmetic is right."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from itertools import product
from math import comb

import numpy as np
import pytest

from noko.core.statistics.marks import DENSE_ABOVE, Mark, window_of
from noko.core.statistics.quality import (
    Held,
    Kind,
    Level,
    at_least,
    flags,
    longest_run,
    pairs,
    usual_copies,
    usual_pairs,
)
from noko.queries.edition import get_edition
from noko.queries.wave_quality import positive_signs

EDITION = get_edition("344n-2018")
POSITIVE = positive_signs(EDITION, 14)
CLOSED = [question.id for question in EDITION.questionnaire.closed]
FIRST = date(2027, 2, 1)
DAYS = 28


def honest(rng, place, number):
    """Answers as people give them: filters by their shares, good answers as the place is liked
    and the mood is; arrivals in the evenings of four weeks, each from its own device."""
    liked = rng.normal(2.6, 0.5)
    moods = rng.normal(0, 2.0, number)
    shares = {"q1": 0.75, "q3": 0.8, "q7": 0.06, "q11": 0.55}
    rows = []
    for mood in moods:
        given = {}
        for question in EDITION.questionnaire.closed:
            condition = question.show_if
            if condition and given[condition.question] != condition.answer:
                given[question.id] = "-"
            elif question.id in shares:
                given[question.id] = int(rng.random() < shares[question.id])
            else:
                given[question.id] = int(rng.logistic() + liked * 1.6 + mood > 0)
        rows.append("".join(str(given[name]) for name in CLOSED))
    moments = [arrival(rng) for _ in rows]
    return held(place, rows, moments, devices=[1] * number)


def arrival(rng):
    hour = int(np.clip(rng.normal(19, 2.5), 7, 23))
    day = FIRST + timedelta(days=int(rng.integers(DAYS)))
    return datetime(day.year, day.month, day.day, hour, int(rng.integers(60)), tzinfo=UTC)


def held(place, rows, moments, *, devices=(), fast=0):
    """What boxes and traces would know of these answers."""
    windows, marked = Counter(), Counter()
    for number, moment in enumerate(sorted(moments)):
        window = window_of(moment)
        windows[window] += 1
        marks = Mark.DENSE if windows[window] > DENSE_ABOVE else 0
        marks |= Mark.FAST if number < fast else 0
        marked[int(marks), moment.date()] += 1
    return Held(place, Counter(rows), marked, windows, list(devices))


def region(seed=1, size=60):
    rng = np.random.default_rng(seed)
    return [honest(rng, place, int(rng.integers(20, 160))) for place in range(size)]


def test_flags_leave_honest_organisations_in_peace():
    found = [flag for seed in range(3) for flag in flags(region(seed), POSITIVE)]
    assert len({(flag.place, flag.kind) for flag in found}) <= 0.01 * 3 * 60
    assert not [flag for flag in found if flag.level == Level.HOLD]


def scripted(kind, rng, own):
    """The answers of an organisation with a script's fifty among them."""
    rows = list(Counter(own.patterns).elements())
    moments = [arrival(rng) for _ in rows]
    evening = datetime(2027, 2, 9, 19, 0, tzinfo=UTC)
    patterns = {"fixed": ["111110-1111110"] * 50, "good": ["1111" + "1" * 10] * 50}
    added = patterns.get(kind, list(rng.choice(rows, 50)))
    if kind == "burst":
        times = [evening + timedelta(seconds=10 * n) for n in range(50)]
    else:
        times = [arrival(rng) for _ in added]
    devices = [1] * len(rows) + ([50] if kind == "device" else [1] * 50)
    made = held(own.place, rows + added, moments + times, devices=devices,
                fast=50 if kind == "fast" else 0)  # fmt: skip
    if kind != "device":
        return made
    marked = Counter(made.marked)
    marked[int(Mark.REPEAT), FIRST] += 49
    return Held(made.place, made.patterns, marked, made.windows, made.devices)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("device", Kind.DEVICE),
        ("burst", Kind.BURST),
        ("fast", Kind.FAST),
        ("fixed", Kind.SAME),
    ],
)
def test_flags_find_scripts(kind, expected):
    whole = region(7, size=24)
    rng = np.random.default_rng(8)
    places = range(0, 24, 2)
    missed = []
    for place in places:
        changed = [scripted(kind, rng, item) if item.place == place else item for item in whole]
        found = {flag.kind for flag in flags(changed, POSITIVE) if flag.place == place}
        missed += [] if expected in found else [place]
    assert len(missed) <= 0.05 * len(places)


def test_flags_are_the_same_each_time():
    whole = region(3, size=20)
    whole[0] = scripted("fixed", np.random.default_rng(1), whole[0])
    first = flags(whole, POSITIVE)
    assert first
    assert flags(whole, POSITIVE) == first


def test_flag_of_a_device_names_the_repeated_answers():
    own = Held(1, {"1" * 14: 9}, {(0, FIRST): 2, (int(Mark.REPEAT), FIRST): 7}, {}, [8, 1])
    [flag] = flags([own], POSITIVE)
    assert (flag.kind, flag.level, flag.number, flag.detail) == (Kind.DEVICE, Level.HOLD, 7, 8)
    two_children = Held(1, {"1" * 14: 2}, {(0, FIRST): 1, (int(Mark.REPEAT), FIRST): 1}, {}, [2])
    assert flags([two_children], POSITIVE) == []


def test_flags_of_an_empty_wave_are_none():
    assert flags([], POSITIVE) == []
    assert flags([Held(1, {})], POSITIVE) == []


def test_flag_of_lines_asks_for_many_scales():
    own = Held(1, {"33333333": 6, "12345123": 6})
    some = np.zeros((8, 256), dtype=bool)
    assert [(f.kind, f.pattern) for f in flags([own], some, scales=8)] == [(Kind.LINE, "33333333")]
    assert flags([own], some, scales=7) == []


@pytest.mark.parametrize(("signs", "longest"), [("", 0), ("1", 1), ("1221", 2), ("5555", 4)])
def test_longest_run_counts_equal_answers(signs, longest):
    assert longest_run(signs) == longest


def test_pairs_are_those_of_equal_answers():
    assert pairs(np.array([3, 1, 2])) == 4


@pytest.mark.parametrize(
    ("least", "number", "share"), list(product((0, 1, 3, 9), (9, 20), (0.1, 0.6)))
)
def test_at_least_is_the_tail_of_the_binomial(least, number, share):
    exact = sum(
        comb(number, k) * share**k * (1 - share) ** (number - k) for k in range(least, number + 1)
    )
    assert at_least(least, number, np.array([share]))[0] == pytest.approx(exact, rel=1e-9)


def test_usual_copies_is_rarely_passed():
    usual = usual_copies(300, 1000, 50, 40)
    share = np.array([301 / 1040])
    rare = 0.001 / 40
    assert at_least(usual + 1, 50, share)[0] <= rare < at_least(usual, 50, share)[0]


def test_usual_pairs_of_two_answers_is_whether_they_may_be_equal():
    assert usual_pairs(np.array([1000]), 2) == 1
    assert usual_pairs(np.ones(100_000, dtype=np.int64), 2) == 0
