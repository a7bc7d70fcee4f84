"""People and their roles."""

from datetime import date

import pytest

from noko.access.loading import roles_of
from noko.actions import person as deeds
from noko.core.refusal import Refusal
from noko.models import Person, RoleGrant
from tests.small_cycle import make_person

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
FACTS = {"email": "New@Example.org", "full_name": "Петров  Пётр", "role": "secretary"}


def create(**fields):
    values = {**FACTS, "password": "лодка-у-причала-7", "by": None, "today": TODAY}
    return deeds.create(**values | fields)


def codes(person):
    return [role.code for role in roles_of(person, today=TODAY)]


def test_person_create_gives_one_role():
    made = create()
    assert (made.email, made.full_name, codes(made)) == (
        "new@example.org",
        "Петров Пётр",
        ["secretary"],
    )
    assert made.check_password("лодка-у-причала-7")


@pytest.mark.parametrize("password", ["коротко", "1234567890", "password123"])
def test_person_create_refuses_a_weak_password(password):
    with pytest.raises(Refusal) as refusal:
        create(password=password)
    assert refusal.value.kind == "weak_password"
    assert Person.objects.count() == 0


def test_person_create_refuses_a_taken_address():
    create()
    with pytest.raises(Refusal) as refusal:
        create(email="new@example.org")
    assert refusal.value.kind == "email_taken"
    assert RoleGrant.objects.count() == 1


def test_person_set_roles_keeps_the_history():
    make_person("administrator")
    person = make_person("secretary")
    deeds.set_roles(person=person, roles=["head"], is_active=True, by=None, today=TODAY)
    assert codes(person) == ["head"]
    ended = RoleGrant.objects.get(person=person, role="secretary")
    assert ended.ends_on == date(2026, 11, 22)


def test_person_set_roles_closes_the_door():
    make_person("administrator")
    person = make_person("secretary")
    deeds.set_roles(person=person, roles=["secretary"], is_active=False, by=None, today=TODAY)
    assert codes(person) == []


@pytest.mark.parametrize("change", [{"roles": ["head"]}, {"is_active": False}])
def test_person_last_administrator_stays(change):
    person = make_person("administrator")
    values = {"roles": ["administrator"], "is_active": True} | change
    with pytest.raises(Refusal) as refusal:
        deeds.set_roles(person=person, **values, by=None, today=TODAY)
    assert refusal.value.kind == "last_administrator"
    person.refresh_from_db()
    assert (person.is_active, codes(person)) == (True, ["administrator"])
