"""The report of one organisation: result, criteria and indicators beside the mean, shortcomings."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import CENTRE, Document


def build() -> Document:
    """Fields: see ``organisation_report.json``; ``facts`` are pairs of a name and a value."""
    document = bricks.new_document()
    bricks.title(document, "{{ title }}")
    bricks.paragraph(document, "{{ name }}", CENTRE)
    bricks.paragraph(document, "{{ subtitle }}", CENTRE)
    bricks.tag(document, "if notice")
    bricks.paragraph(document, "{{ notice }}", CENTRE)
    bricks.tag(document, "endif")
    bricks.paragraph(document, "{{ result }}")
    bricks.tag(document, "for fact in facts")
    bricks.paragraph(document, "{{ fact[0] }}: {{ fact[1] }}.")
    bricks.tag(document, "endfor")
    for title, field in (("Критерии", "criteria"), ("Показатели", "indicators")):
        bricks.heading(document, title)
        bricks.table(
            document,
            [
                ("№", 14, "{{ row.code }}"),
                ("Название", 94, "{{ row.name }}"),
                ("Значение", 22, "#{{ row.value }}"),
                ("Среднее", 20, "#{{ row.mean }}"),
                ("Наибольшее возможное", 20, "#{{ row.maximum }}"),
            ],
            each=f"row in {field}",
        )
    bricks.heading(document, "Чего не хватает")
    bricks.tag(document, "for text in shortcomings")
    bricks.paragraph(document, "{{ text }}")
    bricks.tag(document, "endfor")
    return document
