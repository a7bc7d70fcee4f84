"""A decision of the council."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import Document


def build() -> Document:
    """Fields: see ``decision.json``; texts of several paragraphs are lists."""
    document = bricks.new_document()
    bricks.tag(document, "if draft")
    bricks.paragraph(document, "ПРОЕКТ", bricks.CENTRE)
    bricks.tag(document, "endif")
    bricks.paragraph(document, "{{ council }}", bricks.CENTRE)
    bricks.title(document, "РЕШЕНИЕ № {{ number }}")
    bricks.paragraph(document, "от {{ date }}", bricks.CENTRE)
    bricks.title(document, "{{ subject }}")
    bricks.tag(document, "for line in text")
    bricks.paragraph(document, "{{ line }}")
    bricks.tag(document, "endfor")
    bricks.paragraph(document, "{{ adopted }}")
    bricks.tag(document, "if annexes")
    bricks.heading(document, "Приложения", 2)
    bricks.tag(document, "endif")
    bricks.tag(document, "for line in annexes")
    bricks.paragraph(document, "{{ line }}", bricks.CELL)
    bricks.tag(document, "endfor")
    bricks.paragraph(document, "")
    bricks.signature(document, "{{ presiding.position }}", "{{ presiding.name }}")
    bricks.tag(document, "for line in notes")
    bricks.paragraph(document, "{{ line }}", bricks.NOTE)
    bricks.tag(document, "endfor")
    return document
