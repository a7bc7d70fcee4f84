"""One respondent's answers: read, checked against the form, and made into what a box keeps.

A slip holds no moment and no person. Its counted answers are one short text, its pattern; profile
and remarks are separate, so that what need not be known together is not kept together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from noko.core.answers.form import Asked, Form

EMPTY = "-"
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
"""The sign of an answer in a pattern, by its value."""

LONGEST_REMARK = 3000
AGES = (1, 120)
"""What a number in the profile may be: the only one that editions ask for is the age in years."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with the answer to one question ("" where it is the whole slip)."""

    question: str
    kind: str
    message: str


@dataclass(slots=True)
class Given:
    """``values``: question → number of the option or text, of the lawful answers only."""

    values: dict[str, int | str] = field(default_factory=dict)
    flaws: list[Flaw] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Slip:
    """``pattern``: one sign per counted question; ``profile``: "q17=1" …; ``remarks``: "q16=…"."""

    pattern: str
    profile: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read_given(form: Form, given: Mapping[str, object]) -> Given:
    """Answers as they came (numbers or texts, "" and None for no answer), checked one by one.

    Kinds of flaws: ``unknown_question``, ``not_an_option``, ``too_long``, ``not_a_number``,
    ``hidden_answer``, ``nothing_answered``.
    """
    result = Given()
    for key, raw in given.items():
        question = form.by_id.get(key)
        if raw in ("", None):
            continue
        if question is None:
            message = f"В анкете нет вопроса «{key[:20]}»."
            result.flaws.append(Flaw(key[:20], "unknown_question", message))
            continue
        value = _READERS[question.kind](question, raw)
        if isinstance(value, Flaw):
            result.flaws.append(value)
        elif value != "":
            result.values[key] = value
    _refuse_hidden(form, result)
    closed = {item.id for item in form.closed}
    if not result.flaws and not closed & result.values.keys():
        message = "Нет ни одного ответа. Ответьте хотя бы на один вопрос."
        result.flaws.append(Flaw("", "nothing_answered", message))
    return result


def _choice(question: Asked, raw: object) -> int | Flaw:
    value = _whole(raw)
    if value is None or not question.allows(value):
        message = f"Вопрос {question.number}: такого варианта ответа нет. Выберите один из данных."
        return Flaw(question.id, "not_an_option", message)
    return value


def _number(question: Asked, raw: object) -> int | Flaw:
    least, greatest = AGES
    value = _whole(raw.strip() if isinstance(raw, str) else raw)
    if value is None or not least <= value <= greatest:
        message = f"Вопрос {question.number}: укажите целое число от {least} до {greatest}."
        return Flaw(question.id, "not_a_number", message)
    return value


def _text(question: Asked, raw: object) -> str | Flaw:
    if not isinstance(raw, str):
        return Flaw(question.id, "not_an_option", f"Вопрос {question.number}: ожидается текст.")
    text = _plain(raw)
    if len(text) > LONGEST_REMARK:
        message = (
            f"Вопрос {question.number}: в тексте {len(text)} знаков. "
            f"Сократите его до {LONGEST_REMARK}."
        )
        return Flaw(question.id, "too_long", message)
    return text


_READERS = {"choice": _choice, "number": _number, "text": _text}


def _whole(raw: object) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        return raw
    if isinstance(raw, str) and raw.isascii() and raw.isdigit() and len(raw) < 4:
        return int(raw)
    return None


def _plain(raw: str) -> str:
    """Without what no database can hold, blanks at the ends of lines, and empty lines."""
    kept = "".join(c for c in raw.replace("\r\n", "\n") if c == "\n" or c.isprintable())
    return "\n".join(filter(None, (line.strip() for line in kept.split("\n"))))


def _refuse_hidden(form: Form, result: Given) -> None:
    for question in form.asked:
        asked = is_asked(question, result.values)
        if question.id in result.values and not asked:
            message = (
                f"Вопрос {question.number} задаётся, {condition_text(form, question)}. "
                "Исправьте тот ответ или оставьте этот вопрос без ответа."
            )
            result.flaws.append(Flaw(question.id, "hidden_answer", message))


def condition_text(form: Form, question: Asked) -> str:
    """«только если на вопрос 1 ответить „Да“»; empty where there is no condition."""
    if question.condition is None:
        return ""
    before = form.by_id[question.condition.question]
    answer = next(o.label for o in before.options if o.value == question.condition.answer)
    return f"только если на вопрос {before.number} ответить «{answer}»"


def is_asked(question: Asked, values: Mapping[str, int | str]) -> bool:
    """Whether the answers given so far lead to this question."""
    condition = question.condition
    return condition is None or values.get(condition.question) == condition.answer


def without_hidden(form: Form, values: Mapping[str, int | str]) -> dict[str, int | str]:
    """The answers without those to questions that the others hide, in the order of the form."""
    kept: dict[str, int | str] = {}
    for question in form.asked:
        if question.id in values and is_asked(question, kept):
            kept[question.id] = values[question.id]
    return kept


def slip_of(form: Form, values: Mapping[str, int | str]) -> Slip:
    """What the box keeps of checked ``values``."""
    signs = [_sign(values.get(question.id)) for question in form.closed]
    told = [item for item in form.asked if item.id in values]
    return Slip(
        "".join(signs),
        tuple(f"{item.id}={values[item.id]}" for item in told if item.kept == "profile"),
        tuple(f"{item.id}={values[item.id]}" for item in told if item.kept == "remark"),
    )


def _sign(value: int | str | None) -> str:
    return EMPTY if value is None else DIGITS[int(value)]


def columns_of(
    form: Form, patterns: Sequence[str], numbers: Iterable[int]
) -> dict[str, npt.NDArray[np.int8]]:
    """Patterns, each as many times as its number, as columns of answers: -1 for no answer."""
    signs = np.frombuffer("".join(patterns).encode(), dtype=np.uint8)
    signs = signs.reshape(len(patterns), len(form.closed))
    table = np.full(256, -1, dtype=np.int8)
    for value, sign in enumerate(DIGITS):
        table[ord(sign)] = value
    repeated = np.repeat(table[signs], np.fromiter(numbers, dtype=np.int64), axis=0)
    return {question.id: repeated[:, place] for place, question in enumerate(form.closed)}
