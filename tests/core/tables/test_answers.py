"""Questionnaires in the forms that operators have."""

import pytest

from noko.core.refusal import Refusal
from noko.core.tables.answers import read_answers
from noko.core.tables.sheet import Block, Sheet
from noko.queries.edition import get_edition

EDITION = get_edition("344n-2018")
CLOSED = EDITION.questionnaire.closed
TEXTS = [question.text for question in CLOSED]
YES = ["Да"] * len(CLOSED)


def sheet(headers, *rows, name="Ответы", **more):
    return Sheet("ответы.xlsx", name, [headers, *rows], **more)


def read(*rows, headers=None):
    return read_answers([sheet(headers or ["Наименование организации", *TEXTS], *rows)], EDITION)


def refused(*rows, headers=None, **more):
    with pytest.raises(Refusal) as found:
        read_answers(
            [sheet(headers or ["Наименование организации", *TEXTS], *rows, **more)], EDITION
        )
    return found.value


def test_answers_export_of_a_form_is_read_without_preparation():
    table = read_answers(
        [
            sheet(
                ["Отметка времени", "Наименование организации", *TEXTS, "Ваш пол"],
                ["23.11.2026 10:00", "МБОУ «Школа № 1»", *YES[:-1], "Нет", "Мужской"],
                ["23.11.2026 10:01", "мбоу школа №1.", *YES[:-1], "", "Женский"],
                ["23.11.2026 10:02", "МБОУ «Школа № 2»", *[1.0] * 13, 0.0, ""],
            )
        ],
        EDITION,
    )
    assert [item.name for item in table.organisations] == ["МБОУ «Школа № 1»", "МБОУ «Школа № 2»"]
    assert table.organisation_index.tolist() == [0, 0, 1]
    assert list(table.columns) == [question.id for question in CLOSED]
    assert table.columns["q1"].tolist() == [1, 1, 1]
    assert table.columns["q15"].tolist() == [0, -1, 0]
    assert table.ignored == (
        "Столбец «A: Отметка времени»: не сохраняется: анкета анонимна.",
        "Столбец «Q: Ваш пол»: вопрос q17 в расчёт не входит.",
    )


@pytest.mark.parametrize("cell", ["да", " Да ", "ДА", "да.", 1, 1.0, True, "1", "true", "Yes"])
def test_answers_yes_in_every_spelling(cell):
    assert read(["Школа", cell, *YES[1:]]).columns["q1"].tolist() == [1]


def test_answers_headers_numbered_shortened_and_requoted_are_recognised():
    headers = [
        f"{number}. {text.replace('Вы', 'вы').replace('услуг', ' услуг')[:90]} (Да/Нет)"
        for number, text in enumerate(TEXTS, 1)
    ]
    assert list(read(["Школа", *YES], headers=["Организация", *headers]).columns) == [
        question.id for question in CLOSED
    ]


def test_answers_v_columns_are_read_in_order_with_a_warning():
    marks = ["Нет", *YES[1:4], "Нет", *YES[5:]]
    headers = ["v0", *[f"v{number}" for number in range(1, 15)]]
    table = read(["Школа", *marks], headers=headers)
    assert table.columns["q1"].tolist() == [0]
    assert table.columns["q6"].tolist() == [0]
    assert "по порядку" in table.warnings[0].message


def test_answers_shuffled_columns_go_to_their_questions():
    headers = ["Организация", *reversed(TEXTS)]
    table = read(["Школа", *YES[:-1], "Нет"], headers=headers)
    assert table.columns["q1"].tolist() == [0]
    assert table.columns["q15"].tolist() == [1]


def test_answers_bad_cell_is_named_with_its_address_and_cure():
    found = refused(["Школа", "да?", *YES[1:]], ["Школа", *YES], ["", *YES])
    assert found.kind == "bad_cells"
    first, second = found.problems
    assert (first.place.sheet, first.place.row) == ("Ответы", 2)
    assert first.place.column.startswith("B: При посещении организации")
    assert first.message == "стоит «да?», а ожидается «Да», «Нет» или пустая ячейка."
    assert first.cure == "Исправьте на «Да» или «Нет»."
    assert (second.place.row, second.message) == (4, "не указана организация.")


def test_answers_formula_error_is_named_in_russian():
    assert "#ДЕЛ/0!" in refused(["Школа", "#DIV/0!", *YES[1:]]).problems[0].message


def test_answers_missing_question_names_what_the_file_has():
    found = refused(["Школа", *YES[:-1]], headers=["Организация", *TEXTS[:-1]])
    assert found.kind == "missing_column"
    assert "(q15)" in str(found)


def test_answers_title_rows_and_column_numbers_are_skipped():
    rows = [
        ["Результаты опроса 2026 года"],
        [],
        ["Организация", *TEXTS],
        [str(number) for number in range(1, 16)],
        ["Школа", *YES],
        ["Итого"],
    ]
    table = read_answers([Sheet("о.csv", "", rows, (Block(0, 0, 0, 5),))], EDITION)
    assert len(table) == 1


def test_answers_merged_cells_below_the_header_are_refused():
    found = refused(["Школа", *YES], ["", *YES], merged=(Block(1, 0, 2, 0),))
    assert found.kind == "merged_cells"
    assert "A2:A3" in str(found)


def test_answers_on_two_sheets_are_refused_and_an_empty_one_is_not():
    headers = ["Организация", *TEXTS]
    one, two = sheet(headers, ["Школа", *YES]), sheet(headers, ["Лицей", *YES], name="Ещё")
    with pytest.raises(Refusal) as found:
        read_answers([one, two], EDITION)
    assert found.value.kind == "several_sheets"
    assert len(read_answers([one, sheet(headers, name="Пусто")], EDITION)) == 1


def test_answers_levels_of_the_former_edition():
    edition = get_edition("1547-2014")
    ids = [question.id for question in edition.questionnaire.closed]
    label = edition.questionnaire.levels[4].label
    rows = [["organisation", *ids], ["Школа", 1, "2", 5.0, "", label]]
    table = read_answers([Sheet("о.csv", "", rows)], edition)
    assert [table.columns[key].tolist() for key in ids] == [[1], [2], [5], [-1], [5]]
