"""Plain tables as XLSX: read back with their types."""

import io
import time
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from noko.core.refusal import Refusal
from noko.documents import xlsx as made
from noko.documents.xlsx import Column, Table, xlsx

COLUMNS = (Column("Название", 40), Column("Число"), Column("Доля", decimals=2), Column("День"))
ROW = ("Школа № 1", 48, Decimal("87.40"), date(2026, 11, 24))


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def part(content, name):
    return zipfile.ZipFile(io.BytesIO(content)).read(name).decode()


def test_xlsx_keeps_the_types():
    (rows,) = sheets(xlsx([Table("Лист", COLUMNS, [ROW])])).values()
    assert rows == [
        ["Название", "Число", "Доля", "День"],
        ["Школа № 1", 48.0, 87.4, date(2026, 11, 24)],
    ]


def test_xlsx_empty_and_true_are_readable():
    (rows,) = sheets(
        xlsx([Table("Лист", COLUMNS, [(None, 1, None, None), (True, 2, None, False)])])
    ).values()
    assert [row[0] for row in rows[1:]] == ["", "да"]
    assert rows[2][3] == "нет"


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "https://example.org", "<b>&", "{{ x }}"])
def test_xlsx_text_stays_text(text):
    (rows,) = sheets(xlsx([Table("Лист", COLUMNS[:1], [(text,)])])).values()
    assert rows[1] == [text]


def test_xlsx_control_signs_are_left_out_and_a_long_text_says_that_it_is_cut():
    table = Table("Лист", COLUMNS[:1], [("а\x00б\x07",), ("в" * 40_000,)])
    (rows,) = sheets(xlsx([table])).values()
    assert rows[1] == ["аб"]
    assert (len(rows[2][0]), rows[2][0].endswith(made.CUT)) == (32_767, True)


def test_xlsx_same_table_same_bytes():
    first = xlsx([Table("Лист", COLUMNS, [ROW])], title="Таблица")
    time.sleep(2.1)
    assert xlsx([Table("Лист", COLUMNS, [ROW])], title="Таблица") == first


def test_xlsx_head_stays_and_repeats_on_paper():
    content = xlsx([Table("Лист", COLUMNS, [ROW], frozen=1)])
    sheet = part(content, "xl/worksheets/sheet1.xml")
    assert 'xSplit="1" ySplit="1"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "Print_Titles" in part(content, "xl/workbook.xml")


def test_xlsx_names_of_sheets_are_lawful_and_different():
    tables = [
        Table(name, COLUMNS, [])
        for name in ("Очень длинное название листа: 1/2 часть", "А*Б", "а-б", "")
    ]
    assert list(sheets(xlsx(tables))) == [
        "Очень длинное название листа- 1",
        "А-Б",
        "а-б 2",
        "Лист",
    ]


def test_xlsx_total_stands_last():
    table = Table("Лист", COLUMNS, [ROW, ROW], total=("Всего", 96, None, None))
    (rows,) = sheets(xlsx([table])).values()
    assert rows[3] == ["Всего", 96.0, "", ""]


def test_xlsx_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(made, "MOST_ROWS", 1)
    with pytest.raises(Refusal) as refusal:
        xlsx([Table("Лист", COLUMNS, [ROW, ROW])])
    assert refusal.value.kind == "too_many_rows"
