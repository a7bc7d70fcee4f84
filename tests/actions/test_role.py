"""Roles given and ended, each for its time: conflicts, races, the last administrator."""

from datetime import UTC, date, datetime, timedelta

import pytest

from noko.access.loading import roles_of
from noko.actions import role as deeds
from noko.actions.role import Granted
from noko.core.refusal import Refusal
from noko.models import RoleGrant
from noko.queries.journal import of_thing
from noko.queries.person import grants_by_time
from tests.racing import at_once
from tests.small_cycle import make_organisations, make_person

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
HEAD, MEMBER, ADMINISTRATOR = map(Granted, ("head", "council_member", "administrator"))


def later(days: int) -> date:
    return TODAY + timedelta(days=days)


def grant(person, granted):
    return deeds.grant(person=person, granted=granted, by=None, now=NOW)


def end(role_grant, last_day=None):
    deeds.end(grant=role_grant, last_day=last_day, by=None, now=NOW)


def codes(person, day=TODAY):
    return [role.code for role in roles_of(person, today=day)]


def refused(deed, *arguments):
    with pytest.raises(Refusal) as refusal:
        deed(*arguments)
    return refusal.value.kind


def test_role_is_held_from_its_first_day_to_its_last():
    person = make_person("")
    grant(person, HEAD._replace(starts_on=later(2), ends_on=later(3)))
    assert [codes(person, later(n)) for n in range(1, 5)] == [[], ["head"], ["head"], []]
    (entry,) = of_thing(person)
    assert (entry.deed, entry.after) == (
        "role.granted",
        {"роль": "Руководитель", "с": "2026-11-25", "по": "2026-11-26"},
    )


def test_role_of_a_municipality_names_it():
    person, school = make_person(""), make_organisations()[0]
    made = grant(person, Granted("municipal_coordinator", school.municipality))
    assert made.municipality == school.municipality
    assert refused(grant, person, Granted("municipal_coordinator")) == "role_without_place"
    assert refused(grant, person, HEAD._replace(municipality=school.municipality)) == (
        "role_with_foreign_place"
    )


@pytest.mark.parametrize(
    "period",
    [
        {"starts_on": later(-1)},
        {"ends_on": later(-1)},
        {"starts_on": later(5), "ends_on": later(4)},
    ],
)
def test_role_is_not_given_for_a_time_that_makes_no_sense(period):
    assert refused(grant, make_person(""), HEAD._replace(**period)) == "bad_period"
    assert RoleGrant.objects.count() == 0


def test_role_is_not_given_twice_for_the_same_time():
    person = make_person("")
    grant(person, HEAD._replace(ends_on=later(10)))
    assert refused(grant, person, HEAD._replace(starts_on=later(10))) == "role_held"
    grant(person, HEAD._replace(starts_on=later(11)))
    assert RoleGrant.objects.count() == 2


def test_role_of_an_official_and_of_the_council_do_not_meet_in_time():
    person = make_person("")
    grant(person, HEAD._replace(ends_on=later(10)))
    assert refused(grant, person, MEMBER) == "conflict_of_interest"
    assert refused(grant, person, MEMBER._replace(starts_on=later(10))) == "conflict_of_interest"
    grant(person, MEMBER._replace(starts_on=later(11)))
    assert codes(person, later(11)) == ["council_member"]


@pytest.mark.django_db(transaction=True)
def test_roles_in_conflict_given_at_once_leave_one():
    person = make_person("")
    choices = iter([HEAD, MEMBER])
    done, kinds = at_once(lambda: grant(person, next(choices)), people=2)
    assert (len(done), kinds) == (1, ["conflict_of_interest"])
    assert RoleGrant.objects.count() == 1


def test_role_ended_at_once_is_gone_and_kept_in_the_history():
    person = make_person("head")
    end(RoleGrant.objects.get())
    assert (codes(person), codes(person, later(-1))) == ([], ["head"])
    assert [len(grants) for grants in grants_by_time(person, TODAY).values()] == [0, 0, 1]
    assert of_thing(person).get().after["по"] == "2026-11-22"


def test_role_that_never_began_is_taken_back():
    person = make_person("")
    end(grant(person, HEAD._replace(starts_on=later(3))))
    assert RoleGrant.objects.count() == 0
    assert [item.deed for item in of_thing(person)] == ["role.ended", "role.granted"]


def test_role_ended_on_a_day_is_held_up_to_it():
    person = make_person("head")
    end(RoleGrant.objects.get(), later(2))
    assert [codes(person, later(n)) for n in (2, 3)] == [["head"], []]
    stored = RoleGrant.objects.get()
    assert refused(end, stored, later(-1)) == "bad_period"
    stale = RoleGrant.objects.get()
    end(stored)
    assert refused(end, stale) == "role_ended"
    assert refused(end, RoleGrant.objects.get()) == "role_ended"


def test_role_of_the_last_administrator_stays():
    make_person("administrator")
    held = RoleGrant.objects.get()
    assert [refused(end, held, day) for day in (None, later(5))] == ["last_administrator"] * 2
    assert RoleGrant.objects.get().ends_on is None
    other = make_person("administrator", "b@example.org")
    RoleGrant.objects.filter(person=other).update(ends_on=later(5))
    assert refused(end, held, later(5)) == "last_administrator"
    end(held, later(4))


@pytest.mark.django_db(transaction=True)
def test_two_administrators_do_not_end_each_other():
    for name in ("a", "b"):
        make_person("administrator", f"{name}@example.org")
    grants = list(RoleGrant.objects.all())
    done, kinds = at_once(lambda: end(grants.pop()), people=2)
    assert (len(done), kinds) == (1, ["last_administrator"])
