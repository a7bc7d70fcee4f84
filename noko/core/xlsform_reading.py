"""What somebody's XLSForm asks: read row by row, compared with the edition.

Every row that cannot be taken over is named with its place and a cure; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from noko.core.answers.form import RUSSIAN
from noko.core.editions import Question, Questionnaire
from noko.core.refusal import Place, Problem
from noko.core.tables.sheet import Sheet
from noko.core.xlsform import PERSONAL, YES_NO


@dataclass(frozen=True, slots=True)
class Read:
    """A question of somebody's form. ``options``: code → text; ``show_if``: (question, answer).

    ``said``: language → text; ``said_options``: language → code → text.
    """

    id: str
    text: str
    kind: str
    options: Mapping[str, str] = field(default_factory=dict)
    show_if: tuple[str, str] | None = None
    place: Place = field(default_factory=Place)
    said: Mapping[str, str] = field(default_factory=dict)
    said_options: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class ReadForm:
    """``problems``: what cannot be taken over, by rows; ``notes``: what is left out on purpose.

    ``languages``: code → name of those that have a column of their own, without Russian;
    ``preamble``: language → what stands before the questions.
    """

    title: str = ""
    languages: dict[str, str] = field(default_factory=dict)
    preamble: dict[str, str] = field(default_factory=dict)
    version: str = ""
    questions: list[Read] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)


_KINDS = {"text": "text", "string": "text", "integer": "number", "int": "number"}
_STRUCTURE = frozenset({"note", "begin group", "end group", "begin_group", "end_group"})
_SHOWN_IF = re.compile(
    r"""\s*(?:\$\{(?P<a>[\w.-]+)\}\s*=\s*['"]?(?P<b>[\w.-]+)['"]?"""
    r"""|selected\(\s*\$\{(?P<c>[\w.-]+)\}\s*,\s*['"](?P<d>[\w.-]+)['"]\s*\))\s*"""
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_ANSWERED_ONCE = ("organisation", "municipality")


def read_xlsform(sheets: Sequence[Sheet]) -> ReadForm:
    """The questions of a form. Every row that cannot be taken over is named in ``problems``."""
    form = ReadForm()
    by_name = {sheet.name.strip().casefold(): sheet for sheet in sheets}
    survey = by_name.get("survey")
    if survey is None:
        names = ", ".join(f"«{sheet.name}»" for sheet in sheets) or "нет ни одного"
        form.problems.append(
            Problem(
                f"В файле нет листа «survey», листы: {names}.",
                "Загрузите форму в виде XLSForm: листы «survey», «choices», «settings».",
                Place(file=sheets[0].file if sheets else ""),
            )
        )
        return form
    options = _options(by_name.get("choices"))
    for number, row in _rows(survey):
        form.languages.update(_languages(row))
        _take(form, row, options, Place(survey.file, survey.name, number))
    for _, row in _rows(by_name.get("settings"))[:1]:
        form.title, form.version = row.get("form_title", ""), row.get("version", "")
    _check_filters(form)
    return form


def _rows(sheet: Sheet | None) -> list[tuple[int, dict[str, str]]]:
    """Number as the person sees it → cells by header, the ones that are filled."""
    if sheet is None or not sheet.rows:
        return []
    headers = [str(cell or "").strip() for cell in sheet.rows[0]]
    found = []
    for number, cells in enumerate(sheet.rows[1:], start=2):
        pairs = zip(headers, (_text(cell) for cell in cells), strict=False)
        row = {header: text for header, text in pairs if header and text}
        if row:
            found.append((number, row))
    return found


def _text(cell: object) -> str:
    whole = isinstance(cell, float) and cell.is_integer()
    return str(int(cell) if whole else "" if cell is None else cell).strip()  # type: ignore[call-overload]


def _label(row: Mapping[str, str]) -> str:
    """The Russian wording, else the one without a language, else the first there is."""
    russian = [text for name, text in row.items() if name.startswith("label") and "(ru)" in name]
    plain = row.get("label", "")
    first = next((text for name, text in row.items() if name.startswith("label")), "")
    return (russian or [plain or first])[0]


_LANGUAGE = re.compile(r"label::\s*(?P<name>.+?)\s*\((?P<code>[a-z]{2,3})\)")


def _languages(row: Mapping[str, str]) -> dict[str, str]:
    """Code → name of the languages of the row's labels, without Russian."""
    found = (_LANGUAGE.fullmatch(header) for header in row)
    return {m["code"]: m["name"] for m in found if m and m["code"] != RUSSIAN}


def _said(row: Mapping[str, str]) -> dict[str, str]:
    found = ((_LANGUAGE.fullmatch(header), text) for header, text in row.items())
    return {match["code"]: text for match, text in found if match and match["code"] != RUSSIAN}


@dataclass(slots=True)
class _List:
    """A list of answers: code → text in Russian; language → code → text."""

    russian: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, str]] = field(default_factory=dict)


def _options(sheet: Sheet | None) -> dict[str, _List]:
    lists: dict[str, _List] = {}
    for _, row in _rows(sheet):
        known = lists.setdefault(row.get("list_name") or row.get("list name", ""), _List())
        code = row.get("name", "")
        known.russian[code] = _label(row)
        for language, text in _said(row).items():
            known.said.setdefault(language, {})[code] = text
    return lists


def _take(
    form: ReadForm, row: Mapping[str, str], options: Mapping[str, _List], place: Place
) -> None:
    kind, _, rest = row.get("type", "").partition(" ")
    whole = row.get("type", "").casefold()
    name = row.get("name", "")
    if whole in _STRUCTURE:
        if name == "preamble":
            form.preamble = {RUSSIAN: _label(row), **_said(row)}
        return
    if kind in PERSONAL:
        text = f"«{kind}» не берётся: анкета анонимна."
        form.notes.append(Problem(text, place=place))
        return
    if name in _ANSWERED_ONCE:
        return
    if not _NAME.fullmatch(name):
        text = f"Имя вопроса «{name}» не подходит."
        cure = "Возьмите латинские буквы, цифры и знак подчёркивания, начните с буквы: q1."
        form.problems.append(Problem(text, cure, replace(place, column="name")))
        return
    known = options.get(rest.split(" ")[0], _List())
    if kind == "select_one" and known.russian:
        shown = _shown_if(form, row, place)
        form.questions.append(
            Read(name, _label(row), "choice", known.russian, shown, place, _said(row), known.said)
        )
    elif kind == "select_one":
        text = f"Списка ответов «{rest}» на листе «choices» нет."
        cure = "Добавьте его или исправьте имя."
        form.problems.append(Problem(text, cure, replace(place, column="type")))
    elif whole in _KINDS:
        shown = _shown_if(form, row, place)
        form.questions.append(Read(name, _label(row), _KINDS[whole], {}, shown, place, _said(row)))
    else:
        form.problems.append(
            Problem(
                f"Тип вопроса «{row.get('type', '')}» не поддерживается.",
                "Оставьте один из типов: select_one, text, integer, note.",
                replace(place, column="type"),
            )
        )


def _shown_if(form: ReadForm, row: Mapping[str, str], place: Place) -> tuple[str, str] | None:
    rule = row.get("relevant", "")
    if not rule:
        return None
    found = _SHOWN_IF.fullmatch(rule)
    if found is None:
        form.problems.append(
            Problem(
                f"Условие показа «{rule}» не поддерживается.",
                "Оставьте сравнение с одним ответом: ${q1} = '1'.",
                replace(place, column="relevant"),
            )
        )
        return None
    return (found["a"] or found["c"], found["b"] or found["d"])


def _check_filters(form: ReadForm) -> None:
    """A condition points at an earlier question and at one of its answers."""
    before: dict[str, Read] = {}
    for question in form.questions:
        if question.show_if:
            asked, answer = question.show_if
            if asked not in before:
                text = f"Условие показа ссылается на «{asked}», а такого вопроса раньше нет."
                cure = "Поставьте тот вопрос выше или исправьте имя."
                form.problems.append(Problem(text, cure, _of_condition(question)))
            elif before[asked].options and answer not in before[asked].options:
                text = f"Условие показа ждёт ответ «{answer}», а у «{asked}» такого ответа нет."
                cure = f"Возможные ответы: {', '.join(before[asked].options)}."
                form.problems.append(Problem(text, cure, _of_condition(question)))
        before[question.id] = question


def _of_condition(question: Read) -> Place:
    return replace(question.place, column="relevant")


def disagreements(form: ReadForm, questionnaire: Questionnaire) -> list[Problem]:
    """Where the form asks something else than the edition: then its answers cannot be counted.

    Further questions of a region are no disagreement.
    """
    found: list[Problem] = []
    asked = {question.id: question for question in form.questions}
    codes = {
        "yes_no": [code for code, _ in YES_NO],
        "levels": [str(number) for number in range(1, len(questionnaire.levels) + 1)],
    }
    for question in questionnaire.closed:
        read = asked.get(question.id)
        if read is None:
            text = f"Нет вопроса «{question.id}»: «{question.text}»."
            found.append(Problem(text, "Добавьте его: без него показатель не посчитать."))
            continue
        found += _differences(read, question, codes[question.scale])
    return found


def _differences(read: Read, question: Question, codes: Sequence[str]) -> Iterable[Problem]:
    if " ".join(read.text.split()) != " ".join(question.text.split()):
        text = f"Вопрос «{question.id}» изменён: «{read.text}»."
        yield Problem(text, f"В методике он такой: «{question.text}»", read.place)
    if sorted(read.options) != sorted(codes):
        text = f"Ответы на вопрос «{question.id}» – {', '.join(read.options) or 'не список'}."
        yield Problem(text, f"Должны быть: {', '.join(codes)}.", read.place)
    wanted = question.show_if and (question.show_if.question, str(question.show_if.answer))
    if (wanted or None) != read.show_if:
        text = f"Условие показа вопроса «{question.id}» другое."
        cure = f"Должно быть: ${{{wanted[0]}}} = '{wanted[1]}'." if wanted else "Уберите условие."
        yield Problem(text, cure, read.place)
