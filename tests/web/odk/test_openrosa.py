"""What ODK Collect and the server say to each other, as the standard and Collect have it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import socket
import uuid
import zlib
from datetime import timedelta
from threading import Thread
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.handlers.wsgi import WSGIRequest
from django.db import OperationalError, connection
from lxml import etree

from noko.actions import odk
from noko.actions import wave as waves
from noko.exchange.openrosa import settings_code
from noko.exchange.xlsform import to_xform
from noko.models import AnswerBox, Municipality, Receipt, Trace
from noko.queries.odk import assessed, places_behind, sheets_of
from noko.web.odk import submission as views
from noko.web.odk.answering import LARGEST
from tests.small_cycle import NOW
from tests.waves import make_wave

pytestmark = pytest.mark.django_db

LIST = "{http://openrosa.org/xforms/xformsList}"
RESPONSE = "{http://openrosa.org/http/response}"
FORM = "{http://www.w3.org/2002/xforms}"
FILTERS = {"q1": "1", "q3": "0", "q7": "0", "q11": "1"}
ANSWERS = {
    **FILTERS,
    **dict.fromkeys(("q2", "q6", "q9", "q10", "q12", "q13", "q14"), "1"),
    "q15": "0",
}
PATTERN = "110-10-1111110"
KEY = "uuid:85cb9aff-005e-4edd-9727-dc9c1a829c44"


@pytest.fixture
def wave():
    return make_wave()


@pytest.fixture
def address(wave):
    return give(wave)


def give(wave, holder="Петрова, планшет 3", municipality=None):
    return odk.give(wave=wave, holder=holder, municipality=municipality, by=None, now=NOW)


def filled(wave, answers=ANSWERS, *, key=KEY, place=0, version="", meta="", root="", form=""):
    """What Collect writes for a filled form."""
    organisation = wave.places.order_by("organisation__sort_key")[place].organisation_id
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items())
    instance = f"<orx:instanceID>{key}</orx:instanceID>" if key else ""
    return (
        "<?xml version='1.0' ?>"
        f'<data id="{form or f"noko-{wave.pk}"}" version="{version or wave.version}" '
        'xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa" '
        f'xmlns:orx="http://openrosa.org/xforms"{root}><preamble/>'
        f"<municipality>m1</municipality><organisation>o{organisation}</organisation>{fields}"
        f"<orx:meta>{instance}{meta}</orx:meta></data>"
    )


def send(client, address, content, **parts):
    file = SimpleUploadedFile("Анкета.xml", content.encode(), "text/xml")
    return client.post(
        f"/odk/{address.code}/submission?deviceID=collect%3Aabc",
        {"xml_submission_file": file, **parts},
        headers={"X-OpenRosa-Version": "1.0", "Date": "Mon, 14 Feb 2011 16:48:15 GMT"},
    )


def told(answer):
    """Status, nature and text of the message that the device shows."""
    root = etree.fromstring(answer.content)
    assert root.tag == f"{RESPONSE}OpenRosaResponse"
    [message] = root
    return answer.status_code, message.get("nature"), message.text


def boxes():
    fields = ("channel", "marks", "number", "answers", "profile", "remarks")
    return list(AnswerBox.objects.order_by("pk").values_list(*fields))


# --- the list and the form ----------------------------------------------------------------------


def test_form_list_names_the_form_with_its_digest_and_address(client, wave, address):
    answer = client.get(f"/odk/{address.code}/formList?deviceID=x")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert answer.headers["X-OpenRosa-Version"] == "1.0"
    assert answer.headers["X-OpenRosa-Accept-Content-Length"] == str(LARGEST)
    assert re.fullmatch(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT", answer.headers["Date"])
    [listed] = etree.fromstring(answer.content)
    fields = {item.tag.removeprefix(LIST): item.text for item in listed}
    form = client.get(urlsplit(fields["downloadUrl"]).path)
    assert fields == {
        "formID": f"noko-{wave.pk}",
        "name": "Оценка 2027: дошкольные организации",
        "version": wave.version,
        "hash": f"md5:{hashlib.md5(form.content, usedforsecurity=False).hexdigest()}",
        "downloadUrl": f"http://testserver/odk/{address.code}/forms/noko-{wave.pk}.xml",
    }
    assert client.get(f"/odk/{address.code}/formList?formID=other").content.count(b"<xform>") == 0


def test_form_is_what_the_questionnaire_asks(client, wave, address):
    form = etree.fromstring(client.get(f"/odk/{address.code}/forms/noko-{wave.pk}.xml").content)
    [data] = form.iterfind(f".//{FORM}instance/{FORM}data")
    assert (data.get("id"), data.get("version")) == (f"noko-{wave.pk}", wave.version)
    names = [item.tag.removeprefix(FORM) for item in data]
    assert names[:3] == ["preamble", "municipality", "organisation"]
    assert names[3:-1] == [f"q{number}" for number in range(1, 19) if number != 5]
    text = etree.tostring(form, encoding="unicode")
    assert re.findall(r'jr:preload="(?!uid)[^"]*"', text) == []
    assert text.count("instance('__last-saved')/data/organisation") == 1


def test_form_is_the_same_bytes_in_another_process(wave, address):
    places = assessed(places_behind(address))
    one, two = (to_xform(sheets_of(wave, places, keeps_place=True))[0] for _ in range(2))
    assert one == two


@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
def test_form_passes_odk_validate_in_all_its_languages():
    additions = {
        "extra": [{"id": "r1", "text": "Как вы добираетесь?", "options": ["Пешком", "Автобусом"]}],
        "wordings": {"tt": {"name": "Татарча", "options": {"yes_no": ["Юк", "Әйе"]}}},
    }
    wave = make_wave(additions=additions, opened=False)
    sheets = sheets_of(wave, assessed(places_behind(give(wave))), keeps_place=True)
    form, warnings = to_xform(sheets, odk_validate=True)
    assert warnings == []
    assert '<translation lang="Татарча (tt)">' in form


def test_form_of_a_municipality_holds_its_organisations_only(client, wave):
    place = wave.places.order_by("organisation__sort_key").first()
    municipality = place.organisation.municipality
    address = give(wave, municipality=municipality)
    content = client.get(f"/odk/{address.code}/forms/noko-{wave.pk}.xml").content.decode()
    assert f"<name>o{place.organisation_id}</name>" in content
    assert content.count("Детский сад") == 1
    other = filled(wave, place=1)
    assert told(send(client, address, other))[:2] == (422, "unknown_organisation")


def test_form_is_there_only_while_the_wave_is_open(client):
    wave = make_wave(opened=False)
    address = give(wave)
    form = f"/odk/{address.code}/forms/noko-{wave.pk}.xml"
    assert client.get(f"/odk/{address.code}/formList").content.count(b"<xform>") == 0
    assert client.get(form).status_code == 404
    assert told(send(client, address, filled(wave)))[:2] == (403, "not_open")
    waves.open_wave(wave=wave, by=None, now=NOW)
    assert client.get(f"/odk/{address.code}/formList").content.count(b"<xform>") == 1
    assert client.get(form).status_code == 200


def test_unknown_address_is_told_in_russian(client):
    for path in ("formList", "forms/noko-1.xml", "submission"):
        answer = client.post if path == "submission" else client.get
        assert told(answer(f"/odk/nowhere/{path}"))[:2] == (404, "unknown_address")
    page = client.get("/odk/nowhere/")
    assert (page.status_code, "Такого адреса нет" in page.content.decode()) == (404, True)


def test_address_in_a_browser_says_what_it_is_for(client, address):
    page = client.get(f"/odk/{address.code}/")
    assert (page.status_code, "ODK Collect" in page.content.decode()) == (200, True)


# --- sending ------------------------------------------------------------------------------------


def test_submission_head_says_where_and_how_much(client, address):
    answer = client.head(f"/odk/{address.code}/submission")
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Location"] == f"http://testserver/odk/{address.code}/submission"
    assert answer.headers["X-OpenRosa-Accept-Content-Length"] == str(LARGEST)
    assert client.get(f"/odk/{address.code}/submission").status_code == 405


def test_submission_is_accepted_once_however_often_it_comes(client, wave, address):
    content = filled(wave, {**ANSWERS, "q16": "Больше кружков", "q17": "2", "q18": "34"})
    answers = [told(send(client, address, content)) for _ in range(3)]
    other = told(send(client, give(wave, "Другой планшет"), content))
    assert len({*answers, other}) == 1
    status, nature, text = answers[0]
    assert (status, nature) == (201, "submit_success")
    assert re.fullmatch(
        r"Анкета принята: Детский сад «Берёзка» \(preschool\)\. "
        r"Квитанция [A-Z2-7]{4}-[A-Z2-7]{4}\.",
        text,
    )
    assert boxes() == [
        ("forms", 0, 1, {PATTERN: 1}, {"q17=2": 1, "q18=34": 1}, {"q16=Больше кружков": 1})
    ]


def test_submission_as_collect_sends_it(live_server, wave, address, transactional_db):
    """The bytes on the wire: first HEAD, then the form in one part, no further headers."""
    del transactional_db
    host, port = live_server.thread.host, live_server.thread.port
    path = f"/odk/{address.code}/submission?deviceID=collect%3AOa7JBwpKBRyvnvxR"
    head = wire(host, port, f"HEAD {path} HTTP/1.1\r\n{COMMON}Host: {host}:{port}\r\n\r\n".encode())
    assert head.startswith(b"HTTP/1.1 204 ")
    [location] = re.findall(rb"\r\nLocation: (\S+)\r\n", head)
    part = (
        "--3f3a0ba1\r\n"
        'Content-Disposition: form-data; name="xml_submission_file"; filename="A_2027-02-01.xml"'
        f"\r\nContent-Type: text/xml\r\nContent-Length: 0\r\n\r\n{filled(wave)}\r\n"
        "--3f3a0ba1--\r\n"
    ).encode()
    request = (
        f"POST {urlsplit(location.decode()).path}?deviceID=x HTTP/1.1\r\n{COMMON}"
        "Content-Type: multipart/form-data; boundary=3f3a0ba1\r\n"
        f"Content-Length: {len(part)}\r\nHost: {host}:{port}\r\n\r\n"
    ).encode()
    for _ in range(2):
        answer = wire(host, port, request + part)
        assert answer.startswith(b"HTTP/1.1 201 ")
        assert b"\r\nX-OpenRosa-Version: 1.0\r\n" in answer
    assert [box[:4] for box in boxes()] == [("forms", 0, 1, {PATTERN: 1})]


COMMON = (
    "User-Agent: org.odk.collect.android/v2026.1 Dalvik/2.1.0\r\nX-OpenRosa-Version: 1.0\r\n"
    "Date: Mon, 14 Feb 2011 04:48:15 GMT\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"
)


def wire(host, port, request):
    with socket.create_connection((host, port)) as line:
        line.sendall(request)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(65536), b""))


def test_submission_without_a_length_is_read_as_well(wave, address):
    """«Transfer-Encoding: chunked», which the standard demands of servers."""
    for size, status in ((0, 201), (LARGEST, 413)):
        content = filled(wave) + " " * size
        body = (
            '--b\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"'
            f"\r\nContent-Type: text/xml\r\n\r\n{content}\r\n--b--\r\n"
        ).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/odk/{address.code}/submission",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "CONTENT_TYPE": "multipart/form-data; boundary=b",
            "HTTP_TRANSFER_ENCODING": "chunked",
            "wsgi.input": io.BytesIO(body),
            "wsgi.url_scheme": "http",
        }
        assert views.submission(WSGIRequest(environ), address.code).status_code == status
    assert [box[2] for box in boxes()] == [1]


@pytest.mark.django_db(transaction=True)
def test_submission_in_sixteen_copies_at_once_is_one_answer(client, wave, address):
    content, answers = filled(wave), []

    def once():
        try:
            answers.append(told(send(client, address, content)))
        finally:
            connection.close()

    threads = [Thread(target=once) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(answers), len(set(answers)), answers[0][0]) == (16, 1, 201)
    assert [box[2] for box in boxes()] == [1]
    assert Receipt.objects.count() == 1


def test_submission_leaves_no_device_address_or_moment(client, wave, address):
    meta = (
        "<orx:deviceID>collect:secret</orx:deviceID><orx:timeStart>2031-05-05T10:00:00</orx:timeStart>"
        "<orx:instanceName>Иванова</orx:instanceName>"
    )
    answers = {
        **ANSWERS,
        "start": "2021-02-01T10:00:00",
        "deviceid": "secret",
        "username": "Иванова",
    }
    assert send(client, address, filled(wave, answers, meta=meta)).status_code == 201
    traces = list(Trace.objects.values_list("kind", "token", "number"))
    assert traces == [("way", "forms", 1)]
    assert [box[3:] for box in boxes()] == [({PATTERN: 1}, {}, {})]


def test_submission_many_at_once_in_the_evening_are_no_burst(client, wave, address):
    for _ in range(25):
        content = filled(wave, key=f"uuid:{uuid.uuid4()}")
        assert send(client, address, content).status_code == 201
    assert [(box[1], box[2]) for box in boxes()] == [(0, 25)]


def test_submission_counts_for_the_day_of_the_server(client, wave, address, monkeypatch):
    """A tablet whose clock is five years off."""
    later = NOW + timedelta(days=80)
    monkeypatch.setattr(views.timezone, "now", lambda: later)
    assert send(client, address, filled(wave)).status_code == 201
    assert AnswerBox.objects.get().day == later.date()


def test_submission_names_in_its_groups_are_found(client, wave, address):
    answers = {"group_a": "<q1>0</q1><inner><q6>1</q6></inner>"}
    assert send(client, address, filled(wave, answers)).status_code == 201
    assert boxes()[0][3] == {"0---1---------": 1}


# --- refusals -----------------------------------------------------------------------------------

STAYS = "Анкета осталась на устройстве."


def refusals(wave):
    yield "no_instance", 400, filled(wave, key="")
    yield "no_instance", 400, filled(wave, key="x" * 201)
    yield "encrypted", 400, filled(wave, root=' encrypted="yes"')
    yield "broken_xml", 400, filled(wave)[:-3]
    yield "broken_xml", 400, f'<!DOCTYPE d [<!ENTITY a "b">]>{filled(wave).partition("?>")[2]}'
    yield "other_version", 409, filled(wave, version="0" * 16)
    yield "other_version", 409, filled(wave, form="other")
    yield "edits", 409, filled(wave, meta="<orx:deprecatedID>uuid:1</orx:deprecatedID>")
    yield "flaws", 422, filled(wave, {**ANSWERS, "q1": "0"})
    yield "flaws", 422, filled(wave, {**ANSWERS, "q6": "7"})
    yield "flaws", 422, filled(wave, {**ANSWERS, "q18": "900"})
    yield "flaws", 422, filled(wave, {**ANSWERS, "q99": "1"})
    yield "flaws", 422, filled(wave, {})
    yield "flaws", 422, filled(wave, {**ANSWERS, "q16": "а" * 3001})
    yield "too_large", 413, filled(wave, {**ANSWERS, "q16": "a" * 5_000_000})
    yield "unknown_organisation", 422, re.sub(">o[0-9]+<", ">o999999<", filled(wave))
    yield "unknown_organisation", 422, re.sub(">o[0-9]+<", "><", filled(wave))
    yield "unknown_organisation", 422, re.sub(">o[0-9]+<", ">o²<", filled(wave))


def test_submission_refusals_are_russian_and_take_nothing(client, wave, address):
    for kind, status, content in refusals(wave):
        found = told(send(client, address, content))
        assert (*found[:2], found[2].endswith(STAYS)) == (status, kind, True), content[:300]
        assert re.search("[А-Яа-я]", found[2])
    assert boxes() == []


def test_submission_flaws_name_the_question(client, wave, address):
    _, _, text = told(send(client, address, filled(wave, {**ANSWERS, "q1": "0"})))
    assert text == (
        "Вопрос 2 задаётся, только если на вопрос 1 ответить «Да». Исправьте тот ответ или "
        f"оставьте этот вопрос без ответа. {STAYS}"
    )


def test_submission_without_the_part_is_told(client, address):
    assert told(client.post(f"/odk/{address.code}/submission"))[:2] == (400, "no_file")
    answer = client.post(f"/odk/{address.code}/submission", "<a/>", content_type="text/xml")
    assert told(answer)[:2] == (400, "no_file")


def test_submission_after_the_closing_is_refused_kindly(client, wave, address):
    assert send(client, address, filled(wave)).status_code == 201
    waves.move(wave, waves.Status.CLOSING)
    wave.places.update(is_open=False)
    late = told(send(client, address, filled(wave, key="uuid:late")))
    assert late[:2] == (410, "wave_closed")
    assert "Анкеты, принятые до закрытия, учтены." in late[2]
    assert [box[2] for box in boxes()] == [1]
    assert client.get(f"/odk/{address.code}/formList").content.count(b"<xform>") == 0


def test_submission_through_a_withdrawn_address_waits_for_another(client, wave, address):
    odk.withdraw(address=address, by=None, now=NOW)
    assert told(send(client, address, filled(wave)))[:2] == (403, "address_withdrawn")
    assert client.get(f"/odk/{address.code}/formList").content.count(b"<xform>") == 0
    assert told(send(client, give(wave, "Новый"), filled(wave)))[0] == 201


def test_submission_while_the_database_is_away_is_to_be_sent_again(
    client, wave, address, monkeypatch
):
    def gone(**_):
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(views, "accept", gone)
        assert told(send(client, address, filled(wave)))[:2] == (503, "not_saved")
    assert told(send(client, address, filled(wave)))[0] == 201
    assert [box[2] for box in boxes()] == [1]


# --- the settings -------------------------------------------------------------------------------


def test_settings_code_is_what_collect_reads():
    code = settings_code("https://noko.example.ru/odk/abc", "НОКО: сады")
    read = json.loads(zlib.decompress(base64.b64decode(code)))
    assert read["general"]["server_url"] == "https://noko.example.ru/odk/abc"
    assert (read["admin"], read["project"]["name"]) == ({}, "НОКО: сады")
    assert read["general"]["delete_send"] is True
    assert Municipality.objects.count() == 0
