"""Bricks of templates for Word: page, styles, paragraphs, tables, signatures.

Margins, page numbers and sizes of type follow the habit of ГОСТ Р 7.0.97-2016 as it is retold
(left 30 mm for documents kept longer than ten years, right 10, top and bottom 20; numbers in the
middle of the upper margin from the second page on; type of 12 to 14 points); the standard itself
has not been compared. The rest is ours. Everything stands in styles: an office changes the style
in Word, and all paragraphs of that kind follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

Document = Any
"""A document of python-docx, which brings no types of its own."""

FONT = "Times New Roman"
WIDTH, HEIGHT = 210, 297
LEFT, RIGHT, TOP, BOTTOM = 30, 10, 20, 20
TEXT_WIDTH = WIDTH - LEFT - RIGHT
CELL, HEAD, CENTRE, NOTE = "Текст таблицы", "Шапка таблицы", "По центру", "Примечание"
NUMBER = "Число таблицы"


def new_document() -> Document:
    """An empty A4 document with the styles and with page numbers from the second page on."""
    document = docx.Document()
    _without_thumbnail(document)
    _page(document.sections[0])
    _base_styles(document)
    _own_styles(document)
    _page_number(document.sections[0])
    return document


def _without_thumbnail(document: Document) -> None:
    """The library's own empty document carries a picture of another one."""
    relations = document.part.package.rels
    for key in [key for key, item in relations.items() if item.reltype.endswith("/thumbnail")]:
        del relations[key]


def _page(section: Any) -> None:
    section.page_width, section.page_height = Mm(WIDTH), Mm(HEIGHT)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True


def _base_styles(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "ru-RU")
    normal = document.styles["Normal"]
    _type(normal, 12)
    shape = normal.paragraph_format
    shape.alignment, shape.first_line_indent = ALIGN.JUSTIFY, Mm(12.5)
    shape.space_before, shape.space_after, shape.line_spacing = Pt(0), Pt(4), 1.15
    shape.widow_control = True
    for name, size, before, after in (
        ("Title", 14, 12, 12),
        ("Heading 1", 14, 14, 6),
        ("Heading 2", 12, 10, 4),
        ("Heading 3", 12, 8, 4),
    ):
        _heading_style(document.styles[name], size, before, after)
    document.styles["Title"].paragraph_format.alignment = ALIGN.CENTER
    document.styles["Heading 3"].font.italic = True


def _heading_style(style: Any, size: int, before: int, after: int) -> None:
    _type(style, size)
    style.font.bold, style.font.italic = True, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        style.element.pPr.remove(borders)
    shape = style.paragraph_format
    shape.alignment, shape.first_line_indent = ALIGN.LEFT, Mm(0)
    shape.space_before, shape.space_after, shape.line_spacing = Pt(before), Pt(after), 1
    shape.keep_with_next = True


def _type(style: Any, size: float) -> None:
    """The font for every script; a theme's font would win over a named one."""
    style.font.name, style.font.size = FONT, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        if "Theme" in key:
            del fonts.attrib[key]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)


def _own_styles(document: Document) -> None:
    for name, size, align in (
        (CELL, 10, ALIGN.LEFT),
        (NUMBER, 10, ALIGN.RIGHT),
        (HEAD, 10, ALIGN.CENTER),
        (CENTRE, 12, ALIGN.CENTER),
        (NOTE, 10, ALIGN.JUSTIFY),
    ):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _type(style, size)
        style.font.bold = name == HEAD
        shape = style.paragraph_format
        shape.alignment, shape.first_line_indent = align, Mm(0)
        shape.space_after, shape.line_spacing = Pt(0), 1
    document.styles[CENTRE].paragraph_format.space_after = Pt(4)
    document.styles[NOTE].paragraph_format.space_before = Pt(6)


def _page_number(section: Any) -> None:
    paragraph = section.header.paragraphs[0]
    paragraph.style = CENTRE
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


# --- what a document is made of -------------------------------------------------------------------


def title(document: Document, text: str) -> None:
    document.add_paragraph(text, style="Title")


def heading(document: Document, text: str, level: int = 1) -> None:
    document.add_paragraph(text, style=f"Heading {level}")


def paragraph(document: Document, text: str, style: str = "Normal") -> None:
    document.add_paragraph(text, style=style)


def tag(document: Document, text: str) -> None:
    """A line of the template language alone: ``for item in items``, ``endfor``; it leaves no
    paragraph behind."""
    document.add_paragraph(f"{{%p {text} %}}", style=CENTRE)


def stamp(document: Document, left: int) -> None:
    """The mark of approval at the right above, as offices place it; ``left``: its margin, mm."""
    for text in ("{{ stamp }}", "{{ approved }}", "{{ council }}"):
        if text != "{{ stamp }}":
            tag(document, f"if {text.strip('{} ')}")
        made = document.add_paragraph(text, style=CELL)
        made.paragraph_format.left_indent = Mm(left)
        made.alignment = ALIGN.LEFT
        if text != "{{ stamp }}":
            tag(document, "endif")


def table(
    document: Document, columns: Sequence[tuple[str, int, str]], *, each: str = "row in rows"
) -> None:
    """A table with a row for ``each``; columns are (title, width in mm, cell as a template).

    The head repeats on every page and a row is not divided between pages. A cell that begins with
    ``#`` holds a number and stands to the right.
    """
    made = document.add_table(rows=4, cols=len(columns), style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    head, start, body, end = made.rows
    for index, (name, _, text) in enumerate(columns):
        cell(head.cells[index], name, HEAD)
        cell(body.cells[index], text.lstrip("#"), NUMBER if text.startswith("#") else CELL)
    cell(start.cells[0], f"{{%tr for {each} %}}", CELL)
    cell(end.cells[0], "{%tr endfor %}", CELL)
    repeated_row(head)
    whole_row(head)
    whole_row(body)
    _widths(made, [width for _, width, _ in columns])
    document.add_paragraph(style=NOTE)


def fields(document: Document, rows: Sequence[tuple[str, str]], *, label: int = 60) -> None:
    """Names and values side by side, without borders."""
    made = document.add_table(rows=len(rows), cols=2)
    made.autofit = False
    for row, (name, value) in zip(made.rows, rows, strict=True):
        cell(row.cells[0], name, CELL)
        cell(row.cells[1], value, CELL)
    _widths(made, [label, TEXT_WIDTH - label])
    document.add_paragraph(style=NOTE)


def signature(document: Document, position: str, name: str) -> None:
    """Position, room for the signature and the date, name."""
    made = document.add_table(rows=1, cols=3)
    made.autofit = False
    for place, text in zip(made.rows[0].cells, (position, "______________", name), strict=True):
        cell(place, text, CELL)
    whole_row(made.rows[0])
    _widths(made, [80, 40, TEXT_WIDTH - 120])
    document.add_paragraph(style=NOTE)


def new_page(document: Document) -> None:
    document.add_paragraph(style=CENTRE).add_run().add_break(WD_BREAK.PAGE)


def landscape(document: Document) -> None:
    """A new part of the document on sheets that lie: for wide tables."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.different_first_page_header_footer = False
    lay(section)


def lay(section: Any) -> None:
    """Turns the sheets of a section."""
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(HEIGHT), Mm(WIDTH)


def cell(place: Any, text: str, style: str) -> None:
    """Text in a cell, in the style of cells."""
    place.paragraphs[0].style = style
    place.paragraphs[0].add_run(text)


def repeated_row(row: Any) -> None:
    """The row stands at the top of every page of its table."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def whole_row(row: Any) -> None:
    """The row is not divided between two pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _widths(made: Any, widths: Sequence[int]) -> None:
    for index, width in enumerate(widths):
        made.columns[index].width = Mm(width)
        for row in made.rows:
            row.cells[index].width = Mm(width)
