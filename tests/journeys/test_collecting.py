"""A wave is made ready and kept going: its own questions, a language, tablets, letters."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from noko.actions.response import key_digest
from noko.models import AnswerBox, OdkAddress, Organisation, Receipt, Wave, WaveLetter
from tests.journeys.test_office import looked_at, sign_in
from tests.small_cycle import make_person
from tests.waves import make_wave, place_of
from tests.web.odk.test_openrosa import filled, wire

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def wave(live_server):
    make_person("operator_manager")
    wave = make_wave(opened=False)
    places = wave.places.order_by("organisation__sort_key")
    Organisation.objects.filter(pk=places[0].organisation_id).update(email="sad@example.org")
    return wave


@pytest.mark.parametrize("device", ["page", "phone"])
def test_wave_is_prepared_opened_and_collected_on_a_tablet(request, device, live_server, wave):
    page, site = request.getfixturevalue(device), live_server.url
    sign_in(page, site, "operator_manager")
    own_question(page, site, wave)
    language(page)
    tablet(page, site, wave)
    open_it(page, site, wave)
    key = "uuid:85cb9aff-005e-4edd-9727-dc9c1a829c44"
    for _ in range(2):
        assert sent(live_server, wave, key).startswith(b"HTTP/1.1 201 ")
    assert [(box.channel, box.number) for box in AnswerBox.objects.all()] == [("forms", 1)]
    digest = key_digest(place_of(wave), key)
    assert [bytes(receipt.digest) for receipt in Receipt.objects.all()] == [digest]
    remind(page, site, wave)


def own_question(page, site, wave):
    page.goto(f"{site}/office/waves/{wave.pk}/questionnaire/")
    looked_at(page, "questionnaire")
    page.get_by_role("link", name="Добавить вопрос").click()
    looked_at(page, "question-new")
    page.get_by_label("Вопрос", exact=True).fill("Как вы добираетесь?")
    page.get_by_label("Варианты ответа").fill("Пешком\nАвтобусом")
    page.get_by_role("button", name="Сохранить вопрос").click()
    page.get_by_text("Вопрос сохранён.").wait_for()
    looked_at(page, "questionnaire-own")


def language(page):
    page.get_by_role("link", name="Добавить язык").click()
    page.get_by_label("Язык", exact=True).select_option("tt")
    page.get_by_role("button", name="Добавить язык").click()
    page.get_by_text("Переведите тексты ниже.").wait_for()
    looked_at(page, "language")
    for area in page.locator("main textarea").all():
        area.fill("Татарча текст")
    page.get_by_role("button", name="Сохранить перевод").click()
    page.get_by_text("Перевод готов.").first.wait_for()
    looked_at(page, "language-done")


def tablet(page, site, wave):
    page.goto(f"{site}/office/waves/{wave.pk}/odk/")
    looked_at(page, "odk-empty")
    page.get_by_label("Кому").fill("Петрова, планшет 3")
    page.get_by_role("button", name="Выдать адрес").click()
    page.get_by_text("Напечатайте карточку.").wait_for()
    looked_at(page, "odk")


def open_it(page, site, wave):
    page.goto(f"{site}/office/waves/{wave.pk}/open/")
    page.get_by_text("организациям – 1").wait_for()
    looked_at(page, "wave-open")
    page.get_by_role("button", name="Открыть волну").click()
    page.get_by_text("Волна открыта: ответы принимаются.").wait_for()
    wave.refresh_from_db()


def sent(live_server, wave, key):
    """The tablet takes the form from its address and sends what was filled in."""
    host, port = live_server.thread.host, live_server.thread.port
    at = f"/odk/{OdkAddress.objects.get().code}"
    head = f"HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n"
    listed = wire(host, port, f"GET {at}/formList {head}\r\n".encode()).decode()
    [address] = re.findall(r"<downloadUrl>http://[^/]+([^<]+)</downloadUrl>", listed)
    form = wire(host, port, f"GET {address} {head}\r\n".encode()).decode()
    assert '<translation lang="Татарча (tt)">' in form
    part = (
        '--b\r\nContent-Disposition: form-data; name="xml_submission_file"; filename="a.xml"\r\n'
        f"Content-Type: text/xml\r\n\r\n{filled(wave, key=key)}\r\n--b--\r\n"
    ).encode()
    lines = f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(part)}\r\n\r\n"
    return wire(host, port, f"POST {at}/submission {head}{lines}".encode() + part)


def remind(page, site, wave):
    """The wave of the tests lies in the future; here it has begun long ago."""
    today = timezone.localdate()
    Wave.objects.filter(pk=wave.pk).update(
        starts_on=today - timedelta(days=90), ends_on=today + timedelta(days=9)
    )
    page.goto(f"{site}/office/waves/{wave.pk}/letters/")
    looked_at(page, "letters-empty")
    page.get_by_role("link", name="Напомнить отстающим").click()
    page.locator("main summary").first.click()
    page.get_by_text("принято 1 из 48, не хватает: 47").wait_for()
    looked_at(page, "remind")
    page.get_by_role("button", name="Отправить 1").click()
    page.get_by_text("Сегодня больше не напишем.").wait_for()
    looked_at(page, "letters")
    assert list(WaveLetter.objects.values_list("to", "step")) == [("sad@example.org", "help")]
