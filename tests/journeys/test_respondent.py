"""Parents answer: on a phone that loses its network, by keyboard without a program, in two tabs."""

import json
import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from noko.models import AnswerBox, Wave
from tests.small_cycle import NOW
from tests.waves import make_wave

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CONTRAST = {"rules": {"color-contrast-enhanced": {"enabled": True}}}


@pytest.fixture
def wave():
    return make_wave()


@pytest.fixture
def address(live_server, wave):
    code = wave.places.order_by("organisation__sort_key").first().code
    return f"{live_server.url}/s/{code}/"


def looked_at(page, name):
    """No fault by axe, contrast of 7:1, nothing wider than the page, also at 320 px and in dark."""
    size = page.viewport_size
    for width, scheme in ((size["width"], "light"), (320, "dark")):
        page.set_viewport_size({"width": width, "height": size["height"]})
        page.emulate_media(color_scheme=scheme)
        faults = Axe().run(page, options=CONTRAST).response["violations"]
        assert [(f["id"], [n["html"][:200] for n in f["nodes"]]) for f in faults] == []
        wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        assert (name, width, wide) == (name, width, False)
        pictured(page, name)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(size)


def pictured(page, name):
    if folder := os.environ.get("NOKO_PICTURES"):
        width = page.viewport_size["width"]
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def choose(page, question, label):
    page.locator(f"#{question} label", has_text=label).click()


def answer_all(page):
    for question in ("q1", "q2", "q3", "q4", "q6"):
        choose(page, question, "Да")
    choose(page, "q7", "Нет")
    for question in ("q9", "q10"):
        choose(page, question, "Да")
    choose(page, "q11", "Нет")
    for question in ("q13", "q14"):
        choose(page, question, "Да")
    choose(page, "q15", "Нет")


PATTERN = "111110-110-110"
SEND = "Отправить ответ"


def accepted():
    """Pattern → number over all boxes."""
    found = {}
    for box in AnswerBox.objects.all():
        for pattern, number in box.answers.items():
            found[pattern] = found.get(pattern, 0) + number
    return found


def receipt_of(page):
    page.get_by_role("heading", name="Ответ принят").wait_for()
    return page.locator(".receipt b").inner_text()


def button(page, name):
    return page.get_by_role("button", name=name)


def at_hand(page):
    """Waits until the page has put itself aside for a visit without a network."""
    page.wait_for_function(
        "async () => (await (await caches.open('noko-survey')).keys()).length > 4"
        " && !!(await navigator.serviceWorker.getRegistration('/s/'))?.active"
    )


def test_phone_loses_its_network_in_the_middle_and_comes_back(phone, address):
    phone.goto(address)
    looked_at(phone, "survey-empty")
    at_hand(phone)
    choose(phone, "q1", "Да")
    choose(phone, "q2", "Да")
    phone.context.set_offline(True)
    # The page is closed by accident and opened by the same link, without a network.
    phone.reload()
    phone.get_by_role("heading", name="Продолжите с того же места").wait_for()
    assert phone.locator("#q2 input[value='1']").is_checked()
    answer_all(phone)
    phone.get_by_text("Отвечено: 12 из 15").wait_for()
    looked_at(phone, "survey-full")
    button(phone, SEND).click()
    phone.get_by_role("heading", name="Ответ сохранён и ждёт связи").wait_for()
    looked_at(phone, "survey-waiting")
    assert accepted() == {}
    phone.reload()
    phone.get_by_role("heading", name="Ответ сохранён и ждёт связи").wait_for()
    phone.context.set_offline(False)
    receipt = receipt_of(phone)
    looked_at(phone, "survey-accepted")
    assert accepted() == {PATTERN: 1}
    phone.reload()
    assert receipt_of(phone) == receipt
    assert accepted() == {PATTERN: 1}


def test_second_child_is_another_answer(phone, address):
    phone.goto(address)
    answer_all(phone)
    button(phone, SEND).click()
    first = receipt_of(phone)
    button(phone, "Заполнить ещё одну анкету").click()
    assert phone.locator("input:checked").count() == 0
    answer_all(phone)
    button(phone, SEND).click()
    phone.wait_for_function(
        "old => document.querySelector('.receipt b')?.innerText !== old", arg=first
    )
    assert receipt_of(phone) != first
    assert accepted() == {PATTERN: 2}


def test_parent_without_a_program_answers_by_keyboard(plain_page, address):
    page = plain_page
    page.goto(address)
    assert page.locator("#q2").is_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # "to the questions"
    for question in ("q1", "q2", "q3"):
        page.keyboard.press("Tab")
        focused = "document.activeElement.name"
        assert page.evaluate(focused) == question
        page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")  # the site was not used
    assert page.locator("#q3 input[value='0']").is_checked()
    assert page.locator("#q4").is_hidden()
    page.locator("#q18 input").focus()
    page.keyboard.type("тридцать")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Проверьте ответы").wait_for()
    pictured(page, "survey-flaws")
    assert page.locator("#q2 input[value='1']").is_checked()
    page.locator("#q18 input").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("34")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Ответ принят").wait_for()
    assert accepted() == {"110-----------": 1}


def test_parent_without_a_program_goes_on_later_on_another_device(plain_page, phone, address):
    plain_page.goto(address)
    choose(plain_page, "q1", "Да")
    button(plain_page, "Продолжить позже").click()
    link = plain_page.locator(".receipt a").get_attribute("href")
    pictured(plain_page, "survey-later")
    phone.goto(link)
    phone.get_by_text("Продолжите с того же места").wait_for()
    assert phone.locator("#q1 input[value='1']").is_checked()
    choose(phone, "q2", "Да")
    button(phone, SEND).click()
    receipt_of(phone)
    assert accepted() == {"11------------": 1}
    plain_page.goto(link)
    plain_page.get_by_role("heading", name="Сохранённых ответов нет").wait_for()


def test_filter_changed_without_a_program_is_cleared_up(plain_page, address):
    page = plain_page
    page.goto(address)
    choose(page, "q1", "Да")
    choose(page, "q2", "Нет")
    choose(page, "q1", "Нет")
    button(page, SEND).click()
    page.get_by_text("Вопрос 2 задаётся, только если").first.wait_for()
    button(page, SEND).click()
    page.get_by_role("heading", name="Ответ принят").wait_for()
    assert accepted() == {"0-------------": 1}


def test_filter_changed_with_a_program_hides_and_remembers(page, address):
    page.goto(address)
    choose(page, "q1", "Да")
    choose(page, "q2", "Нет")
    choose(page, "q1", "Нет")
    assert page.locator("#q2").is_hidden()
    choose(page, "q1", "Да")
    assert page.locator("#q2 input[value='0']").is_checked()
    choose(page, "q1", "Нет")
    choose(page, "q6", "Да")
    button(page, "Снять ответ на вопрос 5").click()
    choose(page, "q9", "Да")
    button(page, SEND).click()
    receipt_of(page)
    assert accepted() == {"0------1------": 1}


def test_empty_answer_and_wrong_age_are_named_before_sending(page, address):
    page.goto(address)
    button(page, SEND).click()
    page.get_by_text("Нет ни одного ответа").first.wait_for()
    choose(page, "q6", "Да")
    page.locator("#q18 input").fill("340")
    button(page, SEND).click()
    page.get_by_text("Вопрос 17: укажите целое число от 1 до 120.").first.wait_for()
    looked_at(page, "survey-wrong")
    page.locator("#q18 input").fill("34")
    button(page, SEND).click()
    receipt_of(page)
    assert accepted() == {"----1---------": 1}


def test_two_tabs_of_one_questionnaire_are_one_answer(page, address):
    page.goto(address)
    choose(page, "q6", "Да")
    other = page.context.new_page()
    other.goto(address)
    other.get_by_role("heading", name="Продолжите с того же места").wait_for()
    button(page, SEND).click()
    receipt = receipt_of(page)
    assert receipt_of(other) == receipt
    assert accepted() == {"----1---------": 1}


def test_double_click_is_one_answer(page, address):
    page.goto(address)
    choose(page, "q6", "Да")
    button(page, SEND).dblclick(force=True)
    receipt_of(page)
    assert accepted() == {"----1---------": 1}


def test_answer_is_saved_to_a_file_and_sent_from_another_device(page, phone, address, tmp_path):
    phone.goto(address)
    choose(phone, "q6", "Нет")
    phone.context.set_offline(True)
    button(phone, SEND).click()
    with phone.expect_download() as download:
        button(phone, "Сохранить ответ в файл").click()
    file = tmp_path / "answer.json"
    download.value.save_as(file)
    assert [item["body"]["answers"] for item in json.loads(file.read_text())["answers"]] == [
        {"q6": "0"}
    ]
    page.goto(address.rsplit("/", 2)[0] + "/")
    looked_at(page, "survey-code")
    page.get_by_label("Ответ, сохранённый в файл").set_input_files(file)
    page.get_by_role("heading", name="Принято: 1 ответ").wait_for()
    page.get_by_label("Ответ, сохранённый в файл").set_input_files(__file__)
    page.get_by_text("Файл не читается").wait_for()
    phone.context.set_offline(False)
    receipt_of(phone)
    assert accepted() == {"----0---------": 1}


def test_answer_that_comes_too_late_stays_on_the_device(phone, address, wave):
    phone.goto(address)
    choose(phone, "q6", "Да")
    phone.context.set_offline(True)
    button(phone, SEND).click()
    phone.get_by_role("heading", name="Ответ сохранён и ждёт связи").wait_for()
    wave.places.update(is_open=False)
    closed = {"status": "closed", "salt": None, "closed_at": NOW, "digest": "d" * 64}
    Wave.objects.filter(pk=wave.pk).update(**closed)
    phone.context.set_offline(False)
    phone.get_by_role("heading", name="Опрос закрыт").wait_for()
    looked_at(phone, "survey-closed")
    with phone.expect_download():
        button(phone, "Сохранить ответ в файл").click()
    assert accepted() == {}


def test_answer_to_a_changed_questionnaire_goes_back_to_be_checked(phone, address, wave):
    phone.goto(address)
    choose(phone, "q6", "Да")
    phone.context.set_offline(True)
    button(phone, SEND).click()
    phone.get_by_role("heading", name="Ответ сохранён и ждёт связи").wait_for()
    Wave.objects.filter(pk=wave.pk).update(version="0" * 16)
    phone.context.set_offline(False)
    phone.get_by_text("Анкета изменилась").wait_for()
    button(phone, "Вернуться к ответам").click()
    assert phone.locator("#q6 input[value='1']").is_checked()
    phone.reload()  # the new questionnaire comes with the page
    assert phone.locator("#q6 input[value='1']").is_checked()
    assert accepted() == {}
    button(phone, SEND).click()
    phone.get_by_role("heading", name="Ответ не принят").wait_for()
