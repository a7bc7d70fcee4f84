"""The respondent's page and its intake: what is shown, taken, refused, and never lost."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import secrets
from datetime import timedelta
from html import unescape
from itertools import count
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.test import Client

from noko.actions import wave as waves
from noko.database import Cluster
from noko.models import AnswerBox, Draft, Trace, WaveOrganisation
from noko.queries.response import survey_of
from noko.web.survey.sending import LARGEST, PROOF_BITS
from tests.settings import TEST_HOME
from tests.small_cycle import NOW, make_cycle
from tests.waves import DAY, make_organisations_of, make_wave, wording_of

pytestmark = pytest.mark.django_db

FILTERS = {"q1": "1", "q3": "0", "q7": "0", "q11": "1"}
ANSWERS = {
    **FILTERS,
    **dict.fromkeys(("q2", "q6", "q9", "q10", "q12", "q13", "q14"), "1"),
    "q15": "0",
}
PATTERN = "110-10-1111110"
PROFILE = {"q16": "Больше  кружков\r\n\r\n", "q17": "2", "q18": "34"}
KEY = "0123456789abcdef" * 2


@pytest.fixture
def wave():
    return make_wave()


@pytest.fixture
def address(wave):
    return f"/s/{wave.places.order_by('organisation__sort_key').first().code}/"


def posted(client, address, answers=ANSWERS, **meta):
    """The form as the page has it, sent with ``answers``."""
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    return client.post(address, {**hidden, **answers, **meta})


def sent(client, address, answers=ANSWERS, **more):
    version = WaveOrganisation.objects.get(code=address.split("/")[2]).wave.version
    body = {"key": secrets.token_hex(16), "version": version, "answers": answers, **more}
    return client.post(address, json.dumps(body), content_type="application/json")


def boxes():
    fields = ("channel", "marks", "number", "answers", "profile", "remarks")
    return list(AnswerBox.objects.order_by("pk").values_list(*fields))


# --- the page -----------------------------------------------------------------------------------


def test_page_is_small_and_the_same_for_everybody(client, address):
    page = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert (page.status_code, page["Content-Encoding"]) == (200, "gzip")
    text = gzip.decompress(page.content).decode()
    named = re.findall(r'(?:href|src)="/static/([^"]+)"', text)
    files = [gzip.compress(Path(finders.find(name)).read_bytes(), 9) for name in named]
    whole = len(page.content) + sum(map(len, files))
    assert sorted(name.rsplit(".")[-1] for name in named) == ["css", "js", "js", "svg"]
    assert whole < 50_000
    assert page.cookies == {}
    assert page["Cache-Control"] == "private, no-cache"
    one, two = (client.get(address).content.decode() for _ in range(2))
    assert re.sub("[0-9a-f]{32}", "", one) == re.sub("[0-9a-f]{32}", "", two)
    assert one != two


def test_page_asks_every_question_once(client, address):
    page = client.get(address).content.decode()
    names = re.findall(r'<(?:input|textarea)[^>]* name="(q\d+)"', page)
    assert list(dict.fromkeys(names)) == [f"q{n}" for n in range(1, 19) if n != 5]
    assert page.count("<fieldset") == 17


def test_page_names_the_organisation_and_the_last_day(client, address):
    page = client.get(address).content.decode()
    assert "<h1>Детский сад «Берёзка» (preschool)</h1>" in page
    assert "до 28\xa0февраля 2027\xa0г." in page


def test_page_of_the_poster_knows_its_channel(client, address):
    posted(client, f"{address}?c=p")
    posted(client, f"{address}?c=anything")
    assert [box[0] for box in boxes()] == ["poster", "link"]


def test_page_code_may_be_typed_in_capitals(client, address):
    assert client.get(address.upper().replace("/S/", "/s/")).status_code == 200


def test_page_of_another_language(client):
    said = {"q.q1": "Беренче сорау", "o.yes_no.0": "Юк", "o.yes_no.1": "Әйе"}
    wave = make_wave(additions={"wordings": {"tt": wording_of(said)}})
    address = f"/s/{wave.places.first().code}/"
    page = client.get(f"{address}?lang=tt").content.decode()
    assert "Беренче сорау" in page
    assert "<span>Әйе</span>" in page
    assert '<a href="?lang=ru" lang="ru" hreflang="ru">Русский</a>' in page
    assert posted(client, f"{address}?lang=tt").status_code == 303
    assert client.get(f"{address}?lang=xx").content.decode().count("Беренче") == 0


def test_page_may_be_looked_at_in_each_language_without_being_sent(client):
    wave = make_wave(additions={"wordings": {"tt": wording_of({"q.q1": "Беренче сорау"})}})
    address = f"/s/{wave.places.first().code}/"
    page = client.get(f"{address}?preview=1&lang=tt").content.decode()
    assert ("Беренче сорау" in page, 'type="submit"' in page) == (True, False)
    assert '<a href="?lang=ru&amp;preview=1" lang="ru"' in page


def test_page_of_a_region_with_a_question_of_its_own(client):
    extra = [{"id": "r1", "text": "Как вы добираетесь?", "options": ["Пешком", "Автобусом"]}]
    wave = make_wave(additions={"extra": extra})
    address = f"/s/{wave.places.first().code}/"
    assert posted(client, address, {**ANSWERS, "r1": "2"}).status_code == 303
    assert [box[3] for box in boxes()] == [{PATTERN + "2": 1}]


def test_page_of_a_region_with_a_question_about_the_person_and_a_free_one(client):
    extra = [
        {"id": "r1", "text": "Сколько у вас детей?", "kind": "profile", "options": ["1", "2"]},
        {"id": "r2", "text": "Чего не хватает?", "kind": "text"},
    ]
    wave = make_wave(additions={"extra": extra})
    address = f"/s/{wave.places.first().code}/"
    answers = {**ANSWERS, "r1": "2", "r2": "Парковки"}
    assert posted(client, address, answers).status_code == 303
    assert [box[3:] for box in boxes()] == [({PATTERN: 1}, {"r1=2": 1}, {"r2=Парковки": 1})]


# --- accepted -----------------------------------------------------------------------------------


def test_form_is_accepted_with_a_receipt(client, address):
    answer = posted(client, address, {**ANSWERS, **PROFILE})
    assert answer.status_code == 303
    receipt = re.fullmatch(rf"{address}done/\?r=([A-Z2-7]{{4}}-[A-Z2-7]{{4}})", answer["Location"])
    page = client.get(answer["Location"])
    assert receipt[1] in page.content.decode()
    assert (answer.cookies, page.cookies) == ({}, {})
    profile, remarks = {"q17=2": 1, "q18=34": 1}, {"q16=Больше  кружков": 1}
    assert boxes() == [("link", 0, 1, {PATTERN: 1}, profile, remarks)]


def test_form_sent_twice_is_one_answer(client, address):
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    first, again = (client.post(address, {**hidden, **ANSWERS}) for _ in range(2))
    assert first["Location"] == again["Location"]
    assert [box[2] for box in boxes()] == [1]


def test_json_is_accepted_and_repeated(client, address):
    first, again = (sent(client, address, key=KEY) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert [box[2:4] for box in boxes()] == [(1, {PATTERN: 1})]


def test_json_takes_numbers_and_leaves_out_what_is_empty(client, address):
    answers = {"q1": 0, "q2": None, "q3": "", "q6": 1, "q16": "  "}
    assert sent(client, address, answers).status_code == 201
    assert [(box[3], box[5]) for box in boxes()] == [({"0---1---------": 1}, {})]


def test_json_with_a_clock_five_years_off_counts_on_the_servers_day(client, address):
    five_years = 5 * 365 * 24 * 3600
    for seconds in (-five_years, five_years, 10**400, float("1e300"), "вчера", True, None):
        assert sent(client, address, seconds=seconds).status_code == 201
    assert Trace.objects.filter(kind="pace").count() == 0
    assert AnswerBox.objects.get().number == 7


def test_json_marks_pace_device_and_proof(client, address):
    for seconds, proof in ((200, ""), (3, "0")):
        assert sent(client, address, device=KEY, seconds=seconds, proof=proof).status_code == 201
    assert [(box[1], box[2]) for box in boxes()] == [(0, 1), (1 | 4, 1)]
    for nonce in count():
        digest = hashlib.sha256(f"{KEY}:{nonce}".encode()).hexdigest()
        if int(digest, 16) >> (256 - PROOF_BITS) == 0:
            break
    assert sent(client, address, key=KEY, proof=str(nonce)).status_code == 201
    found = Trace.objects.filter(kind="way").values_list("token", "number")
    assert dict(found) == {"module": 2, "proved": 1}


def test_five_hundred_parents_behind_one_address_pass(client, address):
    places = {sent(client, address, seconds=90).status_code for _ in range(500)}
    assert places == {201}
    assert sum(box[2] for box in boxes()) == 500


# --- refused, with everything kept --------------------------------------------------------------


def kept(page):
    """What the form that came back holds: name → value."""
    text = page.content.decode()
    found = dict(re.findall(r'type="radio" name="(\w+)" value="(\d)"[^>]* checked', text))
    found |= {n: unescape(v) for n, v in re.findall(r'<textarea name="(\w+)"[^>]*>([^<]+)<', text)}
    number = re.search(r'name="(q18)"[^>]* value="([^"]+)"', text)
    return found | ({number[1]: number[2]} if number else {})


def test_unknown_question_is_refused(client, address):
    page = posted(client, address, {**ANSWERS, "q5": "1"})
    assert page.status_code == 422
    assert "В анкете нет вопроса «q5»." in page.content.decode()
    assert kept(page) == ANSWERS
    answer = sent(client, address, {**ANSWERS, "q5": "1"})
    assert [flaw["kind"] for flaw in answer.json()["flaws"]] == ["unknown_question"]
    assert boxes() == []


@pytest.mark.parametrize("value", ["7", "да", "-1", "1.0", [1], {"a": 1}, True, 10**30])
def test_answer_outside_of_its_list_is_refused(client, address, value):
    answer = sent(client, address, {**ANSWERS, "q6": value})
    assert answer.status_code == 422
    assert answer.json()["flaws"] == [
        {
            "question": "q6",
            "kind": "not_an_option",
            "message": "Вопрос 5: такого варианта ответа нет. Выберите один из данных.",
        }
    ]
    assert boxes() == []


def test_answer_to_a_hidden_question_is_refused_and_taken_off(client, address):
    page = posted(client, address, {**ANSWERS, "q1": "0"})
    assert page.status_code == 422
    text = "Вопрос 2 задаётся, только если на вопрос 1 ответить «Да»."
    assert text in unescape(page.content.decode())
    rest = {name: value for name, value in ANSWERS.items() if name != "q2"}
    assert kept(page) == {**rest, "q1": "0"}
    flaws = sent(client, address, {**ANSWERS, "q1": "0"}).json()["flaws"]
    assert [(flaw["question"], flaw["kind"]) for flaw in flaws] == [("q2", "hidden_answer")]
    assert boxes() == []


def test_wrong_age_and_long_text_go_back_as_typed(client, address):
    typed = {**ANSWERS, "q16": "я" * 3001, "q18": "тридцать"}
    page = posted(client, address, typed)
    assert page.status_code == 422
    assert kept(page) == typed
    text = page.content.decode()
    assert "укажите целое число от 1 до 120" in text
    assert "в тексте 3001 знаков. Сократите его до 3000" in text
    assert 'href="#q18"' in text


def test_answer_without_answers_is_refused(client, address):
    page = posted(client, address, {"q16": "Спасибо"})
    assert page.status_code == 422
    assert "Нет ни одного ответа" in page.content.decode()
    assert kept(page) == {"q16": "Спасибо"}


def test_another_version_goes_back_with_the_answers(client, address):
    page = posted(client, address, {**ANSWERS, "q1": "0", "q77": "1"}, version="old")
    assert page.status_code == 409
    assert "Анкета изменилась" in page.content.decode()
    rest = {name: value for name, value in ANSWERS.items() if name != "q2"}
    assert kept(page) == {**rest, "q1": "0"}
    assert sent(client, address, version="old").json()["kind"] == "other_version"
    assert boxes() == []


def test_trap_asks_a_person_to_send_again(client, address):
    page = posted(client, address, website="http://spam.example")
    assert page.status_code == 422
    assert kept(page) == ANSWERS
    assert boxes() == []
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert client.post(address, {**hidden, **ANSWERS}).status_code == 303


def test_form_of_five_megabytes_is_refused(client, address):
    for size in (LARGEST, 5 * 1024 * 1024):
        page = posted(client, address, {**ANSWERS, "q16": "a" * size})
        assert (page.status_code, "Ответ слишком большой" in page.content.decode()) == (413, True)
    assert sent(client, address, {"q16": "a" * LARGEST}).json()["kind"] == "too_large"
    assert boxes() == []


@pytest.mark.parametrize(
    "body", [" ", "[]", "{", '"text"', '{"answers": []}', '{"answers": {}}', "[" * 100_000, "\x00"]
)
def test_json_that_is_none_is_refused(client, address, body):
    answer = client.post(address, body, content_type="application/json")
    assert (answer.status_code, answer.json()["kind"]) == (400, "unreadable")


@pytest.mark.parametrize("key", ["", "short", "G" * 32, 7, None, "0" * 33])
def test_json_without_a_key_is_refused(client, address, key):
    answer = sent(client, address, key=key)
    assert (answer.status_code, answer.json()["kind"]) == (400, "unreadable")


def test_form_without_a_key_is_an_answer_of_its_own(client, address):
    assert [posted(client, address, key="").status_code for _ in range(2)] == [303, 303]
    assert [box[2] for box in boxes()] == [2]


def test_texts_that_no_database_can_hold_are_cleaned(client, address):
    texts = {"q16": "а\x00б\x1bв\ud800", "q17": "1"}
    assert sent(client, address, {**ANSWERS, **texts}).status_code == 201
    assert [box[5] for box in boxes()] == [{"q16=абв": 1}]


# --- closed, planned, unknown -------------------------------------------------------------------


def test_unknown_link_is_kind(client):
    page = client.get("/s/zzzzzzzz/")
    assert (page.status_code, "Такой анкеты нет" in page.content.decode()) == (404, True)
    answer = client.post("/s/zzzzzzzz/", "{}", content_type="application/json")
    assert (answer.status_code, answer.json()["kind"]) == (404, "unknown_link")


def test_planned_wave_says_when_it_begins(client):
    planned = make_wave(opened=False)
    address = f"/s/{planned.places.first().code}/"
    page = client.get(address)
    text = page.content.decode()
    assert (page.status_code, "с 1\xa0февраля 2027\xa0г. по 28\xa0февраля" in text) == (200, True)
    answer = sent(client, address)
    assert (answer.status_code, answer.json()["kind"]) == (409, "not_open")


def test_planned_wave_can_be_looked_at(client):
    planned = make_wave(opened=False)
    page = client.get(f"/s/{planned.places.first().code}/?preview=1").content.decode()
    assert "Предварительный просмотр" in page
    assert (page.count("<fieldset"), page.count("<button"), page.count("<script")) == (17, 0, 0)


def test_closed_wave_shows_a_late_respondent_what_was_typed(client, wave, address):
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    close(wave)
    late = client.post(address, {**hidden, **ANSWERS, **PROFILE})
    assert late.status_code == 410
    text = late.content.decode()
    assert "Опрос уже закрыт, и этот ответ не принят" in text
    assert "<button" not in text
    assert kept(late)["q16"] == "Больше  кружков"
    assert sent(client, address).json()["kind"] == "wave_closed"
    assert client.get(address).status_code == 410
    assert boxes() == []


def test_wave_closing_meanwhile_refuses_as_a_closed_one(client, wave, address):
    wave.places.update(is_open=False)
    assert sent(client, address).status_code == 410


def close(wave):
    wave.places.update(is_open=False)
    facts = {"status": "closed", "salt": None, "closed_at": NOW, "digest": "d" * 64}
    type(wave).objects.filter(pk=wave.pk).update(**facts)


def test_code_of_paper_leads_to_the_form(client, address):
    code = address.split("/")[2]
    assert client.get("/s/", {"code": f" {code[:4].upper()}-{code[4:]} "})["Location"] == address
    wrong = client.get("/s/", {"code": "<b>нет"})
    assert (wrong.status_code, "Кода «&lt;b&gt;нет» нет" in wrong.content.decode()) == (404, True)
    assert client.get("/s/").status_code == 200


# --- later --------------------------------------------------------------------------------------


def later(client, address, answers):
    page = posted(client, address, answers, later="1").content.decode()
    return re.search(r'href="http://testserver(/s/\w+/[0-9a-f]{32}/)"', page)[1]


def test_unfinished_answer_is_kept_and_counts_for_nothing(client, address):
    typed = {"q1": "1", "q6": "0", "q16": "Больше кружков", "q18": "много"}
    kept_at = later(client, f"{address}?c=p", typed)
    assert (boxes(), Trace.objects.count()) == ([], 0)
    page = client.get(kept_at)
    assert kept(page) == typed
    assert later_again(client, page, {**typed, "q18": "34"}) == kept_at
    page = client.get(kept_at)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    assert client.post(address, {**hidden, **kept(page)}).status_code == 303
    assert [(box[0], box[3]) for box in boxes()] == [("poster", {"1---0---------": 1})]
    assert Draft.objects.count() == 0
    assert client.get(kept_at).status_code == 404


def later_again(client, page, answers):
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.content.decode()))
    address = f"/s/{page.request['PATH_INFO'].split('/')[2]}/"
    again = client.post(address, {**hidden, **answers, "later": "1"}).content.decode()
    return re.search(r'href="http://testserver(/s/\w+/[0-9a-f]{32}/)"', again)[1]


def test_unfinished_answer_opens_with_its_key_alone(client, address):
    texts = {"q16": "Тайное слово", "q6": "1"}
    kept_at = later(client, address, texts)
    draft = Draft.objects.get()
    assert "Тайное".encode() not in bytes(draft.sealed)
    assert len(draft.sealed) == 12 + 512 + 16
    key = kept_at.split("/")[3]
    assert key not in str(draft.__dict__)
    other = kept_at.replace(key, key[::-1])
    assert client.get(other).status_code == 404
    draft.sealed = bytes(draft.sealed)[::-1]
    draft.save()
    assert client.get(kept_at).status_code == 404


def test_unfinished_answer_of_a_closed_wave_is_not_opened(client, wave, address):
    kept_at = later(client, address, {"q6": "1"})
    close(wave)
    assert client.get(kept_at).status_code == 410


# --- the database goes away ---------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_answer_is_kept_on_the_page_when_the_database_fails(wave, address):
    """The connection breaks while the answer is being written; another try takes it once."""
    place = WaveOrganisation.objects.get(code=address.split("/")[2])
    results = []

    def send():
        results.append(posted(Client(), address, key=KEY))
        connection.close()

    with transaction.atomic():
        WaveOrganisation.objects.select_for_update().get(pk=place.pk)
        sender = Thread(target=send)
        sender.start()
        _break_whoever_waits()
        sender.join(timeout=30)
    assert results[0].status_code == 503
    assert kept(results[0]) == ANSWERS
    assert "Дважды ответ не засчитается" in results[0].content.decode()
    send()
    send()
    assert [answer.status_code for answer in results[1:]] == [303, 303]
    assert [box[2] for box in boxes()] == [1]
    # Of a database that is not ours the log is not at hand.
    if "NOKO_CLUSTER" in connection.settings_dict:
        _look_for_answers_in_the_log()


def _look_for_answers_in_the_log():
    log = Cluster(TEST_HOME / "postgres", throwaway=True).log().read_text(encoding="utf-8")
    statement = log.rpartition("insert into noko_receipt")[2]
    assert "terminating connection" in log
    assert statement, "the database logs no failed statement"
    assert [word for word in (PATTERN, KEY, "q6", "q17") if word in statement] == []


@pytest.mark.django_db(transaction=True)
def test_connection_that_has_died_meanwhile_is_replaced(wave, address):
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    with psycopg.connect(**plain_address(), autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s, 10000)", [backend])
    assert survey_of(address.split("/")[2]) is not None
    assert connection.connection.info.backend_pid != backend


def plain_address():
    address = connection.get_connection_params()
    known = ("host", "port", "user", "password", "dbname")
    return {name: address[name] for name in known if name in address}


def _break_whoever_waits():
    waiting = (
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where wait_event_type = 'Lock' and datname = current_database()"
    )
    with connection.cursor() as cursor:
        for _ in range(200):
            cursor.execute(waiting)
            if cursor.fetchone():
                return
            cursor.execute("select pg_sleep(0.05), pg_stat_clear_snapshot()")
    raise AssertionError("nobody waits")


def test_wave_is_planned_and_opened_by_deeds():
    cycle = make_cycle("2030", year=2030)
    wave = waves.plan(
        cycle=cycle, type="preschool", operator="", starts_on=DAY, ends_on=DAY + timedelta(3),
        organisations=make_organisations_of("preschool"), by=None, now=NOW,
    )  # fmt: skip
    assert {place.target for place in wave.places.all()} == {48}
