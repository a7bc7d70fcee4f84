"""The year's list: drawn up by the rule, changed with reasons, approved, frozen, amended."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from noko import kept
from noko.actions import agenda, merge, organisation, reorganisation
from noko.actions import list as lists
from noko.actions import list_moves as moves
from noko.core.listing import digest
from noko.core.refusal import Refusal
from noko.jobs import list as jobs
from noko.models import JournalEntry, ListEntry, Material, Organisation, OrganisationList
from noko.queries.facts import facts
from noko.queries.list import content_of, listed
from noko.queries.list_coverage import coverage_of
from noko.queries.list_difference import difference, drift
from noko.queries.specification import listing_of
from tests.racing import at_once
from tests.small_council import make_council, make_decided, make_session
from tests.small_cycle import NOW, make_cycle, make_organisations
from tests.small_list import (
    make_approved,
    make_approved_outside,
    make_decision,
    make_draft,
    make_history,
    make_placed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.FILES = tmp_path


@pytest.fixture
def history():
    return make_history()


@pytest.fixture
def cycle(history):
    return history[0]


def rows(item):
    return {
        entry.short_name: (entry.reason, entry.last, entry.until, entry.included, entry.note)
        for entry in item.entries.all()
    }


def included(item):
    return [entry.short_name for entry in item.entries.filter(included=True)]


def kind_of(deed, **facts_):
    with pytest.raises(Refusal) as refusal:
        deed(by=None, now=NOW, **facts_)
    return refusal.value.kind


def decide(item, *organisations, included=True, note=""):
    keys = [one.pk for one in organisations]
    return lists.decide(
        item=item, organisations=keys, included=included, note=note, by=None, now=NOW
    )


# --- drawing up -----------------------------------------------------------------------------------


def test_draw_up_gives_every_organisation_its_reason(cycle):
    assert rows(make_draft(cycle)) == {
        "Детский сад «Берёзка»": ("due", 2024, 2027, True, ""),
        "Детский сад № 2": ("not_due", 2026, 2029, False, ""),
        "Школа № 1": ("never", None, None, True, ""),
    }


def test_draw_up_looks_at_approved_lists_whose_results_are_not_published(cycle, history):
    other = make_cycle("2025", year=2025)
    draft = make_draft(other)
    make_approved_outside(draft, date(2025, 1, 20))
    assert included(draft) == ["Детский сад № 2", "Школа № 1"]
    assert rows(make_draft(cycle))["Школа № 1"] == ("not_due", 2025, 2028, False, "")


def test_draw_up_passes_by_who_is_assessed_in_the_year_already(cycle, history):
    other = make_cycle("2027-2", year=2027)
    make_approved_outside(make_draft(other))
    assert rows(make_draft(cycle))["Школа № 1"] == ("assessed", None, None, False, "")


def test_draw_up_follows_a_transformation(cycle, history):
    _, second, school = history[1]
    reorganisation.reorganise(
        kind="transformation", on=date(2026, 9, 1), act="Постановление № 1",
        predecessors=[second], successors=[school], by=None, now=NOW,
    )  # fmt: skip
    found = rows(make_draft(cycle))
    assert found["Школа № 1"] == ("not_due", 2026, 2029, False, "")
    assert found["Детский сад № 2"][0] == "reorganised"


def test_draw_up_of_an_empty_registry_is_refused():
    assert kind_of(lists.draw_up, cycle=make_cycle("2027", year=2027)) == "registry_empty"


def test_draw_up_twice_is_refused(cycle):
    make_draft(cycle)
    assert kind_of(lists.draw_up, cycle=cycle) == "list_in_preparation"


@pytest.mark.django_db(transaction=True)
def test_draw_up_at_once_happens_once(settings, tmp_path):
    cycle, _ = make_history()
    done, kinds = at_once(lambda: make_draft(cycle).version)
    assert (done, kinds) == ([1], ["list_in_preparation"] * 3)


# --- decisions of people --------------------------------------------------------------------------


def test_decide_against_the_rule_needs_a_reason(cycle, history):
    draft, (kindergarten, second, _) = make_draft(cycle), history[1]
    chosen = {"organisations": [second.pk], "included": True}
    assert kind_of(lists.decide, item=draft, note=" ", **chosen) == "reason_required"
    assert decide(draft, second, note="По обращению учредителя") == 1
    assert decide(draft, kindergarten, included=False, note="Ремонт") == 1
    assert included(draft) == ["Детский сад № 2", "Школа № 1"]
    assert decide(draft, kindergarten, second) == 1
    assert rows(draft)["Детский сад «Берёзка»"] == ("due", 2024, 2027, True, "")
    entry = JournalEntry.objects.filter(deed="list.changed").first()
    assert entry.after["включены"] == ["Детский сад «Берёзка»"]


def test_decide_about_nobody_is_refused(cycle, history):
    draft = make_draft(cycle)
    chosen = {"organisations": [history[1][2].pk], "included": True, "note": "x"}
    assert kind_of(lists.decide, item=draft, **chosen) == "nothing_chosen"
    assert kind_of(lists.decide, item=draft, **{**chosen, "organisations": [10**9]}) == (
        "nothing_chosen"
    )


def test_decide_does_not_include_who_has_ceased(cycle, history):
    organisation.save_all(changed={history[1][1].pk: {"status": "closed"}}, by=None, now=NOW)
    draft = make_draft(cycle)
    chosen = {"organisations": [history[1][1].pk], "included": True, "note": "x"}
    assert kind_of(lists.decide, item=draft, **chosen) == "organisation_not_active"


def test_refresh_follows_the_registry_and_keeps_decisions(cycle, history):
    kindergarten, second, school = history[1]
    draft = make_draft(cycle)
    decide(draft, second, note="По обращению")
    new = {"full_name": "Школа № 9", "type": "general", "municipality": "Город Лугов"}
    changed = {kindergarten.pk: {"status": "closed"}, school.pk: {"short_name": "СОШ № 1"}}
    organisation.save_all(added=[new], changed=changed, by=None, now=NOW)
    found = drift(draft)
    assert [item.full_name for item in found.new] == ["Школа № 9"]
    assert [(entry.short_name, why) for entry, why in found.gone] == [
        ("Детский сад «Берёзка»", "ликвидирована")
    ]
    assert [(item.name, item.fields) for item in found.changed] == [
        ("Школа № 1", (("short_name", "Краткое наименование", "Школа № 1", "СОШ № 1"),))
    ]
    lists.refresh(item=draft, by=None, now=NOW)
    assert rows(draft) == {
        "Детский сад «Берёзка»": ("closed", 2024, 2027, False, ""),
        "Детский сад № 2": ("not_due", 2026, 2029, True, "По обращению"),
        "СОШ № 1": ("never", None, None, True, ""),
        "Школа № 9": ("never", None, None, True, ""),
    }
    assert not drift(draft)


def test_merger_meets_in_a_draft_but_not_in_an_approved_list(cycle, history):
    kindergarten, second, school = history[1]
    approved, _ = make_approved(make_draft(cycle))
    draft = make_draft(cycle, reason="Ошибка")
    merge.merge(
        kept=second, merged=school, seen=merge.both_states(second, school), reason="Одна и та же",
        by=None, now=NOW,
    )  # fmt: skip
    assert sorted(rows(draft)) == ["Детский сад «Берёзка»", "Детский сад № 2"]
    assert sorted(rows(approved)) == ["Детский сад «Берёзка»", "Детский сад № 2", "Школа № 1"]
    assert [item.pk for item in listed(cycle)] == [kindergarten.pk, second.pk]


def test_discard_throws_a_draft_away(cycle):
    lists.discard(item=make_draft(cycle), by=None, now=NOW)
    assert ListEntry.objects.count() == 0
    assert make_draft(cycle).version == 1


# --- the council ----------------------------------------------------------------------------------


def test_place_puts_the_documents_on_the_agenda_and_holds_the_list(cycle, history):
    placed, session = make_placed(make_draft(cycle))
    (item,) = session.items.all()
    assert item.title == "О перечне организаций, в отношении которых проводится оценка в 2027 году"
    assert item.draft_decision == (
        "Утвердить перечень организаций на 2027 год (приложение; организаций: 2)."
    )
    assert item.address == f"/office/lists/{placed.pk}/"
    assert [(m.name, m.annex) for m in Material.objects.all()] == [
        ("Перечень организаций 2027.docx", True),
        ("Перечень организаций 2027.xlsx", True),
    ]
    assert placed.digest == digest(content_of(placed))
    chosen = {"organisations": [history[1][1].pk], "included": True, "note": "x"}
    assert kind_of(lists.decide, item=placed, **chosen) == "list_not_a_draft"
    assert kind_of(lists.refresh, item=placed) == "list_not_a_draft"
    assert kind_of(lists.discard, item=placed) == "list_not_a_draft"
    assert kind_of(moves.take_back, item=placed) == "stands_on_agenda"


def test_place_an_empty_list_is_refused(cycle, history):
    draft = make_draft(cycle)
    decide(draft, *history[1], included=False, note="Нет денег")
    session = make_session(make_council(), titles=(), cycle=cycle)
    assert kind_of(jobs.propose, item=draft, session=session) == "list_empty"
    assert session.items.count() == 0


def test_place_a_list_that_somebody_has_changed_is_refused(cycle, history):
    draft = make_draft(cycle)
    session = make_session(make_council(), titles=(), cycle=cycle)
    seen = digest(content_of(draft))
    decide(draft, history[1][1], note="Позже")
    facts_ = {"item": draft, "session": session, "materials": [], "seen": seen}
    assert kind_of(moves.place, **facts_) == "list_changed"


def test_take_back_after_the_council_has_not_approved(cycle):
    placed, session = make_placed(make_draft(cycle))
    agenda.withdraw(item=placed.agenda_item, reason="Не готово", by=None, now=NOW)
    placed = OrganisationList.objects.get()
    draft = moves.take_back(item=placed, by=None, now=NOW)
    assert (draft.status, draft.digest, draft.agenda_item) == ("draft", "", None)
    again, _ = make_placed(draft, session.council)
    assert again.status == "proposed"


def test_approve_by_the_decision_freezes_the_list_with_its_documents(cycle):
    approved, decision = make_approved(make_draft(cycle))
    assert (approved.status, approved.decision, approved.approved_on) == (
        "approved",
        decision,
        decision.adopted_on,
    )
    assert [file["name"] for file in approved.files] == [
        "perechen-2027.docx",
        "perechen-2027.pdf",
        "perechen-2027.xlsx",
        "perechen-2027.json",
    ]
    assert approved.files[-1]["sha256"] == approved.digest
    assert digest(kept.content_of(approved.digest)) == approved.digest
    assert [(fact.title, fact.address) for fact in facts(cycle, "list_approved")] == [
        (f"Перечень организаций на 2027 год. {decision}", "/lists/2027/1/")
    ]
    assert [item.short_name for item in listed(cycle)] == ["Детский сад «Берёзка»", "Школа № 1"]
    assert [item.short_name for item in listed(cycle, "general")] == ["Школа № 1"]
    assert listing_of(cycle).source == f"утверждённый перечень: {decision}"


def test_approve_keeps_what_the_list_says(cycle, history):
    approved, _ = make_approved(make_draft(cycle))
    organisation.save_all(changed={history[1][2].pk: {"enrolment": 999}}, by=None, now=NOW)
    assert [item.enrolment for item in listed(cycle)] == [100, 100]
    assert digest(content_of(OrganisationList.objects.get())) == approved.digest


@pytest.mark.parametrize(
    "change",
    [
        lambda item: OrganisationList.objects.update(digest="0" * 64),
        lambda item: OrganisationList.objects.update(status="draft"),
        lambda item: OrganisationList.objects.all().delete(),
        lambda item: item.entries.update(note="иначе"),
        lambda item: item.entries.filter(included=True).delete(),
        lambda item: ListEntry.objects.create(
            list=item,
            organisation=Organisation.objects.create(
                full_name="Новая", municipality=Organisation.objects.first().municipality
            ),
            proposed=True,
            included=True,
        ),
    ],
)
def test_approved_list_is_kept_by_the_database(cycle, change):
    approved, _ = make_approved(make_draft(cycle))
    with pytest.raises(IntegrityError, match="list"), transaction.atomic():
        change(approved)
    assert digest(content_of(OrganisationList.objects.get())) == approved.digest


def test_proposed_list_is_kept_by_the_database(cycle):
    placed, _ = make_placed(make_draft(cycle))
    with pytest.raises(IntegrityError, match="draft"), transaction.atomic():
        placed.entries.update(note="иначе")


def test_approve_by_a_decision_about_something_else_is_refused(cycle):
    placed, session = make_placed(make_draft(cycle))
    other = make_session(session.council, titles=("О другом",), cycle=cycle)
    make_decided(other)
    decision = other.items.get().decision
    kind = kind_of(jobs.approve, item=placed, decision=decision)
    assert kind == "decision_of_another_question"
    assert OrganisationList.objects.get().status == "proposed"


@pytest.mark.django_db(transaction=True)
def test_approve_at_once_happens_once(settings, tmp_path):
    cycle, _ = make_history()
    decision = make_decision(make_draft(cycle))
    item = OrganisationList.objects.get()
    done, kinds = at_once(
        lambda: jobs.approve(item=item, decision=decision, by=None, now=NOW).version
    )
    assert (done, kinds) == ([1], ["moved_already"] * 3)
    assert JournalEntry.objects.filter(deed="list.approved").count() == 1


def test_approve_outside_names_its_act(cycle):
    draft = make_draft(cycle)
    seen = digest(content_of(draft))
    given = {"item": draft, "on": date(2026, 1, 20), "files": [], "seen": seen}
    assert kind_of(moves.approve_outside, basis=" ", **given) == "no_basis"
    late = {**given, "on": date(2027, 1, 1)}
    assert kind_of(moves.approve_outside, basis="Приказ № 1", **late) == "day_ahead"
    approved = make_approved_outside(draft)
    assert (approved.basis, str(approved.approved_on)) == (
        "Протокол совета от 20.01.2026 № 1",
        "2026-01-20",
    )
    assert facts(cycle, "list_approved")[0].on == date(2026, 1, 20)


def test_approve_outside_a_placed_list_is_refused(cycle):
    placed, _ = make_placed(make_draft(cycle))
    kind = kind_of(jobs.approve_outside, item=placed, basis="Приказ", on=date(2026, 1, 1))
    assert kind == "moved_already"


# --- another version ------------------------------------------------------------------------------


def test_amendment_is_another_version_with_its_difference(cycle, history):
    _, second, school = history[1]
    draft = make_draft(cycle)
    decide(draft, school, included=False, note="Ремонт")
    first, decision = make_approved(draft)
    assert kind_of(lists.draw_up, cycle=cycle) == "reason_required"
    amended = make_draft(cycle, reason="Ремонт закончен раньше")
    assert included(amended) == ["Детский сад «Берёзка»"]
    assert rows(amended)["Школа № 1"] == ("never", None, None, False, "Ремонт")
    decide(amended, school)
    decide(amended, second, note="По обращению")
    lists.refresh(item=amended, by=None, now=NOW)
    found = difference(amended.amends, amended)
    assert [entry.short_name for entry in found.added] == ["Детский сад № 2", "Школа № 1"]
    assert (found.removed, found.kept) == ((), 1)
    second_version, other = make_approved(amended, decision.council)
    assert (second_version.version, second_version.amends) == (2, first)
    assert other.number == 2
    entry = JournalEntry.objects.filter(deed="list.approved").first()
    assert entry.reason == "Ремонт закончен раньше"
    assert entry.after["отличия"] == ["добавлена: Детский сад № 2", "добавлена: Школа № 1"]
    assert len(listed(cycle)) == 3
    assert OrganisationList.objects.get(version=1).digest == first.digest
    assert [fact.address for fact in facts(cycle, "list_approved")] == [
        "/lists/2027/1/",
        "/lists/2027/2/",
    ]


def test_amendment_names_what_the_registry_has_changed(cycle, history):
    first, _ = make_approved(make_draft(cycle))
    organisation.save_all(changed={history[1][2].pk: {"enrolment": 250}}, by=None, now=NOW)
    amended = make_draft(cycle, reason="Уточнена численность")
    (changed,) = difference(first, amended).changed
    assert changed.fields == (("enrolment", "Получателей услуг", 100, 250),)


# --- coverage -------------------------------------------------------------------------------------


def test_coverage_proves_three_years(cycle, history):
    draft = make_draft(cycle)
    found = coverage_of(draft)
    assert found.years == (2025, 2026, 2027)
    assert {row.entry.short_name: dict(row.covered.marks) for row in found.rows} == {
        "Детский сад «Берёзка»": {2027: "listed"},
        "Детский сад № 2": {2026: "assessed"},
        "Школа № 1": {2027: "listed"},
    }
    assert (found.whole.covered, found.whole.uncovered) == (3, 0)
    assert found.ahead == {2028: 0, 2029: 1, 2030: 2}
    decide(draft, history[1][0], included=False, note="Ремонт")
    found = coverage_of(draft)
    assert [(row.entry.short_name, row.covered.until) for row in found.uncovered] == [
        ("Детский сад «Берёзка»", 2027)
    ]
    assert {name: t.uncovered for name, t in found.by_municipality.items()} == {
        "Город Лугов": 0,
        "Заречный район": 1,
    }
    assert list(found.by_type) == ["Дошкольные", "Общеобразовательные"]
    assert found.ahead == {2028: 1, 2029: 1, 2030: 1}


def test_list_of_a_year_without_history_proposes_everybody():
    make_organisations()
    assert len(included(make_draft(make_cycle("2027", year=2027)))) == 3
