"""Sessions of the council from the plan to the publication of the minutes."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from noko import kept
from noko.actions import agenda, minutes
from noko.actions import council as councils
from noko.actions import session as sessions
from noko.core.refusal import Refusal
from noko.models import AgendaItem, Decision, JournalEntry, Material, Session
from noko.queries import council as reading
from tests.racing import at_once
from tests.small_council import (
    NOW,
    make_ballot,
    make_council,
    make_decided,
    make_open,
    make_session,
    members_of,
)
from tests.small_cycle import make_cycle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES = tmp_path


def refused(kind):
    return pytest.raises(Refusal, check=lambda refusal: refusal.kind == kind)


def plan(council, **fields):
    given = {"kind": "in_person", "starts_at": NOW, "place": "Каб. 12", "by": None, "now": NOW}
    return sessions.plan(council=council, **{**given, **fields})


def sign(session, by=None):
    file = {"name": "protokol.pdf", "bytes": 3, "sha256": "a" * 64}
    return minutes.sign(
        session=session,
        minutes=[file],
        decisions={item.pk: [file] for item in session.decisions.all()},
        digest="d" * 64,
        by=by or session.presiding.person,
        now=NOW,
    )


# --- plan -----------------------------------------------------------------------------------------


def test_session_gathers_everybody_of_that_day():
    council = make_council()
    councils.end_membership(
        member=members_of(council)[6], on=date(2026, 1, 1), reason="переезд", by=None, now=NOW
    )
    session = plan(council)
    assert session.attendance.count() == 6
    assert [line.member.position for line in reading.attendance(session)][:3] == [
        "chair",
        "deputy",
        "secretary",
    ]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"place": " "}, "no_place"),
        ({"kind": "remote"}, "no_link"),
        ({"kind": "poll"}, "no_end"),
        ({"kind": "poll", "ends_at": NOW - timedelta(days=1)}, "bad_time"),
        ({"starts_at": NOW - timedelta(days=900)}, "outside_of_term"),
        ({"starts_at": NOW + timedelta(days=900)}, "outside_of_term"),
    ],
)
def test_session_is_refused(fields, kind):
    with refused(kind):
        plan(make_council(), **fields)
    assert Session.objects.count() == 0


def test_session_of_a_council_without_members_is_refused():
    with refused("no_members"):
        plan(make_council(people=0))
    assert Session.objects.count() == 0


def test_session_changed_after_the_invitation_is_to_be_invited_to_again():
    session = make_session(make_council())
    sessions.invite(session=session, by=None, now=NOW)
    changed = sessions.change(
        session=session,
        starts_at=NOW + timedelta(days=1),
        ends_at=None,
        place="Каб. 14",
        link="",
        guests="",
        minutes_by="",
        cycle=None,
        by=None,
        now=NOW,
    )
    assert (changed.status, changed.sequence) == ("planned", 1)
    assert sessions.invite(session=changed, by=None, now=NOW).sequence == 2


def test_session_without_a_question_invites_nobody():
    session = plan(make_council())
    with refused("empty_agenda"):
        sessions.invite(session=session, by=None, now=NOW)


def test_session_reply_is_kept_when_the_member_takes_another_position():
    council = make_council()
    session = make_session(council, starts_at=NOW + timedelta(days=9))
    member = members_of(council)[3]
    sessions.reply(session=session, member=member, answer="coming", by=member.person, now=NOW)
    councils.appoint(member=member, position="deputy", on=date(2026, 11, 25), by=None, now=NOW)
    sessions.invite(session=session, by=None, now=NOW)
    lines = {line.member.full_name: line for line in reading.attendance(session)}
    assert (len(lines), lines[member.full_name].reply) == (7, "coming")
    assert lines[member.full_name].member.position == "deputy"


def test_session_reply_of_somebody_else_is_refused():
    council = make_council()
    other = make_council(short_name="Другой")
    session = make_session(council)
    with refused("not_invited"):
        sessions.reply(
            session=session, member=members_of(other)[0], answer="coming", by=None, now=NOW
        )


# --- agenda ---------------------------------------------------------------------------------------


def test_agenda_item_carries_its_materials_and_the_cycle_of_the_session():
    cycle = make_cycle()
    session = make_session(make_council(), titles=(), cycle=cycle)
    item = councils.put_on_agenda(
        session=session,
        title="  О  перечне ",
        draft_decision="Утвердить.",
        materials=[("C:\\docs\\перечень.docx", b"abc")],
        by=None,
        now=NOW,
    )
    material = Material.objects.get()
    assert (item.title, item.order, item.cycle) == ("О перечне", 1, cycle)
    assert (material.name, material.size, material.annex) == ("перечень.docx", 3, True)
    assert kept.content_of(material.digest) == b"abc"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"title": " "}, "empty_title"),
        ({"kind": "lottery"}, "unknown_question"),
        ({"materials": [("пусто.docx", b"")]}, "empty_material"),
        ({"materials": [("a.docx", b"1"), ("a.docx", b"2")]}, "material_twice"),
        ({"secret": True}, "secret_not_allowed"),
    ],
)
def test_agenda_item_is_refused(fields, kind):
    session = make_session(make_council(), titles=())
    with refused(kind):
        councils.put_on_agenda(
            **{"session": session, "title": "О плане", "by": None, "now": NOW, **fields}
        )
    assert (AgendaItem.objects.count(), Material.objects.count()) == (0, 0)


def test_agenda_is_closed_after_the_session_and_after_a_poll_is_opened():
    council = make_council()
    closed, _ = make_decided(make_session(council))
    poll = make_open(make_session(council, kind="poll"))
    for session in (closed, poll):
        with refused("agenda_closed"):
            councils.put_on_agenda(session=session, title="О плане", by=None, now=NOW)


def test_agenda_item_and_its_materials_do_not_change_once_it_is_voted_on():
    session = make_open(make_session(make_council()))
    item = session.items.get()
    material = agenda.add_material(item=item, name="a.docx", content=b"1", by=None, now=NOW)
    make_ballot(session)
    wording = {"speaker": "", "kind": "ordinary", "secret": False, "by": None, "now": NOW}
    with refused("item_voted"):
        agenda.change_item(item=item, title="Другой", draft_decision="Нет.", **wording)
    with refused("item_voted"):
        agenda.add_material(item=item, name="b.docx", content=b"2", by=None, now=NOW)
    with refused("item_voted"):
        agenda.remove_material(material=material, by=None, now=NOW)
    noted = agenda.note(
        item=item, heard="Доклад.", discussion="Ершов Г. И. поддержал.", by=None, now=NOW
    )
    assert noted.heard == "Доклад."


def test_agenda_items_change_places_before_the_opening():
    session = make_session(make_council(), titles=("Первый", "Второй"))
    second = session.items.get(title="Второй")
    agenda.put_before(item=second, by=None, now=NOW)
    agenda.put_before(item=second, by=None, now=NOW)
    assert list(session.items.order_by("order").values_list("title", flat=True)) == [
        "Второй",
        "Первый",
    ]
    make_open(session)
    with refused("agenda_closed"):
        agenda.put_before(item=second, by=None, now=NOW)


def test_agenda_item_is_withdrawn_with_a_reason():
    item = make_session(make_council()).items.get()
    with refused("reason_required"):
        agenda.withdraw(item=item, reason="", by=None, now=NOW)
    assert agenda.withdraw(item=item, reason="не готов", by=None, now=NOW).status == "withdrawn"
    with refused("moved_already"):
        agenda.withdraw(item=item, reason="не готов", by=None, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_agenda_items_put_at_once_stand_one_after_another():
    session = make_session(make_council(), titles=())

    def put():
        return councils.put_on_agenda(session=session, title="О плане", by=None, now=NOW)

    done, refusals = at_once(put)
    assert (len(done), refusals) == (4, [])
    assert sorted(session.items.values_list("order", flat=True)) == [1, 2, 3, 4]


# --- opening and the end --------------------------------------------------------------------------


def test_session_opens_with_a_quorum_and_gets_the_next_number():
    council = make_council()
    first = make_open(make_session(council), here=4)
    second = make_open(make_session(council))
    assert [(item.year, item.number) for item in (first, second)] == [(2026, 1), (2026, 2)]
    assert (first.minutes_by, first.presiding.position) == ("Зимина Раиса Львовна", "chair")


def test_session_without_a_quorum_is_not_opened():
    with refused("no_quorum"):
        make_open(make_session(make_council()), here=3)
    assert Session.objects.get().status == "planned"


def test_session_of_another_day_is_not_opened():
    with refused("too_early"):
        make_open(make_session(make_council(), starts_at=NOW + timedelta(days=1)))


def test_session_is_not_opened_by_one_who_is_absent():
    council = make_council()
    session = make_session(council)
    members = members_of(council)
    marks = {member.pk: ("present", "") for member in members[1:]}
    sessions.mark(session=session, marks=marks, by=None, now=NOW)
    with refused("presiding_absent"):
        sessions.open_session(session=session, presiding=members[0], by=None, now=NOW)


def test_session_without_questions_is_not_opened():
    with refused("empty_agenda"):
        make_open(plan(make_council()))


def test_session_remote_is_joined_by_the_member():
    council = make_council()
    session = make_session(council, kind="remote")
    member = members_of(council)[2]
    early = NOW - timedelta(hours=2)
    with refused("too_early"):
        sessions.join(session=session, member=member, by=member.person, now=early)
    line = sessions.join(session=session, member=member, by=member.person, now=NOW)
    assert line.mark == "remote"
    with refused("not_remote"):
        sessions.join(session=make_session(council), member=member, by=member.person, now=NOW)


def test_session_is_closed_when_every_question_is():
    session = make_open(make_session(make_council(), titles=("Первый", "Второй")))
    with refused("items_left"):
        sessions.close_session(session=session, by=None, now=NOW)
    for item in session.items.all():
        agenda.withdraw(item=item, reason="не готов", by=None, now=NOW)
    assert sessions.close_session(session=session, by=None, now=NOW).status == "closed"
    with refused("moved_already"):
        sessions.close_session(session=session, by=None, now=NOW)


@pytest.mark.parametrize(("held", "status"), [(True, "not_held"), (False, "cancelled")])
def test_session_is_given_up_with_a_reason(held, status):
    session = make_session(make_council())
    with refused("reason_required"):
        sessions.give_up(session=session, held=held, reason=" ", by=None, now=NOW)
    given = sessions.give_up(session=session, held=held, reason="нет кворума", by=None, now=NOW)
    assert (given.status, given.number) == (status, None)
    with refused("moved_already"):
        make_open(session)


def test_session_poll_is_not_opened_after_its_end_or_without_drafts():
    council = make_council()
    over = make_session(council, kind="poll", starts_at=NOW - timedelta(days=9))
    with refused("poll_over"):
        make_open(over)
    bare = make_session(council, kind="poll", titles=())
    councils.put_on_agenda(session=bare, title="О плане", by=None, now=NOW)
    with refused("no_draft"):
        make_open(bare)


@pytest.mark.django_db(transaction=True)
def test_session_opened_by_two_is_opened_once():
    session = make_session(make_council())
    sessions.mark(
        session=session,
        marks={member.pk: ("present", "") for member in members_of(session.council)},
        by=None,
        now=NOW,
    )
    chair = members_of(session.council)[0]
    done, refusals = at_once(
        lambda: sessions.open_session(session=session, presiding=chair, by=None, now=NOW)
    )
    assert (len(done), refusals) == (1, ["moved_already"] * 3)
    assert Session.objects.get().number == 1


# --- signature and publication --------------------------------------------------------------------


def test_minutes_are_signed_by_the_presiding_member_and_freeze_everything():
    session, items = make_decided(make_session(make_council()))
    with refused("not_presiding"):
        sign(session, by=members_of(session.council)[1].person)
    signed = sign(session)
    assert (signed.status, signed.minutes_digest) == ("signed", "d" * 64)
    assert Decision.objects.get().status == "signed"
    with refused("moved_already"):
        sign(session)
    with refused("minutes_signed"):
        agenda.note(item=items[0], heard="Иначе.", discussion="", by=None, now=NOW)


@pytest.mark.parametrize(
    "statement",
    [
        "update noko_session set minutes_digest = repeat('0', 64)",
        "update noko_session set status = 'closed'",
        "update noko_agendaitem set heard = 'Другое.'",
        "update noko_attendance set mark = 'absent'",
        "delete from noko_attendance",
        "insert into noko_material (item_id, name, size, digest, annex, added_at)"
        " select id, 'x', 1, repeat('0', 64), true, now() from noko_agendaitem",
        "update noko_decision set files = '[]'",
    ],
)
def test_minutes_once_signed_are_kept_by_the_database(statement):
    session, _ = make_decided(make_session(make_council()))
    sign(session)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_minutes_are_published_with_their_decisions_once():
    session, _ = make_decided(make_session(make_council()))
    with refused("not_signed"):
        minutes.publish(session=session, by=None, now=NOW)
    sign(session)
    published = minutes.publish(session=session, by=None, now=NOW)
    assert published.published_at == NOW
    assert Decision.objects.get().status == "published"
    with refused("published"):
        minutes.publish(session=session, by=None, now=NOW)
    deeds = list(JournalEntry.objects.order_by("-id").values_list("deed", flat=True)[:2])
    assert deeds == ["minutes.published", "minutes.signed"]


@pytest.mark.django_db(transaction=True)
def test_minutes_published_by_two_are_published_once():
    session, _ = make_decided(make_session(make_council()))
    sign(session)
    done, refusals = at_once(lambda: minutes.publish(session=session, by=None, now=NOW))
    assert (len(done), refusals) == (1, ["published"] * 3)
