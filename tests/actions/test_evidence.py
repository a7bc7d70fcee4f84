"""Evidence: added by one, confirmed by another; reminders: once each, with a letter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from noko.actions import evidence as evidences
from noko.actions import reminder as reminders
from noko.core.planning.progress import Status
from noko.core.refusal import Refusal
from noko.models import Evidence, JournalEntry, Letter, Organisation, Reminder
from noko.queries.plan import view_of
from tests.factories import make_cycle as make_factory_cycle
from tests.factories import make_release, released_cycle
from tests.racing import at_once
from tests.small_cycle import make_cycle, make_person
from tests.small_plan import ROWS, activity, make_plan

NOW = datetime(2026, 4, 10, 9, 0, tzinfo=UTC)


def add(plan, number="1.1", **fields):
    values = {"title": "Решение", "done_on": date(2026, 4, 9), "address": "https://example.org/1"}
    return evidences.add(
        activity=activity(plan, number), **{**values, "by": None, "now": NOW, **fields}
    )


def refused(deed, *args, **fields):
    with pytest.raises(Refusal) as refusal:
        deed(*args, **fields)
    return refusal.value.kind


def status(plan, number, today=date(2026, 4, 10)):
    return next(r for r in view_of(plan, today).rows if r.activity.number == number).status


@pytest.fixture
def plan(db):
    return make_plan(make_cycle())


def test_evidence_closes_an_activity_at_once_where_nobody_confirms(plan):
    assert status(plan, "1.1") == Status.NOT_BEGUN
    assert add(plan).status == Evidence.Status.CONFIRMED
    assert status(plan, "1.1") == Status.DONE


def test_evidence_waits_for_a_second_person_where_the_plan_says_so(plan):
    specialist, head = make_person("specialist"), make_person("head")
    waiting = add(plan, "2.3", by=specialist, period="I квартал 2026 г.")
    assert waiting.status == Evidence.Status.WAITING
    assert status(plan, "2.3") == Status.OVERDUE
    assert refused(evidences.confirm, evidence=waiting, by=specialist, now=NOW) == "own_evidence"
    evidences.confirm(evidence=waiting, by=head, now=NOW)
    assert status(plan, "2.3") == Status.UNDER_WAY
    assert refused(evidences.confirm, evidence=waiting, by=head, now=NOW) == "evidence_decided"
    deeds = JournalEntry.objects.filter(kind="evidence").order_by("id")
    assert [item.deed for item in deeds] == ["evidence.added", "evidence.confirmed"]


def test_evidence_returned_with_a_reason_does_not_count(plan):
    waiting = add(plan, "1.2", by=make_person("specialist"))
    head = make_person("head")
    fields = {"evidence": waiting, "by": head, "now": NOW}
    assert refused(evidences.give_back, reason="", **fields) == "reason_required"
    returned = evidences.give_back(reason="Нет подписи", **fields)
    assert (returned.status, returned.reason) == ("returned", "Нет подписи")


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"title": " "}, "title_required"),
        ({"address": ""}, "file_or_link"),
        ({"address": "javascript:alert(1)"}, "bad_link"),
        ({"folder": "x", "file_name": "x.pdf"}, "file_or_link"),
        ({"done_on": date(2026, 5, 1)}, "done_in_future"),
    ],
)
def test_evidence_refuses_what_proves_nothing(plan, fields, kind):
    assert refused(add, plan, **fields) == kind
    assert Evidence.objects.count() == 0


def test_evidence_of_a_plan_in_draft_is_refused(db):
    assert refused(add, make_plan(make_cycle(), adopted=False)) == "plan_not_adopted"


@pytest.mark.django_db(transaction=True)
def test_evidence_decided_by_two_at_once_is_decided_once():
    plan = make_plan(make_cycle())
    waiting = add(plan, "1.2", by=make_person("specialist"))
    head = make_person("head")
    made, kinds = at_once(lambda: evidences.confirm(evidence=waiting, by=head, now=NOW))
    assert (len(made), set(kinds)) == (1, {"evidence_decided"})


def test_evidence_confirmed_by_its_bringer_is_refused_by_the_database(plan):
    specialist = make_person("specialist")
    waiting = add(plan, "1.2", by=specialist)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=waiting.pk).update(decided_by=specialist)


def test_activity_closes_by_itself_when_the_system_produces_its_result(db):
    release = released_cycle(3)
    plan = make_plan(release.cycle)
    released_on = release.released_at.date()
    row = next(r for r in view_of(plan, released_on).rows if r.activity.number == "2.2")
    assert (row.status, [fact.title for fact in row.facts]) == (Status.DONE, ["Рейтинг, версия 1"])


def test_activity_that_prepares_the_next_year_closes_by_the_next_cycle(db):
    """The list of 2027 closes «перечень … на следующий год» of the plan of 2026."""
    rows = (
        replace(ROWS[0], activity="Опубликовать рейтинг следующего года", number="1.1"),
        replace(ROWS[3], activity="Опубликовать рейтинг на следующий год", number="1.2"),
        replace(ROWS[3], number="1.3"),
    )
    release = released_cycle(2)
    plan = make_plan(release.cycle, rows=rows)
    assert [len(row.facts) for row in view_of(plan, release.released_at.date()).rows] == [0, 0, 1]
    make_release(make_factory_cycle(2027), list(Organisation.objects.all()), seed=2)
    assert [len(row.facts) for row in view_of(plan, release.released_at.date()).rows] == [0, 1, 1]


# --- reminders --------------------------------------------------------------------------------


def at(day):
    return datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9)


def made(today):
    """The reminders there are after the clockwork has run on ``today``."""
    reminders.make_due(now=at(today))
    return sorted(
        (item.activity.number, item.step, item.person.email) for item in Reminder.objects.all()
    )


def test_reminder_goes_to_those_who_answer_for_the_activity(plan):
    make_person("operator_manager")
    make_person("secretary")
    assert made(date(2026, 4, 16)) == [
        ("2.1", "ahead", "operator_manager@example.org"),
        ("2.3", "late", "secretary@example.org"),
    ]


def test_reminder_is_made_once_however_often_the_clockwork_runs(plan):
    make_person("operator_manager")
    for _ in range(3):
        reminders.make_due(now=at(date(2026, 4, 16)))
        reminders.make_due(now=at(date(2026, 4, 17)))
    sent = Letter.objects.filter(to="operator_manager@example.org")
    assert Reminder.objects.filter(activity__number="2.1").count() == 1
    assert [letter.subject for letter in sent] == ["Скоро срок: мероприятие 2.1, 30 апреля 2026 г."]


def test_reminder_after_the_term_and_to_the_head(plan):
    make_person("operator_manager")
    make_person("head")
    made(date(2026, 5, 4))
    steps = Reminder.objects.filter(activity__number="2.1").order_by("pk")
    assert [(item.step, item.person.email) for item in steps] == [
        ("late", "operator_manager@example.org")
    ]
    made(date(2026, 5, 12))
    assert [(item.step, item.person.email) for item in steps.all()] == [
        ("late", "operator_manager@example.org"),
        ("escalation", "head@example.org"),
    ]
    letter = Letter.objects.get(to="head@example.org", subject__contains="2.1")
    assert letter.subject == "Не выполнено в срок: мероприятие 2.1, 30 апреля 2026 г."
    assert "не выполнено в срок" in letter.text


def test_reminder_is_not_made_for_what_is_done_or_not_adopted(plan):
    make_person("operator_manager")
    add(plan, "2.1")
    assert [item for item in made(date(2026, 4, 16)) if item[0] == "2.1"] == []
    make_plan(make_cycle("other", year=2026), adopted=False)
    assert Reminder.objects.filter(activity__plan__status="draft").count() == 0


def test_reminder_falls_to_the_secretary_where_nobody_is_bound(plan):
    make_person("secretary")
    plan.activities.get(number="2.1").responsible.update(role="", person=None)
    assert ("2.1", "ahead", "secretary@example.org") in made(date(2026, 4, 16))


@pytest.mark.django_db(transaction=True)
def test_reminder_made_by_workers_at_once_is_one_with_one_letter():
    make_plan(make_cycle())
    make_person("operator_manager")
    done, kinds = at_once(lambda: reminders.make_due(now=at(date(2026, 4, 16))))
    assert (kinds, sum(done)) == ([], 1)
    assert Reminder.objects.filter(activity__number="2.1").count() == 1
    assert Letter.objects.filter(subject__contains="2.1").count() == 1
