"""Roles, permissions and the doors of the office."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.utils import timezone

from noko.access.loading import administrators, has_permission, permissions_of, require, roles_of
from noko.access.permissions import Permission
from noko.access.roles import BY_CODE, ROLES
from noko.actions import person as people
from noko.core.refusal import Refusal
from noko.models import Person, RoleGrant

TODAY = date(2026, 9, 1)
NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)


def person(role: str, *, email: str = "ivanova@example.org") -> Person:
    return people.create(
        email=email,
        full_name="Иванова Анна Петровна",
        password="длинный пароль",
        roles=[people.Granted(role)],
        by=None,
        now=NOW,
    )


def test_roles_have_their_own_codes_and_plain_descriptions():
    assert len(BY_CODE) == len(ROLES)
    assert all(role.description.endswith(".") and role.title for role in ROLES)


def test_roles_every_permission_belongs_to_somebody_but_the_administrator():
    others = frozenset().union(
        *(role.permissions for role in ROLES if role.code != "administrator")
    )
    assert frozenset(Permission) - others == {Permission.PERSON_MANAGE}


@pytest.mark.django_db
def test_permissions_come_from_the_role():
    secretary = person("secretary")
    assert permissions_of(secretary) == BY_CODE["secretary"].permissions
    assert has_permission(secretary, Permission.RELEASE_PUBLISH) is True
    assert has_permission(secretary, Permission.PERSON_MANAGE) is False


@pytest.mark.django_db
def test_permissions_of_two_roles_add_up():
    both = person("press_officer")
    RoleGrant.objects.create(person=both, role="specialist", starts_on=TODAY)
    expected = BY_CODE["press_officer"].permissions | BY_CODE["specialist"].permissions
    assert permissions_of(both) == expected


@pytest.mark.django_db
def test_roles_are_in_force_from_their_first_to_their_last_day():
    someone = person("head")
    RoleGrant.objects.update(ends_on=TODAY + timedelta(days=1))
    days = [TODAY + timedelta(days=shift) for shift in (-1, 0, 1, 2)]
    assert [len(roles_of(someone, today=day)) for day in days] == [0, 1, 1, 0]


@pytest.mark.django_db
def test_permissions_strangers_and_closed_accounts_have_none():
    closed = person("administrator")
    closed.is_active = False
    assert permissions_of(closed) == frozenset()
    assert permissions_of(AnonymousUser()) == frozenset()


@pytest.mark.django_db
def test_administrators_counts_those_who_can_sign_in():
    assert administrators() == 0
    person("secretary", email="s@example.org")
    admin = person("administrator", email="a@example.org")
    assert administrators() == 1
    Person.objects.filter(pk=admin.pk).update(is_active=False)
    assert administrators() == 0


@pytest.mark.django_db
def test_require_returns_the_person_or_refuses():
    request = RequestFactory().get("/office/")
    request.user = person("head")
    assert require(request, Permission.CYCLE_VIEW) == request.user
    with pytest.raises(PermissionDenied):
        require(request, Permission.DATASET_IMPORT)


@pytest.mark.django_db
def test_office_sends_strangers_to_sign_in_and_back(client: Client):
    answer = client.get("/office/cycles/?year=2026")
    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/office/cycles/%3Fyear%3D2026"


@pytest.mark.django_db
def test_sign_in_by_address_and_password_in_any_letters(client: Client):
    person("secretary")
    answer = client.post(
        "/account/login/", {"login": "IVANOVA@example.org", "password": "длинный пароль"}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/account/enter/")
    assert client.get("/account/enter/").url == "/office/"


@pytest.mark.django_db
def test_sign_up_is_closed(client: Client):
    form = {"email": "x@example.org", "password1": "длинный пароль", "password2": "длинный пароль"}
    client.post("/account/signup/", form)
    assert Person.objects.count() == 0


@pytest.mark.django_db
def test_create_person_refuses_a_taken_address():
    person("secretary")
    with pytest.raises(Refusal) as refused:
        person("head", email="Ivanova@Example.org")
    assert refused.value.kind == "email_taken"
    assert RoleGrant.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "role", "kind"),
    [("не адрес", "head", "bad_email"), ("a@example.org", "царь", "unknown_role")],
)
def test_create_person_refuses_what_is_wrong(email: str, role: str, kind: str):
    with pytest.raises(Refusal) as refused:
        person(role, email=email)
    assert refused.value.kind == kind
    assert Person.objects.count() == 0


@pytest.mark.django_db
def test_set_password_changes_it():
    person("head")
    changed = people.set_password(
        email="IVANOVA@example.org", password="другой пароль", by=None, now=NOW
    )
    assert changed.check_password("другой пароль") is True
    with pytest.raises(Refusal):
        people.set_password(email="nobody@example.org", password="другой пароль", by=None, now=NOW)


@pytest.mark.django_db
def test_person_created_today_can_enter_today():
    someone = people.create(
        email="n@example.org",
        full_name="Н",
        password="длинный пароль",
        roles=[people.Granted("head")],
        by=None,
        now=timezone.now(),
    )
    assert has_permission(someone, Permission.OFFICE_ENTER) is True
