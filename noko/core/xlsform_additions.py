"""A read XLSForm as what a region adds to the questionnaire: its questions and its languages.

The questions of the edition have been compared before; here only their wordings are taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from noko.core.answers.additions import MOST_OPTIONS, MOST_QUESTIONS, list_of, texts_of, worded
from noko.core.answers.form import Additions, Extra, Wording, form_of
from noko.core.editions import Edition, ShowIf
from noko.core.refusal import Problem, Refusal
from noko.core.xlsform import YES_NO
from noko.core.xlsform_reading import Read, ReadForm

_CODES = tuple(code for code, _ in YES_NO)


def additions_of(read: ReadForm, edition: Edition, before: Additions) -> Additions:
    """``before``: titles of languages are no part of an XLSForm and stay as they are.

    Refusal ``foreign_xlsform`` names every row that a region's question cannot be made of.
    """
    known = {question.id for question in edition.questionnaire.questions}
    own = [question for question in read.questions if question.id not in known]
    ids = _ids(own)
    problems = [problem for question in own for problem in _problems(question, ids, known)]
    if len(own) > MOST_QUESTIONS:
        text = f"Вопросов региона {len(own)}, больше {MOST_QUESTIONS} не бывает."
        problems.append(Problem(text, "Уберите лишние: длинную анкету бросают."))
    if problems:
        raise Refusal(
            "Форму нельзя взять как анкету.",
            kind="foreign_xlsform",
            cure="Исправьте названные места и загрузите снова. Ничего не сохранено.",
            problems=problems,
        )
    by_id = {question.id: question for question in read.questions}
    apart = {item.id for item in before.extra if item.kind == "profile"}
    extra = tuple(_extra(question, ids, by_id, apart) for question in own)
    made = Additions(extra=extra)
    wordings = {
        code: _wording(code, name, read, edition, made, ids, before)
        for code, name in read.languages.items()
    }
    return Additions(extra=extra, wordings=wordings)


def _ids(own: Sequence[Read]) -> dict[str, str]:
    """Name on the form → id of ours: one that is ours already stays."""
    kept = {question.id for question in own if _is_ours(question.id)}
    free = (f"r{number}" for number in range(1, 100) if f"r{number}" not in kept)
    return {q.id: q.id if q.id in kept else next(free) for q in own[:90]}


def _is_ours(name: str) -> bool:
    return name[:1] == "r" and name[1:].isdigit() and 0 < int(name[1:]) < 100 and name[1] != "0"


def _problems(question: Read, ids: Mapping[str, str], known: set[str]) -> Sequence[Problem]:
    where = replace(question.place, column="type")
    found = []
    if question.kind == "number":
        text = f"Свой вопрос «{question.id}» спрашивает число: такой вопрос мог бы выдать человека."
        found.append(Problem(text, "Спросите выбором из промежутков: «до 30 лет», «30–40».", where))
    if question.kind == "choice" and not 2 <= len(question.options) <= MOST_OPTIONS:
        text = f"У вопроса «{question.id}» вариантов ответа: {len(question.options)}."
        found.append(Problem(text, f"Нужно от двух до {MOST_OPTIONS}.", where))
    if question.show_if and question.show_if[0] not in ids and question.show_if[0] not in known:
        text = f"Условие вопроса «{question.id}» ведёт к «{question.show_if[0]}»."
        found.append(Problem(text, "Такого вопроса в анкете нет.", question.place))
    return found


def _extra(
    question: Read, ids: Mapping[str, str], by_id: Mapping[str, Read], apart: set[str]
) -> Extra:
    """``apart``: ids of questions whose answers are kept apart, which an XLSForm cannot say."""
    options = () if _is_yes_no(question) else tuple(question.options.values())
    choice: Literal["choice", "profile"] = "profile" if ids[question.id] in apart else "choice"
    return Extra(
        id=ids[question.id],
        text=question.text,
        kind="text" if question.kind == "text" else choice,
        options=options,
        show_if=_condition(question, ids, by_id),
    )


def _is_yes_no(question: Read) -> bool:
    return sorted(question.options) == sorted(_CODES)


def _condition(question: Read, ids: Mapping[str, str], by_id: Mapping[str, Read]) -> ShowIf | None:
    """Answers by their numbers: those of yes and no as they are, others by their order."""
    if question.show_if is None:
        return None
    name, code = question.show_if
    before = by_id[name]
    if name not in ids or _is_yes_no(before):
        return ShowIf(question=ids.get(name, name), answer=int(code))
    return ShowIf(question=ids[name], answer=list(before.options).index(code) + 1)


def _wording(
    code: str,
    name: str,
    read: ReadForm,
    edition: Edition,
    made: Additions,
    ids: Mapping[str, str],
    before: Additions,
) -> Wording:
    form = form_of(edition, made)
    title = before.wordings[code].title if code in before.wordings else ""
    texts = {"title": title, "preamble": read.preamble.get(code, "")}
    for question in read.questions:
        id = ids.get(question.id, question.id)
        texts[f"q.{id}"] = question.said.get(code, "")
        if question.kind == "choice" and id in form.by_id:
            listed = list_of(edition, form, id)
            labels = question.said_options.get(code, {})
            for number, option in enumerate(question.options, start=1):
                own = question.id in ids and listed != "yes_no"
                value = str(number) if own else option
                texts[f"o.{listed}.{value}"] = labels.get(option, "")
    # A form that was written here has Russian words where nothing else is known yet.
    russian = {item.key: item.original for item in texts_of(edition, made)}
    new = {key: text for key, text in texts.items() if text != russian.get(key)}
    return worded(name, new, edition, made)
