"""How the annual plan is carried out on a day: totals, then every activity with its proof."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import Document

COLUMNS = (
    ("№ п/п", 15, "{{ row.number }}"),
    ("Мероприятие", 80, "{{ row.activity }}"),
    ("Срок исполнения", 36, "{{ row.term }}"),
    ("Ответственные исполнители", 46, "{{ row.responsible }}"),
    ("Выполнение", 30, "{{ row.status }}"),
    ("Чем подтверждено", 50, "{{ row.proof }}"),
)


def build() -> Document:
    """Fields: title, plan, basis, on (the day), summary, sections (each: title, rows)."""
    document = bricks.new_document()
    bricks.lay(document.sections[0])
    bricks.title(document, "{{ title }}")
    bricks.paragraph(document, "{{ plan }}")
    bricks.tag(document, "if basis")
    bricks.paragraph(document, "Утверждён: {{ basis }}")
    bricks.tag(document, "endif")
    bricks.paragraph(document, "{{ summary }}")
    bricks.tag(document, "for section in sections")
    bricks.tag(document, "if section.title")
    bricks.heading(document, "{{ section.title }}", 2)
    bricks.tag(document, "endif")
    bricks.table(document, COLUMNS, each="row in section.rows")
    bricks.tag(document, "endfor")
    return document
