"""A technical specification from the draft to the contract, as people make it in a browser."""

import pytest

from noko.actions.vote import close_ballot
from noko.models import Clause, Contract, Cycle, Specification
from tests.journeys.test_office import looked_at, sign_in
from tests.small_council import make_ballot, make_council, make_open, make_session, vote_all
from tests.small_cycle import NOW, make_cycle, make_dataset, make_organisations, make_person
from tests.small_list import make_approved_outside
from tests.small_list import make_draft as make_list

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server, settings, tmp_path):
    settings.FILES = tmp_path / "files"
    make_organisations()
    make_cycle("2027", year=2027, title="Независимая оценка 2027 года")
    make_person("secretary")
    make_person("specialist")
    make_council()  # its people sign in as member1 …
    return live_server.url


def draft(page, site):
    """The secretary makes the draft and opens it."""
    sign_in(page, site, "secretary")
    page.goto(f"{site}/office/specifications/")
    looked_at(page, "specifications-empty")
    page.get_by_role("link", name="Независимая оценка 2027 года").click()
    page.get_by_role("button", name="Создать черновик").click()
    page.get_by_role("heading", name="Исправьте ошибки").wait_for()
    looked_at(page, "specification-new-errors")
    page.get_by_label("Заказчик").fill("Управление образования области")
    page.get_by_role("button", name="Создать черновик").click()
    page.get_by_text("Черновик технического задания готов").wait_for()
    page.get_by_text("Не указаны сроки").wait_for()
    looked_at(page, "specification-draft")
    page.get_by_role("link", name="Изменить заказчика и сроки").click()
    for label, value in (
        ("Первый день опроса и осмотра", "2027-02-01"),
        ("Последний день опроса и осмотра", "2027-05-31"),
        ("Срок передачи данных", "2027-06-20"),
        ("Срок отчёта", "2027-09-30"),
    ):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Сохранить").click()
    page.get_by_text("Сведения сохранены").wait_for()
    page.get_by_role("link", name="Править пункт 1.2", exact=True).click()
    looked_at(page, "clause-edit")
    page.get_by_label("Текст").fill("Цель: узнать мнение об {организаций}.")
    page.get_by_role("button", name="Сохранить").click()
    page.get_by_text("Пункт 1.2: изменения сохранены").wait_for()
    page.get_by_role("link", name="Открыть сбор предложений").click()
    page.get_by_label("До какого дня").fill("2099-12-10")
    looked_at(page, "specification-open")
    page.get_by_role("button", name="Открыть сбор предложений").click()
    page.get_by_text("Сбор предложений открыт").wait_for()


def proposals(page, site):
    """A member of the council proposes, a specialist too; the secretary answers both."""
    sign_in(page, site, "member4")
    page.get_by_role("link", name="Техническое задание на 2027 год").first.click()
    looked_at(page, "specification-member")
    page.get_by_role("link", name="Предложить изменение пункта 10.2", exact=True).click()
    page.get_by_label("Добавить пункт").check()
    page.get_by_label("Текст").fill("Оператор хранит анкеты {сколько}.")
    page.get_by_label("Почему").fill("Чтобы можно было перепроверить.")
    page.get_by_role("button", name="Внести предложение").click()
    page.get_by_text("Полей {сколько} нет").first.wait_for()
    assert page.get_by_label("Почему").input_value() == "Чтобы можно было перепроверить."
    looked_at(page, "clause-propose-errors")
    page.get_by_label("Текст").fill("Оператор хранит анкеты год.")
    page.get_by_role("button", name="Внести предложение").click()
    page.get_by_text("Предложение № 1 внесено").wait_for()
    looked_at(page, "proposal-own")
    sign_in(page, site, "specialist")
    page.goto(f"{site}/office/specifications/{Specification.objects.get().pk}/")
    page.get_by_role("link", name="Предложить изменение пункта 6.3", exact=True).click()
    page.get_by_label("Исключить пункт").check()
    page.get_by_label("Почему").fill("Проверить нельзя.")
    page.get_by_role("button", name="Внести предложение").click()
    page.get_by_text("Предложение № 2 внесено").wait_for()

    sign_in(page, site, "secretary")
    page.get_by_text("ждёт ответа: 2 предложения").wait_for()
    page.get_by_role("link", name="Техническое задание на 2027 год").first.click()
    page.get_by_role("link", name="Рассмотреть предложение № 1").click()
    looked_at(page, "proposal-consider")
    page.get_by_label("Принять с изменениями").check()
    page.get_by_label("Текст, который войдёт").fill("Оператор хранит анкеты два года.")
    page.get_by_role("button", name="Ответить на предложение").click()
    page.get_by_text("Нет ответа на предложение").first.wait_for()
    page.get_by_label("Ответ", exact=False).last.fill("Так требует закон об архивах.")
    page.get_by_role("button", name="Ответить на предложение").click()
    page.get_by_text("Предложение № 1: принято с изменениями").wait_for()
    page.get_by_role("link", name="Рассмотреть предложение № 2").click()
    page.get_by_label("Отклонить").check()
    page.get_by_label("Ответ", exact=False).last.fill("Правило защищает от приписок.")
    page.get_by_role("button", name="Ответить на предложение").click()
    page.get_by_text("Предложение № 2: отклонено").wait_for()
    looked_at(page, "specification-answered")
    assert Clause.objects.get(number="10.3").text == "Оператор хранит анкеты два года."


def decision(page, site):
    """To the council, and back with its decision."""
    page.get_by_role("link", name="Закончить сбор предложений").click()
    looked_at(page, "specification-close")
    page.get_by_role("button", name="Закончить сбор предложений").click()
    page.get_by_role("link", name="Вынести на заседание").click()
    page.get_by_text("Назначенных заседаний нет").wait_for()
    looked_at(page, "specification-agenda-nowhere")
    from noko.models import Council

    session = make_open(make_session(Council.objects.get()))
    page.reload()
    page.get_by_label("Очное заседание").check()
    looked_at(page, "specification-agenda")
    page.get_by_role("button", name="Вынести на заседание").click()
    page.get_by_text("Вопрос внесён в повестку").wait_for()
    for _ in range(2):
        ballot = make_ballot(session)
        vote_all(ballot, "+++++++")
        close_ballot(ballot=ballot, by=None, now=NOW)
    make_approved_outside(make_list(Cycle.objects.get()))
    page.reload()
    page.get_by_role("link", name="Утвердить решением № 2").click()
    looked_at(page, "specification-approve")
    page.get_by_role("button", name="Утвердить решением № 2").click()
    page.get_by_text("Техническое задание утверждено").first.wait_for()
    looked_at(page, "specification-adopted")


def contract(page, site):
    page.get_by_role("link", name="Внести контракт с оператором").click()
    page.get_by_role("button", name="Внести контракт").click()
    page.get_by_role("heading", name="Исправьте ошибки").wait_for()
    looked_at(page, "contract-errors")
    for label, value in (
        ("Номер контракта", "14/2027"),
        ("Дата контракта", "2026-11-20"),
        ("Оператор", "ООО «Центр опросов»"),
        ("ИНН оператора", "7707083893"),
        ("Цена", "1250000,50"),
        ("Действует по", "2027-12-31"),
    ):
        page.get_by_label(label, exact=False).first.fill(value)
    for name in ("Дошкольные", "Общеобразовательные"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Внести контракт").click()
    page.get_by_text("Контракт внесён").wait_for()
    looked_at(page, "contract")
    made = Contract.objects.get()
    assert (made.items.count(), str(made.price)) == (3, "1250000.50")
    make_dataset(made.specification.cycle)
    page.reload()
    page.get_by_role("link", name="Сверить с набором данных № 1").click()
    page.get_by_text("Набор данных не читается").wait_for()
    looked_at(page, "delivery-unreadable")


def road(page, site):
    draft(page, site)
    proposals(page, site)
    decision(page, site)
    contract(page, site)


def test_specification_goes_its_way(page, site):
    road(page, site)


def test_specification_goes_its_way_on_a_phone(phone, site):
    road(phone, site)


def test_specification_goes_its_way_without_javascript(plain_page, site, monkeypatch):
    # axe itself is a script; the same pages are checked by the other journeys.
    monkeypatch.setattr(f"{__name__}.looked_at", lambda page, name: None)
    road(plain_page, site)
