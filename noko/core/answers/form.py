"""The questionnaire as a respondent meets it: numbered questions, options, conditions, languages.

Built from the edition's questionnaire and from what a region adds to it for one wave (further
questions, other languages). Pure: pages, printed forms and other systems are made from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import Literal

from pydantic import Field, ValidationError, model_validator

from noko.core.editions import Edition, Question, Rule, ShowIf
from noko.core.refusal import Problem, Refusal

Kind = Literal["choice", "text", "number"]
Kept = Literal["answer", "profile", "remark"]
RUSSIAN = "ru"
YES_NO = {RUSSIAN: ("Нет", "Да")}
"""Labels of the answers 0 and 1."""


class Extra(Rule):
    """A question of the region's own; ``options`` empty: yes or no.

    ``kind``: ``choice`` is kept with the other answers of the person, ``profile`` (a choice, too)
    apart from them, as sex and age are, and ``text`` among the remarks.
    """

    id: str = Field(pattern=r"^r[1-9][0-9]?$")
    text: str = Field(min_length=1)
    kind: Literal["choice", "profile", "text"] = "choice"
    options: tuple[str, ...] = Field(default=(), max_length=20)
    show_if: ShowIf | None = None


class Wording(Rule):
    """The questionnaire in another language; what is absent stays Russian.

    ``questions`` and ``options`` go by the id of the question; ``options`` also has ``yes_no``
    (no, yes) and ``levels``.
    """

    name: str = Field(min_length=1)
    title: str = ""
    preamble: str = ""
    questions: Mapping[str, str] = Field(default_factory=dict)
    options: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Additions(Rule):
    """What a region adds to the edition's questionnaire; languages by their code ("tt")."""

    extra: tuple[Extra, ...] = ()
    wordings: Mapping[str, Wording] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _hangs_together(self) -> Additions:
        ids = [item.id for item in self.extra]
        if len(set(ids)) != len(ids):
            raise ValueError("вопрос с таким номером уже есть")
        if any(len(item.options) == 1 for item in self.extra):
            raise ValueError("у вопроса один вариант ответа")
        if any(item.kind == "text" and item.options for item in self.extra):
            raise ValueError("у вопроса со свободным ответом есть варианты")
        return self


@dataclass(frozen=True, slots=True)
class Option:
    value: int
    label: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One question. ``kept`` says where its answer goes: the counted answers, the profile of all
    respondents together, or the remarks; ``condition``: asked only after this answer."""

    id: str
    number: int
    text: str
    kind: Kind
    options: tuple[Option, ...]
    kept: Kept
    condition: ShowIf | None = None

    def allows(self, value: int) -> bool:
        return any(option.value == value for option in self.options)


@dataclass(frozen=True)
class Form:
    """``version`` is the same in all languages; it changes with any word of any of them."""

    title: str
    preamble: str
    language: str
    version: str
    asked: tuple[Asked, ...]

    @cached_property
    def closed(self) -> tuple[Asked, ...]:
        """The questions of a pattern, in its order."""
        return tuple(item for item in self.asked if item.kept == "answer")

    @cached_property
    def by_id(self) -> Mapping[str, Asked]:
        return {item.id: item for item in self.asked}


def read_additions(data: object) -> Additions:
    """Additions from plain JSON. Refusal ``bad_additions`` names every fault by its key."""
    try:
        return Additions.model_validate(data)
    except ValidationError as error:
        problems = [
            Problem(f"{'.'.join(map(str, item['loc']))}: {item['msg']}") for item in error.errors()
        ]
        raise Refusal(
            "Дополнения к анкете описаны с ошибкой.",
            kind="bad_additions",
            cure="Исправьте их и сохраните снова.",
            problems=problems,
        ) from None


def form_of(edition: Edition, additions: Additions, language: str = RUSSIAN) -> Form:
    """The form in ``language`` (Russian where the additions do not have it).

    Refusal ``bad_additions`` when a condition of an added question leads nowhere.
    """
    _check_conditions(edition, additions)
    code = language if language in additions.wordings else RUSSIAN
    wording = additions.wordings.get(code, Wording(name="русский"))
    questionnaire = edition.questionnaire
    return Form(
        wording.title or questionnaire.title,
        wording.preamble or questionnaire.preamble,
        code,
        version_of(edition, additions),
        tuple(_numbered(edition, additions, wording)),
    )


def version_of(edition: Edition, additions: Additions) -> str:
    """Sixteen hex digits over everything that is asked, in every language."""
    added = additions.model_dump(mode="json")
    for item in added["extra"]:
        # Versions made before there were other kinds stay what they are.
        if item["kind"] == "choice":
            del item["kind"]
    whole = [edition.questionnaire.model_dump(mode="json"), added]
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _check_conditions(edition: Edition, additions: Additions) -> None:
    known = {question.id for question in edition.questionnaire.closed}
    for item in additions.extra:
        if item.show_if and item.show_if.question not in known:
            raise Refusal(
                f"Вопрос {item.id} зависит от вопроса «{item.show_if.question}», которого нет.",
                kind="bad_additions",
                cure="Укажите вопрос анкеты с вариантами ответа, который стоит раньше.",
            )
        if item.kind == "choice":
            known.add(item.id)


def _numbered(edition: Edition, additions: Additions, wording: Wording) -> Iterator[Asked]:
    """The edition's counted questions, the region's, then what is only reported."""
    numbers = count(1)
    for question in edition.questionnaire.closed:
        options = _scale(edition, question, wording)
        yield _asked(question, next(numbers), options, "answer", wording)
    for extra in additions.extra:
        if extra.kind == "choice":
            yield _extra(extra, next(numbers), wording)
    for question in edition.questionnaire.questions:
        if question.role not in ("filter", "scored"):
            options = _options(_said(wording, question.id, question.options))
            kept: Kept = "remark" if question.role == "text" else "profile"
            yield _asked(question, next(numbers), options, kept, wording)
    for extra in additions.extra:
        if extra.kind != "choice":
            yield _extra(extra, next(numbers), wording)


def _extra(extra: Extra, number: int, wording: Wording) -> Asked:
    text = wording.questions.get(extra.id, extra.text)
    if extra.kind == "text":
        return Asked(extra.id, number, text, "text", (), "remark", extra.show_if)
    labels = _said(wording, extra.id, extra.options)
    options = _options(labels) if labels else _yes_no(wording)
    kept: Kept = "answer" if extra.kind == "choice" else "profile"
    return Asked(extra.id, number, text, "choice", options, kept, extra.show_if)


def _said(wording: Wording, name: str, russian: tuple[str, ...]) -> tuple[str, ...]:
    """Labels of a list of answers; those that are not worded, or no longer fit, stay Russian."""
    said = wording.options.get(name, ())
    if len(said) != len(russian):
        return russian
    return tuple(label or known for label, known in zip(said, russian, strict=True))


def _asked(
    question: Question,
    number: int,
    options: tuple[Option, ...],
    kept: Kept,
    wording: Wording,
) -> Asked:
    kinds: Mapping[str, Kind] = {"text": "text", "number": "number"}
    return Asked(
        question.id,
        number,
        wording.questions.get(question.id, question.text),
        kinds.get(question.role, "choice"),
        options,
        kept,
        question.show_if,
    )


def _scale(edition: Edition, question: Question, wording: Wording) -> tuple[Option, ...]:
    if question.scale == "yes_no":
        return _yes_no(wording)
    levels = tuple(level.label for level in edition.questionnaire.levels)
    return _options(_said(wording, "levels", levels))


def _yes_no(wording: Wording) -> tuple[Option, ...]:
    no, yes = _said(wording, "yes_no", YES_NO[RUSSIAN])
    return (Option(1, yes), Option(0, no))


def _options(labels: tuple[str, ...]) -> tuple[Option, ...]:
    return tuple(Option(value, label) for value, label in enumerate(labels, start=1))
