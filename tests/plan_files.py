"""Invented plans as people send them: with the defects that real ones have."""

from __future__ import annotations

import io
from collections.abc import Sequence

import docx
import xlsxwriter

TITLE = "План мероприятий по независимой оценке качества образования\nна 2016 год"
HEADER = (
    "№ п/п",
    "Мероприятие",
    "Срок исполнения",
    "Ответственные исполнители",
    "Результат (итоговый документ)",
)

SECTIONED: tuple[tuple[str, ...], ...] = (
    ("1. Подготовка",),
    (
        "1.1.",
        "Составление перечня организаций",
        "до 30 ноября 2016г.",
        "Общественный совет Иванова Т.П. Петрова О.А.",
        "Решение совета\nПеречень",
    ),
    (
        "1.2.",
        "Ведение раздела на сайте управления образования",
        "постоянно",
        "Пресс-служба",
        "Раздел сайта",
    ),
    ("2. Проведение",),
    (
        "2.1.",
        "Проведение оценки в дошкольных организациях",
        "Февраль – апрель",
        "Организация – оператор",
        "Данные",
    ),
    (
        "2.2.",
        "Публикация результатов оценки",
        "до 30 октября 2016г.",
        "отдел анализа, прогноза и",
        "Рейтинг, размещенный на",
    ),
    ("", "в печати", "", "мониторинга Петрова О.А.", "сайте"),
    ("3. Применение",),
    (
        "3.1.",
        "Разработка и утверждение плана мероприятий по улучшению",
        "до 10 декабря 2015г.",
        "Иванова Т.П.",
        "План",
    ),
    ("", "качества работы организаций", "", "Общественный совет", "Решение совета"),
    (
        "3.2.",
        "Осуществление контроля за выполнением плана",
        "в течение срока, определенного планом",
        "Иванова Т.П.",
        "Сведения",
    ),
)
NUMBERS = ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]


def as_text() -> bytes:
    """Cells parted by tabs, tags left inside, a page break between the parts of a row."""
    lines = [f"**{TITLE}**", "", "\t".join(f"<b>{name}</b>" for name in HEADER)]
    for row in SECTIONED:
        if len(row) == 1:
            lines.append(f"<b>{row[0]}</b>\t\t\t\t")
        else:
            if not row[0]:
                lines.append("")
            lines.append("\t".join(cell.replace("\n", "  ") for cell in row))
    return "\n".join(lines).encode()


def as_markdown() -> bytes:
    lines = [f"# {TITLE}", "", f"| {' | '.join(HEADER)} |", "|---|:--|---|---|---|"]
    for row in SECTIONED:
        cells = [cell.replace("\n", "<br>") for cell in (*row, *[""] * (5 - len(row)))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines).encode()


def as_html() -> bytes:
    rows = ["<tr>" + "".join(f"<th>{name}</th>" for name in HEADER) + "</tr>"]
    for row in SECTIONED:
        if len(row) == 1:
            rows.append(f'<tr><td colspan="5"><b>{row[0]}</b></td></tr>')
        else:
            cells = "".join(f"<td>{cell.replace(chr(10), '<br/>')}</td>" for cell in row)
            rows.append(f"<tr>{cells}</tr>")
    title = TITLE.replace("\n", "<br>")
    page = f"<html><body><h1>{title}</h1><table>{''.join(rows)}</table></body></html>"
    return f"<!DOCTYPE html>{page}".encode()


def as_docx(
    rows: Sequence[tuple[str, ...]] = SECTIONED, *, header: Sequence[Sequence[str]] = (HEADER,)
) -> bytes:
    """Sections over the whole width in merged cells."""
    document = docx.Document()
    for line in TITLE.splitlines():
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=5)
    for cells in (*header, *rows):
        row = table.add_row().cells
        if len(cells) == 1:
            row[0].merge(row[4]).text = cells[0]
        else:
            for cell, text in zip(row, cells, strict=True):
                cell.text = text
    return saved(document)


def saved(document: object) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)  # type: ignore[attr-defined]
    return buffer.getvalue()


def as_xlsx(*, empty_rows: int = 0) -> bytes:
    """Title and sections in merged cells; ``empty_rows`` formatted rows below the table."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet("План")
    plain, grey = book.add_format({"text_wrap": True}), book.add_format({"bg_color": "#eeeeee"})
    sheet.merge_range(0, 0, 0, 4, TITLE, plain)
    sheet.write_row(1, 0, HEADER, plain)
    sheet.write_row(2, 0, ["1", "2", "3", "4", "5"], plain)
    for number, row in enumerate(SECTIONED, start=3):
        if len(row) == 1:
            sheet.merge_range(number, 0, number, 4, row[0], plain)
        else:
            sheet.write_row(number, 0, row, plain)
    for number in range(40, 40 + empty_rows):
        sheet.set_row(number, 14, grey)
    if empty_rows:
        sheet.write_blank(1_048_575, 4, None, grey)
    book.close()
    return buffer.getvalue()
