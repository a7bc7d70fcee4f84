"""The registry is put in order and the year's list goes to the council, as people do it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from noko.actions.organisation import save_all
from noko.models import Decision, Organisation, OrganisationList, Session
from tests.busgov_files import packet, position
from tests.journeys.test_office import looked_at, sign_in
from tests.small_council import make_council, make_decided, make_session
from tests.small_cycle import NOW, make_person
from tests.small_list import make_history

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    cycle, _ = make_history()
    type(cycle).objects.filter(pk=cycle.pk).update(title="Независимая оценка 2027 года")
    double = {"full_name": "МБДОУ «Берёзка»", "type": "preschool", "municipality": "Заречный район"}
    save_all(added=[double | {"inn": "7728168971"}], by=None, now=NOW)
    make_person("specialist")
    wrong = position(inn="7707083890", name="Школа № 9")
    (tmp_path / "выгрузка.xml").write_bytes(packet(position(), wrong))
    return live_server.url


def council_decides(session):
    """What is another journey: the council meets and votes."""
    Session.objects.filter(pk=session.pk).update(starts_at=NOW)
    session.refresh_from_db()
    make_decided(session)


def registry(page, site, tmp_path):
    """A card is changed, a double merged, a packet of bus.gov.ru taken in."""
    sign_in(page, site, "specialist")
    page.goto(f"{site}/office/organisations/")
    looked_at(page, "registry")
    page.get_by_label("Название, ИНН или ОГРН").fill("березка")
    page.get_by_role("button", name="Показать").click()
    page.get_by_role("link", name="Детский сад «Берёзка»").click()
    page.get_by_text("записана дважды").wait_for()
    looked_at(page, "card")
    page.get_by_role("link", name="Изменить", exact=True).click()
    page.get_by_label("ИНН").fill("7707083890")
    page.get_by_role("button", name="Показать, что изменится").click()
    page.get_by_role("heading", name="Исправьте ошибки").wait_for()
    looked_at(page, "card-errors")
    page.get_by_label("ИНН").fill("")
    page.get_by_label("Получателей услуг").fill("140")
    page.get_by_role("button", name="Показать, что изменится").click()
    looked_at(page, "card-confirm")
    page.get_by_role("button", name="Сохранить изменения").click()
    page.get_by_text("Сведения сохранены").wait_for()
    page.get_by_role("link", name="Сравнить и объединить").click()
    looked_at(page, "merge")
    page.get_by_role("radio", name="7728168971").check()
    page.get_by_label("Как установлено").fill("Одна запись заведена при загрузке без ИНН.")
    page.get_by_role("button", name="Показать, что произойдёт").click()
    looked_at(page, "merge-confirm")
    page.get_by_role("button", name="Объединить две записи").click()
    page.get_by_text("Записи объединены").wait_for()
    assert Organisation.objects.get(inn="7728168971").enrolment == 140
    page.goto(f"{site}/office/organisations/upload/")
    page.locator("input[type=file]").set_input_files(tmp_path / "выгрузка.xml")
    page.get_by_role("button", name="Проверить файл").click()
    page.get_by_text("не сходится контрольная цифра").wait_for()
    looked_at(page, "packets")
    page.get_by_role("checkbox", name="Загрузить без отклонённых записей").check()
    page.get_by_role("button", name="Добавить 1").click()
    page.get_by_text("Список загружен в реестр").wait_for()
    assert Organisation.objects.count() == 4


def draft(page, site):
    """The list is drawn up, changed against the rule with a reason, and looked at."""
    page.goto(f"{site}/office/lists/")
    looked_at(page, "lists-empty")
    page.get_by_role("link", name="Независимая оценка 2027 года").click()
    looked_at(page, "list-new")
    page.get_by_role("button", name="Составить проект").click()
    page.get_by_text("Проект составлен").wait_for()
    looked_at(page, "list-draft")
    page.get_by_role("checkbox", name="Отметить: Детский сад № 2").check()
    page.get_by_role("button", name="Включить отмеченные").click()
    page.get_by_text("почему решено иначе").first.wait_for()
    looked_at(page, "list-error")
    page.get_by_label("Причина").fill("По обращению учредителя")
    page.get_by_role("button", name="Включить отмеченные").click()
    page.get_by_text("Включено: 1").wait_for()
    page.get_by_role("link", name="Охват за три года").click()
    looked_at(page, "list-coverage")
    page.go_back()
    page.get_by_role("link", name="Отличия от прошлого перечня").click()
    looked_at(page, "list-difference")


def approval(page, site, council):
    """On the agenda, decided, approved; the public sees it."""
    item = OrganisationList.objects.get()
    page.goto(f"{site}/office/lists/{item.pk}/")
    page.get_by_role("link", name="Вынести на заседание").click()
    looked_at(page, "list-nowhere")
    later = timezone.now() + timedelta(days=7)
    session = make_session(council, titles=(), cycle=item.cycle, starts_at=later)
    page.reload()
    page.get_by_role("radio").check()
    looked_at(page, "list-agenda")
    page.get_by_role("button", name="Вынести на заседание").click()
    page.get_by_text("Перечень внесён в повестку").wait_for()
    looked_at(page, "list-proposed")
    council_decides(session)
    page.goto(f"{site}/office/")
    page.get_by_role("link", name="Перечень организаций на 2027 год").first.click()
    page.get_by_role("link", name="Утвердить решением № 1").click()
    looked_at(page, "list-approve")
    page.get_by_role("button", name="Утвердить решением № 1").click()
    page.get_by_text("Перечень утверждён").wait_for()
    looked_at(page, "list-approved")
    page.get_by_role("link", name="Страница на сайте").click()
    page.get_by_role("heading", name="Перечень организаций на 2027 год").wait_for()
    looked_at(page, "public-list")


def amendment(page, site, council):
    """Another version by another decision, with its difference."""
    page.goto(f"{site}/office/lists/{OrganisationList.objects.get().pk}/")
    page.get_by_role("link", name="Изменить перечень").click()
    page.get_by_label("Почему меняется").fill("Школа № 1 закрыта на ремонт.")
    looked_at(page, "list-amend")
    page.get_by_role("button", name="Подготовить изменение").click()
    page.get_by_text("Проект составлен").wait_for()
    page.get_by_role("checkbox", name="Отметить: Школа № 1").check()
    page.get_by_label("Причина").fill("Ремонт до декабря")
    page.get_by_role("button", name="Исключить отмеченные").click()
    page.get_by_text("Исключено: 1").wait_for()
    looked_at(page, "list-second-draft")
    item = OrganisationList.objects.get(version=2)
    later = timezone.now() + timedelta(days=8)
    session = make_session(council, titles=(), cycle=item.cycle, starts_at=later)
    page.get_by_role("link", name="Вынести на заседание").click()
    page.get_by_role("radio").check()
    page.get_by_role("button", name="Вынести на заседание").click()
    page.get_by_text("Перечень внесён в повестку").wait_for()
    council_decides(session)
    page.reload()
    page.get_by_role("link", name="Утвердить решением № 2").click()
    page.get_by_text("заменит версию 1").wait_for()
    page.get_by_role("button", name="Утвердить решением № 2").click()
    page.get_by_text("Перечень утверждён").wait_for()
    page.goto(f"{site}/lists/2027/")
    page.get_by_role("heading", name="Что изменено против версии 1").wait_for()
    looked_at(page, "public-list-second")
    assert Decision.objects.count() == 2


def road(page, site, tmp_path):
    council = make_council()
    registry(page, site, tmp_path)
    draft(page, site)
    approval(page, site, council)
    amendment(page, site, council)


def test_list_goes_its_way(page, site, tmp_path):
    road(page, site, tmp_path)


def test_list_goes_its_way_on_a_phone(phone, site, tmp_path):
    road(phone, site, tmp_path)


def test_list_goes_its_way_without_javascript(plain_page, site, tmp_path, monkeypatch):
    # axe itself is a script; the same pages are checked by the other journeys.
    monkeypatch.setattr(f"{__name__}.looked_at", lambda page, name: None)
    road(plain_page, site, tmp_path)
