"""People as an administrator works with them: invite, give and end roles, close the door."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from noko.access.loading import roles_of
from noko.models import Invitation, Letter, Organisation, Person, RoleGrant
from tests.small_cycle import MUNICIPALITIES, NAMES, make_organisations, make_person

pytestmark = pytest.mark.django_db

FACTS = {"email": "new@example.org", "full_name": "Петров Пётр", "roles": "1"}


@pytest.fixture
def office(client):
    client.force_login(make_person("administrator"))
    make_organisations()
    return client


def row(number=0, **fields):
    values = {"role": "", "place": "", "starts_on": "", "ends_on": "", **fields}
    return {f"role-{number}-{name}": value for name, value in values.items()}


def invite(office, *rows, **fields):
    return office.post(
        "/office/people/invite/", {**FACTS, **fields, **{k: v for r in rows for k, v in r.items()}}
    )


def text_of(answer):
    return answer.content.decode()


def test_invitation_with_two_roles_is_sent(office):
    answer = invite(
        office,
        row(role="municipal_coordinator", place="заречный", ends_on="2099-12-31"),
        row(1, role="organisation_head", place="Школа № 1, Заречный район"),
        roles="2",
    )
    made = Invitation.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/office/people/invitations/{made.pk}/")
    assert [
        (item.role, str(item.municipality or item.organisation)) for item in made.roles.all()
    ] == [
        ("municipal_coordinator", "Заречный район"),
        ("organisation_head", "Школа № 1"),
    ]
    shown = text_of(office.get(answer.url))
    assert "Муниципальный координатор (Заречный район)" in shown
    assert "отправляется" in shown
    assert "Петров Пётр" in text_of(office.get("/office/people/"))


def test_invitation_form_grows_by_a_role_and_keeps_what_was_typed(office):
    answer = invite(office, row(role="head", starts_on="2099-01-02"), add="1")
    shown = text_of(answer)
    assert (answer.status_code, Invitation.objects.count()) == (200, 0)
    for kept in ('value="new@example.org"', 'value="Петров Пётр"', 'value="2099-01-02"'):
        assert kept in shown
    assert 'name="role-1-role"' in shown
    assert 'name="roles" value="2"' in shown


@pytest.mark.parametrize("number", ["²", "-1", "999999", "много", ""])
def test_invitation_form_bears_any_number_of_roles_in_the_request(office, number):
    answer = invite(office, row(role=""), roles=number)
    assert (answer.status_code, Invitation.objects.count()) == (422, 0)


def test_invitation_leaves_out_a_further_row_without_a_role(office):
    invite(office, row(role="head"), row(1), roles="2")
    assert Invitation.objects.get().roles.count() == 1


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"role": ""}, "Обязательное поле"),
        ({"role": "municipal_coordinator"}, "Укажите муниципалитет"),
        ({"role": "organisation_head"}, "Укажите организацию"),
        ({"role": "head", "place": "Заречный район"}, "действует во всём регионе"),
        ({"role": "municipal_coordinator", "place": "Неттакой"}, "ничего не нашлось"),
        ({"role": "head", "starts_on": "2099-02-01", "ends_on": "2099-01-01"}, "раньше первого"),
        ({"role": "head", "starts_on": "31.31.2099"}, "дат"),
    ],
)
def test_invitation_says_what_is_wrong_with_a_role(office, fields, message):
    answer = invite(office, row(**fields))
    assert (answer.status_code, message in text_of(answer)) == (422, True)
    assert Invitation.objects.count() == 0


def test_invitation_with_several_places_of_the_name_asks_to_choose(office):
    wanted = {"role": "organisation_editor", "place": "Детский сад"}
    answer = invite(office, row(**wanted))
    shown = text_of(answer)
    assert (answer.status_code, "Подходит несколько" in shown) == (422, True)
    near = Organisation.objects.get(short_name=NAMES[1])
    assert f"{NAMES[1]}, {MUNICIPALITIES[1]}" in shown
    assert f'name="role-0-chosen" value="{near.pk}"' in shown
    invite(office, row(**wanted, chosen=str(near.pk)))
    assert Invitation.objects.get().roles.get().organisation == near


def test_invitation_of_a_known_address_points_at_the_field(office):
    make_person("head", "new@example.org")
    answer = invite(office, row(role="head"))
    assert "Пользователь с адресом new@example.org уже есть." in text_of(answer)


def test_places_are_suggested_by_name(office):
    answer = office.get("/office/people/places/", {"role-0-place": "заречн"})
    assert text_of(answer).count("<option") == 3
    assert '<option value="Школа № 1, Заречный район">' in text_of(answer)
    for nothing in ({}, {"place": "з"}, {"place": "\x00\x00"}, {"place": "%%"}):
        assert "<option" not in text_of(office.get("/office/people/places/", nothing))


def test_invitation_page_sends_again_and_withdraws(office):
    invite(office, row(role="head"))
    made = Invitation.objects.get()
    page = f"/office/people/invitations/{made.pk}/"
    office.post(f"{page}send/")
    assert Letter.objects.count() == 2
    office.post(f"{page}withdraw/")
    made.refresh_from_db()
    assert made.status == "withdrawn"
    answer = office.post(f"{page}send/", follow=True)
    assert "Приглашение уже отозвано." in text_of(answer)
    assert Letter.objects.count() == 2


def test_invitation_page_tells_why_the_letter_has_not_left(office):
    invite(office, row(role="head"))
    Letter.objects.update(status="failed", note="550 No such user")
    assert "550 No such user" in text_of(
        office.get(f"/office/people/invitations/{Invitation.objects.get().pk}/")
    )


def test_people_are_found_by_name_address_and_role(office):
    make_person("head", "golova@example.org")
    other = make_person("secretary", "other@example.org")
    Person.objects.filter(pk=other.pk).update(full_name="Сидорова Мария")
    listed = lambda **query: [  # noqa: E731
        person.email for person, _ in office.get("/office/people/", query).context["people"]
    ]
    assert listed(words="сидор") == ["other@example.org"]
    assert listed(words="golova") == ["golova@example.org"]
    assert listed(role="head") == ["golova@example.org"]
    assert listed(role="head", words="сидор") == []
    assert len(listed()) == 3


def test_role_is_given_and_ended_on_the_page_of_a_person(office):
    person = make_person("")
    page = f"/office/people/{person.pk}/"
    wanted = {
        "role": "municipal_coordinator",
        "place": "Город Лугов",
        "starts_on": "",
        "ends_on": "",
    }
    assert office.post(f"{page}roles/new/", wanted).url == page
    assert [role.code for role in roles_of(person)] == ["municipal_coordinator"]
    answer = office.post(f"{page}roles/new/", {**wanted, "role": "council_member", "place": ""})
    assert "Эти роли нельзя совместить" in text_of(answer)
    grant = RoleGrant.objects.get(person=person)
    assert office.post(f"{page}roles/{grant.pk}/end/", {"last_day": ""}).url == page
    assert roles_of(Person.objects.get(pk=person.pk)) == []
    shown = text_of(office.get(page))
    assert "Дана роль" in shown


def test_door_is_closed_only_with_a_reason(office):
    person = make_person("head")
    page = f"/office/people/{person.pk}/"
    assert office.post(f"{page}close/", {"reason": ""}).status_code == 422
    assert office.post(f"{page}close/", {"reason": "Уволен"}).url == page
    assert Person.objects.get(pk=person.pk).is_active is False
    assert "Уволен" in text_of(office.get(page))
    office.post(f"{page}open/", {"reason": "Вернулся"})
    assert Person.objects.get(pk=person.pk).is_active is True


def test_second_factor_and_sessions_are_taken_away(office, django_user_model):
    person = make_person("head")
    page = f"/office/people/{person.pk}/"
    Authenticator.objects.create(user=person, type="totp", data={}, created_at=timezone.now())
    assert "Сбросить" in text_of(office.get(page))
    office.post(f"{page}factor/", {"reason": "Потерян телефон"})
    assert Authenticator.objects.count() == 0
    assert office.post(f"{page}sessions/", follow=True).status_code == 200
