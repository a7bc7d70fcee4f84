"""An expert in the field: a phone, no network in the middle, a photograph, handing over."""

import io

import pytest
from PIL import Image

from noko.models import Inspection, InspectionPhoto
from tests.journeys.test_office import looked_at
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    make_wave()
    make_person("operator_expert")
    return live_server.url


def sign_in(page, site):
    page.goto(f"{site}/field/")
    page.locator("input[name=login]").fill("operator_expert@example.org")
    page.locator("input[name=password]").fill("password")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/field/")


def open_first(page):
    page.get_by_role("link", name="Детский сад").first.click()
    page.wait_for_url("**/field/*/")


def says(page, text, where="state"):
    page.wait_for_function(
        "([where, text]) => document.getElementById(where).textContent.includes(text)",
        arg=[where, text],
    )


def mark(page, item, word):
    group = page.get_by_role("group", name=item)
    group.get_by_text(word, exact=True).click()


def photo():
    buffer = io.BytesIO()
    Image.new("RGB", (3000, 2000), "green").save(buffer, "JPEG")
    return {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def test_expert_goes_offline_and_comes_back(phone, site):
    sign_in(phone, site)
    looked_at(phone, "field-route")
    open_first(phone)
    phone.evaluate("navigator.serviceWorker.ready.then(() => true)")
    phone.reload()  # now the worker sees the page and keeps it
    looked_at(phone, "field-inspection")
    mark(phone, "наличие и доступность питьевой воды", "есть")
    says(phone, "Сохранено")

    phone.context.set_offline(True)
    mark(phone, "наличие зоны отдыха (ожидания)", "нет")
    phone.get_by_label("К какому пункту").select_option("comfort.rest_zone")
    phone.get_by_label("Снимок", exact=True).set_input_files(photo())
    phone.get_by_role("button", name="Приложить").click()
    says(phone, "Сети нет")
    says(phone, "Снимок сохранён на устройстве", where="photo-state")
    assert Inspection.objects.get().found == {"comfort": {"water": "present"}}
    phone.reload()  # the page opens without a network and remembers what was marked
    group = phone.get_by_role("group", name="наличие зоны отдыха (ожидания)")
    assert group.get_by_label("нет", exact=True).is_checked()
    assert InspectionPhoto.objects.count() == 0

    phone.context.set_offline(False)
    # A network that flickers: what is sent twice at once is no second device.
    phone.evaluate("for (let time = 0; time < 3; time++) dispatchEvent(new Event('online'))")
    for _ in range(100):
        if InspectionPhoto.objects.exists() and len(Inspection.objects.get().found["comfort"]) == 2:
            break
        phone.wait_for_timeout(100)
    kept = InspectionPhoto.objects.get()
    assert (kept.item, kept.width, kept.height) == ("rest_zone", 1600, 1067)
    assert Inspection.objects.get().found["comfort"] == {"water": "present", "rest_zone": "absent"}
    says(phone, "Сохранено.")


def test_expert_hands_over_without_javascript(plain_page, site):
    sign_in(plain_page, site)
    open_first(plain_page)
    for group in plain_page.locator(".marks").all():
        group.locator("input").first.check()
    plain_page.get_by_role("button", name="Сдать осмотр").click()
    plain_page.wait_for_url("**/field/")
    assert plain_page.get_by_text("сдан вами").is_visible()
    assert Inspection.objects.get().status == "submitted"


def test_expert_prints_the_card_and_reads_what_is_wrong(page, site):
    sign_in(page, site)
    page.get_by_role("link", name="рабочая карточка").first.click()
    looked_at(page, "field-card")
    page.get_by_role("link", name="К осмотру").click()
    page.get_by_role("button", name="Сдать осмотр").click()
    assert page.get_by_role("alert").get_by_text("Осмотрено не всё").is_visible()
    looked_at(page, "field-refused")
