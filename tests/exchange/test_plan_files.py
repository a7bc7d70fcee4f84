"""Plans in every accepted kind of file come out complete; what is no plan is refused by name."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
import xlsxwriter
from docx.oxml import OxmlElement
from PIL import Image

from noko.core.planning.reading import understand
from noko.core.planning.rows import PlanTable
from noko.core.refusal import Refusal
from noko.exchange.plan_files import read_plan_file
from noko.exchange.word import DOCUMENT
from noko.queries.calendar import working_calendar
from noko.queries.plan_template import template_for
from tests.plan_files import (
    HEADER,
    NUMBERS,
    SECTIONED,
    as_docx,
    as_html,
    as_markdown,
    as_text,
    as_xlsx,
    saved,
)

KINDS: dict[str, Callable[[], bytes]] = {
    "план.txt": as_text,
    "план.md": as_markdown,
    "план.html": as_html,
    "план.docx": as_docx,
    "план.xlsx": as_xlsx,
}


def read(data: bytes, name: str = "план.docx") -> PlanTable:
    return read_plan_file(data, name=name)


def refused(data: bytes, name: str = "план.docx") -> Refusal:
    with pytest.raises(Refusal) as refusal:
        read(data, name)
    return refusal.value


@pytest.mark.parametrize("name", KINDS)
def test_plan_of_every_kind_is_complete(name: str) -> None:
    table = read(KINDS[name](), name)
    assert (table.title, table.year) == (
        "План мероприятий по независимой оценке качества образования на 2016 год",
        2016,
    )
    assert [(s.number, s.title) for s in table.sections] == [
        ("1", "Подготовка"),
        ("2", "Проведение"),
        ("3", "Применение"),
    ]
    assert [row.number for row in table.rows] == NUMBERS
    assert [row.section.number for row in table.rows] == ["1", "1", "2", "2", "3", "3"]
    assert [row.term for row in table.rows] == [
        row[2] for row in SECTIONED if len(row) > 1 and row[2]
    ]
    first = table.rows[0]
    assert [one.name for one in first.responsible] == [
        *("Общественный совет", "Иванова Т.П.", "Петрова О.А.")
    ]
    assert first.result == "Решение совета\nПеречень"
    assert [note.message for note in table.notes if "соединено" not in note.message] == []


@pytest.mark.parametrize("name", KINDS)
def test_rows_broken_by_a_page_are_joined(name: str) -> None:
    table = read(KINDS[name](), name)
    broken = {row.number: row for row in table.rows if row.joined_rows > 1}
    assert list(broken) == ["2.2", "3.1"]
    assert broken["2.2"].activity == "Публикация результатов оценки в печати"
    assert [one.name for one in broken["2.2"].responsible] == [
        *("отдел анализа, прогноза и мониторинга", "Петрова О.А.")
    ]
    assert broken["2.2"].result == "Рейтинг, размещенный на сайте"
    assert broken["3.1"].activity == (
        "Разработка и утверждение плана мероприятий по улучшению качества работы организаций"
    )
    assert broken["3.1"].result == "План\nРешение совета"
    assert len([note for note in table.notes if "соединено" in note.message]) == 2


def test_header_of_three_rows_with_merged_cells() -> None:
    document = docx.Document()
    document.add_paragraph("План на 2016 год")
    table = document.add_table(rows=3, cols=5)
    for row, texts in enumerate(
        (
            ("№ п/п", "Мероприятие", "Исполнение", "", "Итог"),
            ("", "", "Срок", "Ответственные", "Результат"),
            ("1", "2", "3", "4", "5"),
        )
    ):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 0).merge(table.cell(1, 0))
    table.cell(0, 1).merge(table.cell(1, 1))
    table.cell(0, 2).merge(table.cell(0, 3))
    for cell, text in zip(
        table.add_row().cells, ("1", "Опрос", "май", "Совет", "Данные"), strict=True
    ):
        cell.text = text
    found = read(saved(document))
    assert [(row.number, row.activity, row.term, row.result) for row in found.rows] == [
        ("1", "Опрос", "май", "Данные")
    ]


def test_header_repeated_on_every_page_and_a_table_continued() -> None:
    rows = (*SECTIONED[:3], HEADER, ("1", "2", "3", "4", "5"), *SECTIONED[3:])
    assert [row.number for row in read(as_docx(rows)).rows] == NUMBERS
    document = docx.Document(io.BytesIO(as_docx(SECTIONED[:3])))
    document.add_paragraph("Продолжение")
    more = document.add_table(rows=0, cols=5)
    for cell, text in zip(
        more.add_row().cells, ("2.7", "Отчёт", "декабрь", "Совет", "Справка"), strict=True
    ):
        cell.text = text
    assert [row.number for row in read(saved(document)).rows] == ["1.1", "1.2", "2.7"]


def test_cell_merged_over_rows_belongs_to_each_of_them() -> None:
    document = docx.Document(io.BytesIO(as_docx(())))
    table = document.tables[0]
    for number in ("1.1", "1.2", "1.3"):
        texts = (number, f"Дело {number}", "май", "", "Отчёт")
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    table.cell(1, 3).merge(table.cell(3, 3)).text = "Общественный совет"
    found = read(saved(document))
    assert [[one.name for one in row.responsible] for row in found.rows] == [
        ["Общественный совет"]
    ] * 3


def test_tracked_changes_are_read_as_accepted() -> None:
    document = docx.Document(io.BytesIO(as_docx((("1.1", "Дело", "май", "Совет", "Отчёт"),))))
    paragraph = document.tables[0].cell(1, 2).paragraphs[0]._p
    deleted = OxmlElement("w:del")
    run = paragraph.r_lst[0]
    paragraph.replace(run, deleted)
    deleted.append(run)
    inserted = OxmlElement("w:ins")
    paragraph.append(inserted)
    again = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "июнь"
    again.append(text)
    inserted.append(again)
    assert read(saved(document)).rows[0].term == "июнь"


def test_word_broken_at_the_end_of_a_line_is_whole_and_a_compound_keeps_its_hyphen() -> None:
    text = "Сеть информационно- телекоммуникационная образова- тельных организаций"
    table = read(as_docx((("1.1", text, "май", "Совет", "Отчёт"),)))
    assert table.rows[0].activity == (
        "Сеть информационно-телекоммуникационная образовательных организаций"
    )


# --- what is no plan --------------------------------------------------------------------------


def test_file_without_a_table_is_refused() -> None:
    document = docx.Document()
    document.add_paragraph("План на 2016 год: всё сделать вовремя.")
    assert refused(saved(document)).kind == "no_table"
    assert refused("План на 2016 год.\nСделать.".encode(), "план.txt").kind == "no_table"
    assert refused(b"<html><body><p>x</p></body></html>", "plan.html").kind == "no_table"


def test_table_that_is_no_plan_is_refused_with_the_missing_column() -> None:
    without_term = [(*HEADER[:2], "Примечание", *HEADER[3:])]
    refusal = refused(as_docx((("1", "a", "b", "c", "d"),), header=without_term))
    assert refusal.kind == "missing_column"
    assert "«Срок исполнения»" in str(refusal)
    other = [("Фамилия", "Имя", "Отчество", "Возраст", "Пол")]
    assert refused(as_docx((("1", "a", "b", "c", "d"),), header=other)).kind == "no_table"


def test_table_without_activities_is_refused() -> None:
    assert refused(as_docx(())).kind == "no_rows"


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("L", (60, 80), 255).save(buffer, "PNG")
    return buffer.getvalue()


def test_scan_is_refused_with_the_cure() -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(picture()))
    scan = refused(saved(document))
    assert (scan.kind, "распознайте" in str(scan)) == ("scan", True)
    assert refused(picture(), "план.png").kind == "scan"
    assert refused(b"%PDF-1.7\n", "план.pdf").kind == "scan"


def test_extension_that_lies_is_named() -> None:
    table = read(as_xlsx(), "план.docx")
    assert str(table.notes[0]) == (
        "Файл «план.docx»: Файл назван «.docx», а внутри книга электронных таблиц: прочитан "
        "по содержанию. Проверьте, тот ли это файл."
    )
    assert [row.number for row in table.rows] == NUMBERS
    assert "Файл назван «.docx», а внутри документ PDF." in str(refused(b"%PDF-1.7\n"))
    assert "Файл назван «.xlsx», а внутри изображение." in str(refused(picture(), "план.xlsx"))


def test_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(DOCUMENT, "w") as member,
    ):
        for _ in range(60):
            member.write(b" " * 1024 * 1024)
    data = buffer.getvalue()
    assert len(data) < 100_000
    refusal = refused(data)
    assert (refusal.kind, "60 МБ" in str(refusal)) == ("too_large", True)


def test_entities_in_a_document_are_refused() -> None:
    bomb = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">]><d>&a;</d>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(DOCUMENT, bomb)
    assert refused(buffer.getvalue()).kind == "broken_file"


def test_damaged_and_encrypted_files_are_refused() -> None:
    whole = as_docx()
    assert refused(whole[: len(whole) // 2]).kind == "broken_file"
    assert refused(b"").kind == "empty_file"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "WordDocument".encode("utf-16-le")
    assert refused(old, "план.doc").kind == "wrong_kind"


def test_million_of_empty_rows_is_nothing() -> None:
    table = read(as_xlsx(empty_rows=2000), "план.xlsx")
    assert [row.number for row in table.rows] == NUMBERS


def test_table_of_thousands_of_rows_is_refused() -> None:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, HEADER)
    for number in range(1, 4000):
        sheet.write_row(number, 0, [str(number), "Дело", "май", "Совет", "Отчёт"])
    book.close()
    assert refused(buffer.getvalue(), "план.xlsx").kind == "too_large"


# --- a real plan, where it lies ---------------------------------------------------------------

SHARED = Path(
    os.environ.get("NOKO_REFERENCE", Path(__file__).resolve().parents[3] / "shared" / "reference")
).parent


def test_plan_of_a_real_region_comes_out_complete() -> None:
    path = SHARED / "plan" / "plan-2016.txt"
    if not path.exists():
        pytest.skip("нет папки с открытыми данными")
    table = read_plan_file(path)
    assert [row.number for row in table.rows] == [
        *(f"1.{n}" for n in range(1, 6)),
        *(f"2.{n}" for n in range(1, 12)),
        *(f"3.{n}" for n in range(1, 6)),
    ]
    assert all(row.term and row.responsible and row.result for row in table.rows)
    plan = understand(table, year=2016, calendar=working_calendar(), template=template_for(2016))
    assert plan.questions == ()
    assert "" not in {item.code for item in plan.items}
    assert [(finding.code, finding.keys[0]) for finding in plan.findings] == [
        ("day_off", "2.7"),
        ("no_date", "2.11"),
        ("year_contradicts", "3.1"),
        ("control_without_term", "3.3"),
        ("prepares_late", "1.1"),
        ("prepares_late", "1.3"),
        ("report_too_early", "3.5"),
    ]
