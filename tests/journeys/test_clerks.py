"""Two clerks and a pile of paper: one by keyboard, one without JavaScript; a third settles."""

import pytest
from django.utils import timezone

from noko.models import AnswerBox, Batch, SheetTyping, Wave
from tests.journeys.test_office import looked_at
from tests.small_cycle import make_person
from tests.waves import make_wave

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server):
    make_wave()
    Wave.objects.update(starts_on=timezone.localdate())
    for name in ("first", "second"):
        make_person("operator_clerk", f"{name}@example.org")
    make_person("operator_manager", "third@example.org")
    return live_server.url


def sign_in(page, site, who, address):
    page.goto(f"{site}{address}")
    page.locator("input[name=login]").fill(f"{who}@example.org")
    page.locator("input[name=password]").fill("password")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(f"**{address}")


def numbers():
    batch = Batch.objects.get()
    return batch.accepted, batch.spoilt, SheetTyping.objects.count()


def choices(page):
    return page.get_by_role("radiogroup").count()


def type_by_keyboard(page, digits):
    """A digit for each question, then the remark and the age are passed over."""
    page.wait_for_function("document.activeElement.closest('.typing__item') !== null")
    for digit in digits:
        page.keyboard.press(digit)
    page.keyboard.press("Control+Enter")


def begin(page, site):
    sign_in(page, site, "first", "/field/sheets/")
    looked_at(page, "piles-empty")
    page.get_by_label("Организация").select_option(index=1)
    page.get_by_label("Листов в пачке").fill("3")
    page.get_by_role("button", name="Начать пачку").click()
    page.get_by_text("Пачка № 1 начата").wait_for()
    looked_at(page, "sheet-empty")


def first_clerk(page, site):
    begin(page, site)
    counted = choices(page) - 1
    for sheet in (1, 2):
        assert page.get_by_label("Лист №").input_value() == str(sheet)
        type_by_keyboard(page, "1" * counted)
        page.get_by_text(f"Лист № {sheet} сохранён.").wait_for()
    page.get_by_label("Лист пустой или испорчен").check()
    page.get_by_role("button", name="Сохранить и взять следующий").click()
    page.get_by_text("Для вас листов больше нет").wait_for()
    looked_at(page, "sheet-none-left")
    assert numbers() == (0, 0, 3)


def second_clerk(page, site):
    """The same without JavaScript: radio buttons, and a fault on the way."""
    sign_in(page, site, "second", "/field/sheets/")
    page.get_by_role("link", name="Пачка № 1").click()
    assert page.get_by_text("Возьмите лист, на котором написан этот номер.").is_visible()
    save = page.get_by_role("button", name="Сохранить и взять следующий")
    save.click()
    assert page.get_by_role("alert").get_by_text("Нет ни одного ответа").is_visible()
    for sheet in (1, 2):
        for group in page.get_by_role("radiogroup").all()[:-1]:
            group.locator("input[value='1']").check()
        if sheet == 2:
            page.locator("#q6 input[value='0']").check()
        save.click()
        page.get_by_text(f"Лист № {sheet} сохранён.").wait_for()
    page.get_by_label("Лист пустой или испорчен").check()
    save.click()
    page.get_by_text("Лист № 3 сохранён.").wait_for()


def third_settles(page, site):
    sign_in(page, site, "third", "/field/sheets/")
    looked_at(page, "piles")
    page.goto(f"{site}/office/")
    page.get_by_role("link", name="Пачка № 1").first.click()
    looked_at(page, "batch")
    page.get_by_role("link", name="Лист № 2").click()
    looked_at(page, "sheet-differing")
    page.get_by_role("button", name="Записать решение и учесть лист").click()
    page.get_by_role("alert").get_by_text("Не решено по вопросам: 5.").wait_for()
    looked_at(page, "sheet-differing-refused")
    page.get_by_label("Нет").check()
    page.get_by_role("button", name="Записать решение и учесть лист").click()
    page.get_by_text("Лист № 2 решён.").wait_for()
    looked_at(page, "batch-taken")


def test_two_clerks_type_a_pile_and_a_third_settles_the_sheet_that_differs(
    page, plain_page, phone, site
):
    first_clerk(page, site)
    second_clerk(plain_page, site)
    assert numbers() == (1, 1, 2)
    third_settles(phone, site)
    assert numbers() == (2, 1, 0)
    assert Batch.objects.get().status == "taken"
    assert sorted(AnswerBox.objects.get().answers.values()) == [1, 1]
    phone.get_by_role("link", name="Бумага и файлы").click()
    looked_at(phone, "batches")
    phone.get_by_role("link", name="№ 1").click()
    phone.get_by_role("link", name="Удалить пачку целиком").click()
    looked_at(phone, "batch-remove")
    phone.get_by_label("Почему").fill("Листы другой организации")
    phone.get_by_role("button", name="Удалить пачку").click()
    phone.get_by_text("Из волны убрано").wait_for()
    assert AnswerBox.objects.count() == 0


def test_clerk_meets_a_number_that_another_sheet_has_got(page, plain_page, site):
    begin(page, site)
    sign_in(plain_page, site, "second", "/field/sheets/")
    plain_page.get_by_role("link", name="Пачка № 1").click()
    plain_page.locator("#q1 input[value='0']").check()
    type_by_keyboard(page, "1")
    page.get_by_text("Лист № 1 сохранён.").wait_for()
    save = plain_page.get_by_role("button", name="Сохранить и взять следующий")
    save.click()
    assert plain_page.get_by_role("alert").get_by_text("Номер 1 только что получил").is_visible()
    assert plain_page.get_by_label("Лист №").input_value() == "2"
    looked_at(page, "sheet-next")
    save.click()
    plain_page.get_by_text("Лист № 2 сохранён.").wait_for()
    assert numbers() == (0, 0, 2)
