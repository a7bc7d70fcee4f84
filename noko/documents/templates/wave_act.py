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
    bricks.signature(document, "От оператора", "____________________")
    bricks.signature(document, "От заказчика", "____________________")
    bricks.tag(document, "for line in notes")
    bricks.paragraph(document, "{{ line }}", bricks.NOTE)
    bricks.tag(document, "endfor")
    return document
