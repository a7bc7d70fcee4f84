"""What is read of the council: its faults, where a thing can be considered, what is public."""

from datetime import date, timedelta

import pytest

from noko.actions import council as councils
from noko.actions import minutes
from noko.actions import session as sessions
from noko.models import RoleGrant
from noko.queries import council as reading
from noko.queries.council_checks import checks
from noko.queries.pages import page_stamps
from tests.small_council import (
    NOW,
    make_council,
    make_decided,
    make_open,
    make_session,
    members_of,
)

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
WHOLE = {"regulation_title": "Положение о совете"}


def codes(council, today=TODAY):
    return [(check.code, check.state) for check in checks(council, today)]


def test_checks_find_nothing_in_a_council_that_is_as_it_should_be():
    assert codes(make_council(**WHOLE)) == []


def test_checks_say_everything_that_is_missing():
    assert codes(make_council(people=0)) == [
        ("few_members", "overdue"),
        ("no_chair", "warning"),
        ("no_secretary", "warning"),
        ("no_regulation", "warning"),
    ]


def test_checks_count_the_members_of_the_day():
    council = make_council(people=5, **WHOLE)
    assert codes(council) == []
    member = members_of(council)[3]
    councils.end_membership(member=member, on=TODAY, reason="переезд", by=None, now=NOW)
    assert codes(council) == []
    assert codes(council, TODAY + timedelta(days=1)) == [("few_members", "overdue")]


def test_checks_name_the_rule_and_how_well_it_is_established():
    (check,) = [one for one in checks(make_council(people=4, **WHOLE), TODAY) if one.basis]
    assert (check.code, check.basis.act, check.basis.evidence) == (
        "few_members",
        "392-ФЗ",
        "retold",
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2027, 10, 1), []),
        (date(2027, 12, 1), [("term_ends", "warning")]),
        (date(2028, 2, 1), [("term_over", "overdue")]),
    ],
)
def test_checks_tell_of_the_end_of_the_term(day, expected):
    found = [code for code in codes(make_council(**WHOLE), day) if code[0].startswith("term")]
    assert found == expected


def test_checks_find_a_term_longer_than_the_law_allows():
    assert ("term_long", "overdue") in codes(make_council(ends_on=date(2028, 2, 1), **WHOLE))


def test_checks_find_a_member_who_became_an_official():
    council = make_council(**WHOLE)
    member = members_of(council)[4]
    RoleGrant.objects.create(person=member.person, role="specialist", starts_on=date(2026, 1, 1))
    found = checks(council, TODAY)
    assert [(check.code, check.state) for check in found] == [("conflict", "overdue")]
    assert found[0].text.startswith("Белова Анна Олеговна: роль «Специалист».")


def test_checks_tell_that_the_rule_set_is_another_than_was_pinned():
    council = make_council(**WHOLE)
    council.rules_digest = "0" * 64
    assert codes(council) == [("rules_changed", "warning")]


def test_checks_name_members_who_cannot_vote_or_be_written_to():
    council = make_council(**WHOLE)
    member = members_of(council)[5]
    member.person = None
    member.save()
    assert codes(council) == [("no_login", "warning"), ("no_address", "warning")]


def test_upcoming_sessions_are_those_whose_agenda_may_grow():
    council = make_council()
    planned = make_session(council, starts_at=NOW + timedelta(days=3))
    going_on = make_open(make_session(council))
    make_open(make_session(council, kind="poll"))
    make_decided(make_session(council))
    cancelled = make_session(council)
    sessions.give_up(session=cancelled, held=False, reason="ремонт", by=None, now=NOW)
    make_session(council, starts_at=NOW - timedelta(days=30))
    assert list(reading.upcoming(NOW)) == [going_on, planned]


def publish(session):
    file = {"name": "protokol.pdf", "bytes": 1, "sha256": "a" * 64}
    minutes.sign(
        session=session,
        minutes=[file],
        decisions={item.pk: [file] for item in session.decisions.all()},
        digest="d" * 64,
        by=session.presiding.person,
        now=NOW,
    )
    return minutes.publish(session=session, by=None, now=NOW)


def test_pages_of_the_council_follow_its_composition_and_what_is_published():
    council = make_council()
    address = f"/council/{council.pk}/"
    empty = page_stamps("x")
    assert page_stamps("x") == empty
    session, _ = make_decided(make_session(council))
    assert page_stamps("x") == empty
    publish(session)
    published = page_stamps("x")
    decision = session.decisions.get()
    assert set(published) - set(empty) == {f"{address}decisions/{decision.pk}/"}
    assert published[address] != empty[address]
    councils.end_membership(
        member=members_of(council)[6], on=date(2025, 3, 1), reason="переезд", by=None, now=NOW
    )
    assert page_stamps("x")[address] != published[address]
    assert page_stamps("x")["/council/"] != published["/council/"]


def test_pages_leave_out_a_council_without_members():
    council = make_council(people=0)
    assert f"/council/{council.pk}/" not in page_stamps("x")
