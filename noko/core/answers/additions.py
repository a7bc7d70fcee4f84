"""What a region adds to a questionnaire, changed piece by piece: questions, languages, wordings.

Pure: each function gives new additions. A wording belongs to the words that it was made for: when
a question or its answers are changed, what other languages said of it is dropped and has to be
given anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from noko.core.answers.form import RUSSIAN, Additions, Extra, Form, Wording, form_of
from noko.core.editions import Edition, ShowIf
from noko.core.refusal import Refusal

MOST_QUESTIONS, MOST_OPTIONS = 20, 20


def with_question(
    additions: Additions,
    *,
    id: str = "",
    text: str,
    kind: str = "choice",
    options: Sequence[str] = (),
    show_if: ShowIf | None = None,
) -> Additions:
    """A further question at the end, or the question ``id`` in other words.

    Refusals: ``too_many_questions``, ``no_question``, ``bad_additions``.
    """
    if not id:
        if len(additions.extra) >= MOST_QUESTIONS:
            raise Refusal(
                f"Больше {MOST_QUESTIONS} вопросов региона не бывает: длинную анкету бросают.",
                kind="too_many_questions",
                cure="Удалите какой-нибудь.",
            )
        made = _extra(_free_id(additions), text, kind, options, show_if)
        return additions.model_copy(update={"extra": (*additions.extra, made)})
    before = find(additions, id)
    made = _extra(id, text, kind, options, show_if)
    _refuse_lost_condition(additions, made)
    extra = tuple(made if item.id == id else item for item in additions.extra)
    dropped = additions.model_copy(update={"extra": extra})
    if before.text != made.text:
        dropped = _forgotten(dropped, id, "questions")
    if before.options != made.options or before.kind != made.kind:
        dropped = _forgotten(dropped, id, "options")
    return dropped


def _refuse_lost_condition(additions: Additions, made: Extra) -> None:
    """Another question is asked after an answer that would no longer be there."""
    answers = range(1, len(made.options) + 1) if made.options else (0, 1)
    for item in additions.extra:
        condition = item.show_if
        if condition is None or condition.question != made.id:
            continue
        if made.kind != "choice" or condition.answer not in answers:
            raise Refusal(
                f"От этого вопроса зависит другой: «{item.text}».",
                kind="asked_after",
                cure="Сначала уберите условие у того вопроса.",
            )


def find(additions: Additions, id: str) -> Extra:
    for item in additions.extra:
        if item.id == id:
            return item
    raise Refusal("Такого вопроса уже нет.", kind="no_question", cure="Обновите страницу.")


def _extra(id: str, text: str, kind: str, options: Sequence[str], show_if: ShowIf | None) -> Extra:
    return Extra.model_validate(
        {
            "id": id,
            "text": " ".join(text.split()),
            "kind": kind,
            "options": tuple(" ".join(option.split()) for option in options),
            "show_if": show_if,
        }
    )


def _free_id(additions: Additions) -> str:
    """An id that no question has, so that nothing said of another one is taken for it."""
    used = {item.id for item in additions.extra}
    used |= {id for w in additions.wordings.values() for id in (*w.questions, *w.options)}
    return next(f"r{number}" for number in range(1, 100) if f"r{number}" not in used)


def _forgotten(additions: Additions, id: str, *parts: str) -> Additions:
    wordings = {
        code: wording.model_copy(
            update={
                part: {key: value for key, value in getattr(wording, part).items() if key != id}
                for part in parts
            }
        )
        for code, wording in additions.wordings.items()
    }
    return additions.model_copy(update={"wordings": wordings})


def without_question(additions: Additions, id: str) -> Additions:
    """Refusals: ``no_question``, ``asked_after`` when another question hangs on it."""
    found = find(additions, id)
    after = [item for item in additions.extra if item.show_if and item.show_if.question == id]
    if after:
        raise Refusal(
            f"От этого вопроса зависит другой: «{after[0].text}».",
            kind="asked_after",
            cure="Сначала уберите условие у того вопроса.",
        )
    extra = tuple(item for item in additions.extra if item != found)
    return _forgotten(additions.model_copy(update={"extra": extra}), id, "questions", "options")


def moved(additions: Additions, id: str, step: int) -> Additions:
    """One place up (-1) or down (1); at the edge nothing changes. Refusal ``asked_after`` when a
    question would stand before the one that it hangs on."""
    place = additions.extra.index(find(additions, id))
    other = place + step
    if not 0 <= other < len(additions.extra):
        return additions
    extra = list(additions.extra)
    extra[place], extra[other] = extra[other], extra[place]
    first, second = sorted((place, other))
    if (condition := extra[first].show_if) and condition.question == extra[second].id:
        raise Refusal(
            "Вопрос не может стоять раньше того, от которого зависит.",
            kind="asked_after",
            cure="Уберите условие или переставьте другой вопрос.",
        )
    return additions.model_copy(update={"extra": tuple(extra)})


def with_language(additions: Additions, code: str, name: str) -> Additions:
    """Refusal ``language_taken``."""
    if code == RUSSIAN or code in additions.wordings:
        raise Refusal(
            "Такой язык в анкете уже есть.", kind="language_taken", cure="Выберите другой."
        )
    return with_wording(additions, code, Wording(name=name))


def with_wording(additions: Additions, code: str, wording: Wording) -> Additions:
    wordings = {**additions.wordings, code: wording}
    return additions.model_copy(update={"wordings": wordings})


def without_language(additions: Additions, code: str) -> Additions:
    wordings = {key: item for key, item in additions.wordings.items() if key != code}
    return additions.model_copy(update={"wordings": wordings})


# --- what is to be said in another language -------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A text to be worded: ``key`` ("title", "q.q1", "o.q17.2"), where it stands, its Russian."""

    key: str
    where: str
    original: str


def texts_of(edition: Edition, additions: Additions) -> list[Said]:
    """Everything that a respondent reads, in the order of the form; lists of answers once."""
    form = form_of(edition, additions)
    found = [Said("title", "Название", form.title), Said("preamble", "Вступление", form.preamble)]
    lists: set[str] = set()
    for item in form.asked:
        found.append(Said(f"q.{item.id}", f"Вопрос {item.number}", item.text))
        name = list_of(edition, form, item.id)
        if item.options and name not in lists:
            lists.add(name)
            where = "Ответы" if name in ("yes_no", "levels") else f"Ответы на вопрос {item.number}"
            found += [
                Said(f"o.{name}.{option.value}", where, option.label) for option in item.options
            ]
    return found


def list_of(edition: Edition, form: Form, id: str) -> str:
    """Under which name the answers to a question are worded: those that many questions share
    (``yes_no``, ``levels``) once for all."""
    if [option.value for option in form.by_id[id].options] == [1, 0]:
        return "yes_no"
    scales = {question.id: question.scale for question in edition.questionnaire.closed}
    return "levels" if scales.get(id) == "levels" else id


def said_in(wording: Wording, edition: Edition, additions: Additions) -> dict[str, str]:
    """Key → what is worded already."""
    return {
        item.key: text
        for item in texts_of(edition, additions)
        if (text := _spoken(wording, item.key))
    }


def _spoken(wording: Wording, key: str) -> str:
    part, _, rest = key.partition(".")
    if part in ("title", "preamble"):
        return str(getattr(wording, part))
    if part == "q":
        return wording.questions.get(rest, "")
    name, _, value = rest.rpartition(".")
    labels = wording.options.get(name, ())
    place = _place(name, int(value))
    return labels[place] if place < len(labels) else ""


def _place(name: str, value: int) -> int:
    """Where an answer stands among the labels of its list: no and yes by value, others from 1."""
    return value if name == "yes_no" else value - 1


def worded(name: str, texts: Mapping[str, str], edition: Edition, additions: Additions) -> Wording:
    """A wording out of key → text; a list of answers of which some are missing keeps its gaps."""
    keys = [item.key for item in texts_of(edition, additions)]
    said = {key: text for key in keys if (text := " ".join(texts.get(key, "").split()))}
    return Wording(
        name=" ".join(name.split()),
        title=said.get("title", ""),
        preamble=said.get("preamble", ""),
        questions={key[2:]: text for key, text in said.items() if key.startswith("q.")},
        options=dict(_lists(keys, said)),
    )


def _lists(keys: Sequence[str], said: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    names = dict.fromkeys(key[2:].rpartition(".")[0] for key in keys if key.startswith("o."))
    for name in names:
        values = [int(key.rpartition(".")[2]) for key in keys if key.startswith(f"o.{name}.")]
        order = sorted(values, key=lambda value: _place(name, value))
        labels = tuple(said.get(f"o.{name}.{value}", "") for value in order)
        if any(labels):
            yield name, labels


def missing(edition: Edition, additions: Additions) -> dict[str, list[Said]]:
    """Language → what is not worded in it; complete languages are not named."""
    texts = texts_of(edition, additions)
    found: dict[str, list[Said]] = {}
    for code, wording in additions.wordings.items():
        rest = [item for item in texts if not _spoken(wording, item.key)]
        if rest:
            found[code] = rest
    return found


def as_json(additions: Additions) -> dict[str, Any]:
    return additions.model_dump(mode="json")
