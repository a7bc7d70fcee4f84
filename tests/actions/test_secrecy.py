"""Whoever has every table of the database cannot tell who voted what in a secret ballot."""

import uuid

import pytest
from django.contrib.sessions.models import Session as BrowserSession
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from psycopg import sql

from noko.actions import vote as votes
from noko.models import Person, Voted
from tests.small_council import (
    NOW,
    make_ballot,
    make_council,
    make_open,
    make_session,
    members_of,
)

ASIDE = {("noko_person", "password"), ("noko_person", "created_at"), ("noko_voted", "id")}
"""What is drawn by lot, and when the people of the test were made: another in every run."""


def dump():
    """Every row of every table in the order in which it lies on the disk, with the order of the
    transactions that wrote the rows."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name from information_schema.tables where table_schema = 'public'"
            " and table_type = 'BASE TABLE' order by table_name"
        )
        tables = [name for (name,) in cursor.fetchall()]
        found = {}
        for table in tables:
            rows = sql.SQL("select xmin::text::bigint as _written, * from {} order by ctid")
            cursor.execute(rows.format(sql.Identifier(table)))
            names = [column.name for column in cursor.description]
            kept = [place for place, name in enumerate(names) if (table, name) not in ASIDE]
            found[table] = [[row[place] for place in kept] for row in cursor.fetchall()]
    return found


def in_order(found):
    """The same with the numbers of transactions replaced by their places."""
    numbers = sorted({row[0] for rows in found.values() for row in rows})
    place = {number: index for index, number in enumerate(numbers)}
    return {
        table: [[place[row[0]], *map(str, row[1:])] for row in rows]
        for table, rows in found.items()
    }


def world(choices):
    """An empty database in which the members vote secretly one after another, so."""
    call_command("flush", interactive=False, reset_sequences=True, verbosity=0)
    council = make_council({"ordinary.secrecy": "allowed"})
    ballot = make_ballot(make_open(make_session(council, secret=True)))
    for member, choice in zip(members_of(council), choices, strict=False):
        votes.cast_secretly(ballot=ballot, member=member, choice=choice, by=member.person, now=NOW)
    during = in_order(dump())
    votes.close_ballot(ballot=ballot, by=None, now=NOW)
    return during, in_order(dump())


@pytest.mark.django_db(transaction=True, reset_sequences=True)
@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("for", "against"), ("against", "for")),
        (
            ("for", "for", "against", "abstained", "for", "against"),
            ("against", "abstained", "for", "for", "against", "for"),
        ),
    ],
)
def test_secrecy_the_same_sums_are_the_same_database_to_the_last_row(one, other):
    for first, second in zip(world(one), world(other), strict=True):
        assert [name for name in first if first[name] != second[name]] == []


@pytest.mark.django_db(transaction=True, reset_sequences=True)
def test_secrecy_dump_would_show_an_open_vote():
    """The comparison sees a difference where there is one."""

    def open_world(choices):
        call_command("flush", interactive=False, reset_sequences=True, verbosity=0)
        council = make_council()
        ballot = make_ballot(make_open(make_session(council)))
        for member, choice in zip(members_of(council), choices, strict=False):
            votes.cast(ballot=ballot, member=member, choice=choice, by=member.person, now=NOW)
        return in_order(dump())

    one, other = open_world(("for", "against")), open_world(("against", "for"))
    assert one["noko_vote"] != other["noko_vote"]


@pytest.mark.django_db
def test_secrecy_key_of_a_vote_is_drawn_by_lot_and_bears_no_time():
    council = make_council({"ordinary.secrecy": "allowed"})
    ballot = make_ballot(make_open(make_session(council, secret=True)))
    member = members_of(council)[0]
    votes.cast_secretly(ballot=ballot, member=member, choice="for", by=member.person, now=NOW)
    voted = Voted.objects.get()
    assert voted.pk.version == uuid.uuid4().version
    assert {field.name for field in Voted._meta.get_fields()} == {"id", "ballot", "member"}


@pytest.mark.django_db
def test_secrecy_page_leaves_nothing_with_the_browser_or_in_the_log(client, settings, caplog):
    settings.FILES = "/nonexistent"
    council = make_council({"ordinary.secrecy": "allowed"})
    ballot = make_ballot(make_open(make_session(council, secret=True)))
    address = reverse("office:council_vote", args=[ballot.item_id])
    pages = {}
    for member, choice in zip(members_of(council), ("for", "against"), strict=False):
        assert isinstance(member.person, Person)
        client.force_login(member.person)
        asked = client.post(address, {"choice": choice})
        assert "Изменить голос нельзя" in asked.content.decode()
        answer = client.post(address, {"choice": choice, "confirmed": "1", "ballot": ballot.pk})
        said = "".join(str(session.get_decoded()) for session in BrowserSession.objects.all())
        kept = said + str(client.cookies.output()) + answer.url + caplog.text
        assert (choice in kept, "отив" in kept) == (False, False)
        shown = client.get(address).content.decode()
        pages[choice] = shown[shown.index("<main") : shown.index("</main>")]
    assert pages["for"] == pages["against"]
