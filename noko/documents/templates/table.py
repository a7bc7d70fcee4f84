"""Any table on lying sheets: a title, a line about it, columns and rows."""

from noko.documents.templates import bricks
from noko.documents.templates.bricks import Document


def build() -> Document:
    """Fields: title, lead, columns (titles), rows (texts in the order of the columns)."""
    document = bricks.new_document()
    bricks.lay(document.sections[0])
    bricks.title(document, "{{ title }}")
    bricks.tag(document, "if lead")
    bricks.paragraph(document, "{{ lead }}")
    bricks.tag(document, "endif")
    made = document.add_table(rows=4, cols=3, style="Table Grid")
    made.autofit = True
    head, start, body, end = made.rows
    for row, style, each, cell in (
        (head, bricks.HEAD, "column in columns", "{{ column }}"),
        (body, bricks.CELL, "cell in row", "{{ cell }}"),
    ):
        for place, text in zip(
            row.cells, (f"{{%tc for {each} %}}", cell, "{%tc endfor %}"), strict=True
        ):
            bricks.cell(place, text, style)
        bricks.whole_row(row)
    bricks.repeated_row(head)
    bricks.cell(start.cells[0], "{%tr for row in rows %}", bricks.CELL)
    bricks.cell(end.cells[0], "{%tr endfor %}", bricks.CELL)
    return document
