"""Invitations: one letter, one account, and a clear answer to every other attempt."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from noko.access.loading import grants_of
from noko.actions import invitation as deeds
from noko.actions import person as people
from noko.actions.letter import text_of
from noko.actions.role import Granted
from noko.core.refusal import Refusal
from noko.models import Invitation, Letter, Person, RoleGrant
from noko.queries.journal import of_thing
from tests.racing import at_once
from tests.small_cycle import make_organisations, make_person

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)
PASSWORD = "лодка-у-причала-7"
HEAD = Granted("head")


def invite(**fields):
    values = {"email": "New@example.org", "full_name": " Петров  Пётр", "roles": [HEAD]}
    by = Person.objects.filter(email="administrator@example.org").first()
    by = by or make_person("administrator")
    return deeds.invite(**{**values, "by": by, "now": NOW, **fields})


def secret_of(invitation):
    letter = Letter.objects.get(key=invitation.letter_key)
    return re.search(r"/account/invitation/([^/]+)/", text_of(letter)).group(1)


def accept(secret, now=NOW, password=PASSWORD):
    return deeds.accept(secret=secret, password=password, now=now)


def refused(deed, *arguments, **fields):
    with pytest.raises(Refusal) as refusal:
        deed(*arguments, **fields)
    return refusal.value.kind


def test_invitation_sends_a_letter_and_makes_nobody(settings):
    settings.ADDRESS = "https://noko.example.ru"
    made = invite()
    assert (made.email, made.full_name, made.status) == ("new@example.org", "Петров Пётр", "open")
    assert made.expires_at == NOW + timedelta(days=7)
    assert Person.objects.filter(email=made.email).count() == 0
    letter = Letter.objects.get()
    assert (letter.to, letter.subject, letter.secret) == (made.email, "Приглашение в НОКО", True)
    text = text_of(letter)
    assert "https://noko.example.ru/account/invitation/" in text
    assert "Ваша роль: Руководитель." in text
    assert "до 30 ноября 2026 г., 12:00 и только один раз" in text.replace("\u00a0", " ")


def test_invitation_keeps_the_digest_of_its_link_alone():
    made = invite()
    secret = secret_of(made)
    assert made.digest == deeds.digest(secret)
    with connection.cursor() as cursor:
        for table in ("noko_invitation", "noko_letter", "noko_journalentry", "procrastinate_jobs"):
            whole = f"select count(*) from {table} t where t::text like %s"  # noqa: S608
            cursor.execute(whole, [f"%{secret}%"])
            assert (table, cursor.fetchone()) == (table, (0,))


def test_invitation_accepted_makes_the_person_with_the_roles():
    school = make_organisations()[0]
    roles = [
        Granted("municipal_coordinator", school.municipality, ends_on=TODAY + timedelta(days=30)),
        Granted("organisation_head", organisation=school, starts_on=TODAY + timedelta(days=9)),
    ]
    made = invite(roles=roles)
    person = accept(secret_of(made), now=NOW + timedelta(days=2))
    assert person.check_password(PASSWORD)
    assert [(g.role, g.starts_on, g.ends_on) for g in RoleGrant.objects.filter(person=person)] == [
        ("municipal_coordinator", TODAY + timedelta(days=2), TODAY + timedelta(days=30)),
        ("organisation_head", TODAY + timedelta(days=9), None),
    ]
    made.refresh_from_db()
    assert (made.status, made.person) == ("accepted", person)
    assert [item.deed for item in of_thing(made)] == ["invitation.accepted", "invitation.sent"]
    assert of_thing(made)[0].by == person


@pytest.mark.django_db(transaction=True)
def test_invitation_used_twice_at_once_makes_one_account():
    secret = secret_of(invite())
    done, kinds = at_once(lambda: accept(secret))
    assert (len(done), kinds) == (1, ["invitation_used"] * 3)
    assert Person.objects.filter(email="new@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_invitation_expired_and_used_twice_at_once_makes_no_account():
    made = invite()
    secret = secret_of(made)
    done, kinds = at_once(lambda: accept(secret, now=made.expires_at), people=2)
    assert (done, kinds) == ([], ["invitation_expired"] * 2)
    assert Person.objects.filter(email="new@example.org").count() == 0


def test_invitation_expires_to_the_second():
    made = invite()
    secret = secret_of(made)
    assert refused(accept, secret, now=made.expires_at) == "invitation_expired"
    assert accept(secret, now=made.expires_at - timedelta(seconds=1)).email == made.email


def test_invitation_withdrawn_or_unknown_opens_nothing():
    made = invite()
    secret = secret_of(made)
    deeds.withdraw(invitation=made, by=made.created_by, now=NOW)
    assert refused(accept, secret) == "invitation_withdrawn"
    assert refused(accept, "наугад") == "invitation_unknown"
    for deed in (deeds.withdraw, deeds.send_again):
        assert refused(deed, invitation=made, by=made.created_by, now=NOW) == "invitation_closed"
    assert Person.objects.filter(email=made.email).count() == 0
    invite()  # another one for the same address


def test_invitation_sent_again_lives_longer_and_its_former_link_is_dead():
    made = invite()
    former, later = secret_of(made), NOW + timedelta(days=20)
    again = deeds.send_again(invitation=made, by=made.created_by, now=later)
    assert refused(accept, former, now=later) == "invitation_unknown"
    assert accept(secret_of(again), now=later + timedelta(days=6)).email == made.email
    assert Letter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_invitation_of_one_address_is_open_once():
    by = make_person("administrator")
    done, kinds = at_once(lambda: invite(by=by))
    assert (len(done), kinds) == (1, ["already_invited"] * 3)
    assert Letter.objects.count() == 1


def test_invitation_whose_roles_are_over_is_expired():
    made = invite(roles=[HEAD._replace(ends_on=TODAY + timedelta(days=2))])
    assert refused(accept, secret_of(made), now=NOW + timedelta(days=3)) == "invitation_expired"


def test_invitation_weak_password_leaves_it_open():
    made = invite()
    secret = secret_of(made)
    assert refused(accept, secret, password="коротко") == "weak_password"
    assert accept(secret).email == made.email


def test_invitation_of_a_person_who_came_another_way_meanwhile():
    made = invite()
    people.create(
        email=made.email, full_name="П", roles=[HEAD], password=PASSWORD, by=None, now=NOW
    )
    assert refused(accept, secret_of(made)) == "email_taken"
    assert Invitation.objects.get().status == "open"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"email": "не адрес"}, "bad_email"),
        ({"email": "administrator@example.org"}, "email_taken"),
        ({"full_name": " "}, "bad_name"),
        ({"roles": []}, "no_roles"),
        ({"roles": [HEAD, HEAD]}, "role_held"),
        ({"roles": [HEAD, Granted("council_member")]}, "conflict_of_interest"),
        ({"roles": [Granted("municipal_coordinator")]}, "role_without_place"),
        ({"roles": [HEAD._replace(ends_on=TODAY - timedelta(days=1))]}, "bad_period"),
    ],
)
def test_invitation_refuses_what_is_wrong(fields, kind):
    assert refused(invite, **fields) == kind
    assert (Invitation.objects.count(), Letter.objects.count()) == (0, 0)


def test_invited_person_may_do_what_was_promised():
    made = invite()
    person = accept(secret_of(made))
    assert [grant.role for grant in grants_of(person, today=TODAY)] == ["head"]
