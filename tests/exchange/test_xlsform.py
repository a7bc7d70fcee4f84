"""The questionnaire for KoboToolbox and ODK: taken by pyxform, read back the same, counted."""

import io
import re
import shutil
import xml.etree.ElementTree as ET

import pytest
import xlsxwriter

from noko.core.answers.form import Additions, form_of
from noko.core.refusal import Refusal
from noko.core.xlsform import LABEL, Assessed, to_xlsform
from noko.core.xlsform_reading import disagreements, read_xlsform
from noko.documents.xlsform import write_xlsform
from noko.exchange.files import read_sheets
from noko.exchange.xlsform import to_xform
from noko.queries.edition import edition_codes, get_edition

PLACES = [
    Assessed("9901004037", "Школа № 1", "Город Лугов"),
    Assessed("9901004044", "Школа «Берёзка» & Ко", "Заречный район"),
]


def sheets_of(code="344n-2018", places=()):
    edition = get_edition(code)
    asked = form_of(edition, Additions())
    form = to_xlsform(asked, form_id=f"noko-{code}", version="1", places=places)
    return edition.questionnaire, form


def read_back(workbook):
    return read_xlsform(read_sheets(workbook, name="анкета.xlsx"))


def book(**sheets):
    """A workbook of a person's: sheet → rows of cells."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer)
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    made.close()
    return buffer.getvalue()


def survey(*rows, choices=(("yes_no", "1", "Да"), ("yes_no", "0", "Нет"))):
    return book(
        survey=[("type", "name", "label", "relevant"), *rows],
        choices=[("list_name", "name", "label"), *choices],
        settings=[("form_title", "form_id", "version"), ("Анкета", "a", "7")],
    )


@pytest.mark.parametrize("code", edition_codes())
@pytest.mark.parametrize("places", [[], PLACES], ids=["code", "places"])
def test_xlsform_of_every_edition_is_taken_and_read_back(code, places):
    questionnaire, form = sheets_of(code, places)
    workbook = write_xlsform(form)
    xform, warnings = to_xform(workbook)
    assert warnings == []
    names = {element.tag.rpartition("}")[2] for element in ET.fromstring(xform).iter()}  # noqa: S314
    assert {question.id for question in questionnaire.questions} <= names
    read = read_back(workbook)
    assert (read.problems, disagreements(read, questionnaire)) == ([], [])
    assert [question.id for question in read.questions] == [q.id for q in questionnaire.questions]


@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
@pytest.mark.parametrize("code", edition_codes())
def test_xlsform_passes_odk_validate(code):
    _, form = sheets_of(code, PLACES)
    assert to_xform(write_xlsform(form), odk_validate=True)[1] == []


def test_xlsform_is_the_same_bytes_twice():
    _, form = sheets_of(places=PLACES)
    assert write_xlsform(form) == write_xlsform(form)


def test_xlsform_asks_for_nothing_about_the_person():
    _, form = sheets_of()
    xform, _ = to_xform(write_xlsform(form))
    assert re.findall(r'jr:preload="(?!uid)[^"]*"', xform) == []


def test_xlsform_filters_follow_the_edition():
    _, form = sheets_of()
    shown = {row["name"]: row.get("relevant", "") for row in form.survey}
    assert (shown["q1"], shown["q2"], shown["q12"]) == ("", "${q1} = '1'", "${q11} = '1'")


def test_xlsform_chooses_the_organisation_within_its_municipality():
    _, form = sheets_of(places=PLACES)
    asked = {row["name"]: row for row in form.survey}
    assert asked["organisation"]["choice_filter"] == "municipality = ${municipality}"
    listed = [row for row in form.choices if row["list_name"] == "organisations"]
    assert [(row["name"], row[LABEL], row["municipality"]) for row in listed] == [
        ("9901004037", "Школа № 1", "m1"),
        ("9901004044", "Школа «Берёзка» & Ко", "m2"),
    ]


def test_read_xlsform_takes_further_questions_of_a_region():
    read = read_back(
        survey(
            ("start", "start", ""),
            ("select_one yes_no", "q1", "Был ли стенд?"),
            ("select_one yes_no", "r1", "Есть ли гардероб?", "selected(${q1}, '1')"),
            ("text", "r2", "Чего не хватает?", '${r1} = "0"'),
        )
    )
    assert read.problems == []
    assert [str(note.message) for note in read.notes] == ["«start» не берётся: анкета анонимна."]
    assert [(q.id, q.kind, q.show_if) for q in read.questions] == [
        ("q1", "choice", None),
        ("r1", "choice", ("q1", "1")),
        ("r2", "text", ("r1", "0")),
    ]
    assert (read.title, read.version, read.questions[0].options) == (
        "Анкета",
        "7",
        {"1": "Да", "0": "Нет"},
    )


@pytest.mark.parametrize(
    ("row", "message", "column"),
    [
        (("geopoint", "g", "Где вы?"), "Тип вопроса «geopoint» не поддерживается.", "type"),
        (
            ("select_multiple yes_no", "m", "Что?"),
            "Тип вопроса «select_multiple yes_no» не",
            "type",
        ),
        (
            ("select_one colours", "c", "Цвет?"),
            "Списка ответов «colours» на листе «choices» нет.",
            "type",
        ),
        (
            ("text", "t", "Что?", "${q1} > 3 and ${q2} = 1"),
            "Условие показа «${q1} > 3 and",
            "relevant",
        ),
        (("text", "плохое имя", "Что?"), "Имя вопроса «плохое имя» не подходит.", "name"),
        (("text", "t", "Что?", "${q9} = '1'"), "Условие показа ссылается на «q9»", "relevant"),
        (
            ("text", "t", "Что?", "${q1} = '5'"),
            "Условие показа ждёт ответ «5», а у «q1»",
            "relevant",
        ),
    ],
)
def test_read_xlsform_names_what_it_cannot_take(row, message, column):
    read = read_back(survey(("select_one yes_no", "q1", "Был ли стенд?"), row))
    [problem] = read.problems
    assert problem.message.startswith(message)
    assert str(problem.place) == f"файл «анкета.xlsx», лист «survey», строка 3, столбец «{column}»"
    assert problem.cure


def test_read_xlsform_names_a_file_that_is_none():
    read = read_back(book(Лист1=[("Организация", "Балл")]))
    assert [item.message for item in read.problems] == [
        "В файле нет листа «survey», листы: «Лист1»."
    ]


def test_to_xform_says_what_pyxform_says():
    with pytest.raises(Refusal) as refusal:
        to_xform(survey(("select_one yes_no", "bad name", "Что?")), name="анкета.xlsx")
    assert refusal.value.kind == "broken_xlsform"
    assert "[row : 2]" in str(refusal.value)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({LABEL: "Нравится ли вам стенд?"}, "Вопрос «q2» изменён: «Нравится ли вам стенд?»."),
        ({"relevant": ""}, "Условие показа вопроса «q2» другое."),
        ({"type": "select_one q17_options"}, "Ответы на вопрос «q2» – 1, 2."),
    ],
)
def test_disagreements_are_named(change, message):
    questionnaire, form = sheets_of()
    rows = tuple({**row, **change} if row["name"] == "q2" else row for row in form.survey)
    changed = type(form)(rows, form.choices, form.settings)
    found = disagreements(read_back(write_xlsform(changed)), questionnaire)
    assert [problem.message for problem in found] == [message]


def test_disagreements_a_question_left_out():
    questionnaire, form = sheets_of()
    rows = tuple(row for row in form.survey if row["name"] != "q15")
    shorter = type(form)(rows, form.choices, form.settings)
    found = disagreements(read_back(write_xlsform(shorter)), questionnaire)
    assert [problem.message[:20] for problem in found] == ["Нет вопроса «q15»: «"]
