"""An operator's data becomes a published rating, as people do it in a browser."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from noko.jobs.rating import run_calculation
from noko.models import Calculation, Release
from noko.queries.edition import get_edition
from tests import operator_files
from tests.small_cycle import EDITION, make_cycle, make_organisations, make_person

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings, tmp_path):
    """The site with a cycle and its people; the operator's files lie in ``tmp_path``."""
    settings.FILES = tmp_path / "files"
    make_organisations()
    make_cycle(title="Независимая оценка 2026 года")
    make_person("operator_analyst")
    make_person("secretary")
    edition = get_edition(EDITION)
    (tmp_path / "анкеты.xlsx").write_bytes(operator_files.answers(edition))
    (tmp_path / "осмотры.xlsx").write_bytes(operator_files.inspection())
    (tmp_path / "осмотры-2.xlsx").write_bytes(operator_files.inspection(absent=4))
    return live_server.url


def sign_in(page, site, role):
    page.context.clear_cookies()
    page.goto(f"{site}/office/")
    page.locator("input[name=login]").fill(f"{role}@example.org")
    page.locator("input[name=password]").fill("password")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/office/**")


def upload(page, tmp_path, inspection="осмотры.xlsx"):
    page.get_by_label("Анкеты").set_input_files(tmp_path / "анкеты.xlsx")
    page.get_by_label("Осмотры").set_input_files(tmp_path / inspection)
    page.get_by_role("button", name="Проверить файлы").click()


def looked_at(page, name):
    """No accessibility fault, nothing wider than the page; a picture where one is asked for."""
    faults = Axe().run(page).response["violations"]
    assert [(f["id"], [n["html"][:200] for n in f["nodes"]]) for f in faults] == []
    wide = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    assert (name, wide) == (name, False)
    if folder := os.environ.get("NOKO_PICTURES"):
        width = page.viewport_size["width"]
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)


def run_the_worker():
    run_calculation(Calculation.objects.order_by("-pk").first().pk)


def road(page, site, tmp_path):
    sign_in(page, site, "operator_analyst")
    looked_at(page, "start-analyst")
    page.goto(f"{site}/office/cycles/2026/")
    looked_at(page, "cycle-empty")
    page.get_by_role("link", name="Загрузить данные").click()
    looked_at(page, "upload")
    upload(page, tmp_path)
    page.get_by_text("Нужны ваши решения").wait_for()
    looked_at(page, "import-open")
    page.get_by_role("checkbox", name="Детский сад № 2").check()
    page.get_by_role("button", name="Подтвердить отмеченные").click()
    page.get_by_text("Всё сверено").wait_for()
    looked_at(page, "import-ready-analyst")

    sign_in(page, site, "secretary")
    looked_at(page, "start-secretary")
    page.get_by_role("link", name="Анкеты и осмотры").first.click()
    page.get_by_role("button", name="Зафиксировать набор данных из 3 организаций").click()
    page.get_by_text("Набор данных № 1 зафиксирован").wait_for()
    looked_at(page, "cycle-dataset")
    page.get_by_role("link", name="Рассчитать рейтинг по набору № 1").click()
    looked_at(page, "calculate")
    page.get_by_role("button", name="Показать влияние").click()
    page.get_by_role("button", name="Рассчитать рейтинг").click()
    page.get_by_text("Страницу можно закрыть").wait_for()
    looked_at(page, "calculation-queued")
    run_the_worker()
    page.reload()
    page.get_by_role("link", name="Перейти к публикации").wait_for()
    looked_at(page, "calculation-done")
    page.get_by_role("link", name="Перейти к публикации").click()
    looked_at(page, "release-first")
    page.get_by_role("button", name="Опубликовать рейтинг").click()
    page.get_by_text("Результат опубликован").wait_for()
    assert Release.objects.get().version == 1
    looked_at(page, "calculation-published")


def correction(page, site, tmp_path):
    page.goto(f"{site}/office/cycles/2026/")
    looked_at(page, "cycle-published")
    page.get_by_role("link", name="Загрузить исправленные данные").click()
    upload(page, tmp_path, "осмотры-2.xlsx")
    page.get_by_role("button", name="Подтвердить все похожие пары").click()
    page.get_by_role("button", name="Зафиксировать набор данных").click()
    page.get_by_role("link", name="Рассчитать рейтинг по набору № 2").click()
    page.get_by_role("button", name="Рассчитать рейтинг").click()
    page.get_by_text("Страницу можно закрыть").wait_for()
    run_the_worker()
    page.reload()
    page.get_by_role("link", name="Перейти к публикации").click()
    page.get_by_role("heading", name="Отличия от версии 1").wait_for()
    looked_at(page, "release-second")
    page.get_by_role("button", name="Опубликовать версию 2").click()
    page.get_by_text("Исправьте ошибки").wait_for()
    looked_at(page, "release-no-reason")
    page.get_by_label("Что и почему исправлено").fill("Исправлен чек-лист школы № 1.")
    page.get_by_role("button", name="Опубликовать версию 2").click()
    page.get_by_text("Результат опубликован").wait_for()
    page.goto(f"{site}/releases/2026/2/")
    page.get_by_text("Исправлен чек-лист школы № 1.").first.wait_for()


def test_office_makes_a_rating_and_its_correction(page, site, tmp_path):
    road(page, site, tmp_path)
    correction(page, site, tmp_path)
    assert Release.objects.get(version=2).reason == "Исправлен чек-лист школы № 1."


def test_office_works_on_a_phone(phone, site, tmp_path):
    road(phone, site, tmp_path)


def test_office_works_without_javascript(plain_page, site, tmp_path, monkeypatch):
    # axe itself is a script; the same pages are checked by the other journeys.
    monkeypatch.setattr("tests.journeys.test_office.looked_at", lambda page, name: None)
    road(plain_page, site, tmp_path)
    correction(plain_page, site, tmp_path)


def test_office_progress_reloads_itself_when_the_work_is_done(page, site, tmp_path):
    monitored = page
    sign_in(monitored, site, "secretary")
    monitored.goto(f"{site}/office/cycles/2026/upload/")
    upload(monitored, tmp_path)
    monitored.get_by_role("button", name="Подтвердить все похожие пары").click()
    monitored.get_by_role("button", name="Зафиксировать набор данных").click()
    monitored.get_by_role("link", name="Рассчитать рейтинг по набору № 1").click()
    monitored.get_by_role("button", name="Рассчитать рейтинг").click()
    monitored.get_by_text("Страницу можно закрыть").wait_for()
    run_the_worker()
    monitored.get_by_role("link", name="Перейти к публикации").wait_for()


def test_office_refuses_an_empty_form_and_keeps_what_was_typed(page, site):
    sign_in(page, site, "secretary")
    page.goto(f"{site}/office/cycles/new/")
    page.get_by_label("Год оценки").fill("2012")
    page.get_by_label("Название").fill("Оценка")
    page.get_by_role("button", name="Создать цикл").click()
    page.get_by_role("heading", name="Исправьте ошибки").wait_for()
    looked_at(page, "cycle-new-errors")
    assert page.get_by_label("Название").input_value() == "Оценка"
