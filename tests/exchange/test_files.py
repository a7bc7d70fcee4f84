"""What people upload: every kind is read or refused by its own name."""

import io
import os
import struct
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from noko.core.refusal import Refusal
from noko.core.tables.organisations import read_organisations
from noko.core.tables.sheet import Block
from noko.exchange.files import read_sheets

REFERENCE = Path(os.environ.get("NOKO_REFERENCE") or "no-such-folder")


def workbook(fill, sheet="Лист 1"):
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    fill(book, book.add_worksheet(sheet))
    book.close()
    return buffer.getvalue()


def rows_of(data, **more):
    return [list(row) for row in read_sheets(data, name="файл", **more)[0].rows]


def refused(data, **more):
    with pytest.raises(Refusal) as found:
        read_sheets(data, name="файл", **more)
    return found.value.kind


TEXT = "Организация;Балл\nШкола № 1;97,5\n"
CELLS = [["Организация", "Балл"], ["Школа № 1", "97,5"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_text_in_every_accepted_encoding(encoding):
    assert rows_of(TEXT.encode(encoding)) == CELLS


@pytest.mark.parametrize("encoding", ["cp866", "koi8-r"])
def test_text_in_another_encoding_is_refused(encoding):
    assert refused((TEXT.replace("№", "N") * 3).encode(encoding)) == "wrong_encoding"


def test_text_spoilt_by_a_wrong_encoding_is_refused():
    assert refused((TEXT * 3).encode().decode("latin-1").encode()) == "wrong_encoding"


def test_text_cut_inside_a_letter_is_refused():
    assert refused("Организация".encode()[:-1]) == "broken_file"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_text_separator_is_found(separator):
    assert rows_of(f"а{separator}б\n1{separator}2\n".encode()) == [["а", "б"], ["1", "2"]]


def test_text_comments_keep_row_numbers_and_quotes_hold():
    data = '# source\nа,б\n"# не комментарий",2\n"две\n# строки",3\n'.encode()
    assert rows_of(data) == [[], ["а", "б"], ["# не комментарий", "2"], ["две\n# строки", "3"]]


def test_text_open_quote_is_refused_with_its_row():
    with pytest.raises(Refusal) as found:
        read_sheets('а,б\n1,"2\n3,4\n'.encode(), name="к.csv")
    assert (found.value.kind, found.value.problem.place.row) == ("broken_quotes", 2)


def test_xlsx_values_errors_and_merged_cells():
    def fill(book, sheet):
        sheet.write_row(0, 0, ["Организация", "Да/Нет", "Формула"])
        sheet.write_row(1, 0, ["Школа", 1])
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")
        sheet.merge_range(2, 0, 2, 1, "вместе")

    (sheet,) = read_sheets(workbook(fill), name="ф.xlsx")
    assert list(sheet.rows[1]) == ["Школа", 1.0, "#ДЕЛ/0!"]
    assert sheet.merged == (Block(2, 0, 2, 1),)
    assert sheet.name == "Лист 1"


def test_xlsx_formula_saved_without_a_result_is_not_an_empty_cell():
    def fill(book, sheet):
        sheet.write_formula(0, 0, "=1+1", None, 2)
        sheet.write(0, 1, "текст")

    data = workbook(fill)
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"<v>2</v>", b"<v></v>"))
    assert rows_of(target.getvalue()) == [["#НЕ ВЫЧИСЛЕНО!", "текст"]]


def test_xlsx_with_a_cell_a_million_rows_away_is_refused():
    def fill(book, sheet):
        sheet.write(0, 0, 1)
        sheet.write(1048575, 16383, 1)

    assert refused(workbook(fill)) == "too_large"


def test_xlsx_cut_off_is_refused():
    data = workbook(lambda book, sheet: sheet.write(0, 0, 1))
    assert refused(data[: len(data) // 2]) == "broken_file"


ODS = (
    '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:c="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
    '<o:body><o:spreadsheet><t:table t:name="Л">{}</t:table></o:spreadsheet></o:body>'
    "</o:document-content>"
)


def ods(rows):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", ODS.format(rows))
    return buffer.getvalue()


def test_ods_values_repeats_errors_and_merged_cells():
    text = '<t:table-cell o:value-type="string"><x:p>да</x:p></t:table-cell>'
    data = ods(
        f'<t:table-row>{text}<t:table-cell t:number-columns-repeated="2" o:value-type="float"'
        ' o:value="2.5"/><t:table-cell c:value-type="error"><x:p>#DIV/0!</x:p></t:table-cell>'
        '</t:table-row><t:table-row t:number-rows-repeated="2"><t:table-cell/></t:table-row>'
        f'<t:table-row><t:table-cell t:number-columns-spanned="2" o:value-type="string"><x:p>м'
        f"</x:p></t:table-cell><t:covered-table-cell/></t:table-row>"
        '<t:table-row t:number-rows-repeated="1048000"><t:table-cell/></t:table-row>'
    )
    (sheet,) = read_sheets(data, name="ф.ods")
    assert [list(row) for row in sheet.rows] == [["да", 2.5, 2.5, "#ДЕЛ/0!"], [], [], ["м"]]
    assert sheet.merged == (Block(3, 0, 3, 1),)


def test_ods_that_repeats_a_cell_without_end_is_refused():
    data = ods(
        '<t:table-row t:number-rows-repeated="1048000"><t:table-cell o:value-type="float"'
        ' t:number-columns-repeated="16384" o:value="1"/></t:table-row>'
    )
    assert refused(data) == "too_large"


def archive_of(name):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 ...",
        b"PAR1....PAR1",
        b"\x89PNG\r\n\x1a\n",
        b"<!DOCTYPE html><table><tr><td>1</td></tr></table>",
        b'<?xml version="1.0"?><Workbook/>',
        b"abc\x00\x01\x02" * 10,
        archive_of("word/document.xml"),
        archive_of("answers.csv"),
    ],
)
def test_other_kinds_of_file_are_refused(data):
    assert refused(data) == "wrong_kind"


def test_encrypted_workbook_is_refused_by_name():
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    assert refused(data) == "encrypted_file"


def test_damaged_legacy_workbook_is_refused():
    assert refused(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 600) == "broken_file"


def test_large_empty_and_absent_files_are_refused(tmp_path):
    assert refused(b"x" * 11, limit_bytes=10) == "too_large"
    assert refused(b"\xef\xbb\xbf \n") == "empty_file"
    with pytest.raises(Refusal) as found:
        read_sheets(tmp_path / "нет.xlsx")
    assert found.value.kind == "no_file"


@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="no open data: set NOKO_REFERENCE to their folder"
)
def test_open_registry_sample_is_read_whole():
    table = read_organisations(read_sheets(REFERENCE / "results" / "registry_01_sample_orgs.csv"))
    assert (len(table.rows), table.rejected) == (14, ())
    assert sum(not row.site for row in table.rows) == 4


DATA = Path(__file__).parent / "data"


@pytest.mark.parametrize(("name", "last"), [("errors_short.xls", 3), ("errors_long.xls", 150)])
def test_xls_formula_errors_are_not_empty_cells(name, last):
    """A stream of less than 4 KB lies among the small ones of the container, a longer one not."""
    first, second = read_sheets(DATA / name)
    assert list(first.rows[1]) == ["Школа", "#ДЕЛ/0!", "#Н/Д"]
    assert list(first.rows[last]) == ["Сад", 2.0, "#ЗНАЧ!"]
    assert len(first.rows) == last + 1
    assert (second.name, second.rows[4][5]) == ("Второй", "#ДЕЛ/0!")


def record(kind, body=b""):
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    assert len(body) < 0x80
    return head + bytes([len(body)]) + body


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def cell(column):
    return struct.pack("<II", column, 0)


def xlsb(*sheets):
    """A workbook of binary parts; each sheet is its name and the records of its rows."""
    buffer = io.BytesIO()
    links, bundle = "", b""
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (name, rows) in enumerate(sheets, start=1):
            path = f"worksheets/sheet{number}.bin"
            links += f'<Relationship Id="r{number}" Type="t/worksheet" Target="{path}"/>'
            bundle += record(156, struct.pack("<II", 0, number) + wide(f"r{number}") + wide(name))
            part = record(129) + record(148, struct.pack("<IIII", 0, 9, 0, 9)) + record(145)
            archive.writestr(f"xl/{path}", part + rows + record(146) + record(130))
        archive.writestr("xl/workbook.bin", record(131) + bundle + record(144) + record(132))
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{links}</Relationships>")
    return buffer.getvalue()


def test_xlsb_formula_errors_are_not_empty_cells():
    row = struct.pack("<I", 1) + bytes(13)
    rows = (
        record(0, bytes(17))
        + record(6, cell(0) + wide("Школа"))
        + record(5, cell(1) + struct.pack("<d", 2.5))
        + record(0, row)
        + record(11, cell(0) + b"\x07" + bytes(10))
        + record(3, cell(1) + b"\x2a")
    )
    first, second = read_sheets(xlsb(("Пусто", b""), ("Осмотр", rows)), name="ф.xlsb")
    assert (first.name, second.name) == ("Пусто", "Осмотр")
    assert [list(row)[:2] for row in second.rows[:2]] == [["Школа", 2.5], ["#ДЕЛ/0!", "#Н/Д"]]


def test_xls_whose_chain_goes_round_is_refused():
    data = bytearray((DATA / "errors_long.xls").read_bytes())
    (table,) = struct.unpack_from("<I", data, 76)
    place = (table + 1) * 512
    numbers = struct.unpack_from("<128I", data, place)
    struct.pack_into("<128I", data, place, *(2 if n == 3 else n for n in numbers))
    assert refused(bytes(data)) == "broken_file"
