"""The authority looks at a region's sites and at bus.gov.ru; everybody sees what is published."""

import pytest

from noko.actions.organisation import save_all
from noko.models import BusgovSource, SiteRound
from tests.busgov_report import INNS, SPOILT, report_xlsx, row
from tests.factories import make_cycle, make_organisations, make_release
from tests.journeys.test_office import looked_at, sign_in
from tests.small_cycle import NOW, make_person
from tests.small_sites import SILENT, make_shown

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    settings.PUBLISHED = tmp_path / "published"
    those = make_organisations(3)
    changed = {item.pk: {"inn": inn} for item, inn in zip(those, INNS, strict=True)}
    save_all(changed=changed, by=None, now=NOW)
    make_release(make_cycle(), those)
    make_shown(make_cycle(2027), dict(zip(those, (["common.phone"], [], SILENT), strict=True)))
    make_person("secretary")
    make_person("organisation_head", organisation=those[1])
    bad = row("Школа с ошибкой", "123")
    content = report_xlsx(row("А", INNS[0]), row("Б", INNS[1], SPOILT), bad)
    (tmp_path / "отчёт.xlsx").write_bytes(content)
    return live_server.url


def report_is_loaded(page, site, tmp_path):
    page.goto(f"{site}/office/busgov/")
    looked_at(page, "busgov-empty")
    page.get_by_role("link", name="Загрузить сведения").click()
    page.locator("input[type=file]").set_input_files(tmp_path / "отчёт.xlsx")
    page.get_by_role("button", name="Проверить файл").click()
    page.get_by_text("строка 5, столбец «D: ИНН»").wait_for()
    looked_at(page, "busgov-preview")
    page.get_by_role("button", name="Записать сведения").click()
    page.get_by_role("heading", name="Исправьте ошибки").or_(
        page.get_by_text("есть отклонённые строки")
    ).first.wait_for()
    page.get_by_role("checkbox", name="Загрузить без отклонённых строк").check()
    page.get_by_role("checkbox", name="Это полная выгрузка").check()
    page.get_by_role("button", name="Записать сведения").click()
    page.get_by_text("Сведения загружены").wait_for()
    looked_at(page, "busgov")
    assert BusgovSource.objects.get().records.count() == 3


def region_is_looked_at(page, site):
    page.goto(f"{site}/office/websites/")
    page.get_by_role("link", name="Обзор обхода").click()
    page.get_by_role("heading", name="Чего не хватает чаще всего").wait_for()
    looked_at(page, "sites-overview")
    page.get_by_role("link", name="список для звонка").click()
    page.get_by_text("Сайт не ответил вовремя").wait_for()
    looked_at(page, "sites-calls")


def round_is_published(page, site):
    key = SiteRound.objects.get().pk
    page.goto(f"{site}/office/websites/rounds/{key}/publish/")
    looked_at(page, "sites-publish")
    page.get_by_role("button", name="Опубликовать выводы").click()
    page.get_by_text("Выводы опубликованы").wait_for()


def everybody_reads(page, site):
    page.goto(f"{site}/organisations/")
    page.get_by_role("link", name="Детский сад № 1").click()
    page.get_by_role("heading", name="Сведения на сайте организации").wait_for()
    looked_at(page, "organisation-site")
    page.get_by_role("link", name="Пункт за пунктом").click()
    page.get_by_role("heading", name="По подразделам").wait_for()
    looked_at(page, "public-site")
    page.get_by_role("link", name="приказ № 1493", exact=True).click()
    page.get_by_role("heading", name="Правила проверки сайтов").wait_for()
    looked_at(page, "website-rules")


def organisation_fills_in(page, site):
    page.goto(f"{site}/cabinet/")
    looked_at(page, "cabinet-busgov-start")
    page.get_by_role("link", name="Сведения на bus.gov.ru").click()
    page.get_by_text("Информация о результатах деятельности").first.wait_for()
    looked_at(page, "cabinet-busgov")


def test_sites_of_a_region_are_looked_at_and_published(page, phone, site, tmp_path):
    sign_in(page, site, "secretary")
    report_is_loaded(page, site, tmp_path)
    region_is_looked_at(page, site)
    round_is_published(page, site)
    everybody_reads(phone, site)
    sign_in(phone, site, "organisation_head")
    organisation_fills_in(phone, site)
