"""An interviewer: a phone, two people asked one after the other; the same without JavaScript."""

import pytest

from noko.models import AnswerBox
from tests.journeys.test_office import looked_at
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server):
    make_wave()
    make_person("operator_interviewer")
    return live_server.url


def sign_in(page, site):
    page.goto(f"{site}/field/interviews/")
    page.locator("input[name=login]").fill("operator_interviewer@example.org")
    page.locator("input[name=password]").fill("password")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/field/interviews/")


def ask(page, *, answer):
    """The first option of every question that has no condition, and ``answer`` to the filters."""
    for group in page.locator("fieldset").all():
        if group.locator(".marks").count() and not group.get_by_text("Спрашивайте").count():
            group.locator("input").nth(answer).check()
    page.get_by_role("button", name="Отправить и начать следующую").click()


def number():
    return sum(AnswerBox.objects.filter(channel="interview").values_list("number", flat=True))


def test_interviewer_asks_two_people_in_a_row(phone, site):
    sign_in(phone, site)
    looked_at(phone, "interviews")
    phone.get_by_role("link", name="Детский сад").first.click()
    phone.wait_for_url("**/field/interviews/*/")
    looked_at(phone, "interview-empty")
    for asked in (1, 2):
        ask(phone, answer=1)
        phone.get_by_text("Анкета принята.").wait_for()
        assert phone.locator("#today").text_content() == str(asked)
        assert phone.locator("input:checked").count() == 0
    looked_at(phone, "interview-next")
    assert number() == 2


def test_interviewer_reads_what_is_wrong_and_mends_it_without_javascript(plain_page, site):
    sign_in(plain_page, site)
    plain_page.get_by_role("link", name="Детский сад").first.click()
    send = plain_page.get_by_role("button", name="Отправить и начать следующую")
    send.click()
    assert plain_page.get_by_role("alert").get_by_text("Нет ни одного ответа").is_visible()
    plain_page.locator("#q1 input").first.check()
    send.click()
    plain_page.get_by_text("Анкета принята.").wait_for()
    assert number() == 1


def test_interviewer_sees_faults_beside_their_questions(page, site):
    sign_in(page, site)
    page.get_by_role("link", name="Детский сад").first.click()
    page.locator("#q1 input").nth(1).check()
    page.locator("#q2 input").first.check()
    page.get_by_role("button", name="Отправить и начать следующую").click()
    page.get_by_role("alert").get_by_role("link", name="Вопрос 2").wait_for()
    looked_at(page, "interview-refused")
    assert number() == 0
