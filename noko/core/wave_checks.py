"""Before a wave is closed: what the contract promises beside what has been collected.

The figures of the organisations are compared by :mod:`noko.core.acceptance`, as the delivery will
be; here is what the wave itself adds to it: who held it and when.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from noko.core.acceptance import Comparison
from noko.core.specification import Check
from noko.core.tables.names import name_key

OPERATOR, PERIOD = "operator", "period"
"""Checks that only a wave has."""

MET: Mapping[str, str] = {
    Check.ORGANISATIONS: "Собраны данные обо всех организациях контракта.",
    Check.QUESTIONNAIRES: "Каждая организация набрала нужное число анкет.",
    Check.INSPECTION: "У каждой организации есть осмотр.",
    Check.INDICATORS: "По каждому показателю есть данные.",
    Check.FORMATS: "Есть всё, что проверяет система.",
    Check.TERM: "Срок передачи данных не прошёл.",
    PERIOD: "Опрос прошёл в сроки технического задания и до объявленного дня.",
    OPERATOR: "Опрос провёл оператор по контракту.",
}
"""The checks in the order in which they are shown, and what a met one says."""

UNMET: Mapping[str, str] = {
    Check.ORGANISATIONS: "Собраны данные не обо всех организациях контракта.",
    Check.QUESTIONNAIRES: "Не хватает анкет.",
    Check.INSPECTION: "Осмотр есть не у всех.",
    Check.INDICATORS: "Данные есть не по всем показателям.",
    Check.FORMATS: "Передано не всё.",
    Check.TERM: "Срок передачи данных прошёл.",
    PERIOD: "Опрос идёт не в те сроки, которые объявлены.",
    OPERATOR: "Опрос провёл другой оператор.",
}


@dataclass(frozen=True, slots=True)
class Promise:
    """What the contract and its specification say about the survey itself."""

    operator: str
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """How the wave was held; ``last_on``: day of the last answer; ``on``: day of closing."""

    operator: str
    starts_on: date
    ends_on: date
    last_on: date | None
    on: date


@dataclass(frozen=True, slots=True)
class Result:
    """One check. ``unmet``: what is lacking, sentence by sentence; ``notes``: only to be known;
    ``clauses``: numbers of the clauses that ask for it."""

    code: str
    clauses: tuple[str, ...]
    unmet: tuple[str, ...]
    notes: tuple[str, ...] = ()

    @property
    def met(self) -> bool:
        return not self.unmet

    @property
    def text(self) -> str:
        return MET[self.code] if self.met else UNMET[self.code]


def results(
    comparison: Comparison,
    clauses: Mapping[Check, tuple[str, ...]],
    promise: Promise,
    held: Held,
) -> tuple[Result, ...]:
    """Every check of :data:`MET`, in its order."""
    unmet: dict[str, list[str]] = {code: [] for code in MET}
    notes: dict[str, list[str]] = {code: [] for code in MET}
    for row in comparison.rows:
        for lack in row.lacks:
            (unmet if lack.grave else notes)[lack.check].append(f"{row.required.name}: {lack.text}")
    for lack in comparison.general:
        (unmet if lack.grave else notes)[lack.check].append(lack.text)
    notes[Check.ORGANISATIONS] += [f"{name}: нет в контракте" for name in comparison.strangers]
    unmet[OPERATOR] += _operator(promise, held)
    unmet[PERIOD] += _period(promise, held)
    return tuple(
        Result(
            code,
            clauses.get(Check(code), ()) if code in set(Check) else (),
            tuple(unmet[code]),
            tuple(notes[code]),
        )
        for code in MET
    )


def _operator(promise: Promise, held: Held) -> Iterator[str]:
    if name_key(promise.operator) != name_key(held.operator):
        yield f"в контракте – {promise.operator}, в волне – {held.operator or 'не назван'}"


def _period(promise: Promise, held: Held) -> Iterator[str]:
    if promise.starts_on and held.starts_on < promise.starts_on:
        yield f"волна началась {_day(held.starts_on)}, в задании – с {_day(promise.starts_on)}"
    if promise.ends_on and (last := held.last_on) and last > promise.ends_on:
        yield f"последняя анкета принята {_day(last)}, в задании опрос – по {_day(promise.ends_on)}"
    if held.on < held.ends_on:
        left = (held.ends_on - held.on).days
        yield f"опрос объявлен по {_day(held.ends_on)}, до этого дня осталось дней: {left}"


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
