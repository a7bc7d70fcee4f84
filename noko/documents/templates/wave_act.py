"""The act of the closing of a wave."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import Document


def build() -> Document:
    """Fields: see ``wave_act.json``."""
    document = bricks.new_document()
    bricks.title(document, "АКТ")
    bricks.paragraph(document, "о завершении сбора анкет", bricks.CENTRE)
    bricks.paragraph(document, "{{ date }}", bricks.CENTRE)
    bricks.paragraph(document, "")
    for line in ("{{ subject }}", "{{ collected }}", "{{ reached }}"):
        bricks.paragraph(document, line)
    bricks.tag(document, "for line in lines")
    bricks.paragraph(document, "{{ line }}")
    bricks.tag(document, "endfor")
    bricks.heading(document, "Анкеты по организациям", 2)
    bricks.table(
        document,
        [
            ("№", 10, "#{{ row.number }}"),
            ("Организация", 72, "{{ row.organisation }}"),
            ("Муниципалитет", 34, "{{ row.municipality }}"),
            ("Получателей услуг", 19, "#{{ row.population }}"),
            ("Нужно", 16, "#{{ row.target }}"),
            ("Принято", 18, "#{{ row.accepted }}"),
        ],
    )
    bricks.tag(document, "if checks")
    bricks.heading(document, "{{ checks_title }}", 2)
    bricks.table(
        document,
        [
            ("Что проверено", 50, "{{ row.text }}"),
            ("Пункты задания", 24, "{{ row.clauses }}"),
            ("Итог", 25, "{{ row.result }}"),
            ("Чего не хватает, к сведению", 70, "{{ row.lines }}"),
        ],
        each="row in checks",
    )
    bricks.tag(document, "if reason")
    bricks.paragraph(document, "{{ reason }}")
    bricks.tag(document, "endif")
    bricks.heading(document, "Обещано и собрано", 2)
    bricks.table(
        document,
        [
            ("№", 10, "#{{ row.number }}"),
            ("Организация", 64, "{{ row.organisation }}"),
            ("Муниципалитет", 34, "{{ row.municipality }}"),
            ("Нужно по контракту", 21, "#{{ row.required }}"),
            ("Принято", 20, "#{{ row.accepted }}"),
            ("Осмотр", 19, "{{ row.inspected }}"),
        ],
        each="row in required",
    )
    bricks.tag(document, "endif")
    bricks.signature(document, "От оператора", "____________________")
    bricks.signature(document, "От заказчика", "____________________")
    bricks.tag(document, "for line in notes")
    bricks.paragraph(document, "{{ line }}", bricks.NOTE)
    bricks.tag(document, "endfor")
    return document
