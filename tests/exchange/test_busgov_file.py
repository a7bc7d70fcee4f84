"""Files of bus.gov.ru for the monitor: the completeness report and packets, told by content."""

from datetime import date

import pytest

from noko.core.refusal import Refusal
from noko.exchange.busgov_file import read_busgov_file
from tests.busgov_files import archive, packet, position
from tests.busgov_report import (
    INNS,
    SPOILT,
    report_csv,
    report_xlsx,
    row,
    rows,
)
from tests.operator_files import workbook

LIMIT = 16 * 1024 * 1024
OTHER = {"inn": "7728168971", "ogrn": "1037700013020", "name": "Школа № 8", "kpp": "772801001"}


def read(content, name="отчёт.xlsx"):
    return read_busgov_file(content, name=name, limit_bytes=LIMIT)


def refused(content):
    with pytest.raises(Refusal) as refusal:
        read(content)
    return refusal.value


@pytest.mark.parametrize("make", [report_xlsx, report_csv])
def test_report_is_read_with_its_two_rows_of_headers(make):
    file = read(make(row("Школа № 1", INNS[0]), row("Школа № 2", INNS[1], SPOILT)))
    first, second = file.table.rows
    assert (file.kind, file.table.years) == ("report", (2026, 2025))
    assert (first.number, first.inn, first.kpp, first.reg_number) == (
        3, INNS[0], "770701001", "01301700",
    )  # fmt: skip
    assert (first.present, first.complete, first.complete_before, first.lacks) == (
        True, True, True, (),
    )  # fmt: skip
    assert (second.complete, second.complete_before) == (False, True)
    assert [(lack.code, lack.year) for lack in second.lacks] == [("task", 2026), ("result", 2025)]
    assert second.lacks[1].cure == (
        "Разместите на bus.gov.ru: Информация о результатах деятельности и об использовании "
        "имущества за 2025 год."
    )


def test_report_takes_a_notice_in_the_place_of_a_task():
    marks = ("Нет", "Да", *SPOILT[2:5], "Да", *SPOILT[6:])
    (one,) = read(report_xlsx(row("Школа № 1", INNS[0], marks))).table.rows
    assert [lack.code for lack in one.lacks] == ["unnamed"]


def test_report_that_says_incomplete_and_names_nothing_says_so():
    marks = ("Да", "Нет", "Да", "-", "Да", "Да", "Да", "Нет", "Нет")
    (one,) = read(report_xlsx(row("Школа № 1", INNS[0], marks))).table.rows
    assert [(lack.code, lack.year) for lack in one.lacks] == [("unnamed", None)]


def test_report_without_general_information_says_the_institution_is_not_placed():
    (one,) = read(report_xlsx(row("Школа № 1", INNS[0], general="Нет"))).table.rows
    assert (one.present, one.lacks[0].code) == (False, "general")


def test_report_of_one_header_row_has_years_in_its_headers():
    head = ["Наименование учреждения", "ИНН", "ГЗ 2026", "План ФХД за 2025 год", "Статус полноты"]
    content = workbook([head, ["Школа № 1", INNS[0], "Нет", "Да", "Нет"]], "Отчёт")
    (one,) = read(content).table.rows
    assert [(lack.code, lack.year) for lack in one.lacks] == [("task", 2026)]
    assert one.complete is False


def test_report_row_with_a_fault_is_rejected_with_sheet_row_and_cure():
    bad = ("Может быть", *SPOILT[1:])
    table = read(report_xlsx(row("Школа № 1", "7707083894"), row("Школа № 2", INNS[1], bad))).table
    assert (table.rows, [item.number for item in table.rejected]) == ((), [3, 4])
    number, word = (str(item.problems[0]) for item in table.rejected)
    assert number.startswith("Файл «отчёт.xlsx», лист «Лист1», строка 3, столбец «D: ИНН»: ")
    assert word == (
        "Файл «отчёт.xlsx», лист «Лист1», строка 4, столбец «H: Опубликовано за 2026: ГЗ»: стоит "
        "«Может быть», а ожидается «Да», «Нет» или «-». Исправьте ячейку или скачайте отчёт заново."
    )


def test_report_without_documents_is_refused_with_what_is_needed():
    refusal = refused(workbook([["Наименование учреждения", "ИНН"], ["Школа", INNS[0]]], "Лист"))
    assert refusal.kind == "missing_column"
    assert "«ГЗ», «План ФХД»" in str(refusal)
    assert "institutionInfo" in str(refusal)


def test_report_with_one_document_twice_is_refused():
    head = ["Наименование учреждения", "ИНН", "ГЗ", "ГЗ"]
    refusal = refused(workbook([head, ["Школа", INNS[0], "Да", "Нет"]], "Лист"))
    assert (refusal.kind, "Столбцы C и D" in str(refusal)) == ("ambiguous_column", True)


def test_report_without_rows_is_refused():
    assert refused(workbook(rows(), "Лист1")).kind == "no_rows"


def test_report_with_cells_merged_among_its_rows_is_refused():
    import io

    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("Лист1")
    for number, values in enumerate(rows(row("Школа № 1", INNS[0]), row("Школа № 2", INNS[1]))):
        sheet.write_row(number, 0, values)
    sheet.merge_range(2, 2, 3, 2, "Школа № 1")
    book.close()
    assert refused(buffer.getvalue()).kind == "merged_cells"


def test_packets_tell_when_a_card_was_changed_and_what_it_lacks():
    named = position().replace("<document>", "<document><type>F</type>")
    file = read(packet(named), "выгрузка.xml")
    (one,) = file.table.rows
    assert (file.kind, one.changed_on, one.present) == ("cards", date(2026, 9, 1), True)
    assert [lack.code for lack in one.lacks] == ["institution_type", "head_appointed"]
    assert dict(one.given)["site"] == "https://school7.example"
    assert one.place == "файл «выгрузка.xml», строка 7"


def test_packets_of_an_archive_stand_beside_a_broken_one():
    content = archive(a_xml=packet(), b_xml=b"<broken", c_xml=packet(position(**OTHER)))
    table = read(content, "выгрузка.zip").table
    assert [item.name for item in table.rows] == [
        "МУНИЦИПАЛЬНОЕ БЮДЖЕТНОЕ ОБЩЕОБРАЗОВАТЕЛЬНОЕ УЧРЕЖДЕНИЕ «ШКОЛА № 7»", "Школа № 8",
    ]  # fmt: skip
    assert len(table.rejected) == 1


def test_packet_without_a_day_of_change_leaves_it_unknown():
    (one,) = read(packet(position(changed="вчера")), "выгрузка.xml").table.rows
    assert one.changed_on is None
