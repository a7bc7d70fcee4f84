"""The technical specification with four annexes."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import Document


def build() -> Document:
    """Fields: see ``specification.json``."""
    document = bricks.new_document()
    bricks.stamp(document, 95)
    bricks.title(document, "{{ title }}")
    bricks.paragraph(document, "{{ version }}", bricks.CENTRE)
    bricks.tag(document, "for section in sections")
    bricks.heading(document, "{{ section.number }}. {{ section.title }}")
    bricks.tag(document, "for clause in section.clauses")
    bricks.paragraph(document, "{{ clause.number }}. {{ clause.text }}")
    bricks.tag(document, "endfor")
    bricks.tag(document, "endfor")
    _organisations(document)
    _indicators(document)
    _questionnaire(document)
    _checklists(document)
    return document


def _annex(document: Document, number: int, name: str) -> None:
    heading = document.add_paragraph(f"Приложение {number}. {name}", style="Heading 1")
    heading.paragraph_format.page_break_before = True


def _organisations(document: Document) -> None:
    _annex(document, 1, "Перечень организаций и объём выборки")
    columns = [
        ("№", 10, "#{{ row.number }}"),
        ("Организация", 60, "{{ row.name }}"),
        ("ИНН", 26, "{{ row.inn }}"),
        ("Муниципальное образование", 34, "{{ row.municipality }}"),
        ("Получателей услуг", 20, "#{{ row.population }}"),
        ("Анкет не меньше", 20, "#{{ row.size }}"),
    ]
    bricks.table(document, columns, each="row in organisations")
    bricks.paragraph(
        document,
        "Всего: {{ totals.organisations }}, получателей услуг {{ totals.population }}, анкет не "
        "меньше {{ totals.size }}. Звёздочка: советуется опросить всех получателей услуг.",
        bricks.NOTE,
    )


def _indicators(document: Document) -> None:
    _annex(document, 2, "Показатели")
    bricks.tag(document, "for criterion in criteria")
    bricks.heading(document, "{{ criterion.key }}. {{ criterion.name }}", 2)
    columns = [
        ("№", 12, "{{ row.code }}"),
        ("Показатель", 118, "{{ row.name }}"),
        ("Баллов не больше", 20, "#{{ row.maximum }}"),
        ("Вес", 20, "#{{ row.weight }}"),
    ]
    bricks.table(document, columns, each="row in criterion.indicators")
    bricks.tag(document, "endfor")


def _questionnaire(document: Document) -> None:
    _annex(document, 3, "Анкета")
    bricks.heading(document, "{{ questionnaire.title }}", 2)
    bricks.paragraph(document, "{{ questionnaire.preamble }}")
    columns = [
        ("№", 10, "#{{ row.number }}"),
        ("Вопрос", 100, "{{ row.text }}"),
        ("Когда задаётся", 30, "{{ row.condition }}"),
        ("Ответы", 30, "{{ row.answers }}"),
    ]
    bricks.table(document, columns, each="row in questionnaire.questions")


def _checklists(document: Document) -> None:
    _annex(document, 4, "Перечни осмотра")
    bricks.tag(document, "for checklist in checklists")
    bricks.heading(document, "{{ checklist.title }}", 2)
    bricks.tag(document, "for item in checklist.points")
    bricks.paragraph(document, "{{ loop.index }}. {{ item }}")
    bricks.tag(document, "endfor")
    bricks.tag(document, "endfor")
