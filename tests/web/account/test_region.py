"""Sign-in by the region's identity provider: known people only, nothing unproven believed."""

import re
from html import unescape

import httpx
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.utils import timezone

from noko.actions import invitation as invitations
from noko.actions.role import Granted
from noko.models import Person
from noko.queries.journal import of_thing
from tests.small_cycle import make_person
from tests.web.account.provider import running

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider(settings):
    with running(settings) as started:
        yield started


def leave(client, form=None):
    """The address of the provider that the person is led to."""
    shown = client.post("/account/region/", form or {})
    assert shown.status_code == 200
    return unescape(re.search(r'content="0;url=([^"]+)"', shown.content.decode()).group(1))


def come_back(address):
    """Signed in at the provider: the address of ours that it sends the person to."""
    back = httpx.get(address, trust_env=False).headers["Location"]
    return back.removeprefix("http://testserver")


def sign_in(client, form=None):
    return client.get(come_back(leave(client, form)))


def test_region_button_stands_on_the_sign_in_page_only_where_it_is_set(client, provider, settings):
    assert "Войти через: Госуслуги области" in client.get("/account/login/").content.decode()
    settings.OIDC_ISSUER = ""
    assert "Войти через" not in client.get("/account/login/").content.decode()
    assert client.post("/account/region/").status_code == 404
    assert client.get("/account/region/region/").status_code == 404


def test_region_lets_in_a_known_person_by_the_verified_address(client, provider):
    person = make_person("secretary")
    planted = client.session.session_key
    assert sign_in(client).url == "/account/enter/"
    assert client.get("/office/").status_code == 200
    assert client.session.session_key != planted
    assert [item.deed for item in of_thing(person)] == ["person.bound"]
    account = SocialAccount.objects.get()
    assert (account.user, account.uid, account.extra_data) == (person, "42", {})
    assert "Госуслуги области" in client.get("/account/").content.decode()


def test_region_knows_the_person_again_by_the_providers_own_number(client, provider):
    person = make_person("secretary")
    sign_in(client)
    provider.person |= {"email": "new-address@example.org", "email_verified": False}
    other = Client()
    assert sign_in(other).url == "/account/enter/"
    assert other.get("/account/").wsgi_request.user == person
    assert of_thing(person).count() == 1


def test_region_leads_back_to_the_page_that_was_asked_for_and_nowhere_else(client, provider):
    make_person("secretary")
    assert sign_in(client, {"next": "/office/cycles/"}).url == "/office/cycles/"
    assert sign_in(Client(), {"next": "https://evil.example/"}).url == "/account/enter/"


def test_region_never_makes_an_account(client, provider):
    answer = sign_in(client)
    assert answer.status_code == 403
    shown = answer.content.decode()
    assert "Учётной записи с почтой secretary@example.org нет" in shown
    assert (Person.objects.count(), SocialAccount.objects.count()) == (0, 0)


def test_region_tells_an_invited_person_to_accept_first(client, provider):
    invitations.invite(
        email="secretary@example.org",
        full_name="Иванова Анна",
        roles=[Granted("head")],
        by=make_person("administrator"),
        now=timezone.now(),
    )
    answer = sign_in(client)
    assert (answer.status_code, "Сначала примите приглашение" in answer.content.decode()) == (
        403,
        True,
    )


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_region_address_counts_only_when_it_is_verified(client, provider, verified):
    make_person("secretary")
    provider.person["email_verified"] = verified
    answer = sign_in(client)
    assert (answer.status_code, "не подтвердил вашу почту" in answer.content.decode()) == (
        403,
        True,
    )
    assert SocialAccount.objects.count() == 0


@pytest.mark.parametrize(
    "trick",
    [
        "unsigned",
        "shared secret",
        "foreign key",
        "foreign issuer",
        "foreign audience",
        "foreign userinfo",
        "foreign state",
        "expired",
        "no id_token",
    ],
)
def test_region_believes_nothing_unproven(client, provider, trick):
    make_person("secretary")
    provider.trick = trick
    answer = sign_in(client)
    assert (answer.status_code, "Войти не удалось" in answer.content.decode()) == (403, True)
    assert client.get("/office/").status_code == 302
    assert SocialAccount.objects.count() == 0


def test_region_answer_belongs_to_the_browser_that_asked(client, provider):
    make_person("secretary")
    back = come_back(leave(client))
    assert Client().get(back).status_code == 403
    assert client.get(back).url == "/account/enter/"
    assert Client().get(back).status_code == 403


def test_region_cancelled_is_no_error(client, provider):
    provider.trick = "cancelled"
    answer = client.get(come_back(leave(client)), follow=True)
    assert (answer.status_code, "Войти не удалось" in answer.content.decode()) == (403, True)


def test_region_closed_person_stays_out(client, provider):
    person = make_person("secretary")
    sign_in(client)
    Person.objects.filter(pk=person.pk).update(is_active=False)
    other = Client()
    assert sign_in(other).url == "/account/inactive/"
    assert other.get("/office/").status_code == 302
    SocialAccount.objects.all().delete()
    assert sign_in(Client()).status_code == 403


def test_region_does_not_go_round_the_second_factor(client, provider, settings):
    settings.SECOND_FACTOR = "office"
    make_person("secretary")
    sign_in(client)
    assert client.get("/office/").url == "/account/2fa/"


def test_region_provider_that_is_silent_is_told_in_words(client, provider, settings):
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"] = {
        "server_url": "http://127.0.0.1:9"
    }
    answer = client.post("/account/region/")
    assert (answer.status_code, "Войти не удалось" in answer.content.decode()) == (403, True)


def test_region_begins_with_a_form_of_ours_only(provider):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/account/region/").status_code == 403
    assert client.get("/account/region/").status_code == 405
