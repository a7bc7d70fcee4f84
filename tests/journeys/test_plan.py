"""A plan comes from a Word file, is mended, adopted and lived, as people do it in a browser."""

from __future__ import annotations

import pytest

from noko.models import Evidence, Plan
from tests.journeys.test_office import looked_at, sign_in
from tests.plan_files import as_docx
from tests.small_cycle import make_cycle, make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    make_cycle("2016", year=2016, edition_code="1547-2014", title="Оценка 2016 года")
    for role in ("secretary", "specialist", "head", "operator_manager"):
        make_person(role)
    (tmp_path / "план.docx").write_bytes(as_docx())
    (tmp_path / "решение.pdf").write_bytes(b"%PDF-1.7")
    return live_server.url


def bring_the_file(page, site, tmp_path):
    sign_in(page, site, "secretary")
    page.goto(f"{site}/office/cycles/2016/")
    page.get_by_role("link", name="Составить план").click()
    looked_at(page, "plan-empty")
    page.get_by_role("link", name="Загрузить готовый план").click()
    looked_at(page, "plan-upload")
    page.get_by_label("Файл плана").set_input_files(tmp_path / "план.docx")
    page.get_by_role("button", name="Проверить файл").click()
    looked_at(page, "plan-import")


def mend_and_adopt(page, site):
    page.get_by_role("button", name="Исправить на «до 10 декабря 2016г.»").click()
    page.get_by_label("Срок 1.1").fill("до 29 января 2016 г.")
    page.get_by_role("button", name="Сохранить исправления и проверить").last.click()
    page.get_by_role("button", name="Сохранить план: 6").click()
    page.get_by_text("План сохранён").wait_for()
    looked_at(page, "plan-findings")
    while page.get_by_text("Отклонить с причиной").count():
        page.get_by_text("Отклонить с причиной").first.click()
        page.get_by_label("Почему это не ошибка").first.fill("Так решил общественный совет.")
        page.get_by_role("button", name="Отклонить замечание").first.click()
        page.get_by_text("Замечание отклонено").wait_for()
    page.get_by_role("link", name="Перейти к утверждению").click()
    looked_at(page, "plan-adopt")
    page.get_by_label("Чем утверждён").fill("решение общественного совета № 1")
    page.get_by_label("Дата утверждения").fill("2016-01-12")
    page.get_by_role("button", name="Утвердить план").click()
    page.get_by_text("План утверждён").first.wait_for()


def look_around(page, site):
    for tab in ("Таблица", "Календарь", "Диаграмма"):
        page.get_by_role("link", name=tab, exact=True).click()
        looked_at(page, f"plan-{tab}")
    page.goto(f"{site}/office/tasks/")
    looked_at(page, "plan-tasks")
    page.goto(f"{site}/plan/2016/")
    looked_at(page, "plan-public")


def close_with_evidence(page, site, tmp_path):
    plan = Plan.objects.get()
    control = plan.activities.get(number="3.2")
    sign_in(page, site, "specialist")
    page.goto(f"{site}/office/activities/{control.pk}/")
    looked_at(page, "activity")
    page.get_by_role("link", name="Добавить документ или ссылку").click()
    page.get_by_label("Что это").fill("Сведения о выполнении")
    page.get_by_label("Дата документа").fill("2016-06-01")
    page.get_by_label("Файл").set_input_files(tmp_path / "решение.pdf")
    looked_at(page, "evidence-add")
    page.get_by_role("button", name="Добавить", exact=True).click()
    page.get_by_text("Его подтвердит второе лицо").wait_for()
    sign_in(page, site, "head")
    page.goto(f"{site}/office/")
    page.get_by_role("link", name="Подтвердить: 3.2").click()
    looked_at(page, "evidence")
    page.get_by_role("button", name="Подтвердить выполнение").click()
    page.get_by_text("Выполнение подтверждено").wait_for()
    looked_at(page, "activity-done")
    assert Evidence.objects.get().status == "confirmed"


def road(page, site, tmp_path):
    bring_the_file(page, site, tmp_path)
    mend_and_adopt(page, site)
    look_around(page, site)
    close_with_evidence(page, site, tmp_path)


def test_plan_from_a_file_to_its_last_document(page, site, tmp_path):
    road(page, site, tmp_path)


def test_plan_on_a_phone(phone, site, tmp_path):
    road(phone, site, tmp_path)


def test_plan_without_javascript(plain_page, site, tmp_path):
    """axe is a script of its own and cannot run there: the deeds alone are done."""
    page = plain_page
    sign_in(page, site, "secretary")
    page.goto(f"{site}/office/cycles/2016/plan/upload/")
    page.get_by_label("Файл плана").set_input_files(tmp_path / "план.docx")
    page.get_by_role("button", name="Проверить файл").click()
    page.get_by_role("button", name="Исправить на «до 10 декабря 2016г.»").click()
    page.get_by_role("button", name="Сохранить план: 6").click()
    page.get_by_text("План сохранён").wait_for()
    assert Plan.objects.get().activities.get(number="3.1").term == "до 10 декабря 2016г."


def test_plan_import_by_keyboard_saves_corrections_with_enter(page, site, tmp_path):
    bring_the_file(page, site, tmp_path)
    field = page.get_by_label("Название плана")
    field.fill("План области на 2016 год")
    field.press("Enter")
    page.wait_for_load_state()
    assert page.get_by_label("Название плана").input_value() == "План области на 2016 год"
    assert Plan.objects.count() == 0
