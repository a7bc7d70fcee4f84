"""Worked cases of an edition as a chapter of the manual."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from noko.core.editions import Edition

Case = Mapping[str, Any]

_FEW = 6
"""Up to so many differing figures a case is told as a change of another one."""

_EXPECTED = {
    "indicators": "показатели",
    "criteria": "критерии",
    "total": "итог",
    "level": "уровень",
}


def worked(edition: Edition, cases: Sequence[Case]) -> Iterator[str]:
    """The chapter: every case with what is given and what must come out."""
    if not cases:
        return
    yield "## Разобранные примеры"
    yield ""
    yield "Каждый пример проверяется при каждом прогоне тестов."
    yield ""
    for number, case in enumerate(cases):
        yield f"### Пример {number + 1}. {case['name']}"
        yield ""
        yield f"{_sentence(case['act'])}"
        yield ""
        yield f"- Дано: {_given(cases, number)}"
        yield from _settings(edition, case)
        yield f"- Получается: {_outcome(case)}"
        yield ""


def _given(cases: Sequence[Case], number: int) -> str:
    """All figures, or what differs from an earlier case when that is little."""
    given = cases[number]["given"]
    for earlier in range(number):
        before = cases[earlier]["given"]
        changed = {key: value for key, value in given.items() if before.get(key) != value}
        if before.keys() <= given.keys() and len(changed) <= _FEW:
            same = f"как в примере {earlier + 1}"
            return f"{same}, но {_figures(changed)}" if changed else same
    return _figures(given)


def _settings(edition: Edition, case: Case) -> Iterator[str]:
    if case.get("rounding"):
        yield f"- Округление: {edition.rounding(case['rounding']).title} (`{case['rounding']}`)"
    for code, choice in case.get("policies", {}).items():
        title = edition.policy_by_code[code].title_of(choice)
        yield f"- Правило `{code}={choice}`: {title}"


def _outcome(case: Case) -> str:
    if "refused" in case:
        return f"отказ (`{case['refused']}`), расчёт не выполняется"
    parts = []
    for key, value in case["expected"].items():
        if isinstance(value, Mapping):
            parts.append(f"{_EXPECTED[key]}: " + ", ".join(_pair(*item) for item in value.items()))
        else:
            parts.append(f"{_EXPECTED[key]} {_number(value)}")
    return "; ".join(parts)


def _pair(code: str, value: object) -> str:
    return f"{code} – {_number(value)}"


def _figures(given: Mapping[str, object]) -> str:
    return ", ".join(f"`{symbol}` = {_number(value)}" for symbol, value in given.items())


def _number(value: object) -> str:
    """A number with a decimal comma; a word as it is."""
    return "нет значения" if value is None else str(value).replace(".", ",")


def _sentence(text: str) -> str:
    """Begins with a capital unless with a code, ends with a full stop."""
    first = text[:1] if text[:1].isascii() else text[:1].upper()
    return first + text[1:] + ("" if text.endswith(".") else ".")
