"""The page that an invitation's letter leads to."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from noko.actions import invitation as deeds
from noko.actions.letter import text_of
from noko.actions.role import Granted
from noko.models import Invitation, Letter, Person
from tests.small_cycle import make_person

pytestmark = pytest.mark.django_db

GOOD = {"password": "лодка-у-причала-7", "again": "лодка-у-причала-7", "agreed": "on"}


@pytest.fixture
def invited():
    return deeds.invite(
        email="new@example.org",
        full_name="Петров Пётр",
        roles=[Granted("head")],
        by=make_person("administrator"),
        now=timezone.now(),
    )


def page_of(invitation):
    letter = Letter.objects.get(key=invitation.letter_key)
    return re.search(r"/account/invitation/[^/]+/", text_of(letter)).group()


def test_invitation_page_opens_the_door_at_once(client, invited):
    page = page_of(invited)
    shown = client.get(page).content.decode()
    assert "Петров Пётр" in shown
    assert "Руководитель" in shown
    answer = client.post(page, GOOD)
    assert (answer.status_code, answer.url) == (302, "/account/enter/")
    assert client.get("/account/enter/").url == "/office/"
    assert client.get("/office/").status_code == 200
    assert client.get("/account/2fa/totp/activate/").status_code == 200  # not asked again


def test_invitation_page_changes_the_session(client, invited):
    page = page_of(invited)
    client.get("/account/login/")
    session = client.session
    session["x"] = "planted"
    session.save()
    planted = session.session_key
    client.post(page, GOOD)
    assert client.session.session_key != planted
    assert client.session.__class__(planted).load() == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"password": "коротко", "again": "коротко"}, "слишком короткий"),
        ({"password": "1234567890", "again": "1234567890"}, "Придумайте другой пароль"),
        ({"again": "другой-пароль-7"}, "Пароли не совпали"),
        ({"agreed": ""}, "Без согласия"),
        ({"password": ""}, "Обязательное поле"),
    ],
)
def test_invitation_page_says_what_is_wrong(client, invited, change, message):
    answer = client.post(page_of(invited), {**GOOD, **change})
    assert (answer.status_code, message in answer.content.decode()) == (422, True)
    assert Person.objects.filter(email="new@example.org").count() == 0


def test_invitation_page_used_says_to_sign_in(client, invited):
    page = page_of(invited)
    client.post(page, GOOD)
    client.logout()
    for answer in (client.get(page), client.post(page, GOOD)):
        assert answer.status_code == 410
        assert "уже принято" in answer.content.decode()
        assert "/account/password/reset/" in answer.content.decode()
    assert Person.objects.filter(email="new@example.org").count() == 1


def test_invitation_page_withdrawn_expired_and_unknown(client, invited):
    page = page_of(invited)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    shown = client.post(page, GOOD)
    assert (shown.status_code, "Срок приглашения истёк" in shown.content.decode()) == (410, True)
    assert "Иванова Анна" in shown.content.decode()
    deeds.withdraw(invitation=invited, by=invited.created_by, now=timezone.now())
    shown = client.get(page)
    assert (shown.status_code, "отозвано" in shown.content.decode()) == (410, True)
    shown = client.get("/account/invitation/naugad/")
    assert (shown.status_code, "приглашения нет" in shown.content.decode()) == (404, True)
    assert Person.objects.filter(email="new@example.org").count() == 0


def test_invitation_page_of_another_person_is_not_accepted_by_mistake(client, invited):
    page = page_of(invited)
    client.force_login(make_person("secretary"))
    for answer in (client.get(page), client.post(page, GOOD)):
        assert "для другого человека" in answer.content.decode()
    answer = client.post("/account/logout/", {"next": page})
    assert answer.url == page
    assert client.post(page, GOOD).status_code == 302
