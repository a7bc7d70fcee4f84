"""Invitations by real mail, documents at the signature, polls that end by themselves."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar
from procrastinate.contrib.django.models import ProcrastinateJob

from noko import kept
from noko.actions import agenda
from noko.actions.vote import recuse
from noko.core.refusal import Refusal
from noko.documents.council import minutes_digest
from noko.jobs import council as jobs
from noko.jobs.mail import send_letter
from noko.models import Ballot, Letter, Session
from tests.postbox import postbox
from tests.racing import at_once
from tests.small_council import (
    NOW,
    make_council,
    make_decided,
    make_open,
    make_session,
    members_of,
    vote_all,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES = tmp_path


def refused(kind):
    return pytest.raises(Refusal, check=lambda refusal: refusal.kind == kind)


@pytest.mark.django_db(transaction=True)
def test_invitation_arrives_with_its_calendar_file(settings):
    council = make_council()
    session = jobs.invite(session=make_session(council), by=None, now=NOW)
    with postbox(settings) as box:
        for letter in Letter.objects.order_by("pk"):
            send_letter(letter.pk)
        arrived = {letter["To"]: letter for letter in box.letters}
    assert len(arrived) == 7
    letter = arrived["member1@example.org"]
    assert letter["Subject"].strip().startswith("Очное заседание общественного совета 23")
    parts = {part.get_content_type(): part for part in letter.walk()}
    text = parts["text/plain"].get_payload(decode=True).decode()
    assert "Лебедева Ольга Павловна," in text
    assert f"/office/council/sessions/{session.pk}/" in text
    calendar = parts["text/calendar"]
    assert calendar.get_param("method") == "REQUEST"
    (event,) = Calendar.from_ical(calendar.get_payload(decode=True)).walk("VEVENT")
    assert str(event["ATTENDEE"]) == "MAILTO:member1@example.org"


def test_invitation_is_sent_once_to_each_and_again_after_a_change():
    session = make_session(make_council())
    jobs.invite(session=session, by=None, now=NOW)
    jobs.invite(session=session, by=None, now=NOW)
    subjects = list(Letter.objects.values_list("subject", flat=True))
    assert len(subjects) == 14
    assert sum(subject.startswith("Изменилось: ") for subject in subjects) == 7


def test_invitation_goes_to_nobody_without_an_address():
    council = make_council()
    member = members_of(council)[3]
    member.person = None
    member.save()
    jobs.invite(session=make_session(council), by=None, now=NOW)
    assert Letter.objects.count() == 6


def test_cancelled_session_takes_its_invitations_back():
    session = jobs.invite(session=make_session(make_council()), by=None, now=NOW)
    jobs.give_up(session=session, held=False, reason="ремонт", by=None, now=NOW)
    taken_back = Letter.objects.filter(subject__startswith="Отменено")
    assert taken_back.count() == 7
    letter = taken_back.first()
    assert "ремонт" in letter.text
    assert b"METHOD:CANCEL" in bytes(letter.files.get().content)


def test_session_that_nobody_was_invited_to_is_cancelled_in_silence():
    jobs.give_up(
        session=make_session(make_council()), held=False, reason="ремонт", by=None, now=NOW
    )
    assert Letter.objects.count() == 0


def test_opened_poll_calls_its_members():
    poll = make_session(make_council(), kind="poll")
    chair = members_of(poll.council)[0]
    jobs.open_session(session=poll, presiding=chair, by=chair.person, now=NOW)
    assert Letter.objects.filter(subject__startswith="Опрос общественного совета").count() == 7


def test_signature_makes_documents_that_are_kept():
    session, _ = make_decided(make_session(make_council()))
    chair = members_of(session.council)[0].person
    signed = jobs.sign(session=session, expected=minutes_digest(session), by=chair, now=NOW)
    decision = signed.decisions.get()
    names = [file["name"] for file in [*signed.minutes, *decision.files]]
    assert names == [
        "protokol-1-2026.docx",
        "protokol-1-2026.pdf",
        "reshenie-1-2026.docx",
        "reshenie-1-2026.pdf",
    ]
    for file in [*signed.minutes, *decision.files]:
        assert len(kept.content_of(file["sha256"])) == file["bytes"]
    assert signed.minutes_digest == minutes_digest(signed)


def test_signature_under_other_minutes_than_were_read_is_refused():
    session, items = make_decided(make_session(make_council()))
    chair = members_of(session.council)[0].person
    read = minutes_digest(session)
    agenda.note(item=items[0], heard="Иначе.", discussion="", by=None, now=NOW)
    with refused("minutes_changed"):
        jobs.sign(session=session, expected=read, by=chair, now=NOW)
    session.refresh_from_db()
    assert session.status == "closed"


def test_publication_asks_for_the_public_pages():
    session, _ = make_decided(make_session(make_council()))
    chair = members_of(session.council)[0].person
    jobs.sign(session=session, expected=minutes_digest(session), by=chair, now=NOW)
    jobs.publish(session=session, by=chair, now=NOW)
    waiting = ProcrastinateJob.objects.filter(task_name="noko.release.pages", status="todo")
    assert waiting.count() == 1


@pytest.mark.django_db(transaction=True)
def test_poll_is_ended_by_the_worker_once():
    begun = timezone.now() - timedelta(days=6)
    poll = make_session(make_council(), kind="poll", starts_at=begun)
    chair = members_of(poll.council)[0]
    jobs.open_session(session=poll, presiding=chair, by=chair.person, now=begun)
    vote_all(Ballot.objects.get(), "+++++..", now=begun)
    at_once(lambda: jobs.end_polls(0))
    poll.refresh_from_db()
    assert (poll.status, poll.decisions.count()) == ("closed", 1)


def test_poll_reminds_those_who_have_not_answered_once():
    poll = make_session(make_council(), kind="poll", titles=("О перечне", "О плане"))
    members = members_of(poll.council)
    jobs.open_session(session=poll, presiding=members[0], by=members[0].person, now=NOW)
    first, second = Ballot.objects.order_by("item__order")
    vote_all(first, "++++...")
    vote_all(second, "+++....")
    reason = {"reason": "сын", "by": members[3].person, "now": NOW}
    recuse(item=second.item, member=members[3], **reason)
    for days in (1, 4, 4.5, 5):
        jobs.remind_of_polls(now=NOW + timedelta(days=days))
    reminded = Letter.objects.filter(subject__contains="заканчивается").order_by("to")
    assert list(reminded.values_list("to", flat=True)) == [
        f"member{number}@example.org" for number in (5, 6, 7)
    ]


def test_poll_of_a_day_reminds_nobody():
    poll = make_session(make_council(), kind="poll")
    chair = members_of(poll.council)[0]
    opened = NOW + timedelta(days=4, hours=1)
    jobs.open_session(session=poll, presiding=chair, by=chair.person, now=opened)
    jobs.remind_of_polls(now=NOW + timedelta(days=4, hours=23))
    assert Letter.objects.filter(subject__contains="заканчивается").count() == 0


def test_poll_that_is_going_on_is_left_alone():
    poll = make_session(make_council(), kind="poll", starts_at=timezone.now())
    chair = members_of(poll.council)[0]
    jobs.open_session(session=poll, presiding=chair, by=chair.person, now=timezone.now())
    jobs.end_polls(0)
    assert Session.objects.get().status == "open"


def test_open_session_is_no_poll_and_is_left_alone():
    make_open(make_session(make_council()))
    jobs.end_polls(0)
    assert Session.objects.get().status == "open"
