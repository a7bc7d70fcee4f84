"""A questionnaire as an XLSForm workbook, for KoboToolbox and ODK."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from noko.core.xlsform import CHOICES, SETTINGS, SURVEY, Form
from noko.documents.xlsx import new_workbook

WIDE = 60
NARROW = 24


def write_xlsform(form: Form) -> bytes:
    """The workbook; the same form gives the same bytes."""
    buffer = io.BytesIO()
    workbook = new_workbook(buffer, title=form.settings[0]["form_title"])
    head = workbook.add_format({"bold": True})
    sheets: tuple[tuple[str, Sequence[str], Sequence[Mapping[str, str]]], ...] = (
        ("survey", SURVEY, form.survey),
        ("choices", CHOICES, form.choices),
        ("settings", SETTINGS, form.settings),
    )
    for name, columns, rows in sheets:
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, WIDE if column.startswith("label") else NARROW)
            sheet.write_string(0, index, column, head)
        for number, row in enumerate(rows, start=1):
            for index, column in enumerate(columns):
                if row.get(column):
                    sheet.write_string(number, index, row[column])
    workbook.close()
    return buffer.getvalue()
