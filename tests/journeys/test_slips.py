"""Slips with one-time codes: the operator prints them, a parent answers with one on a phone."""

import pytest
from django.utils import timezone

from noko.actions import one_time_code as codes
from noko.models import AnswerBox, OneTimeCode, Wave
from tests.journeys.test_office import looked_at, sign_in
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place(db):
    make_person("operator_manager")
    return make_wave().places.order_by("organisation__sort_key").first()


def test_slips_are_printed_and_one_confirms_an_answer(page, phone, live_server, place):
    site, address = live_server.url, f"/office/waves/{Wave.objects.get().pk}/codes/"
    sign_in(page, site, "operator_manager")
    page.goto(f"{site}/office/waves/{place.wave_id}/links/")
    page.get_by_role("link", name="Одноразовые коды на листках").click()
    looked_at(page, "codes")
    page.get_by_role("link", name="Выпустить листки").first.click()
    looked_at(page, "codes-issue")
    page.get_by_label("Сколько листков").fill("12")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Выпустить листки (PDF)").click()
    assert waiting.value.suggested_filename.endswith(".pdf")
    assert OneTimeCode.objects.count() == 12

    [code] = codes.issue(place=place, number=1, by=None, now=timezone.now())
    phone.goto(f"{site}/s/")
    phone.locator("#code").fill(f"{place.code} {code[:5]} {code[5:]}")
    phone.get_by_role("button", name="Открыть анкету").click()
    phone.wait_for_url("**?c=k*")
    phone.locator("input[name=q1][value='1']").check()
    phone.get_by_role("button", name="Отправить ответ").click()
    phone.get_by_text("Квитанция").first.wait_for()
    assert list(AnswerBox.objects.values_list("marks", "number")) == [(8, 1)]

    sign_in(phone, site, "operator_manager")
    phone.goto(f"{site}{address}")
    looked_at(phone, "codes-used")
    assert OneTimeCode.objects.count() == 12
