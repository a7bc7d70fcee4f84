"""A questionnaire as an XLSForm, the tables that KoboToolbox and ODK make their forms from.

The standard: xlsform.org, sheets «survey», «choices», «settings». Names of questions are the ids of
the edition and values of answers are its codes (1 yes, 0 no, the number of a level), so what comes
back from such a form is read as answers without any mapping.

Nothing that points to a person is asked for: no start, end, device or place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from noko.core.answers.form import RUSSIAN, Asked, Form
from noko.core.answers.slip import AGES, LONGEST_REMARK

LANGUAGE = f"Русский ({RUSSIAN})"
LABEL = f"label::{LANGUAGE}"
ORGANISATION, MUNICIPALITY = "organisation", "municipality"
"""Names of the questions about where an answer belongs."""
YES_NO = (("1", "Да"), ("0", "Нет"))

PERSONAL = frozenset(
    {
        "start",
        "end",
        "today",
        "deviceid",
        "phonenumber",
        "username",
        "email",
        "simserial",
        "subscriberid",
        "audit",
        "start-geopoint",
        "background-audio",
    }
)
"""What a form collects by itself about the device and the person; never taken over."""

Row = Mapping[str, str]
Texts = Mapping[str, str]
"""Language → wording."""


@dataclass(frozen=True, slots=True)
class Assessed:
    """An organisation to choose on the form: its code, its name, its municipality."""

    code: str
    name: str
    municipality: str


@dataclass(frozen=True, slots=True)
class Sheets:
    """The three sheets, row by row; a cell that is not there is empty."""

    survey: tuple[Row, ...]
    choices: tuple[Row, ...]
    settings: tuple[Row, ...]

    def as_tables(self) -> dict[str, list[dict[str, str]]]:
        """The same as pyxform takes it without a workbook."""
        named = {"survey": self.survey, "choices": self.choices, "settings": self.settings}
        return {name: [dict(row) for row in rows] for name, rows in named.items()}


def columns_of(rows: Sequence[Row]) -> list[str]:
    """The headers of a sheet, in the order in which the rows bring them."""
    return list(dict.fromkeys(name for row in rows for name in row))


def language_of(code: str, name: str) -> str:
    """What a language is called in the headers of the sheets."""
    return f"{name} ({code})"


def to_xlsform(
    form: Form,
    *,
    form_id: str,
    version: str,
    others: Mapping[str, Form] | None = None,
    places: Sequence[Assessed] = (),
    keeps_place: bool = False,
) -> Sheets:
    """The questionnaire with its filters.

    ``others``: the same form in further languages, by :func:`language_of`. ``places``:
    organisations to choose from, by municipality; without them the form asks for the
    organisation's code. ``keeps_place``: the organisation of the last filled form is offered again.
    """
    forms = {LANGUAGE: form, **(others or {})}
    lists = _Lists(forms)
    survey: list[Row] = [
        {"type": "note", "name": "preamble", **_said("label", _of(forms, "preamble"))}
    ]
    survey += _organisation(places, forms, keeps_place)
    survey += [_asked(question, forms, lists) for question in form.asked]
    setting = {
        "form_title": form.title,
        "form_id": form_id,
        "version": version,
        "default_language": LANGUAGE,
    }
    return Sheets(tuple(survey), (*lists.rows(), *_places(places, forms)), (setting,))


def _of(forms: Mapping[str, Form], name: str) -> Texts:
    return {language: str(getattr(form, name)) for language, form in forms.items()}


def _said(header: str, texts: Texts) -> dict[str, str]:
    return {f"{header}::{language}": text for language, text in texts.items()}


def _everywhere(forms: Mapping[str, Form], text: str) -> Texts:
    """Names and words that are Russian in every language."""
    return dict.fromkeys(forms, text)


def _organisation(
    places: Sequence[Assessed], forms: Mapping[str, Form], keeps_place: bool
) -> list[Row]:
    if not places:
        label = _said("label", _everywhere(forms, "Код организации"))
        return [{"type": "text", "name": ORGANISATION, **label, "required": "yes"}]
    asked = _chosen(ORGANISATION, "organisations", "Организация", forms, keeps_place)
    if len({place.municipality for place in places}) < 2:
        return [asked]
    municipality = _chosen(MUNICIPALITY, "municipalities", "Муниципалитет", forms, keeps_place)
    chosen = f"{MUNICIPALITY} = ${{{MUNICIPALITY}}}"
    return [municipality, {**asked, "choice_filter": chosen}]


def _chosen(
    name: str, options: str, label: str, forms: Mapping[str, Form], keeps_place: bool
) -> dict[str, str]:
    kept = {"default": f"${{last-saved#{name}}}"} if keeps_place else {}
    return {
        "type": f"select_one {options}",
        "name": name,
        **_said("label", _everywhere(forms, label)),
        "required": "yes",
        "appearance": "minimal autocomplete",
        **kept,
    }


def _asked(question: Asked, forms: Mapping[str, Form], lists: _Lists) -> Row:
    texts = {language: form.by_id[question.id].text for language, form in forms.items()}
    row = {"type": "", "name": question.id, **_said("label", texts)}
    if question.condition:
        condition = question.condition
        row["relevant"] = f"${{{condition.question}}} = '{condition.answer}'"
    if question.kind == "text":
        limit = {"constraint": f"string-length(.) <= {LONGEST_REMARK}"}
        told = f"Не больше {LONGEST_REMARK} знаков"
        return {**row, "type": "text", "appearance": "multiline", **limit, **_told(forms, told)}
    if question.kind == "number":
        least, greatest = AGES
        limit = {"constraint": f". >= {least} and . <= {greatest}"}
        told = f"Целое число от {least} до {greatest}"
        return {**row, "type": "integer", **limit, **_told(forms, told)}
    return {**row, "type": f"select_one {lists.name_of(question)}"}


def _told(forms: Mapping[str, Form], text: str) -> Row:
    return _said("constraint_message", _everywhere(forms, text))


class _Lists:
    """Lists of answers, each once: questions with the same answers share one."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self.forms = forms
        self.names: dict[tuple[object, ...], str] = {}
        self.first: dict[str, Asked] = {}

    def name_of(self, question: Asked) -> str:
        same = tuple(tuple(form.by_id[question.id].options) for form in self.forms.values())
        name = self.names.setdefault(same, self._new(question))
        self.first.setdefault(name, question)
        return name

    @staticmethod
    def _new(question: Asked) -> str:
        is_yes_no = [option.value for option in question.options] == [1, 0]
        return "yes_no" if is_yes_no else f"{question.id}_options"

    def rows(self) -> Iterable[Row]:
        for name, question in self.first.items():
            for number, option in enumerate(question.options):
                labels = {
                    language: form.by_id[question.id].options[number].label
                    for language, form in self.forms.items()
                }
                yield {"list_name": name, "name": str(option.value), **_said("label", labels)}


def _places(places: Sequence[Assessed], forms: Mapping[str, Form]) -> Iterable[Row]:
    numbers = {
        name: f"m{number}"
        for number, name in enumerate(dict.fromkeys(p.municipality for p in places), start=1)
    }
    if len(numbers) > 1:
        for name, code in numbers.items():
            label = _said("label", _everywhere(forms, name))
            yield {"list_name": "municipalities", "name": code, **label}
    for place in places:
        yield {
            "list_name": "organisations",
            "name": place.code,
            **_said("label", _everywhere(forms, place.name)),
            MUNICIPALITY: numbers[place.municipality],
        }
