"""How people come in: an invitation by letter, a second factor, a passkey."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone

from noko.access.loading import roles_of
from noko.actions import invitation as invitations
from noko.actions.role import Granted
from noko.jobs.mail import send_due
from noko.models import Letter, Organisation, Person
from tests.journeys.test_office import looked_at, sign_in
from tests.postbox import postbox
from tests.small_cycle import make_organisations, make_person
from tests.web.account.provider import running
from tests.web.account.second_factors import code_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]

PASSWORD = "лодка-у-причала-7"


@pytest.fixture
def box(settings):
    """Where the letters of the site arrive."""
    with postbox(settings) as opened:
        yield opened


@pytest.fixture
def site(live_server, settings, box):
    """The site with an administrator and three organisations of two municipalities."""
    cache.clear()
    settings.ADDRESS = live_server.url
    make_organisations()
    make_person("administrator")
    return live_server.url


@pytest.fixture
def other_page(browser):
    """The browser of the invited person."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 390, "height": 800})
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def newest_link(box):
    """What the worker sends now, and the link in the letter that has arrived last."""
    send_due.func(0)
    return re.search(r"https?://\S+/account/\S+/", box.texts()[-1]).group()


def invite(page, site):
    page.goto(f"{site}/office/people/")
    looked_at(page, "people")
    page.get_by_role("link", name="Пригласить").click()
    looked_at(page, "invite")
    page.get_by_role("button", name="Отправить приглашение").click()
    page.get_by_role("heading", name="Исправьте ошибки").first.wait_for()
    looked_at(page, "invite-errors")
    page.get_by_label("Электронная почта").fill("koordinator@example.org")
    page.get_by_label("Фамилия, имя, отчество").fill("Зайцева Татьяна Львовна")
    page.get_by_label("Роль", exact=True).select_option(label="Муниципальный координатор")
    page.get_by_label("Муниципалитет или организация").fill("заречный")
    page.get_by_role("button", name="Отправить приглашение").click()
    page.get_by_text("Приглашение для koordinator@example.org отправляется").wait_for()
    page.get_by_text("Муниципальный координатор (Заречный район)").first.wait_for()
    looked_at(page, "invitation")


def accept(page, link):
    page.goto(link)
    looked_at(page, "accept")
    page.get_by_label("Пароль", exact=True).fill("коротко")
    page.get_by_label("Пароль ещё раз").fill("коротко")
    page.get_by_role("button", name="Создать учётную запись").click()
    page.get_by_role("heading", name="Исправьте ошибки").wait_for()
    looked_at(page, "accept-errors")
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Пароль ещё раз").fill(PASSWORD)
    page.get_by_role("checkbox", name="Согласен").check()
    page.get_by_role("button", name="Создать учётную запись").click()


def set_up_codes(page):
    """The secret of the application, connected as the page says."""
    page.get_by_text("Сначала настройте второй фактор").wait_for()
    looked_at(page, "factor-needed")
    page.get_by_role("link", name="Подключить приложение").click()
    secret = page.locator("code.secret").inner_text()
    looked_at(page, "factor-codes")
    page.get_by_label("Код").fill("000000")
    page.get_by_role("button", name="Подключить приложение").click()
    page.get_by_text("Код не подходит").first.wait_for()
    page.get_by_label("Код").fill(code_of(page.locator("code.secret").inner_text()))
    page.get_by_role("button", name="Подключить приложение").click()
    page.get_by_role("heading", name="Запасные коды").wait_for()
    looked_at(page, "factor-recovery")
    assert page.locator(".codes code").count() == 10
    page.get_by_role("link", name="К работе").first.click()
    return secret


def sees_only_the_own_municipality(page, site):
    page.goto(f"{site}/office/organisations/")
    page.get_by_role("heading", name="Организации").first.wait_for()
    text = page.locator("main").inner_text()
    assert ("Детский сад «Берёзка»" in text, "Школа № 1" in text, "Детский сад № 2" in text) == (
        True,
        True,
        False,
    )
    addresses = {
        item.short_name: f"{site}/office/organisations/{item.pk}/"
        for item in Organisation.objects.all()
    }
    statuses = {name: page.goto(address).status for name, address in addresses.items()}
    assert statuses == {"Детский сад «Берёзка»": 200, "Детский сад № 2": 404, "Школа № 1": 200}
    assert page.goto(f"{site}/office/people/").status == 403


def test_coordinator_comes_by_invitation_and_sees_the_own_municipality(
    page, other_page, site, box, settings
):
    sign_in(page, site, "administrator")
    invite(page, site)
    settings.SECOND_FACTOR = "office"
    link = newest_link(box)
    (letter,) = box.letters
    assert (letter["To"], letter["Subject"]) == ("koordinator@example.org", "Приглашение в НОКО")
    assert urlsplit(link).netloc == urlsplit(site).netloc

    accept(other_page, link)
    secret = set_up_codes(other_page)
    other_page.wait_for_url("**/office/")
    looked_at(other_page, "coordinator-start")
    sees_only_the_own_municipality(other_page, site)

    other_page.goto(link)  # opened once more while signed in: it leads to work
    other_page.wait_for_url("**/office/")
    other_page.goto(f"{site}/account/")
    looked_at(other_page, "account")
    other_page.get_by_role("button", name="Выйти").click()
    assert other_page.goto(link).status == 410
    looked_at(other_page, "invitation-used")

    cache.clear()  # the code of this very half minute has served to connect the application
    other_page.goto(f"{site}/office/")
    other_page.locator("input[name=login]").fill("koordinator@example.org")
    other_page.locator("input[name=password]").fill(PASSWORD)
    other_page.get_by_role("button", name="Войти", exact=True).click()
    other_page.get_by_role("heading", name="Второй фактор").wait_for()
    looked_at(other_page, "factor-asked")
    other_page.get_by_label("Код").fill(code_of(secret))
    other_page.get_by_role("button", name="Войти", exact=True).click()
    other_page.wait_for_url("**/office/")


def test_invitation_and_second_factor_work_without_javascript(plain_page, site, box):
    page = plain_page
    sign_in(page, site, "administrator")
    page.goto(f"{site}/office/people/invite/")
    page.get_by_label("Электронная почта").fill("dvoe@example.org")
    page.get_by_label("Фамилия, имя, отчество").fill("Сорокина Юлия")
    page.get_by_label("Роль", exact=True).select_option(label="Редактор сайта организации")
    page.get_by_label("Муниципалитет или организация").fill("Детский сад")
    page.get_by_role("button", name="Добавить ещё роль").click()
    second = page.get_by_role("group", name="Роль 2")
    second.get_by_label("Роль", exact=True).select_option(label="Муниципальный координатор")
    second.get_by_label("Муниципалитет или организация").fill("Город Лугов")
    page.get_by_role("button", name="Отправить приглашение").click()
    page.get_by_role("radio", name="Детский сад № 2, Город Лугов").check()
    page.get_by_role("button", name="Отправить приглашение").click()
    page.get_by_text("отправляется").first.wait_for()
    page.get_by_role("button", name="Выйти").click()

    page.goto(newest_link(box))
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Пароль ещё раз").fill(PASSWORD)
    page.get_by_role("checkbox", name="Согласен").check()
    page.get_by_role("button", name="Создать учётную запись").click()
    page.wait_for_url("**/office/")
    made = Person.objects.get(email="dvoe@example.org")
    assert {role.code for role in roles_of(made)} == {
        "organisation_editor",
        "municipal_coordinator",
    }
    page.goto(f"{site}/account/2fa/totp/activate/")
    page.get_by_label("Код").fill(code_of(page.locator("code.secret").inner_text()))
    page.get_by_role("button", name="Подключить приложение").click()
    page.get_by_role("heading", name="Запасные коды").wait_for()


def test_person_comes_back_with_a_passkey_alone(page, site):
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    options |= {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    make_person("secretary")
    sign_in(page, site, "secretary")

    page.goto(f"{site}/account/2fa/keys/")
    looked_at(page, "keys-empty")
    page.get_by_role("link", name="Добавить ключ доступа").click()
    looked_at(page, "keys-add")
    page.get_by_label("Как назвать ключ").fill("Рабочий компьютер")
    page.get_by_role("button", name="Добавить ключ").click()
    page.get_by_role("heading", name="Запасные коды").wait_for()
    page.goto(f"{site}/account/2fa/keys/")
    page.get_by_text("Рабочий компьютер").first.wait_for()
    looked_at(page, "keys")

    page.get_by_role("button", name="Выйти").click()
    page.goto(f"{site}/office/cycles/")
    looked_at(page, "sign-in")
    page.get_by_role("button", name="Войти с ключом доступа").click()
    page.wait_for_url("**/office/**")
    page.get_by_role("heading", level=1).wait_for()

    # As the second factor after a password it serves as well.
    page.get_by_role("button", name="Выйти").click()
    page.goto(f"{site}/account/login/")
    page.locator("input[name=login]").fill("secretary@example.org")
    page.locator("input[name=password]").fill("password")
    page.get_by_role("button", name="Войти", exact=True).click()
    page.get_by_role("button", name="Приложить ключ доступа").click()
    page.wait_for_url("**/office/")

    page.goto(f"{site}/account/2fa/keys/")
    page.get_by_role("link", name="Удалить").click()
    looked_at(page, "keys-remove")
    page.get_by_role("button", name="Удалить ключ").click()
    page.get_by_text("Ключей пока нет").wait_for()


def test_passkey_that_is_refused_is_told_in_words(page, site):
    make_person("secretary")
    sign_in(page, site, "secretary")
    page.goto(f"{site}/account/2fa/keys/add/")
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "u2f", "transport": "usb", "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.get_by_role("button", name="Добавить ключ").click()
    page.get_by_text("Ключ не добавлен.").wait_for(timeout=90_000)
    looked_at(page, "keys-refused")


def test_person_ends_a_session_of_another_device(page, other_page, site):
    make_person("secretary")
    sign_in(page, site, "secretary")
    sign_in(other_page, site, "secretary")
    page.goto(f"{site}/account/sessions/")
    looked_at(page, "sessions")
    page.get_by_role("button", name="Завершить сеанс").click()
    page.get_by_text("Сеанс завершён.").wait_for()
    other_page.goto(f"{site}/office/")
    other_page.wait_for_url("**/account/login/**")


def test_organisation_comes_to_its_cabinet_on_a_phone(phone, site):
    school = Organisation.objects.get(short_name="Школа № 1")
    make_person("organisation_head", organisation=school)
    phone.goto(f"{site}/account/login/")
    phone.locator("input[name=login]").fill("organisation_head@example.org")
    phone.locator("input[name=password]").fill("password")
    phone.get_by_role("button", name="Войти", exact=True).click()
    phone.wait_for_url("**/cabinet/")
    phone.get_by_role("heading", name="Школа № 1").wait_for()
    assert "Детский сад" not in phone.locator("main").inner_text()
    looked_at(phone, "cabinet")


def test_invitation_whose_time_is_over_says_what_to_do(phone, site, box):
    made = invitations.invite(
        email="late@example.org",
        full_name="Поздний Пётр",
        roles=[Granted("head")],
        by=Person.objects.get(),
        now=timezone.now() - timedelta(days=8),
    )
    phone.goto(newest_link(box))
    phone.get_by_text("Срок приглашения истёк.").wait_for()
    looked_at(phone, "invitation-expired")
    assert Letter.objects.get(key=made.letter_key).status == Letter.Status.SENT


def test_person_comes_by_the_regions_provider(page, site, settings):
    make_person("secretary")
    with running(settings):
        page.goto(f"{site}/office/cycles/")
        looked_at(page, "sign-in-region")
        page.get_by_role("button", name="Войти через: Госуслуги области").click()
        page.wait_for_url("**/office/cycles/")
        page.get_by_role("heading", level=1).wait_for()
