"""The technical specification as DOCX and PDF, its annex as a table, a delivery's comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noko.core.acceptance import Comparison, Row
from noko.documents.docx import fill
from noko.documents.pdf import typeset
from noko.documents.wording import long_date
from noko.documents.xlsx import Column, Table, xlsx
from noko.models import Specification
from noko.queries.specification import Content
from noko.templatetags.russian import counted, number_text, share

TEMPLATE = "specification"
UNKNOWN = "не известно"


def specification_docx(content: Content) -> bytes:
    return fill(TEMPLATE, specification_data(content))


def specification_pdf(content: Content) -> bytes:
    return typeset(TEMPLATE, specification_data(content))


def specification_data(content: Content) -> dict[str, Any]:
    """What stands in the template, all as texts."""
    specification = content.specification
    decision = specification.decision
    return {
        "title": content.title,
        "stamp": "УТВЕРЖДЕНО" if specification.adopted else "ПРОЕКТ",
        "approved": _approved(specification),
        "version": f"Версия {specification.version}",
        "council": decision.council.name if decision else "",
        "customer": specification.customer,
        "digest": specification.digest,
        "sections": [
            {
                "number": section.number,
                "title": section.title,
                "clauses": [
                    {"number": item.clause.number, "text": item.text}
                    for item in section.clauses
                    if not item.clause.excluded
                ],
            }
            for section in content.sections
        ],
        "organisations": [_organisation(number, row) for number, row in _numbered(content.annex)],
        "totals": {
            "organisations": counted(len(content.annex), "организация,организации,организаций"),
            "population": content.facts["получателей"],
            "size": number_text(content.questionnaires),
        },
        "criteria": [
            {
                "key": criterion.key,
                "name": criterion.name,
                "maximum": str(criterion.maximum),
                "indicators": [
                    {
                        "code": indicator.code,
                        "name": indicator.name,
                        "maximum": str(indicator.maximum),
                        "weight": share(indicator.weight),
                    }
                    for indicator in criterion.indicators
                ],
            }
            for criterion in content.edition.criteria
        ],
        "questionnaire": {
            "title": content.edition.questionnaire.title,
            "preamble": content.edition.questionnaire.preamble,
            "questions": _questions(content),
        },
        "checklists": [
            {"title": item.title, "points": [point.name for point in item.items]}
            for item in content.edition.checklists
        ],
    }


def _numbered(rows: Sequence[Mapping[str, Any]]) -> list[tuple[int, Mapping[str, Any]]]:
    return list(enumerate(rows, start=1))


def _approved(specification: Specification) -> str:
    decision = specification.decision
    if decision is None:
        return ""
    return f"решением общественного совета от {long_date(decision.adopted_on)} № {decision.number}"


def _organisation(number: int, row: Mapping[str, Any]) -> dict[str, str]:
    size = number_text(row["size"]) if row["size"] is not None else UNKNOWN
    return {
        "number": str(number),
        "name": row["name"],
        "inn": row["inn"] or "–",
        "municipality": row["municipality"],
        "population": UNKNOWN if row["population"] is None else number_text(row["population"]),
        "size": f"{size}*" if row["everyone"] else size,
    }


def _questions(content: Content) -> list[dict[str, str]]:
    """Questions in printed order, each with when it is asked and what may be answered."""
    questionnaire = content.edition.questionnaire
    place = {question.id: number for number, question in enumerate(questionnaire.questions, 1)}
    levels = "; ".join(level.label for level in questionnaire.levels)
    answers = {"yes_no": "да; нет", "levels": levels, "none": "свободный ответ"}
    asked = []
    for number, question in enumerate(questionnaire.questions, start=1):
        condition = ""
        if question.show_if:
            condition = f"если на вопрос {place[question.show_if.question]} ответили «да»"
        asked.append(
            {
                "number": str(number),
                "text": question.text,
                "condition": condition,
                "answers": "; ".join(question.options) or answers[question.scale],
            }
        )
    return asked


# --- tables -------------------------------------------------------------------------------------


def annex_xlsx(content: Content) -> bytes:
    """The list with the size of each sample, for the operator's own work."""
    columns = (
        Column("№", 6),
        Column("Организация", 60),
        Column("ИНН", 14),
        Column("Муниципальное образование", 30),
        Column("Получателей услуг", 12),
        Column("Анкет не меньше", 12),
        Column("Советуется опросить всех", 14),
    )
    rows = [
        (
            number,
            row["name"],
            row["inn"],
            row["municipality"],
            row["population"],
            row["size"],
            bool(row["everyone"]),
        )
        for number, row in _numbered(content.annex)
    ]
    total = (None, "Всего", None, None, None, content.questionnaires, None)
    table = Table("Перечень и выборка", columns, rows, frozen=2, total=total)
    return xlsx([table], title=content.title)


_COLUMNS = ("Организация", "Муниципальное образование", "Анкет нужно", "Анкет есть", "Замечания")


def comparison_xlsx(comparison: Comparison, *, title: str) -> bytes:
    """A delivery beside its contract, organisation by organisation."""
    widths = (60, 30, 12, 12, 70)
    columns = [Column(name, width) for name, width in zip(_COLUMNS, widths, strict=True)]
    rows = [
        (
            row.required.name,
            row.required.municipality,
            row.required.questionnaires,
            row.received.respondents if row.received else None,
            lacks_text(row),
        )
        for row in comparison.rows
    ]
    return xlsx([Table("Сверка", columns, rows)], title=title)


def comparison_docx(comparison: Comparison, *, title: str, lead: str) -> bytes:
    """The same for a letter to the operator: only what is to be mended."""
    rows = [
        [
            row.required.name,
            row.required.municipality,
            number_text(row.required.questionnaires),
            number_text(row.received.respondents or 0) if row.received else "–",
            lacks_text(row),
        ]
        for row in comparison.incomplete
    ]
    general = [lack.text for lack in comparison.general if lack.grave]
    whole = " ".join([lead, *(f"{text[0].upper()}{text[1:]}." for text in general)])
    data = {"title": title, "lead": whole, "columns": list(_COLUMNS), "rows": rows}
    return fill("table", data)


def lacks_text(row: Row) -> str:
    """«анкет 6 из 8, не хватает 2; осмотр: нет величин (Истенд)»."""
    return "; ".join(lack.text for lack in row.lacks) or "всё есть"
