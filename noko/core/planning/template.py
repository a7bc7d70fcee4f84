"""A template of the annual plan: the activities of a cycle, how they close, what depends on what.

A template is a YAML file under ``noko/rules/plans``. It serves twice: a plan for a new year starts
from it, and the activities of an imported plan are recognised by its ``signs``, so that the logic
of a plan in anybody's words can be checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import ValidationError, model_validator

from noko.core.editions import Basis, Rule
from noko.core.planning.term_grammar import Unclear, parse_term
from noko.core.refusal import Place, Refusal
from noko.core.rule_files import broken_file, read_mapping
from noko.core.tables.text import plain, stems

BROKEN = "broken_template"
SOME_YEAR = 2024
"""A leap year: wordings of terms without a year are tried in it."""


class Closing(StrEnum):
    """What closes an activity: a fact of the system, or evidence that a person brings."""

    LIST_APPROVED = "list_approved"
    SECTION_PUBLISHED = "section_published"
    SPECIFICATION_ADOPTED = "specification_adopted"
    WEBSITES_CHECKED = "websites_checked"
    READINESS_CONFIRMED = "readiness_confirmed"
    CAMPAIGN_PUBLISHED = "campaign_published"
    WAVE_CLOSED_PRESCHOOL = "wave_closed_preschool"
    WAVE_CLOSED_GENERAL = "wave_closed_general"
    WAVE_CLOSED_SUPPLEMENTARY = "wave_closed_supplementary"
    RATING_CALCULATED = "rating_calculated"
    FINAL_RATING_ADOPTED = "final_rating_adopted"
    PROPOSALS_ADOPTED = "proposals_adopted"
    RELEASE_PUBLISHED = "release_published"
    BUSGOV_PLACED = "busgov_placed"
    CONTEXT_DISCUSSED = "context_discussed"
    CONTESTS_FINISHED = "contests_finished"
    IMPROVEMENT_PLANS_APPROVED = "improvement_plans_approved"
    IMPROVEMENT_PLANS_PLACED = "improvement_plans_placed"
    CONTROL_REPORTED = "control_reported"
    DECISIONS_ADOPTED = "decisions_adopted"
    REPORT_SIGNED = "report_signed"
    DOCUMENT = "document"
    LINK = "link"

    @property
    def by_person(self) -> bool:
        """True for what the system does not produce itself."""
        return self in (Closing.DOCUMENT, Closing.LINK)


CLOSING_TITLES = {
    Closing.LIST_APPROVED: "утверждённый перечень организаций",
    Closing.SECTION_PUBLISHED: "опубликованный раздел сайта",
    Closing.SPECIFICATION_ADOPTED: "принятое техническое задание",
    Closing.WEBSITES_CHECKED: "проверка сайтов организаций",
    Closing.READINESS_CONFIRMED: "готовность муниципалитетов подтверждена",
    Closing.CAMPAIGN_PUBLISHED: "публикации в реестре кампании",
    Closing.WAVE_CLOSED_PRESCHOOL: "закрытая волна: дошкольные организации",
    Closing.WAVE_CLOSED_GENERAL: "закрытая волна: общеобразовательные организации",
    Closing.WAVE_CLOSED_SUPPLEMENTARY: "закрытая волна: дополнительное образование",
    Closing.RATING_CALCULATED: "рассчитанный рейтинг",
    Closing.FINAL_RATING_ADOPTED: "итоговый рейтинг, принятый советом",
    Closing.PROPOSALS_ADOPTED: "предложения, принятые советом",
    Closing.RELEASE_PUBLISHED: "опубликованный рейтинг",
    Closing.BUSGOV_PLACED: "результаты на bus.gov.ru",
    Closing.CONTEXT_DISCUSSED: "аналитические материалы рассмотрены советом",
    Closing.CONTESTS_FINISHED: "протоколы конкурсов",
    Closing.IMPROVEMENT_PLANS_APPROVED: "утверждённые планы организаций",
    Closing.IMPROVEMENT_PLANS_PLACED: "планы на сайтах организаций",
    Closing.CONTROL_REPORTED: "сводка о выполнении планов",
    Closing.DECISIONS_ADOPTED: "принятые управленческие решения",
    Closing.REPORT_SIGNED: "подписанная справка",
    Closing.DOCUMENT: "документ",
    Closing.LINK: "ссылка",
}


class Activity(Rule):
    """One activity. ``term`` names no year; ``signs`` are phrases that its wordings hold.

    ``prepares``: those may begin only when this has ended. ``publishes``: what must be approved
    before. ``controls`` and ``reports_on``: what it follows. ``for_next_year``: it prepares the
    next cycle, so its term is not compared with the activities of this one.
    """

    code: str
    number: str
    activity: str
    term: str
    responsible: tuple[str, ...]
    result: tuple[str, ...]
    closes_by: tuple[Closing, ...]
    second_person: bool = False
    for_next_year: bool = False
    prepares: tuple[str, ...] = ()
    publishes: str = ""
    controls: str = ""
    reports_on: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()

    @property
    def section(self) -> str:
        return self.number.split(".")[0]


class TemplateSection(Rule):
    number: str
    title: str


class PlanTemplate(Rule):
    code: str
    edition: str
    title: str
    basis: Basis
    sections: tuple[TemplateSection, ...]
    activities: tuple[Activity, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Activity]:
        return {item.code: item for item in self.activities}

    @model_validator(mode="after")
    def _hangs_together(self) -> PlanTemplate:
        for complaint in _complaints(self):
            raise ValueError(complaint)
        return self


def _complaints(template: PlanTemplate) -> Iterator[str]:
    codes, sections = set(template.by_code), {item.number for item in template.sections}
    if len(codes) != len(template.activities):
        yield "коды мероприятий повторяются"
    if len({item.number for item in template.activities}) != len(template.activities):
        yield "номера мероприятий повторяются"
    for item in template.activities:
        named = (*item.prepares, item.publishes, item.controls, *item.reports_on)
        for code in filter(None, named):
            if code not in codes:
                yield f"мероприятие {item.number} ссылается на «{code}»"
        if item.section not in sections:
            yield f"мероприятие {item.number}: раздела {item.section} нет"
        if isinstance(parse_term(item.term, year=SOME_YEAR), Unclear):
            yield f"мероприятие {item.number}: срок «{item.term}» не понят"


def parse_template(name: str, texts: Mapping[str, str]) -> PlanTemplate:
    """The template ``name`` from the texts of all template files by their names.

    ``based_on`` names a template whose sections and activities are taken over; activities of the
    same code are changed key by key. Refusal ``broken_template`` names file and key.
    """
    data = _merged(name, texts)
    try:
        return PlanTemplate.model_validate(data)
    except ValidationError as error:
        raise broken_file(
            "Шаблон плана описан с ошибкой.", f"{name}.yaml", error, kind=BROKEN
        ) from None


def _merged(name: str, texts: Mapping[str, str]) -> dict[str, Any]:
    data = read_mapping(f"{name}.yaml", texts[name], kind=BROKEN)
    base = data.pop("based_on", None)
    if base is None:
        return data
    if base not in texts or base == name:
        raise Refusal(
            f"Шаблона «{base}» нет.",
            kind=BROKEN,
            cure="Исправьте ключ based_on.",
            place=Place(file=f"{name}.yaml", key="based_on"),
        )
    whole = _merged(base, {key: text for key, text in texts.items() if key != name})
    changes = {item["code"]: item for item in data.pop("activities", ())}
    activities = [{**item, **changes.pop(item["code"], {})} for item in whole["activities"]]
    return {**whole, **data, "activities": [*activities, *changes.values()]}


# --- recognising ------------------------------------------------------------------------------


def recognise(activity: str, template: PlanTemplate) -> str:
    """The code of the template's activity whose sign ``activity`` holds; "" when none or unclear.

    A sign is held when every word of it (by its beginning) is in the text; the longest wins.
    """
    words = set(stems(plain(activity)))
    found = {
        item.code: max((_held(sign, words) for sign in item.signs), default=0)
        for item in template.activities
    }
    best = max(found.values(), default=0)
    winners = [code for code, length in found.items() if length == best]
    return winners[0] if best and len(winners) == 1 else ""


def _held(sign: str, words: set[str]) -> int:
    needed = stems(plain(sign))
    return len(needed) if needed and set(needed) <= words else 0


def recognise_all(activities: Sequence[str], template: PlanTemplate) -> tuple[str, ...]:
    """Codes for all activities of a plan; a code that would stand twice stands at the first."""
    seen: set[str] = set()
    codes = []
    for activity in activities:
        code = recognise(activity, template)
        codes.append("" if code in seen else code)
        seen.add(code)
    return tuple(codes)
