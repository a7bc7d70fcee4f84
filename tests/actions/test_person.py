"""People and their roles."""

from datetime import UTC, date, datetime

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import Http404

from noko.access.loaders import get_organisation_for, organisations_for
from noko.access.loading import roles_of, scope_of
from noko.access.permissions import Permission
from noko.access.roles import BY_CODE, Reach
from noko.actions import person as deeds
from noko.actions.person import Granted
from noko.core.refusal import Refusal
from noko.models import Letter, Organisation, Person, RoleGrant
from noko.queries.journal import of_thing
from tests.small_cycle import make_organisations, make_person

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SECRETARY, HEAD, ADMINISTRATOR = map(Granted, ("secretary", "head", "administrator"))
FACTS = {"email": "New@Example.org", "full_name": "Петров  Пётр", "roles": [SECRETARY]}


def create(**fields):
    values = {**FACTS, "password": "лодка-у-причала-7", "by": None, "now": NOW}
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


def test_person_roles_of_two_sides_are_refused():
    for against in ("secretary", "municipal_coordinator", "organisation_head", "operator_manager"):
        municipality, organisation = places(against)
        held = [Granted("council_member"), Granted(against, municipality, organisation)]
        with pytest.raises(Refusal) as refusal:
            create(roles=held)
        assert (against, refusal.value.kind) == (against, "conflict_of_interest")
    assert Person.objects.count() == 0


def places(role):
    """The municipality or organisation that the role asks for."""
    organisation = Organisation.objects.first() or make_organisations()[0]
    reach = BY_CODE[role].reach
    return (
        organisation.municipality if reach is Reach.MUNICIPALITY else None,
        organisation if reach is Reach.ORGANISATION else None,
    )


@pytest.mark.parametrize(
    ("role", "named", "kind"),
    [
        ("municipal_coordinator", None, "role_without_place"),
        ("organisation_head", "municipality", "role_without_place"),
        ("secretary", "municipality", "role_with_foreign_place"),
        ("tsar", None, "unknown_role"),
    ],
)
def test_person_role_names_its_place(role, named, kind):
    municipality = make_organisations()[0].municipality if named else None
    with pytest.raises(Refusal) as refusal:
        create(roles=[Granted(role, municipality)])
    assert refusal.value.kind == kind


def test_person_permission_reaches_the_own_municipality_only():
    near, _, other = make_organisations()
    coordinator = create(roles=[Granted("municipal_coordinator", near.municipality)])
    scope = scope_of(coordinator, Permission.ORGANISATION_EDIT)
    assert [scope.covers(item) for item in (near, other)] == [
        True,
        near.municipality_id == other.municipality_id,
    ]
    reached = organisations_for(coordinator, Permission.ORGANISATION_EDIT)
    assert set(reached) == set(near.municipality.organisations.all())
    assert not scope_of(coordinator, Permission.PERSON_MANAGE)
    stranger = Organisation.objects.exclude(municipality=near.municipality).first()
    with pytest.raises(Http404):
        get_organisation_for(coordinator, stranger.pk)


def test_person_rename_is_noted_once():
    person = make_person("secretary")
    for _ in range(2):
        deeds.rename(person=person, full_name=" Петрова  Анна ", by=person, now=NOW)
    person.refresh_from_db()
    assert person.full_name == "Петрова Анна"
    (entry,) = of_thing(person)
    assert (entry.before, entry.after) == ({"имя": "Иванова Анна"}, {"имя": "Петрова Анна"})
    with pytest.raises(Refusal) as refusal:
        deeds.rename(person=person, full_name="  ", by=person, now=NOW)
    assert refusal.value.kind == "bad_name"


def test_person_whose_door_is_closed_is_signed_out_everywhere(client):
    administrator, person = make_person("administrator"), make_person("secretary")
    client.post("/account/login/", {"login": person.email, "password": "password"})
    assert client.get("/office/").status_code == 200
    deeds.close_sign_in(person=person, reason="Уволилась", by=administrator, now=NOW)
    assert UserSession.objects.filter(user=person).count() == 0
    assert client.get("/office/").status_code == 302
    answer = client.post("/account/login/", {"login": person.email, "password": "password"})
    assert answer.url == "/account/inactive/"
    assert client.get(answer.url).status_code == 200
    deeds.open_sign_in(person=person, reason="Вернулась", by=administrator, now=NOW)
    client.post("/account/login/", {"login": person.email, "password": "password"})
    assert client.get("/office/").status_code == 200
    assert [item.reason for item in of_thing(person)] == ["Вернулась", "Уволилась"]


@pytest.mark.parametrize(
    ("deed", "fields", "kind"),
    [
        (deeds.close_sign_in, {"reason": " "}, "reason_required"),
        (deeds.open_sign_in, {"reason": "x"}, "sign_in_open"),
        (deeds.reset_second_factor, {"reason": "x"}, "no_second_factor"),
    ],
)
def test_person_door_refuses_what_makes_no_sense(deed, fields, kind):
    person, by = make_person("secretary"), make_person("administrator")
    with pytest.raises(Refusal) as refusal:
        deed(person=person, by=by, now=NOW, **fields)
    assert (refusal.value.kind, of_thing(person).count()) == (kind, 0)


def test_person_last_administrator_keeps_the_door_open():
    person = make_person("administrator")
    with pytest.raises(Refusal) as refusal:
        deeds.close_sign_in(person=person, reason="x", by=None, now=NOW)
    assert refusal.value.kind == "last_administrator"
    person.refresh_from_db()
    assert person.is_active is True


def test_person_second_factor_reset_tells_the_person_by_letter():
    person, by = make_person("secretary"), make_person("administrator")
    for kind in ("totp", "recovery_codes"):
        Authenticator.objects.create(user=person, type=kind, data={})
    deeds.reset_second_factor(person=person, reason="Потерян телефон", by=by, now=NOW)
    assert Authenticator.objects.count() == 0
    letter = Letter.objects.get()
    assert (letter.to, letter.subject) == (person.email, "Второй фактор сброшен")
    (entry,) = of_thing(person)
    assert (entry.deed, entry.reason) == ("second_factor.reset", "Потерян телефон")
