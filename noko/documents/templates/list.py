"""The list of organisations of a year: the annex to the council's decision."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import Document


def build() -> Document:
    """Fields: see ``list.json``."""
    document = bricks.new_document()
    bricks.lay(document.sections[0])
    bricks.stamp(document, 165)
    bricks.title(document, "{{ title }}")
    bricks.tag(document, "if version")
    bricks.paragraph(document, "{{ version }}", bricks.CENTRE)
    bricks.tag(document, "endif")
    bricks.tag(document, "if notice")
    bricks.paragraph(document, "{{ notice }}", bricks.CENTRE)
    bricks.tag(document, "endif")
    bricks.paragraph(document, "{{ lead }}")
    bricks.tag(document, "for group in groups")
    bricks.heading(document, "{{ group.title }}", 2)
    columns = [
        ("№", 12, "#{{ row.number }}"),
        ("Организация", 87, "{{ row.name }}"),
        ("Муниципальное образование", 46, "{{ row.municipality }}"),
        ("ИНН", 26, "{{ row.inn }}"),
        ("Получателей услуг", 27, "#{{ row.population }}"),
        ("Основание", 59, "{{ row.basis }}"),
    ]
    bricks.table(document, columns, each="row in group.rows")
    bricks.tag(document, "endfor")
    _others(document)
    _differences(document)
    _coverage(document)
    return document


def _others(document: Document) -> None:
    for field, name in (
        ("decided", "Включены решением, хотя срок не наступил"),
        ("left_out", "Не включены, хотя срок наступил"),
    ):
        bricks.tag(document, f"if {field}")
        bricks.heading(document, name, 2)
        columns = [
            ("Организация", 92, "{{ row.name }}"),
            ("Муниципальное образование", 46, "{{ row.municipality }}"),
            ("Сведения об оценке", 59, "{{ row.basis }}"),
            ("Почему решено так", 60, "{{ row.note }}"),
        ]
        bricks.table(document, columns, each=f"row in {field}")
        bricks.tag(document, "endif")


def _differences(document: Document) -> None:
    bricks.tag(document, "if reason")
    bricks.heading(document, "Отличия от прежней версии", 2)
    bricks.paragraph(document, "Причина: {{ reason }}")
    columns = [
        ("Что", 40, "{{ row.what }}"),
        ("Организация", 110, "{{ row.name }}"),
        ("Пояснение", 107, "{{ row.note }}"),
    ]
    bricks.table(document, columns, each="row in differences")
    bricks.tag(document, "endif")


def _coverage(document: Document) -> None:
    bricks.heading(document, "{{ coverage.title }}", 2)
    bricks.paragraph(document, "{{ coverage.lead }}")
    columns = [
        ("Муниципальное образование", 107, "{{ row.name }}"),
        ("Организаций", 36, "#{{ row.organisations }}"),
        ("Охвачено", 36, "#{{ row.covered }}"),
        ("Не оцениваются", 38, "#{{ row.exempt }}"),
        ("Не охвачено", 40, "#{{ row.uncovered }}"),
    ]
    bricks.table(document, columns, each="row in coverage.rows")
