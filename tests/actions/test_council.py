"""Forming a council and keeping its composition."""

from datetime import date

import pytest

from noko.actions import council as councils
from noko.core.refusal import Refusal
from noko.models import Council, CouncilMember, JournalEntry
from noko.queries import council as reading
from tests.racing import at_once
from tests.small_council import NOW, make_council, members_of
from tests.small_cycle import make_person

pytestmark = pytest.mark.django_db


def refused(kind):
    return pytest.raises(Refusal, check=lambda refusal: refusal.kind == kind)


def add(council, **fields):
    given = {
        "full_name": "Дроздов Яков Ильич",
        "association": "Общество инвалидов",
        "position": "member",
        "starts_on": date(2026, 3, 1),
        "by": None,
        "now": NOW,
    }
    return councils.add_member(council=council, **{**given, **fields})


def test_council_is_formed_for_the_term_of_its_rules():
    council = make_council()
    assert (council.starts_on, council.ends_on) == (date(2025, 2, 1), date(2028, 1, 31))
    assert (council.rules, len(council.rules_digest)) == ("392fz-2017", 64)
    entry = JournalEntry.objects.get(deed="council.formed")
    assert entry.after["полномочия по"] == "2028-01-31"


def test_council_of_a_leap_day_ends_on_the_last_of_february():
    council = make_council(people=0, starts_on=date(2024, 2, 29))
    assert council.ends_on == date(2027, 2, 28)


def test_council_under_rules_without_a_term_has_no_end():
    assert make_council(people=0, rules="256fz-2014").ends_on is None


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"rules": "1-fz"}, "unknown_council_rules"),
        ({"name": " "}, "empty_name"),
        ({"act_title": ""}, "empty_name"),
        ({"ends_on": date(2020, 1, 1)}, "bad_term"),
        ({"choices": {"quorum": "everybody"}}, "unknown_choice"),
    ],
)
def test_council_is_refused(fields, kind):
    with refused(kind):
        make_council(people=0, **fields)
    assert Council.objects.count() == 0


def test_council_change_is_noted_name_by_name():
    council = make_council(people=0)
    choices = {"quorum": {"choice": "two_thirds", "point": "п. 4.2"}}
    councils.change(council=council, act_number="№ 12", choices=choices, by=None, now=NOW)
    entry = JournalEntry.objects.get(deed="council.changed")
    assert entry.before == {"номер акта": "", "выбор положения": {}}
    assert entry.after == {
        "номер акта": "№ 12",
        "выбор положения": {"Кворум": "не менее двух третей членов совета (п. 4.2)"},
    }


def test_council_change_of_nothing_is_not_noted():
    council = make_council(people=0)
    councils.change(council=council, name=council.name, by=None, now=NOW)
    assert JournalEntry.objects.filter(deed="council.changed").count() == 0


def test_council_composition_of_a_day_begins_with_the_chair():
    council = make_council()
    assert [item.position for item in reading.members_on(council, date(2026, 3, 1))] == [
        "chair",
        "deputy",
        "secretary",
        *["member"] * 4,
    ]
    assert list(reading.members_on(council, date(2025, 1, 31))) == []


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"position": "chair"}, "chair_taken"),
        ({"position": "secretary"}, "secretary_taken"),
        ({"full_name": " "}, "empty_name"),
        ({"association": ""}, "empty_association"),
        ({"starts_on": date(2025, 1, 31)}, "outside_of_term"),
        ({"starts_on": date(2028, 2, 1)}, "outside_of_term"),
    ],
)
def test_council_member_is_refused(fields, kind):
    council = make_council()
    with refused(kind):
        add(council, **fields)
    assert council.members.count() == 7


@pytest.mark.parametrize("role", ["secretary", "operator_analyst"])
def test_council_member_of_another_side_is_refused(role):
    with refused("conflict_of_interest"):
        add(make_council(), person=make_person(role))


def test_council_member_who_works_in_an_organisation_is_refused():
    from tests.small_cycle import make_organisations

    head = make_person("organisation_head", organisation=make_organisations()[0])
    with refused("conflict_of_interest"):
        add(make_council(), person=head)


def test_council_person_is_a_member_once():
    council = make_council()
    with refused("member_twice"):
        add(council, person=members_of(council)[3].person)


def test_council_member_leaves_with_a_reason():
    council = make_council()
    member = members_of(council)[3]
    with refused("reason_required"):
        councils.end_membership(member=member, on=date(2026, 5, 1), reason=" ", by=None, now=NOW)
    with refused("bad_term"):
        councils.end_membership(member=member, on=date(2024, 5, 1), reason="x", by=None, now=NOW)
    councils.end_membership(
        member=member, on=date(2026, 5, 1), reason="по собственному желанию", by=None, now=NOW
    )
    with refused("left_already"):
        councils.end_membership(member=member, on=date(2026, 6, 1), reason="x", by=None, now=NOW)
    assert [item.full_name for item in reading.former_members(council, date(2026, 6, 1))] == [
        member.full_name
    ]
    again = add(
        council, full_name=member.full_name, person=member.person, starts_on=date(2026, 9, 1)
    )
    assert reading.membership(member.person, council, date(2026, 10, 1)) == again


def test_council_member_takes_another_position_from_a_day():
    council = make_council()
    chair, deputy, *_ = members_of(council)
    with refused("chair_taken"):
        councils.appoint(member=deputy, position="chair", on=date(2026, 5, 1), by=None, now=NOW)
    councils.end_membership(member=chair, on=date(2026, 4, 30), reason="переезд", by=None, now=NOW)
    councils.appoint(member=deputy, position="chair", on=date(2026, 5, 1), by=None, now=NOW)
    on = {
        day: reading.members_on(council, day).first().full_name
        for day in (date(2026, 4, 30), date(2026, 5, 1))
    }
    assert list(on.values()) == ["Лебедева Ольга Павловна", "Ершов Глеб Иванович"]
    assert [one.full_name for one in reading.former_members(council, date(2026, 6, 1))] == [
        "Лебедева Ольга Павловна"
    ]
    with refused("same_position"):
        held = reading.membership(deputy.person, council, date(2026, 6, 1))
        councils.appoint(member=held, position="chair", on=date(2026, 6, 1), by=None, now=NOW)


def test_council_member_is_corrected():
    member = members_of(make_council())[4]
    changed = councils.change_member(
        member=member,
        full_name="Белова Анна Игоревна",
        association="Совет отцов",
        email="belova@example.org",
        person=member.person,
        by=None,
        now=NOW,
    )
    assert (changed.full_name, changed.email) == ("Белова Анна Игоревна", "belova@example.org")
    entry = JournalEntry.objects.get(deed="council.member_changed")
    assert entry.before["член совета"] == "Белова Анна Олеговна"


@pytest.mark.django_db(transaction=True)
def test_council_two_chairs_at_once_are_one():
    council = make_council(people=0)
    done, refusals = at_once(lambda: add(council, position="chair"))
    assert (len(done), refusals) == (1, ["chair_taken"] * 3)
    assert CouncilMember.objects.count() == 1
