"""The minutes of a session or a written poll of the council."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import Document


def build() -> Document:
    """Fields: see ``minutes.json``; texts of several paragraphs are lists."""
    document = bricks.new_document()
    _head(document)
    _people(document)
    bricks.heading(document, "Повестка")
    _each(document, "item in agenda", "{{ item.number }}. {{ item.title }}")
    bricks.tag(document, "for item in items")
    _item(document)
    bricks.tag(document, "endfor")
    _list(document, "annexes", "Приложения", bricks.CELL)
    bricks.paragraph(document, "")
    bricks.signature(document, "{{ presiding.position }}", "{{ presiding.name }}")
    bricks.tag(document, "if keeper.name")
    bricks.signature(document, "{{ keeper.position }}", "{{ keeper.name }}")
    bricks.tag(document, "endif")
    _each(document, "line in notes", "{{ line }}", bricks.NOTE)
    return document


def _head(document: Document) -> None:
    bricks.tag(document, "if draft")
    bricks.paragraph(document, "ПРОЕКТ", bricks.CENTRE)
    bricks.tag(document, "endif")
    bricks.paragraph(document, "{{ council }}", bricks.CENTRE)
    bricks.title(document, "{{ heading }}")
    bricks.paragraph(document, "{{ subject }}", bricks.CENTRE)
    _each(document, "fact in facts", "{{ fact.name }}: {{ fact.value }}")


def _people(document: Document) -> None:
    bricks.heading(document, "Участвовали")
    bricks.table(
        document,
        [
            ("№", 10, "{{ row.number }}"),
            ("Фамилия, имя, отчество", 55, "{{ row.name }}"),
            ("Кого представляет", 65, "{{ row.association }}"),
            ("Участие", 40, "{{ row.part }}"),
        ],
        each="row in present",
    )
    bricks.paragraph(document, "{{ quorum }}")
    _list(document, "absent", "{{ absent_title }}")
    _list(document, "guests", "Приглашены")


def _item(document: Document) -> None:
    bricks.heading(document, "{{ item.number }}. {{ item.title }}", 2)
    bricks.tag(document, "if item.heard")
    bricks.heading(document, "Слушали", 3)
    bricks.tag(document, "endif")
    _each(document, "line in item.heard", "{{ line }}")
    bricks.tag(document, "if item.discussion")
    bricks.heading(document, "Выступили", 3)
    bricks.tag(document, "endif")
    _each(document, "line in item.discussion", "{{ line }}")
    bricks.tag(document, "if item.recusals")
    bricks.heading(document, "Самоотвод", 3)
    bricks.tag(document, "endif")
    _each(document, "line in item.recusals", "{{ line }}")
    bricks.tag(document, "for round in item.rounds")
    bricks.heading(document, "{{ round.title }}", 3)
    bricks.paragraph(document, "{{ round.totals }}")
    _each(document, "line in round.names", "{{ line }}", bricks.NOTE)
    _each(document, "line in round.explanation", "{{ line }}", bricks.NOTE)
    bricks.tag(document, "endfor")
    bricks.heading(document, "{{ item.result }}", 3)
    _each(document, "line in item.decided", "{{ line }}")


def _each(document: Document, what: str, text: str, style: str = "Normal") -> None:
    bricks.tag(document, f"for {what}")
    bricks.paragraph(document, text, style)
    bricks.tag(document, "endfor")


def _list(document: Document, name: str, title: str, style: str = "Normal") -> None:
    bricks.tag(document, f"if {name}")
    bricks.heading(document, title)
    bricks.tag(document, "endif")
    _each(document, f"line in {name}", "{{ line }}", style)
