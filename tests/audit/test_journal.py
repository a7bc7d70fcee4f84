"""The journal in a real database: written with the deed, sealed at its end, never changed."""

import csv
import io
from datetime import UTC, datetime

import pytest
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.utils import OperationalError

from noko.actions import person as people
from noko.audit.deeds import TITLES, Deed
from noko.audit.journal import record
from noko.core.journal import breaks
from noko.exchange.journal import journal_lines
from noko.models import JournalEntry, JournalSeal, Person
from noko.queries import journal
from tests.racing import at_once
from tests.small_cycle import make_cycle, make_person

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
REFUSED = (ProgrammingError, InternalError, OperationalError)


def seal():
    """What the end of a transaction does."""
    connection.check_constraints()


def test_deeds_each_has_its_words():
    assert set(TITLES) == set(Deed)


@pytest.mark.django_db
def test_record_keeps_who_what_why_and_the_change():
    person = make_person()
    cycle = make_cycle()
    made = record(
        Deed.CYCLE_CREATED,
        thing=cycle,
        by=person,
        now=NOW,
        cycle=cycle,
        reason=" потому ",
        before={"срок": NOW.date()},
        after={"доля": 0.5, "роли": {"б", "а"}},
    )
    made = JournalEntry.objects.get(pk=made.pk)
    assert (made.by, made.by_name, made.title, made.reason, made.before, made.after) == (
        person,
        "Иванова Анна",
        "Оценка 2026",
        "потому",
        {"срок": "2026-11-23"},
        {"доля": "0.5", "роли": ["а", "б"]},
    )


@pytest.mark.django_db
def test_journal_is_one_chain_in_the_order_of_deeds():
    cycle = make_cycle()
    record(Deed.RELEASE_PUBLISHED, thing=cycle, by=None, now=NOW)
    seal()
    assert list(JournalSeal.objects.order_by("number").values_list("number", flat=True)) == [1, 2]
    assert list(breaks(journal.chain())) == []
    assert journal.head() == (2, JournalSeal.objects.get(number=2).digest)


@pytest.mark.django_db(transaction=True)
def test_record_needs_the_transaction_of_its_deed():
    person = Person.objects.create(email="a@example.org", full_name="А")
    with pytest.raises(RuntimeError):
        record(Deed.PERSON_CREATED, thing=person, by=None, now=NOW)
    assert JournalEntry.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_journal_of_a_deed_that_failed_is_empty():
    person = Person.objects.create(email="a@example.org", full_name="А")

    @transaction.atomic
    def deed():
        record(Deed.PERSON_CREATED, thing=person, by=None, now=NOW)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        deed()
    assert (JournalEntry.objects.count(), JournalSeal.objects.count()) == (0, 0)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "deed",
    [
        "update noko_journalentry set reason = 'иначе'",
        "delete from noko_journalentry",
        "update noko_journalseal set number = 7",
        "delete from noko_journalseal",
    ],
)
def test_database_refuses_to_change_the_journal(deed):
    make_cycle()
    seal()
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(deed)
    assert list(breaks(journal.chain())) == []


@pytest.mark.django_db
def test_database_refuses_to_empty_the_journal():
    make_cycle()
    seal()
    with connection.cursor() as cursor:
        cursor.execute("alter table noko_journalseal enable trigger noko_journal_whole")
    with pytest.raises(REFUSED), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("truncate noko_journalseal")
    assert JournalSeal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_verification_finds_what_the_owner_of_the_database_has_changed():
    make_cycle()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("alter table noko_journalentry disable trigger noko_journal_kept")
        cursor.execute("grant update on noko_journalentry to current_user")
        cursor.execute("update noko_journalentry set by_name = 'другой'")
        cursor.execute("revoke update on noko_journalentry from current_user")
        cursor.execute("alter table noko_journalentry enable trigger noko_journal_kept")
    assert [item.message for item in breaks(journal.chain())] == ["содержание записи изменено"]


@pytest.mark.django_db(transaction=True)
def test_journal_deeds_at_the_same_moment_make_one_chain():
    def deed():
        with transaction.atomic():
            person = Person.objects.order_by("pk").last()
            record(Deed.PERSON_CHANGED, thing=person, by=None, now=NOW)
            record(Deed.PERSON_CHANGED, thing=person, by=None, now=NOW)

    Person.objects.create(email="a@example.org", full_name="А")
    done, refused = at_once(deed, people=8)
    assert (len(done), refused) == (8, [])
    assert list(breaks(journal.chain())) == []
    assert JournalSeal.objects.count() == 16


@pytest.mark.django_db
def test_entries_are_found_by_words_deed_person_and_day():
    person = make_person()
    make_cycle()
    people.set_password(email=person.email, password="лодка-у-причала-7", by=person, now=NOW)
    assert journal.entries(words="оценка 2026").count() == 1
    assert journal.entries(deed=Deed.PERSON_PASSWORD_SET, person=person.pk).count() == 1
    assert journal.entries(since=NOW.date(), until=NOW.date()).count() == 2
    assert journal.entries(until=NOW.date().replace(year=2025)).count() == 0
    assert journal.of_thing(person).count() == 1


@pytest.mark.django_db
def test_journal_lines_are_a_table_whose_cells_run_nothing():
    cycle = make_cycle(title="=1+1")
    seal()
    text = "".join(journal_lines(journal.entries())).lstrip("\ufeff")
    header, row = csv.reader(io.StringIO(text), delimiter=";")
    assert dict(zip(header, row, strict=True))["Предмет"] == "'=1+1"
    assert (row[0], row[5]) == ("1", "'=1+1")
    assert str(cycle) == "=1+1"
