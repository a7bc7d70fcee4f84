"""Invitations as iCalendar: what calendars of people understand."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from noko.actions import session as sessions
from noko.exchange.council import invitation
from tests.small_council import NOW, make_council, make_session

pytestmark = pytest.mark.django_db


def event_of(content):
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def test_invitation_says_when_where_and_what():
    session = make_session(make_council(), titles=("О перечне", "О плане; смета"))
    calendar, event = event_of(
        invitation(session, now=NOW, to="a@example.org", name="Белова, Анна")
    )
    assert str(calendar["METHOD"]) == "REQUEST"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (NOW, NOW + timedelta(hours=2))
    assert str(event["SUMMARY"]) == "Общественный совет: очное заседание"
    assert str(event["LOCATION"]) == "ул. Садовая, 1, каб. 12"
    assert "1. О перечне\n2. О плане; смета" in str(event["DESCRIPTION"])
    assert str(event["ATTENDEE"]) == "MAILTO:a@example.org"
    assert (event["ATTENDEE"].params["CN"], event["ATTENDEE"].params["RSVP"]) == (
        "Белова, Анна",
        "FALSE",
    )


def test_invitation_once_more_takes_the_place_of_the_former():
    session = make_session(make_council())
    first = event_of(invitation(session, now=NOW, to="a@example.org"))[1]
    invited = sessions.invite(session=session, by=None, now=NOW)
    second = event_of(invitation(invited, now=NOW, to="a@example.org"))[1]
    assert first["UID"] == second["UID"]
    assert (int(first["SEQUENCE"]), int(second["SEQUENCE"])) == (0, 1)


def test_invitation_is_taken_back():
    session = make_session(make_council())
    content = invitation(session, now=NOW, to="a@example.org", cancelled=True)
    calendar, event = event_of(content)
    assert (str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCELLED")


def test_invitation_to_a_poll_stands_at_its_end():
    poll = make_session(make_council(), kind="poll")
    _, event = event_of(invitation(poll, now=NOW))
    assert event.decoded("dtend") == NOW + timedelta(days=5)
    assert "LOCATION" not in event
    assert str(event["SUMMARY"]) == "Общественный совет: письменный опрос заканчивается"


def test_invitation_for_oneself_asks_nobody():
    calendar, event = event_of(invitation(make_session(make_council()), now=NOW))
    assert ("METHOD" in calendar, "ATTENDEE" in event) == (False, False)


def test_invitation_is_the_same_bytes():
    session = make_session(make_council())
    assert invitation(session, now=NOW) == invitation(session, now=NOW)
