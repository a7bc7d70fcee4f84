"""The technical specification: its template as data, the fields of its clauses, filling them.

A template is a YAML file under ``noko/rules/specifications``: sections of numbered clauses with
fields in braces. A clause says what it rests on and by which checks a delivery is compared with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple

from pydantic import ValidationError, model_validator

from noko.core.editions import Basis, Rule
from noko.core.refusal import Place, Refusal
from noko.core.rule_files import broken_file, read_mapping

BROKEN = "broken_specification"

FIELDS: Mapping[str, str] = {
    "год": "год оценки",
    "заказчик": "кто заказывает услуги",
    "акты": "акты редакции методики",
    "организаций": "сколько организаций в перечне",
    "организаций по типам": "сколько организаций каждого типа",
    "муниципалитетов": "сколько муниципальных образований",
    "правило выборки": "какую часть получателей услуг опросить и не больше скольких",
    "анкет": "сколько анкет нужно по всем организациям",
    "получателей": "сколько получателей услуг во всех организациях",
    "порог": "до скольких получателей советуется опросить всех",
    "критериев": "сколько критериев в методике",
    "показателей": "сколько показателей в методике",
    "вопросов": "сколько закрытых вопросов в анкете",
    "перечни": "перечни осмотра",
    "форматы": "что и в каком виде передаёт оператор",
    "опрос с": "первый день опроса и осмотра",
    "опрос по": "последний день опроса и осмотра",
    "данные до": "срок передачи данных",
    "отчёт до": "срок отчёта",
}
"""Fields that a clause may name, and what stands in them."""


class Check(StrEnum):
    """What of a delivery a clause is compared by."""

    ORGANISATIONS = "organisations"
    QUESTIONNAIRES = "questionnaires"
    INSPECTION = "inspection"
    INDICATORS = "indicators"
    FORMATS = "formats"
    TERM = "term"


CHECK_TITLES = {
    Check.ORGANISATIONS: "есть ли организация в данных",
    Check.QUESTIONNAIRES: "хватает ли анкет",
    Check.INSPECTION: "проведён ли осмотр",
    Check.INDICATORS: "есть ли данные по каждому показателю",
    Check.FORMATS: "всё ли передано",
    Check.TERM: "в срок ли",
}


class DeliveryFormat(Rule):
    code: str
    title: str


class ClauseTemplate(Rule):
    """``code`` is stable between templates; ``text`` may name fields in braces."""

    code: str
    text: str
    basis: Basis
    checks: tuple[Check, ...] = ()


class SectionTemplate(Rule):
    number: str
    title: str
    clauses: tuple[ClauseTemplate, ...]


class SpecificationTemplate(Rule):
    code: str
    edition: str
    title: str
    basis: Basis
    formats: tuple[DeliveryFormat, ...]
    sections: tuple[SectionTemplate, ...]

    @property
    def clauses(self) -> tuple[ClauseTemplate, ...]:
        return tuple(clause for section in self.sections for clause in section.clauses)

    @model_validator(mode="after")
    def _hangs_together(self) -> SpecificationTemplate:
        for complaint in _complaints(self):
            raise ValueError(complaint)
        return self


def _complaints(template: SpecificationTemplate) -> Iterator[str]:
    codes = [clause.code for clause in template.clauses]
    numbers = [section.number for section in template.sections]
    if len(set(codes)) != len(codes):
        yield "коды пунктов повторяются"
    if len(set(numbers)) != len(numbers):
        yield "номера разделов повторяются"
    texts = {clause.code: clause.text for clause in template.clauses} | {"title": template.title}
    for code, text in texts.items():
        for name in unknown_fields(text):
            yield f"{code}: поля «{name}» нет"


def parse_template(name: str, texts: Mapping[str, str]) -> SpecificationTemplate:
    """The template ``name`` from the texts of all template files by their names.

    ``based_on`` names a template whose sections and formats are taken over; ``clauses`` then
    replace those of the same code. Refusal ``broken_specification`` names file and key.
    """
    data = _merged(name, texts)
    try:
        return SpecificationTemplate.model_validate(data)
    except ValidationError as error:
        message = "Образец технического задания описан с ошибкой."
        raise broken_file(message, f"{name}.yaml", error, kind=BROKEN) from None


def _merged(name: str, texts: Mapping[str, str]) -> dict[str, Any]:
    data = read_mapping(f"{name}.yaml", texts[name], kind=BROKEN)
    base = data.pop("based_on", None)
    if base is None:
        return data
    if base not in texts or base == name:
        raise Refusal(
            f"Образца «{base}» нет.",
            kind=BROKEN,
            cure="Исправьте ключ based_on.",
            place=Place(file=f"{name}.yaml", key="based_on"),
        )
    whole = _merged(base, {key: text for key, text in texts.items() if key != name})
    changes = {item["code"]: item for item in data.pop("clauses", ())}
    sections = [
        {
            **section,
            "clauses": [
                {**clause, **changes.pop(clause["code"], {})} for clause in section["clauses"]
            ],
        }
        for section in whole["sections"]
    ]
    if changes:
        raise Refusal(
            f"В основе нет пунктов: {', '.join(changes)}.",
            kind=BROKEN,
            cure="Исправьте коды пунктов.",
            place=Place(file=f"{name}.yaml", key="clauses"),
        )
    return {**whole, **data, "sections": sections}


# --- fields in the text -------------------------------------------------------------------------

_FIELD = re.compile(r"\{([^{}\n]{1,60})\}")


class Piece(NamedTuple):
    """A part of a filled text; ``field`` is empty for the words of the clause itself."""

    text: str
    field: str = ""


def unknown_fields(text: str) -> list[str]:
    """Names in braces that are no fields, in the order of the text, each once."""
    found = dict.fromkeys(_FIELD.findall(text))
    return [name for name in found if name not in FIELDS]


def pieces(text: str, facts: Mapping[str, str]) -> list[Piece]:
    """The text with its fields filled from ``facts``; a name that is not there stays as it is.

    A date ends with «г.», so the full stop of a sentence right behind it is left out.
    """
    parts: list[Piece] = []
    last = 0
    for match in _FIELD.finditer(text):
        if match[1] not in facts:
            continue
        value = facts[match[1]]
        parts += [Piece(text[last : match.start()]), Piece(value, match[1])]
        last = match.end()
        if value.endswith(".") and text[last : last + 1] == ".":
            last += 1
    parts.append(Piece(text[last:]))
    return [part for part in parts if part.text]


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The same as one text."""
    return "".join(piece.text for piece in pieces(text, facts))
