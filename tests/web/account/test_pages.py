"""Every address of sign-in and of one's own account, for strangers and for every role."""

import pytest
from django.urls import reverse

from noko.access.permissions import Permission
from noko.access.roles import ROLES
from noko.web.account.urls import urlpatterns
from noko.web.cabinet import urls as cabinet
from tests.small_cycle import make_person

pytestmark = pytest.mark.django_db

OPEN, SENT, SHUT, ONLY_POST, ABSENT = 200, 302, 403, 405, 404
EXPECTED = {
    # name: (a stranger, somebody who is signed in)
    "account_overview": (SENT, OPEN),
    "account_enter": (SENT, SENT),
    "account_name": (SENT, OPEN),
    "account_sessions": (SENT, OPEN),
    "account_sessions_end": (ONLY_POST, ONLY_POST),
    "account_session_end": (ONLY_POST, ONLY_POST),
    "account_invitation": (ABSENT, ABSENT),
    "account_login": (OPEN, SENT),
    "account_logout": (SENT, OPEN),
    "account_inactive": (OPEN, OPEN),
    "account_signup": (OPEN, SENT),
    "account_reauthenticate": (SENT, OPEN),
    "account_change_password": (SENT, OPEN),
    "account_set_password": (SENT, SENT),
    "account_reset_password": (OPEN, OPEN),
    "account_reset_password_done": (OPEN, OPEN),
    "account_reset_password_from_key_done": (OPEN, OPEN),
    "account_reset_password_from_key": (OPEN, OPEN),
    "mfa_index": (SENT, OPEN),
    "mfa_authenticate": (SENT, SENT),
    "mfa_reauthenticate": (SENT, SENT),
    "mfa_activate_totp": (SENT, OPEN),
    "mfa_deactivate_totp": (SENT, ABSENT),
    "mfa_view_recovery_codes": (SENT, ABSENT),
    "mfa_generate_recovery_codes": (SENT, OPEN),
    "mfa_download_recovery_codes": (SENT, ABSENT),
    "mfa_list_webauthn": (SENT, OPEN),
    "mfa_add_webauthn": (SENT, OPEN),
    "mfa_login_webauthn": (SENT, SENT),
    "mfa_reauthenticate_webauthn": (SENT, SENT),
    "mfa_edit_webauthn": (SENT, ABSENT),
    "mfa_remove_webauthn": (SENT, ABSENT),
    "region_begin": (ONLY_POST, ONLY_POST),
    "socialaccount_login_cancelled": (ABSENT, ABSENT),
    "openid_connect_callback": (ABSENT, ABSENT),
}
GIVEN = {
    "account_session_end": [1],
    "account_invitation": ["naugad"],
    "account_reset_password_from_key": ["1", "naugad"],
    "mfa_edit_webauthn": [1],
    "mfa_remove_webauthn": [1],
    "openid_connect_callback": ["region"],
}
CABINET: dict[str, list[object]] = {
    "start": [],
    "busgov": [1],
    "sites": [],
    "site": [1],
    "site_visit": [1],
    "site_item": [1, "x"],
    "site_object": [1, "x"],
    "site_objection": [1],
    "site_objection_file": [1],
}
"""What stands in the address. There is no such thing: who may enter is told so, others are shut."""


def addresses():
    names = [pattern.name for pattern in urlpatterns]
    return {name: reverse(name, args=GIVEN.get(name, [])) for name in names}


def in_order(client):
    """Sign-in ends no session here: pages are opened as one person opens them one after another."""
    return {name: client.get(address).status_code for name, address in addresses().items()}


def sign_in(client, person):
    client.post("/account/login/", {"login": person.email, "password": "password"})


def test_account_every_route_is_named_here():
    assert set(addresses()) == set(EXPECTED)


def test_account_answers_strangers(client):
    assert in_order(client) == {name: stranger for name, (stranger, _) in EXPECTED.items()}


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_account_answers_every_role(client, role):
    sign_in(client, make_person(role.code))
    assert in_order(client) == {name: inside for name, (_, inside) in EXPECTED.items()}
    office = Permission.OFFICE_ENTER in role.permissions
    assert client.get("/account/enter/").url == ("/office/" if office else "/cabinet/")


def test_account_of_a_person_without_roles_is_their_first_page(client):
    sign_in(client, make_person("", "nobody@example.org"))
    assert client.get("/account/enter/").url == "/account/"
    assert "Ролей сейчас нет" in client.get("/account/").content.decode()


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.code)
def test_cabinet_opens_to_those_who_may(client, role):
    assert {pattern.name for pattern in cabinet.urlpatterns} == set(CABINET)
    client.force_login(make_person(role.code))
    inside = Permission.CABINET_ENTER in role.permissions
    for name, given in CABINET.items():
        expected = (ABSENT if given else OPEN) if inside else SHUT
        answer = client.get(reverse(f"cabinet:{name}", args=given))
        assert (name, answer.status_code) == (name, expected)


def test_cabinet_sends_strangers_to_sign_in(client):
    answer = client.get("/cabinet/")
    assert (answer.status_code, answer.url) == (302, "/account/login/?next=/cabinet/")
