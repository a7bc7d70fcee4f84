"""The plan: composed, changed, adopted, inherited, continued; findings decided."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from noko.actions import plan as plans
from noko.actions import plan_adoption, plan_findings
from noko.core.planning.draft import DraftRow, draft_from_template
from noko.core.refusal import Refusal
from noko.models import Decision, FindingDecision, JournalEntry, Municipality, Plan
from noko.queries.plan_logic import findings_of, open_findings
from noko.queries.plan_template import get_template
from tests.racing import at_once
from tests.small_council import make_council, make_decided, make_session
from tests.small_cycle import make_cycle, make_person
from tests.small_plan import NOW, ROWS, activity, adopt, draft, make_plan

WRONG_YEAR = DraftRow(
    "3.1", "Утвердить планы организаций", "до 10 декабря 2025г.", "Общественный совет", "План"
)


@pytest.fixture
def cycle(db):
    return make_cycle()


def refused(deed, **fields):
    with pytest.raises(Refusal) as refusal:
        deed(**{"by": None, "now": NOW, **fields})
    return refusal.value.kind


def test_plan_create_keeps_everything_and_settles_the_windows(cycle):
    secretary = make_person("secretary")
    plan = make_plan(cycle, adopted=False)
    first = activity(plan, "1.1")
    assert [str(item) for item in plan.sections.all()] == ["1. Подготовка", "2. Проведение"]
    assert [item.number for item in plan.activities.all()] == ["1.1", "1.2", "2.1", "2.2", "2.3"]
    assert (first.begins_on, first.ends_on) == (None, date(2026, 11, 30))
    assert (activity(plan, "2.1").begins_on, activity(plan, "2.1").ends_on) == (
        date(2026, 2, 1),
        date(2026, 4, 30),
    )
    assert [(one.name, one.role) for one in first.responsible.all()] == [
        ("Общественный совет", "council_secretary"),
        ("Секретарь процедуры", "secretary"),
    ]
    assert secretary.full_name == "Иванова Анна"
    assert JournalEntry.objects.filter(deed="plan.created", key=str(plan.pk)).count() == 1


def test_plan_create_binds_people_by_surname_and_initials(cycle):
    person = make_person("specialist")
    rows = (replace(ROWS[0], responsible="Иванова А.П.\nИванова Б.В.\nИванова Анна Петровна"),)
    plan = make_plan(cycle, adopted=False, rows=rows)
    found = [(one.name, one.person) for one in activity(plan, "1.1").responsible.all()]
    assert found == [
        ("Иванова А.П.", person),
        ("Иванова Б.В.", None),
        ("Иванова Анна Петровна", person),
    ]


def test_plan_is_one_in_a_cycle(cycle):
    make_plan(cycle, adopted=False)
    assert refused(plans.create, cycle=cycle, draft=draft()) == "plan_exists"
    assert Plan.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_plan_made_by_two_at_once_is_one():
    cycle = make_cycle()
    made, kinds = at_once(lambda: plans.create(cycle=cycle, draft=draft(), by=None, now=NOW))
    assert (len(made), set(kinds)) == (1, {"plan_exists"})


def test_plan_create_refuses_what_is_no_plan_of_the_cycle(cycle):
    assert refused(plans.create, cycle=cycle, draft=draft(year=2025)) == "other_year"
    assert refused(plans.create, cycle=cycle, draft=draft(rows=())) == "empty_plan"
    twice = draft(rows=(ROWS[0], ROWS[0]))
    assert refused(plans.create, cycle=cycle, draft=twice) == "number_taken"
    assert Plan.objects.count() == 0


def test_plan_of_the_template_is_complete_and_its_own_logic_has_few_questions(cycle):
    template = get_template("344n-2018")
    plan = plans.create(cycle=cycle, draft=draft_from_template(template, 2026), by=None, now=NOW)
    assert plan.activities.count() == 21
    assert {finding.code for finding in findings_of(plan)} <= {
        *("no_date", "control_without_term", "report_too_early", "day_off", "two_wordings")
    }


def test_plan_rows_without_numbers_get_them(cycle):
    rows = (ROWS[0], replace(ROWS[1], number=""), replace(ROWS[2], number=""))
    plan = make_plan(cycle, adopted=False, rows=rows)
    assert [item.number for item in plan.activities.all()] == ["1.1", "1.2", "2.1"]


# --- changes ----------------------------------------------------------------------------------


def test_activity_change_of_a_draft_needs_no_reason_and_moves_the_window(cycle):
    plan = make_plan(cycle, adopted=False)
    changed = plans.change_activity(
        activity=activity(plan, "1.1"),
        changes={"term": "до 20 ноября"},
        by=None,
        now=NOW,
    )
    assert (changed.term, changed.meaning, changed.ends_on) == (
        "до 20 ноября",
        "до 20 ноября",
        date(2026, 11, 20),
    )
    entry = JournalEntry.objects.get(deed="plan.changed")
    assert (entry.before["срок"], entry.after["срок"]) == ("до 30 ноября 2026 г.", "до 20 ноября")


def test_activity_change_of_an_adopted_plan_needs_a_reason(cycle):
    plan = make_plan(cycle)
    changes = {"term": "до 20 ноября"}
    assert (
        refused(plans.change_activity, activity=activity(plan, "1.1"), changes=changes)
        == "reason_required"
    )
    plans.change_activity(
        activity=activity(plan, "1.1"), changes=changes, reason="Решение совета", by=None, now=NOW
    )
    assert activity(plan, "1.1").term == "до 20 ноября"


def test_activity_change_refuses_what_cannot_be(cycle):
    plan = make_plan(cycle, adopted=False)
    one = activity(plan, "1.1")
    assert refused(plans.change_activity, activity=one, changes={"term": "31 февраля"}) == (
        "term_unclear"
    )
    assert refused(plans.change_activity, activity=one, changes={"number": "1.2"}) == (
        "number_taken"
    )
    assert activity(plan, "1.1").term == "до 30 ноября 2026 г."


def test_activity_printed_wording_stays_while_its_meaning_is_said(cycle):
    plan = make_plan(cycle, adopted=False)
    changed = plans.change_activity(
        activity=activity(plan, "1.1"),
        changes={"term": "согласно графику", "meaning": "до 1 июня"},
        by=None,
        now=NOW,
    )
    assert (changed.term, changed.ends_on) == ("согласно графику", date(2026, 6, 1))


def test_activity_is_added_and_removed(cycle):
    plan = make_plan(cycle, adopted=False)
    added = plans.add_activity(
        plan=plan, row=DraftRow("", "Опрос", "май", "Совет", "Отчёт", 1), by=None, now=NOW
    )
    assert (added.number, plan.activities.count()) == ("2.4", 6)
    plans.remove_activity(activity=added, by=None, now=NOW)
    assert plan.activities.count() == 5
    for number in ("1.1", "1.2", "2.1", "2.2"):
        plans.remove_activity(activity=activity(plan, number), by=None, now=NOW)
    assert refused(plans.remove_activity, activity=activity(plan, "2.3")) == "last_activity"


# --- findings ---------------------------------------------------------------------------------


def only_finding(plan, code):
    return next(item for item in open_findings(plan) if item.code == code)


def test_finding_accepted_mends_the_plan(cycle):
    plan = make_plan(cycle, adopted=False, rows=(*ROWS, WRONG_YEAR))
    finding = only_finding(plan, "year_contradicts")
    plan_findings.accept(plan=plan, fingerprint=finding.fingerprint, by=None, now=NOW)
    assert activity(plan, "3.1").term == "до 10 декабря 2026г."
    assert [item.code for item in open_findings(plan)] == []
    decision = plan.decisions.get()
    assert (decision.verdict, decision.sentence) == ("accepted", finding.sentence)


def test_finding_dismissed_with_a_reason_stays_dismissed_while_the_wording_does(cycle):
    plan = make_plan(cycle, adopted=False, rows=(*ROWS, WRONG_YEAR))
    finding = only_finding(plan, "year_contradicts")
    fields = {"plan": plan, "fingerprint": finding.fingerprint}
    assert refused(plan_findings.dismiss, reason=" ", **fields) == "reason_required"
    plan_findings.dismiss(reason="Так решил совет", by=None, now=NOW, **fields)
    assert open_findings(plan) == []
    assert refused(plan_findings.dismiss, reason="ещё раз", **fields) == "finding_gone"
    plans.change_activity(
        activity=activity(plan, "3.1"), changes={"term": "до 9 декабря 2025г."}, by=None, now=NOW
    )
    assert [item.code for item in open_findings(plan)] == ["year_contradicts"]


def test_finding_of_a_term_that_is_not_understood_cannot_be_dismissed(cycle):
    plan = make_plan(cycle, adopted=False, rows=(replace(ROWS[0], term="до марта"),))
    finding = only_finding(plan, "term_unclear")
    fields = {"plan": plan, "fingerprint": finding.fingerprint}
    assert refused(plan_findings.dismiss, reason="не знаю", **fields) == "finding_obligatory"
    plan_findings.accept(choice=1, by=None, now=NOW, **fields)
    assert activity(plan, "1.1").term == "до 31 марта 2026 г."


def test_finding_renames_a_body_in_every_row(cycle):
    rows = tuple(
        DraftRow(f"1.{n}", f"Дело {n}", "май", who, "Отчёт", 0)
        for n, who in enumerate(
            ("Управление образования и науки", "Управление образования", "Совет"), start=1
        )
    )
    rows += (replace(rows[0], number="1.4"),)
    plan = make_plan(cycle, adopted=False, rows=rows)
    finding = only_finding(plan, "two_wordings")
    plan_findings.accept(plan=plan, fingerprint=finding.fingerprint, by=None, now=NOW)
    assert activity(plan, "1.2").responsible_printed == "Управление образования и науки"
    assert open_findings(plan) == []


@pytest.mark.django_db(transaction=True)
def test_finding_dismissed_by_two_at_once_is_decided_once():
    plan = make_plan(make_cycle(), adopted=False, rows=(*ROWS, WRONG_YEAR))
    finding = only_finding(plan, "year_contradicts")
    made, kinds = at_once(
        lambda: plan_findings.dismiss(
            plan=plan, fingerprint=finding.fingerprint, reason="да", by=None, now=NOW
        )
    )
    assert (len(made), set(kinds)) == (1, {"finding_gone"})


def test_finding_dismissal_without_a_reason_is_refused_by_the_database(cycle):
    plan = make_plan(cycle, adopted=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        FindingDecision.objects.create(
            plan=plan, fingerprint="x", code="x", sentence="x", verdict="dismissed", decided_at=NOW
        )


# --- adopting, inheriting, the next year ------------------------------------------------------


def test_plan_is_adopted_only_without_open_findings(cycle):
    plan = make_plan(cycle, adopted=False, rows=(*ROWS, WRONG_YEAR))
    fields = {"plan": plan, "basis": "решение № 1", "on": date(2026, 1, 12)}
    assert refused(plan_adoption.adopt, **fields) == "open_findings"
    adopted = adopt(plan)
    assert (adopted.status, adopted.basis) == ("adopted", "решение общественного совета № 1")
    assert refused(plan_adoption.adopt, **fields) == "plan_adopted"


def test_plan_adoption_asks_for_its_basis_and_day(cycle):
    plan = make_plan(cycle, adopted=False)
    assert (
        refused(plan_adoption.adopt, plan=plan, basis=" ", on=date(2026, 1, 12)) == "basis_required"
    )
    assert refused(plan_adoption.adopt, plan=plan, basis="решение", on=date(2026, 3, 1)) == (
        "adopted_in_future"
    )


def test_plan_of_a_municipality_inherits_and_adds(cycle):
    region = make_plan(cycle, adopted=False)
    municipality = Municipality.objects.create(name="Заречный район", slug="zarechny")
    fields = {"parent": region, "municipality": municipality}
    assert refused(plans.inherit, **fields) == "plan_not_adopted"
    adopt(region)
    region.refresh_from_db()
    own = plans.inherit(by=None, now=NOW, **fields)
    assert [item.inherited.number for item in own.activities.all()] == [
        *("1.1", "1.2", "2.1", "2.2", "2.3")
    ]
    plans.add_activity(
        plan=own, row=DraftRow("", "Своё", "май", "Координатор", "Отчёт", 0), by=None, now=NOW
    )
    assert own.activities.get(number="1.3").inherited is None
    assert refused(plans.inherit, **fields) == "plan_exists"


def test_plan_of_the_next_year_moves_every_year_named(cycle):
    plan = make_plan(cycle, rows=(*ROWS, WRONG_YEAR))
    following = make_cycle("2027", year=2027)
    made = plans.continue_from(plan=plan, cycle=following, by=None, now=NOW)
    assert (made.title, made.made_from_id) == ("План мероприятий на 2027 год", plan.pk)
    assert [item.term for item in made.activities.all()] == [
        "до 30 ноября 2027 г.",
        "постоянно",
        "Февраль – апрель",
        "до 4 декабря 2027 г.",
        "ежеквартально до 3 числа",
        "до 10 декабря 2026г.",
    ]
    assert refused(plans.continue_from, plan=made, cycle=cycle) == "not_later"


def test_plan_in_draft_is_discarded_and_another_may_be_made(cycle):
    plan = make_plan(cycle, adopted=False)
    plans.discard(plan=plan, by=None, now=NOW)
    assert Plan.objects.count() == 0
    assert JournalEntry.objects.get(deed="plan.discarded").before == {"мероприятий": 5, "год": 2026}
    again = make_plan(cycle)
    assert refused(plans.discard, plan=again) == "plan_adopted"


def test_plan_that_another_was_made_from_is_not_discarded(cycle):
    plan = make_plan(cycle, adopted=False)
    plans.continue_from(plan=plan, cycle=make_cycle("2027", year=2027), by=None, now=NOW)
    assert refused(plans.discard, plan=plan) == "plan_continued"


# --- the council ------------------------------------------------------------------------------


@pytest.fixture
def placed(cycle):
    """A plan without open questions on the agenda of a session of the council."""
    plan = make_plan(cycle, adopted=False)
    session = make_session(make_council(), titles=())
    plan = plan_adoption.place(
        plan=plan, session=session, material=("План.docx", b"PK"), by=None, now=NOW
    )
    return plan, session


def decided(session, choices="+++++++"):
    make_decided(session, choices)
    return Decision.objects.filter(session=session).first()


def test_plan_is_adopted_by_the_councils_decision(placed):
    plan, session = placed
    assert plan.agenda_item.title == "О плане мероприятий на 2026 год"
    adopted = plan_adoption.approve(plan=plan, decision=decided(session), by=None, now=NOW)
    assert (adopted.status, adopted.decision.item_id) == ("adopted", plan.agenda_item_id)
    assert (adopted.basis, adopted.adopted_on) == (
        str(adopted.decision),
        adopted.decision.adopted_on,
    )


def test_plan_changed_after_it_was_placed_is_not_adopted_by_that_decision(placed):
    plan, session = placed
    decision = decided(session)
    plans.change_activity(
        activity=activity(plan, "1.1"), changes={"result": "Другой документ"}, by=None, now=NOW
    )
    assert refused(plan_adoption.approve, plan=plan, decision=decision) == "changed_since_placed"
    plan.refresh_from_db()
    assert plan.status == "draft"


def test_plan_is_not_adopted_by_a_decision_on_something_else(placed, cycle):
    plan, session = placed
    other = make_session(session.council, titles=("О другом",))
    decision = decided(other)
    kind = refused(plan_adoption.approve, plan=plan, decision=decision)
    assert kind == "decision_of_another_question"


def test_plan_on_an_agenda_is_not_discarded(placed):
    assert refused(plans.discard, plan=placed[0]) == "plan_considered"


def test_plan_is_placed_once_and_again_after_a_rejection(placed):
    plan, session = placed
    fields = {"plan": plan, "session": session, "material": ("План-2.docx", b"PK")}
    assert refused(plan_adoption.place, **fields) == "placed_already"
    assert decided(session, "-------") is None
    again = make_session(session.council, titles=())
    placed_again = plan_adoption.place(**{**fields, "session": again}, by=None, now=NOW)
    assert placed_again.agenda_item.session == again


def test_plan_with_open_findings_is_not_placed(cycle):
    plan = make_plan(cycle, adopted=False, rows=(*ROWS, WRONG_YEAR))
    session = make_session(make_council(), titles=())
    fields = {"plan": plan, "session": session, "material": ("План.docx", b"PK")}
    assert refused(plan_adoption.place, **fields) == "open_findings"
    assert session.items.count() == 0
