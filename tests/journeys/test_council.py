"""A session of the council from its invitation to the published minutes, as people do it."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.utils import timezone

from noko.actions import session as sessions
from noko.jobs.mail import send_due
from noko.models import Ballot, Council, Decision, Session, Vote
from tests.journeys import test_office as everywhere
from tests.small_council import make_ballot, make_council, make_open, make_session, members_of
from tests.small_cycle import make_cycle

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

CHAIR, SECRETARY, MEMBER, OTHER = 1, 3, 4, 5


@pytest.fixture
def site(live_server, settings, tmp_path):
    """The site with a council of seven; its members sign in as member1 … member7."""
    settings.FILES = tmp_path / "files"
    make_cycle(title="Независимая оценка 2026 года")
    make_council({"personal.secrecy": "allowed"})
    return live_server.url


def sign_in(page, site, number):
    page.context.clear_cookies()
    page.goto(f"{site}/office/")
    page.locator("input[name=login]").fill(f"member{number}@example.org")
    page.locator("input[name=password]").fill("password")
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/office/**")


def looked_at(page, name):
    everywhere.looked_at(page, f"council-{name}")


def said(page, text):
    page.get_by_text(text).first.wait_for()


def click(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def prepare(page, site, tmp_path):
    """The secretary plans a session, puts an item with a file on its agenda, invites."""
    sign_in(page, site, SECRETARY)
    page.goto(f"{site}/office/council/")
    looked_at(page, "councils")
    page.get_by_role("link", name="Общественный совет").first.click()
    looked_at(page, "council-empty")
    page.get_by_role("link", name="Назначить заседание").click()
    click(page, "Назначить")
    said(page, "Исправьте ошибки")
    looked_at(page, "session-errors")
    begins = timezone.localtime() + timedelta(hours=2)
    page.get_by_label("Начало").fill(begins.strftime("%Y-%m-%dT%H:%M"))
    click(page, "Назначить")
    said(page, "Не сказано, где пройдёт заседание")
    page.get_by_label("Место").fill("ул. Садовая, 1, кабинет 12")
    page.get_by_label("Цикл").select_option(label="Независимая оценка 2026 года")
    click(page, "Назначить")
    said(page, "Заседание назначено")
    looked_at(page, "session-empty")
    page.get_by_role("link", name="Внести вопрос в повестку").click()
    page.get_by_label("Вопрос", exact=True).fill("О перечне организаций на 2027 год")
    page.get_by_label("Докладчик").fill("Соколова Вера Андреевна")
    page.get_by_label("Проект решения").fill("1. Утвердить перечень.\n2. Опубликовать его.")
    looked_at(page, "item-new")
    click(page, "Внести в повестку")
    said(page, "Вопрос внесён в повестку")
    page.get_by_role("link", name="Добавить файл").click()
    (tmp_path / "перечень.txt").write_text("Школа № 1", encoding="utf-8")
    page.get_by_label("Файл").set_input_files(tmp_path / "перечень.txt")
    page.get_by_label("Приложение к решению").check()
    click(page, "Добавить файл")
    said(page, "Файл «перечень.txt» добавлен")
    looked_at(page, "item-waiting")
    page.get_by_role("link", name="Ко всей повестке").click()
    page.get_by_role("link", name="Отправить приглашения").click()
    said(page, "Обычно приглашают не позже чем за 5")
    looked_at(page, "invite")
    click(page, "Отправить приглашения")
    said(page, "Приглашения отправляются")
    send_due(0)
    assert len(mail.outbox) == 7
    name, content, kind = mail.outbox[0].attachments[0]
    assert (name, kind.split(";")[0]) == ("zasedanie.ics", "text/calendar")
    assert "METHOD:REQUEST" in str(content)


def answer(phone, site):
    """A member says on a phone that they come."""
    sign_in(phone, site, MEMBER)
    looked_at(phone, "start-member")
    phone.get_by_role("link", name="Заседание от").first.click()
    said(phone, "Вы придёте?")
    looked_at(phone, "session-invited")
    click(phone, "Приду")
    said(phone, "Ваш ответ: придёт")


def begin(page, site):
    """The secretary marks who is here, the chair opens, the secretary opens the vote."""
    session = Session.objects.get()
    sign_in(page, site, SECRETARY)
    page.goto(f"{site}/office/council/sessions/{session.pk}/")
    page.get_by_role("link", name="Отметить, кто участвует").first.click()
    for box in page.get_by_role("radio", name="присутствует").all():
        box.check()
    looked_at(page, "attendance")
    click(page, "Сохранить отметки")
    said(page, "Участие отмечено")
    said(page, "Отмечено участвующих: 7")
    sign_in(page, site, CHAIR)
    page.goto(f"{site}/office/council/sessions/{session.pk}/")
    page.get_by_role("link", name="Открыть заседание").click()
    said(page, "Кворум есть")
    looked_at(page, "open")
    click(page, "Открыть заседание")
    said(page, "Заседание открыто")
    sign_in(page, site, SECRETARY)
    page.goto(f"{site}/office/council/sessions/{session.pk}/")
    said(page, "Участвуют 7 из 7")
    page.get_by_role("link", name="О перечне организаций").click()
    click(page, "Перейти к вопросу")
    said(page, "Совет перешёл к вопросу")
    click(page, "Открыть голосование")
    said(page, "Голосование открыто")
    looked_at(page, "item-voting")


def decide(page, phone, site):
    """A member votes on a phone and changes the vote, another is recused, hands are noted."""
    sign_in(phone, site, MEMBER)
    phone.get_by_role("link", name="О перечне организаций").first.click()
    said(phone, "Проект решения")
    looked_at(phone, "vote")
    click(phone, "За")
    said(phone, "Ваш голос: за")
    looked_at(phone, "vote-confirm")
    click(phone, "Подать голос «за»")
    said(phone, "Ваш голос учтён: за")
    looked_at(phone, "voted")
    phone.get_by_role("link", name="Изменить голос").click()
    click(phone, "Против")
    click(phone, "Подать голос «против»")
    said(phone, "Ваш голос учтён: против")
    sign_in(phone, site, OTHER)
    phone.goto(f"{site}/office/council/items/{Ballot.objects.get().item_id}/vote/")
    phone.get_by_role("link", name="Взять самоотвод").click()
    click(phone, "Взять самоотвод")
    said(phone, "Исправьте ошибки")
    phone.get_by_label("Причина").fill("в этой школе работает моя дочь")
    looked_at(phone, "recuse")
    click(phone, "Взять самоотвод")
    said(phone, "Самоотвод записан")
    looked_at(phone, "session-open")
    sign_in(page, site, SECRETARY)
    page.goto(f"{site}/office/council/items/{Ballot.objects.get().item_id}/")
    said(page, "Проголосовали 1 из 7")
    page.get_by_role("link", name="Записать поднятые руки").click()
    said(page, "Проголосовал сам")
    for box in page.get_by_role("radio", name="за", exact=True).all():
        box.check()
    looked_at(page, "hands")
    click(page, "Записать голоса")
    said(page, "Голоса записаны")
    assert Vote.objects.count() == 6
    page.get_by_role("link", name="Закрыть голосование").click()
    looked_at(page, "ballot-close")
    click(page, "Закрыть голосование")
    said(page, "Решение принято.")
    page.get_by_role("link", name="Записать, кого слушали").click()
    page.get_by_label("Слушали").fill("Перечень составлен по трёхлетнему правилу.")
    page.get_by_label("Выступили").fill("Ершов Г. И. поддержал.")
    click(page, "Сохранить")
    said(page, "Запись для протокола сохранена")
    looked_at(page, "item-adopted")


def finish(page, site):
    """The chair closes and signs, the secretary publishes."""
    session = Session.objects.get()
    sign_in(page, site, CHAIR)
    page.goto(f"{site}/office/council/sessions/{session.pk}/")
    page.get_by_role("link", name="Закрыть заседание").click()
    looked_at(page, "close")
    click(page, "Закрыть заседание")
    said(page, "Заседание закрыто")
    page.get_by_role("link", name="Проверить и подписать протокол").click()
    said(page, "Ершов Г. И. поддержал.")
    looked_at(page, "sign")
    click(page, "Подписать протокол")
    said(page, "Протокол подписан")
    looked_at(page, "session-signed")
    page.get_by_role("link", name="№ 1 О перечне").click()
    said(page, "Опубликовать его.")
    looked_at(page, "decision")
    with page.expect_download() as download:
        page.get_by_role("link", name="reshenie-1").last.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    sign_in(page, site, SECRETARY)
    page.goto(f"{site}/office/council/sessions/{session.pk}/")
    page.get_by_role("link", name="Опубликовать протокол и решения").click()
    looked_at(page, "publish")
    click(page, "Опубликовать")
    said(page, "Протокол и решения опубликованы")
    looked_at(page, "session-published")
    page.goto(f"{site}/council/")
    looked_at(page, "public-councils")
    page.get_by_role("link", name="О перечне организаций").first.click()
    said(page, "Проверить подлинность")
    looked_at(page, "public-decision")
    with page.expect_download() as download:
        page.get_by_role("link", name="перечень.txt").click()
    assert Path(download.value.path()).read_text(encoding="utf-8") == "Школа № 1"
    page.get_by_role("link", name="Общественный совет").last.click()
    said(page, "Действующий состав")
    looked_at(page, "public-council")
    decision = Decision.objects.get()
    assert (decision.status, decision.number, decision.annexes[0]["name"]) == (
        "published",
        1,
        "перечень.txt",
    )


def road(page, phone, site, tmp_path):
    prepare(page, site, tmp_path)
    answer(phone, site)
    begin(page, site)
    decide(page, phone, site)
    finish(page, site)


def test_council_session_from_the_invitation_to_the_published_minutes(page, phone, site, tmp_path):
    road(page, phone, site, tmp_path)


def test_council_session_works_without_javascript(plain_page, site, tmp_path, monkeypatch):
    # axe itself is a script; the same pages are checked by the other journey.
    monkeypatch.setattr("tests.journeys.test_council.looked_at", lambda page, name: None)
    road(plain_page, plain_page, site, tmp_path)


def test_council_page_of_an_open_session_renews_itself(page, site):
    council = make_council(short_name="Второй совет")
    session = make_open(make_session(council))
    sign_in(page, site, SECRETARY)
    page.goto(f"{site}/office/council/sessions/{session.pk}/")
    said(page, "Участвуют 7 из 7")
    left = {members_of(council)[6].pk: ("left", "")}
    sessions.mark(session=session, marks=left, by=None, now=timezone.now())
    said(page, "Участвуют 6 из 7")


def test_council_secret_vote_says_nothing_of_the_choice(phone, site):
    council = make_council({"ordinary.secrecy": "allowed"}, short_name="Второй совет")
    session = make_open(make_session(council, secret=True))
    ballot = make_ballot(session)
    sign_in(phone, site, MEMBER)
    phone.goto(f"{site}/office/council/items/{ballot.item_id}/vote/")
    click(phone, "Против")
    said(phone, "Изменить голос нельзя")
    looked_at(phone, "vote-secret-confirm")
    click(phone, "Подать голос «против»")
    said(phone, "Кто как голосовал, система не хранит")
    looked_at(phone, "voted-secret")
    assert "ротив" not in phone.locator("main").inner_text()


def test_council_composition_is_kept_and_its_faults_are_said(page, site):
    sign_in(page, site, SECRETARY)
    page.goto(f"{site}/office/council/new/")
    looked_at(page, "council-new")
    click(page, "Внести совет")
    said(page, "Исправьте ошибки")
    page.get_by_label("Полное наименование").fill("Общественный совет города Лугов")
    page.get_by_label("Краткое наименование").fill("Совет города Лугов")
    page.get_by_label("Кем сформирован").fill("Общественная палата")
    page.get_by_label("Акт о формировании").fill("О составе совета")
    today = timezone.localdate().isoformat()
    page.get_by_label("Дата акта").fill(today)
    page.get_by_label("Полномочия с").fill(today)
    click(page, "Внести совет")
    said(page, "Совет внесён")
    said(page, "Членов совета 0, нужно не меньше 5")
    looked_at(page, "council-faults")
    page.get_by_role("link", name="Внести члена совета").click()
    page.get_by_label("Фамилия, имя, отчество").fill("Дроздов Яков Ильич")
    page.get_by_label("Кого представляет").fill("Общество инвалидов")
    page.get_by_label("Положение").select_option("chair")
    looked_at(page, "member-new")
    click(page, "Внести в состав")
    said(page, "В состав внесён член совета")
    page.get_by_role("link", name="Дроздов Яков Ильич").click()
    looked_at(page, "member")
    page.get_by_text("Закончить полномочия").first.click()
    page.get_by_label("Последний день в составе").fill(today)
    page.get_by_label("Почему").fill("переезд")
    click(page, "Закончить полномочия")
    said(page, "Полномочия закончены")


def test_council_rules_are_chosen_by_the_regulation(page, site):
    sign_in(page, site, SECRETARY)
    council = Council.objects.get()
    page.goto(f"{site}/office/council/{council.pk}/rules/")
    looked_at(page, "rules")
    page.get_by_text("Выбрать по положению о совете").click()
    page.get_by_label("Кворум (не обязательно)", exact=True).select_option("two_thirds")
    click(page, "Сохранить правила")
    said(page, "Напишите пункт положения")
    looked_at(page, "rules-errors")
    page.get_by_label("Пункт положения: кворум", exact=False).fill("п. 3.1")
    click(page, "Сохранить правила")
    said(page, "Правила совета сохранены")
    said(page, "положение о совете, п. 3.1")
