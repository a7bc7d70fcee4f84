"""The annual plan in its usual form: five columns, sections across the table."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import Document

COLUMNS = (
    ("№ п/п", 15, "{{ row.number }}"),
    ("Мероприятие", 95, "{{ row.activity }}"),
    ("Срок исполнения", 38, "{{ row.term }}"),
    ("Ответственные исполнители", 52, "{{ row.responsible }}"),
    ("Результат (итоговый документ)", 57, "{{ row.result }}"),
)


def build() -> Document:
    """Fields: title, basis («» in a draft), sections (each: title, rows)."""
    document = bricks.new_document()
    bricks.lay(document.sections[0])
    bricks.tag(document, "if basis")
    bricks.paragraph(document, "Утверждён: {{ basis }}")
    bricks.tag(document, "endif")
    bricks.title(document, "{{ title }}")
    bricks.tag(document, "for section in sections")
    bricks.tag(document, "if section.title")
    bricks.heading(document, "{{ section.title }}", 2)
    bricks.tag(document, "endif")
    bricks.table(document, COLUMNS, each="row in section.rows")
    bricks.tag(document, "endfor")
    return document
