"""The questionnaire of a wave in the office: questions of the region, languages, XLSForm."""

import io
import re
from html import unescape

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from noko.actions import wave as waves
from noko.core.refusal import Refusal
from noko.exchange.files import read_sheets
from noko.models import Letter
from tests.small_cycle import NOW, make_person
from tests.waves import make_wave, wording_of

pytestmark = pytest.mark.django_db

ANSWERS = {"text": "Как вы добираетесь?", "kind": "choice", "options": "Пешком\n\nАвтобусом "}


@pytest.fixture
def wave(client):
    client.force_login(make_person("operator_manager"))
    return make_wave(opened=False)


def text(answer):
    return unescape(answer.content.decode()).replace("\xa0", " ")


def at(wave, rest=""):
    return f"/office/waves/{wave.pk}/questionnaire/{rest}"


def extra(wave):
    wave.refresh_from_db()
    return [
        (item["id"], item["text"], item["kind"], item["options"], item["show_if"])
        for item in wave.additions["extra"]
    ]


def test_questions_of_the_region_are_added_changed_and_moved(client, wave):
    assert client.post(at(wave, "questions/new/"), ANSWERS).status_code == 302
    after = {"text": "Долго?", "kind": "choice", "show_if": "r1=2"}
    assert client.post(at(wave, "questions/new/"), after).status_code == 302
    free = {"text": "Чего не хватает?", "kind": "text"}
    assert client.post(at(wave, "questions/new/"), free).status_code == 302
    assert extra(wave) == [
        ("r1", "Как вы добираетесь?", "choice", ["Пешком", "Автобусом"], None),
        ("r2", "Долго?", "choice", [], {"question": "r1", "answer": 2}),
        ("r3", "Чего не хватает?", "text", [], None),
    ]
    page = text(client.get(at(wave)))
    assert "Пешком<br>Автобусом" in page
    assert "задаётся, только если на вопрос 15 ответить «Автобусом»" in page
    assert page.count("вопрос региона, в расчёт не входит") == 3
    form = text(client.get(at(wave, "questions/r2/")))
    assert '<option value="r1=2" selected>' in form
    assert '<option value="r2=1"' not in form
    client.post(at(wave, "questions/r3/up/"))
    assert [item[0] for item in extra(wave)] == ["r1", "r3", "r2"]
    client.post(at(wave, "questions/r1/remove/"))
    assert "От этого вопроса зависит другой: «Долго?»." in text(client.get(at(wave)))
    client.post(at(wave, "questions/r3/remove/"))
    assert [item[0] for item in extra(wave)] == ["r1", "r2"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"options": "один вариант"}, "Нужно от двух до 20 или ни одного."),
        ({"options": "Да\nДа"}, "Два варианта одинаковы."),
        ({"kind": "text"}, "варианты не нужны"),
        ({"text": " "}, "Обязательное поле"),
        ({"show_if": "r9=1"}, "Выберите корректный вариант"),
    ],
)
def test_question_with_a_fault_is_told_and_keeps_what_was_typed(client, wave, change, message):
    answer = client.post(at(wave, "questions/new/"), {**ANSWERS, **change})
    assert (answer.status_code, message in text(answer)) == (422, True)
    assert extra(wave) == []


def test_question_of_two_people_at_once_is_not_lost(client, wave):
    seen = {"seen": wave.version}
    assert client.post(at(wave, "questions/new/"), {**ANSWERS, **seen}).status_code == 302
    late = client.post(at(wave, "questions/new/"), {"text": "Ещё?", "kind": "choice", **seen})
    assert (late.status_code, "её изменил кто-то другой" in text(late)) == (422, True)
    assert [item[0] for item in extra(wave)] == ["r1"]


def test_questionnaire_of_an_open_wave_does_not_change(client, wave):
    waves.open_wave(wave=wave, by=None, now=NOW)
    for rest in ("questions/new/", "languages/new/", "load/"):
        assert client.post(at(wave, rest), ANSWERS).status_code == 302
    client.post(at(wave, "questions/r1/remove/"))
    assert extra(wave) == []
    page = text(client.get(at(wave)))
    assert "Волна открыта: анкета больше не меняется." in page
    assert "Добавить вопрос" not in page


# --- languages ----------------------------------------------------------------------------------


def test_language_is_added_worded_and_finished(client, wave):
    client.post(at(wave, "questions/new/"), ANSWERS)
    assert client.post(at(wave, "languages/new/"), {"code": "tt"}).status_code == 302
    page = client.get(at(wave, "languages/tt/")).content.decode()
    names = re.findall(r'<textarea id="[^"]+" name="([^"]+)"', page)
    assert {"title", "preamble", "q.q1", "o.yes_no.0", "q.r1", "o.r1.2", "o.q17.1"} <= set(names)
    part = {"name": "Татарча", "q.q1": "Беренче сорау"}
    client.post(at(wave, "languages/tt/"), part)
    assert f"Осталось перевести: {len(names) - 1} " in text(client.get(at(wave, "languages/tt/")))
    with pytest.raises(Refusal) as refusal:
        waves.open_wave(wave=wave, by=None, now=NOW)
    assert refusal.value.kind == "not_translated"
    assert f"Татарча: не переведено {len(names) - 1}." in str(refusal.value)
    whole = {"name": "Татарча", **{name: f"{name} tt" for name in names}}
    client.post(at(wave, "languages/tt/"), whole)
    assert "готов" in text(client.get(at(wave)))
    assert waves.open_wave(wave=wave, by=None, now=NOW).status == "open"


@pytest.mark.parametrize("method", ["get", "post"])
def test_open_in_the_office_says_what_is_not_translated(client, wave, method):
    client.post(at(wave, "languages/new/"), {"code": "tt"})
    answer = getattr(client, method)(f"/office/waves/{wave.pk}/open/", follow=True)
    wave.refresh_from_db()
    assert (wave.status, Letter.objects.count()) == ("planned", 0)
    assert "Перевод анкеты не закончен. Татарча: не переведено" in text(answer)


def test_language_is_removed_after_its_confirmation(client, wave):
    client.post(at(wave, "languages/new/"), {"code": "tt"})
    assert "Пропадёт перевод: 0 текстов." in text(client.get(at(wave, "languages/tt/remove/")))
    client.post(at(wave, "languages/tt/remove/"))
    wave.refresh_from_db()
    assert wave.additions["wordings"] == {}
    assert client.get(at(wave, "languages/tt/")).status_code == 404


# --- XLSForm ------------------------------------------------------------------------------------


UNSEEN = {"question": "q1", "answer": 0}


def load(client, wave, content, name="форма.xlsx"):
    return client.post(at(wave, "load/"), {"file": SimpleUploadedFile(name, content)})


def changed(content, change):
    """The workbook with rows of «survey» as ``change`` (header → rows) gives them back."""
    buffer = io.BytesIO()
    made = xlsxwriter.Workbook(buffer)
    for sheet in read_sheets(content, name="a.xlsx"):
        rows = [["" if cell is None else cell for cell in row] for row in sheet.rows]
        written = made.add_worksheet(sheet.name)
        for number, row in enumerate(change(rows) if sheet.name == "survey" else rows):
            written.write_row(number, 0, row)
    made.close()
    return buffer.getvalue()


def test_xlsform_goes_out_and_comes_back_the_same(client, wave):
    questions = [
        {"id": "r1", "text": "Как вы добираетесь?", "options": ["Пешком", "Автобусом"]},
        {"id": "r2", "text": "Долго?", "show_if": {"question": "r1", "answer": 2}},
        {"id": "r3", "text": "Сколько детей?", "kind": "profile", "options": ["1", "2"]},
        {"id": "r4", "text": "Нет чего?", "kind": "text", "show_if": UNSEEN},
    ]  # fmt: skip
    tatar = wording_of({"q.r1": "Ничек?", "o.yes_no.1": "Әйе"}, extra=questions)
    additions = {"extra": questions, "wordings": {"tt": tatar}}
    waves.word(wave=wave, additions=additions, by=None, now=NOW)
    before = wave.additions
    content = client.get(at(wave, "anketa.xlsx")).content
    waves.word(
        wave=wave, additions={**additions, "wordings": {"tt": {**tatar, "questions": {}}}},
        by=None, now=NOW,
    )  # fmt: skip
    assert load(client, wave, content).status_code == 302
    assert "Форма загружена: 4 вопроса региона, языков кроме русского – 1." in text(
        client.get(at(wave))
    )
    wave.refresh_from_db()
    assert wave.additions == before


def test_xlsform_of_a_region_brings_its_questions(client, wave):
    content = client.get(at(wave, "anketa.xlsx")).content

    def change(rows):
        type_, name, label = rows[0].index("type"), rows[0].index("name"), 2
        row = [""] * len(rows[0])
        row[type_], row[name], row[label] = "select_one yes_no", "wardrobe", "Есть ли гардероб?"
        return [*rows, row]

    assert load(client, wave, changed(content, change)).status_code == 302
    assert extra(wave) == [("r1", "Есть ли гардероб?", "choice", [], None)]


def test_xlsform_with_faults_is_refused_with_row_column_and_cure(client, wave):
    content = client.get(at(wave, "anketa.xlsx")).content

    def change(rows):
        row = ["geopoint", "where", "Где вы живёте?", *[""] * (len(rows[0]) - 3)]
        return [*rows, row]

    answer = load(client, wave, changed(content, change))
    assert answer.status_code == 422
    page = text(answer)
    assert "лист «survey», строка 22, столбец «type»" in page
    assert "Тип вопроса «geopoint» не поддерживается." in page
    assert "Оставьте один из типов" in page


def test_xlsform_that_changes_the_edition_or_is_none_is_refused(client, wave):
    content = client.get(at(wave, "anketa.xlsx")).content

    def change(rows):
        return [[cell.replace("на информационных стендах", "где-то") if isinstance(cell, str)
                 else cell for cell in row] for row in rows]  # fmt: skip

    answer = load(client, wave, changed(content, change))
    assert (answer.status_code, "Вопрос «q1» изменён" in text(answer)) == (422, True)

    def age(rows):
        return [*rows, ["integer", "height", "Рост?", *[""] * (len(rows[0]) - 3)]]

    answer = load(client, wave, changed(content, age))
    assert (answer.status_code, "мог бы выдать человека" in text(answer)) == (422, True)
    for broken in (b"not a table", b"PK\x03\x04broken"):
        assert load(client, wave, broken).status_code == 422
    assert extra(wave) == []
