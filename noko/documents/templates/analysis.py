"""The operator's analytical report: title page, sample, criteria, rating, shortcomings."""

from docx.shared import Pt

from noko.documents.templates import bricks
from noko.documents.templates.bricks import CENTRE, Document


def build() -> Document:
    """Fields: see ``analysis.json``; ``charts`` says whether the two pictures are given."""
    document = bricks.new_document()
    _title_page(document)
    _introduction(document)
    _sample(document)
    _checklists(document)
    _criteria(document)
    _rating(document)
    _shortcomings(document)
    return document


def _title_page(document: Document) -> None:
    bricks.paragraph(document, "{{ operator }}", CENTRE)
    approved = document.add_paragraph(
        "УТВЕРЖДАЮ\n______________________\n«___» ____________ ____ г."
    )
    approved.paragraph_format.left_indent = Pt(280)
    approved.paragraph_format.space_before = Pt(60)
    bricks.title(document, "{{ title }}")
    document.paragraphs[-1].paragraph_format.space_before = Pt(120)
    bricks.paragraph(document, "{{ subtitle }}", CENTRE)
    bricks.tag(document, "if notice")
    bricks.paragraph(document, "{{ notice }}", CENTRE)
    bricks.tag(document, "endif")
    bricks.new_page(document)


def _introduction(document: Document) -> None:
    bricks.heading(document, "1. Введение")
    bricks.tag(document, "for text in introduction")
    bricks.paragraph(document, "{{ text }}")
    bricks.tag(document, "endfor")
    bricks.fields(
        document,
        [
            ("Организаций", "{{ facts.organisations }}"),
            ("Муниципалитетов", "{{ facts.municipalities }}"),
            ("Опрошено", "{{ facts.respondents }}"),
            ("Средний итоговый балл", "{{ facts.mean }}"),
            ("Набор данных", "{{ facts.dataset }}"),
        ],
    )


def _sample(document: Document) -> None:
    bricks.heading(document, "2. Инструментарий опроса и выборка")
    bricks.tag(document, "for text in instruments")
    bricks.paragraph(document, "{{ text }}")
    bricks.tag(document, "endfor")
    bricks.heading(document, "2.1. Выборка исследования", 2)
    bricks.table(
        document,
        [
            ("Организация", 78, "{{ row.name }}"),
            ("Получателей услуг", 28, "#{{ row.recipients }}"),
            ("Нужно опросить", 22, "#{{ row.required }}"),
            ("Опрошено", 22, "#{{ row.respondents }}"),
            ("Доля", 20, "#{{ row.share }}"),
        ],
        each="row in sample",
    )


def _checklists(document: Document) -> None:
    bricks.heading(document, "2.2. Осмотр сайтов, стендов и зданий", 2)
    bricks.paragraph(document, "{{ inspection }}")
    bricks.tag(document, "if frequent")
    bricks.paragraph(document, "Чего чаще всего нет:")
    bricks.table(
        document,
        [
            ("Перечень", 50, "{{ row.checklist }}"),
            ("Пункт", 80, "{{ row.item }}"),
            ("Нет у организаций", 40, "#{{ row.absent }} из {{ row.applied }}"),
        ],
        each="row in frequent",
    )
    bricks.tag(document, "endif")


def _criteria(document: Document) -> None:
    bricks.heading(document, "3. Результаты по критериям")
    bricks.tag(document, "if charts")
    bricks.paragraph(document, "{{ chart_criteria }}", CENTRE)
    bricks.paragraph(document, "Среднее по критериям, баллы", CENTRE)
    bricks.tag(document, "endif")
    bricks.tag(document, "for criterion in criteria")
    bricks.heading(document, "{{ criterion.title }}", 2)
    bricks.paragraph(document, "{{ criterion.summary }}")
    bricks.table(
        document,
        [
            ("№", 16, "{{ row.code }}"),
            ("Показатель", 129, "{{ row.name }}"),
            ("Среднее", 25, "#{{ row.mean }}"),
        ],
        each="row in criterion.indicators",
    )
    bricks.table(
        document,
        [
            ("Место", 18, "#{{ row.place }}"),
            ("Организация", 82, "{{ row.name }}"),
            ("Муниципалитет", 48, "{{ row.municipality }}"),
            ("Значение", 22, "#{{ row.value }}"),
        ],
        each="row in criterion.extremes",
    )
    bricks.tag(document, "endfor")


def _rating(document: Document) -> None:
    bricks.heading(document, "4. Итоговая оценка")
    bricks.tag(document, "if charts")
    bricks.paragraph(document, "{{ chart_totals }}", CENTRE)
    bricks.paragraph(document, "Сколько организаций получили такой итоговый балл", CENTRE)
    bricks.tag(document, "endif")
    bricks.table(
        document,
        [
            ("Место", 16, "#{{ row.place }}"),
            ("Организация", 84, "{{ row.name }}"),
            ("Критерии {{ keys }}", 50, "{{ row.criteria }}"),
            ("Итог", 20, "#{{ row.total }}"),
        ],
        each="row in rating",
    )
    for title, field in (("4.1. По типам", "types"), ("4.2. По муниципалитетам", "municipalities")):
        bricks.tag(document, f"if {field}")
        bricks.heading(document, title, 2)
        bricks.table(
            document,
            [
                ("Группа", 74, "{{ row.title }}"),
                ("Организаций", 26, "#{{ row.organisations }}"),
                ("Среднее по критериям {{ keys }}", 50, "{{ row.criteria }}"),
                ("Средний итог", 20, "#{{ row.total }}"),
            ],
            each=f"row in {field}",
        )
        bricks.tag(document, "endif")


def _shortcomings(document: Document) -> None:
    bricks.heading(document, "5. Выводы и недостатки организаций")
    bricks.tag(document, "for text in conclusions")
    bricks.paragraph(document, "{{ text }}")
    bricks.tag(document, "endfor")
    bricks.tag(document, "for organisation in organisations")
    bricks.heading(document, "{{ organisation.name }}", 2)
    bricks.paragraph(document, "{{ organisation.result }}")
    bricks.tag(document, "for text in organisation.shortcomings")
    bricks.paragraph(document, "{{ text }}")
    bricks.tag(document, "endfor")
    bricks.tag(document, "endfor")
