"""A questionnaire as an XLSForm workbook, for KoboToolbox and ODK."""

from __future__ import annotations

import io

from noko.core.xlsform import Sheets, columns_of
from noko.documents.xlsx import new_workbook

WIDE = 60
NARROW = 24


def write_xlsform(form: Sheets) -> bytes:
    """The workbook; the same form gives the same bytes."""
    buffer = io.BytesIO()
    workbook = new_workbook(buffer, title=form.settings[0]["form_title"])
    head = workbook.add_format({"bold": True})
    sheets = (("survey", form.survey), ("choices", form.choices), ("settings", form.settings))
    for name, rows in sheets:
        sheet = workbook.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        columns = columns_of(rows)
        for index, column in enumerate(columns):
            sheet.set_column(index, index, WIDE if column.startswith("label") else NARROW)
            sheet.write_string(0, index, column, head)
        for number, row in enumerate(rows, start=1):
            for index, column in enumerate(columns):
                if row.get(column):
                    sheet.write_string(number, index, row[column])
    workbook.close()
    return buffer.getvalue()
