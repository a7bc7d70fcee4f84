"""Completeness reports of the same shape as that of bus.gov.ru: nothing official in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter

INNS = ("7707083893", "7728168971", "7736050003")
"""Numbers with right control digits, for the three organisations of tests."""
LEFT = (
    "№", "ГРБС (код)", "Полное наименование учреждения", "ИНН", "КПП", "Номер в Сводном реестре",
    "Общая",
)  # fmt: skip
KINDS = ("ГЗ", "Недоведение ГЗ", "План ФХД", "Показатели бюджетной сметы")
BEFORE_KINDS = ("ГЗ", "Отчет о результатах деятельности", "БО ф. 0503737")
STATUS = ("Текущий год", "Год, предшествующий текущему")
TOTAL = "Статус полноты размещения информации по учреждению (Да, Нет)"
GROUPS = (("Опубликовано за 2026", KINDS), ("Опубликовано за 2025", BEFORE_KINDS), (TOTAL, STATUS))
ALL_PLACED = ("Да", "Нет", "Да", "-", "Да", "Да", "Да", "Да", "Да")
SPOILT = ("Нет", "Нет", "Да", "-", "Да", "Нет", "Да", "Нет", "Да")
"""No task and no notice of this year, no report of results of the year before."""


def row(name: str, inn: str, marks: Sequence[str] = ALL_PLACED, *, general: str = "Да",
        kpp: str = "770701001") -> list[object]:  # fmt: skip
    """A row of the report."""
    return [1, "074", name, inn, kpp, "01301700", general, *marks]


def rows(*body: Sequence[object]) -> list[list[object]]:
    """Both rows of the header and the rows."""
    top: list[object] = list(LEFT)
    below: list[object] = [""] * len(LEFT)
    for title, kinds in GROUPS:
        top += [title, *[""] * (len(kinds) - 1)]
        below += kinds
    return [top, below, *map(list, body)]


def report_xlsx(*body: Sequence[object]) -> bytes:
    """The workbook, with the header merged as the site merges it."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Лист1")
    for number, values in enumerate(rows(*body)):
        for column, value in enumerate(values):
            sheet.write(number, column, value)
    for column, title in enumerate(LEFT):
        sheet.merge_range(0, column, 1, column, title)
    left = len(LEFT)
    for title, kinds in GROUPS:
        sheet.merge_range(0, left, 0, left + len(kinds) - 1, title)
        left += len(kinds)
    book.close()
    return buffer.getvalue()


def report_csv(*body: Sequence[object], encoding: str = "cp1251") -> bytes:
    """The same saved as CSV by a Russian spreadsheet."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows(rows(*body))
    return buffer.getvalue().encode(encoding)
