"""The flags of a wave, from its boxes and its coarse counters."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from noko.core.answers.slip import EMPTY
from noko.core.editions import Edition
from noko.core.statistics.quality import Flag, Held, Kind, flags
from noko.models import AnswerBox, Trace, Wave, WaveOrganisation
from noko.queries.edition import get_edition
from noko.queries.response import form_of_wave
from noko.templatetags.russian import counted, long_date

WORDS = {
    Kind.DEVICE: "одно устройство",
    Kind.BURST: "много сразу",
    Kind.FAST: "слишком быстро",
    Kind.SAME: "одинаковые ответы",
    Kind.LINE: "одна и та же оценка",
}
_ANSWERS = "анкета,анкеты,анкет"

REPEATED, BURST = "repeated", "burst"
"""What is left of traces that have expired: how many devices gave so many answers (token), and the
densest ten minutes of a day (token) with a burst. Neither names a device or a moment."""
_LOOKED_AT = ("window", "device", REPEATED, BURST)


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag with its organisation, in words."""

    flag: Flag
    place: WaveOrganisation
    word: str
    reason: str

    @property
    def key(self) -> str:
        """Names the flag in an address; see :func:`find`."""
        flag = self.flag
        day = flag.day.isoformat() if flag.day else ""
        return f"{flag.kind}.{self.place.pk}.{flag.marks}.{day}.{flag.pattern}"


def flags_of(wave: Wave) -> list[Flagged]:
    """Every flag of an open wave; a closed one has nothing left to look at.

    Counted anew only when answers have come since.
    """
    if wave.status not in (Wave.Status.OPEN, Wave.Status.CLOSING):
        return []
    places = {p.pk: p for p in wave.places.select_related("organisation__municipality")}
    state = tuple(
        AnswerBox.objects.filter(place__wave=wave).order_by("pk").values_list("pk", "number")
    )
    return [_worded(flag, places[flag.place]) for flag in _flags(wave.pk, wave.version, state)]


@lru_cache(maxsize=16)
def _flags(key: int, version: str, state: tuple[tuple[int, int], ...]) -> list[Flag]:
    """``version`` and ``state`` are parts of the key: other numbers, other flags."""
    del version, state
    wave = Wave.objects.select_related("cycle").get(pk=key)
    edition = get_edition(wave.cycle.edition)
    scales = sum(question.scale == "levels" for question in edition.questionnaire.closed)
    return flags(held_of(wave), positive_signs(edition, len(form_of_wave(wave).closed)), scales)


def positive_signs(edition: Edition, length: int) -> npt.NDArray[np.bool_]:
    """Place in a pattern × sign → whether it is a good answer, a filter's, a region's or none."""
    good = np.zeros((length, 256), dtype=bool)
    good[:, ord(EMPTY)] = True
    for place, question in enumerate(edition.questionnaire.closed):
        if question.role == "filter":
            good[place, :] = True
        for value in question.positive:
            good[place, ord(str(value))] = True
    good[len(edition.questionnaire.closed) :, :] = True
    return good


def held_of(wave: Wave) -> list[Held]:
    """What the boxes and the traces know, organisation by organisation."""
    patterns: dict[int, Counter[str]] = defaultdict(Counter)
    marked: dict[int, Counter[Any]] = defaultdict(Counter)
    boxes = AnswerBox.objects.filter(place__wave=wave)
    fields = ("place", "marks", "day", "number", "answers")
    for key, marks, day, number, answers in boxes.values_list(*fields).iterator(500):
        patterns[key].update(answers)
        marked[key][marks, day] += number
    windows: dict[int, dict[str, int]] = defaultdict(dict)
    devices: dict[int, list[int]] = defaultdict(list)
    bursts: dict[int, dict[date, int]] = defaultdict(dict)
    traces = Trace.objects.filter(place__wave=wave, kind__in=_LOOKED_AT)
    for key, kind, token, number in traces.values_list("place", "kind", "token", "number"):
        if kind == "window":
            windows[key][token] = number
        elif kind == "device":
            devices[key].append(number)
        elif kind == REPEATED:
            devices[key] += [int(token)] * number
        else:
            bursts[key][date.fromisoformat(token)] = number
    return [
        Held(key, patterns[key], marked[key], windows[key], devices[key], bursts[key])
        for key in sorted(patterns)
    ]


def _worded(flag: Flag, place: WaveOrganisation) -> Flagged:
    return Flagged(flag, place, WORDS[flag.kind], _REASONS[flag.kind](flag))


def _device(flag: Flag) -> str:
    text = f"С одного устройства пришло до {counted(flag.detail, _ANSWERS)}."
    return f"{text} Повторных с одного устройства всего {counted(flag.number, _ANSWERS)}."


def _burst(flag: Flag) -> str:
    return (
        f"{_day(flag)} за десять минут пришло до {counted(flag.detail, _ANSWERS)}; плотнее "
        f"{flag.expected} за десять минут – {counted(flag.number, _ANSWERS)}. Так бывает и на "
        "родительском собрании."
    )


def _day(flag: Flag) -> str:
    return long_date(flag.day).removesuffix("\xa0г.") if flag.day else ""


def _fast(flag: Flag) -> str:
    return f"Заполнены быстрее четверти обычного времени: {counted(flag.number, _ANSWERS)}."


def _same(flag: Flag) -> str:
    return (
        f"Совпадают во всём: {counted(flag.number, _ANSWERS)}. По ответам о других организациях "
        f"при таком числе анкет бывает не больше {flag.expected}."
    )


def _line(flag: Flag) -> str:
    return f"Одна и та же оценка на все вопросы: {counted(flag.number, _ANSWERS)}."


_REASONS = {
    Kind.DEVICE: _device,
    Kind.BURST: _burst,
    Kind.FAST: _fast,
    Kind.SAME: _same,
    Kind.LINE: _line,
}


def find(found: Sequence[Flagged], key: str) -> Flagged | None:
    """The flag that an address names, as long as it is still there."""
    return next((item for item in found if item.key == key), None)


def ways_of(wave: Wave) -> Mapping[int, Mapping[str, int]]:
    """Organisation in the wave → way ("proved", "module", "form") → answers: a hint, no flag."""
    ways: dict[int, dict[str, int]] = defaultdict(dict)
    traces = Trace.objects.filter(place__wave=wave, kind="way")
    for key, token, number in traces.values_list("place", "token", "number"):
        ways[key][token] = number
    return ways
