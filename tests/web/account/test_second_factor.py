"""The second factor: set up, asked for, obligatory where the setting says so."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.test import Client
from django.utils.http import urlencode

from noko.access import second_factor
from noko.actions import person as people
from noko.actions.letter import text_of
from noko.models import Letter
from noko.queries.journal import of_thing
from tests.small_cycle import NOW, make_organisations, make_person
from tests.web.account.second_factors import code_of

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
ACTIVATE = "/account/2fa/totp/activate/"


@pytest.fixture(autouse=True)
def _no_used_codes():
    """The same half minute serves many tests; a code that one has used is new for the next."""
    cache.clear()


def sign_in(client, person, password="password"):  # noqa: S107
    return client.post(LOGIN, {"login": person.email, "password": password})


def set_up(client):
    """The secret of an application that has just been connected."""
    shown = client.get(ACTIVATE).content.decode()
    secret = re.search(r'class="secret">([A-Z2-7]+)<', shown).group(1)
    assert "<svg" in shown
    answer = client.post(ACTIVATE, {"code": code_of(secret)})
    assert answer.url == "/account/2fa/codes/"
    cache.clear()
    return secret


def recovery_codes(client):
    return re.findall(
        r"<li><code>(\d{8})</code>", client.get("/account/2fa/codes/").content.decode()
    )


def test_second_factor_is_asked_for_after_the_password(client):
    person = make_person("secretary")
    sign_in(client, person)
    secret = set_up(client)
    client.post("/account/logout/")
    assert sign_in(client, person).url == "/account/2fa/authenticate/"
    assert client.get("/office/").status_code == 302
    assert client.get("/account/sessions/").status_code == 302
    wrong = client.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "Код не подходит" in wrong.content.decode()
    assert client.get("/office/").status_code == 302
    before = client.session.session_key
    right = client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert right.url == "/account/enter/"
    assert client.get("/office/").status_code == 200
    assert client.session.session_key != before


def test_second_factor_code_works_once(client):
    person = make_person("secretary")
    sign_in(client, person)
    secret = set_up(client)
    code = code_of(secret)
    answers = []
    for each in (Client(), Client()):
        sign_in(each, person)
        answers.append(each.post("/account/2fa/authenticate/", {"code": code}).status_code)
    assert answers == [302, 200]


def test_second_factor_guessing_is_slow(client):
    person = make_person("secretary")
    sign_in(client, person)
    secret = set_up(client)
    other = Client()
    sign_in(other, person)
    tries = [other.post("/account/2fa/authenticate/", {"code": f"{n:06d}"}) for n in range(6)]
    assert "Слишком много" in tries[-1].content.decode()
    late = other.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert (late.status_code, "Слишком много" in late.content.decode()) == (200, True)


def test_recovery_code_works_once(client):
    person = make_person("secretary")
    sign_in(client, person)
    set_up(client)
    codes = recovery_codes(client)
    assert len(codes) == 10
    file = client.get("/account/2fa/codes/download/").content.decode()
    assert (codes[0] in file, person.email in file) == (True, True)
    answers = []
    for each in (Client(), Client()):
        sign_in(each, person)
        answers.append(each.post("/account/2fa/authenticate/", {"code": codes[0]}).status_code)
    assert answers == [302, 200]
    assert recovery_codes(client) == codes[1:]


def test_second_factor_secret_is_sealed_in_the_database(client):
    sign_in(client, make_person("secretary"))
    secret = set_up(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert (secret in stored, len(stored) > 60) == (False, True)


@pytest.mark.django_db(transaction=True)
def test_second_factor_is_noted_and_told_by_letter_and_ends_sessions_without_it(client):
    person = make_person("secretary")
    other = Client()
    for each in (client, other):
        sign_in(each, person)
    set_up(client)
    assert client.get("/office/").status_code == 200
    assert other.get("/office/").status_code == 302
    client.post("/account/2fa/totp/deactivate/")
    assert [item.deed for item in of_thing(person)] == [
        "second_factor.removed",
        "second_factor.added",
    ]
    subjects = Letter.objects.order_by("pk").values_list("subject", flat=True)
    assert list(subjects) == ["Подключено приложение с кодами", "Отключено приложение с кодами"]
    assert Authenticator.objects.count() == 0
    assert person.email not in text_of(Letter.objects.first())


def test_second_factor_pages_ask_again_who_it_is_after_a_while(client, settings):
    person = make_person("secretary")
    sign_in(client, person)
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    asked = client.get(ACTIVATE)
    assert asked.url == f"/account/reauthenticate/?{urlencode({'next': ACTIVATE})}"
    assert "Подтвердите, что это вы" in client.get(asked.url).content.decode()
    wrong = client.post(asked.url, {"password": "неверный", "next": ACTIVATE})
    assert "Пароль не подходит" in wrong.content.decode()
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
    assert client.post(asked.url, {"password": "password", "next": ACTIVATE}).url == ACTIVATE


@pytest.mark.parametrize(
    ("setting", "must"),
    [
        ("off", set()),
        ("office", {"secretary", "council_member", "operator_clerk", "municipal_coordinator"}),
        (
            "all",
            {
                *("secretary", "council_member", "operator_clerk", "municipal_coordinator"),
                *("organisation_head", "jury_member", ""),
            },
        ),
    ],
)
def test_second_factor_setting_says_who_must_have_one(settings, setting, must):
    settings.SECOND_FACTOR = setting
    school = make_organisations()[0]
    where = {
        "municipal_coordinator": {"municipality": school.municipality},
        "organisation_head": {"organisation": school},
    }
    roles = ["secretary", "council_member", "operator_clerk", "municipal_coordinator"]
    roles += ["organisation_head", "jury_member", ""]
    found = {
        role
        for role in roles
        if second_factor.must_have(
            make_person(role, f"{role or 'none'}@example.org", **where.get(role, {}))
        )
    }
    assert found == must


def test_second_factor_that_is_missing_comes_before_any_office_page(client, settings):
    settings.SECOND_FACTOR = "office"
    sign_in(client, make_person("secretary"))
    for address in ("/office/", "/office/cycles/", "/office/nothing/"):
        assert client.get(address).url == "/account/2fa/"
    assert client.post("/office/cycles/new/", {"year": "2026"}).url == "/account/2fa/"
    assert "Сначала настройте второй фактор" in client.get("/account/2fa/").content.decode()
    set_up(client)
    assert client.get("/office/").status_code == 200
    assert "Сначала настройте" not in client.get("/account/2fa/").content.decode()


def test_second_factor_is_not_asked_of_an_organisation_where_offices_alone_must(client, settings):
    settings.SECOND_FACTOR = "office"
    school = make_organisations()[0]
    sign_in(client, make_person("organisation_head", organisation=school))
    assert client.get("/cabinet/").status_code == 200
    settings.SECOND_FACTOR = "all"
    assert client.get("/cabinet/").url == "/account/2fa/"


def test_last_second_factor_stays_where_one_is_obligatory(client, settings):
    settings.SECOND_FACTOR = "office"
    person = make_person("secretary")
    sign_in(client, person)
    set_up(client)
    shown = client.get("/account/2fa/totp/deactivate/").content.decode()
    assert "Второй фактор обязателен" in shown
    client.post("/account/2fa/totp/deactivate/")
    assert second_factor.has(person) is True


def test_second_factor_lost_is_reset_by_an_administrator(client):
    person, by = make_person("secretary"), make_person("administrator")
    sign_in(client, person)
    set_up(client)
    people.reset_second_factor(person=person, reason="Потерян телефон", by=by, now=NOW)
    assert client.get("/office/").status_code == 302
    assert sign_in(client, person).url == "/account/enter/"


def test_second_factor_sealed_with_a_lost_key_fits_no_code(client, settings):
    person = make_person("secretary")
    sign_in(client, person)
    secret = set_up(client)
    codes = recovery_codes(client)
    former, settings.SECRET_KEY = settings.SECRET_KEY, "n" * 50
    other = Client()
    sign_in(other, person)
    for code in (code_of(secret), codes[0], "00000000"):
        answer = other.post("/account/2fa/authenticate/", {"code": code})
        assert (answer.status_code, "Код не подходит" in answer.content.decode()) == (200, True)
    settings.SECRET_KEY_FALLBACKS = [former]
    assert other.post("/account/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302


def test_new_password_by_letter_does_not_go_round_the_second_factor(client):
    person = make_person("secretary")
    sign_in(client, person)
    secret = set_up(client)
    client.post("/account/logout/")
    client.post("/account/password/reset/", {"email": person.email})
    letter = Letter.objects.get(secret=True)
    page = client.get(re.search(r"/account/password/reset/key/\S+", text_of(letter)).group()).url
    form = {"password1": "лодка-у-причала-7", "password2": "лодка-у-причала-7"}
    assert client.post(page, form).url == "/account/2fa/authenticate/"
    assert client.get("/office/").status_code == 302
    client.post("/account/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/office/").status_code == 200
