"""The technical specification: from the template to the council's decision."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from noko.actions import clause as clauses
from noko.actions import clause_proposal as proposals
from noko.actions import specification as deeds
from noko.core.refusal import Refusal
from noko.models import (
    AgendaItem,
    Clause,
    ClauseProposal,
    Decision,
    JournalEntry,
    Organisation,
    Specification,
)
from noko.queries.facts import facts
from noko.queries.specification import content_of
from tests.racing import at_once
from tests.small_council import make_council, make_decided, make_session
from tests.small_cycle import make_cycle, make_organisations, make_person
from tests.small_list import make_approved_outside
from tests.small_list import make_draft as make_list
from tests.small_specification import (
    CUSTOMER,
    NOW,
    TERMS,
    UNTIL,
    clause_of,
    make_adopted,
    make_considered,
    make_draft,
    make_open,
    make_placed,
    make_proposal,
)

pytestmark = pytest.mark.django_db

Status = Specification.Status


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    settings.FILES = tmp_path


@pytest.fixture
def cycle(db):
    make_organisations()
    return make_cycle("2027", year=2027)


def kind_of(deed, **values):
    with pytest.raises(Refusal) as refusal:
        deed(**values, by=None, now=NOW)
    return refusal.value.kind


def deeds_of(thing):
    rows = JournalEntry.objects.filter(kind=thing._meta.model_name, key=str(thing.pk))
    return [entry.deed for entry in rows.order_by("id")]


def test_draft_has_the_clauses_of_the_template_and_live_numbers(cycle):
    draft = make_draft(cycle)
    content = content_of(draft)
    assert (draft.version, draft.status, draft.clauses.count()) == (1, "draft", 28)
    assert content.title.endswith("организациями в 2027 году")
    assert content.facts["организаций"] == "3\xa0организациях"
    assert content.facts["организаций по типам"] == "дошкольных – 2, общеобразовательных – 1"
    assert [row["size"] for row in content.annex] == [40, 40, 40]
    assert content.questionnaires == 120
    assert content.missing == []
    Organisation.objects.filter(full_name="Школа № 1").update(enrolment=1000)
    assert content_of(draft).questionnaires == 480
    assert deeds_of(draft) == ["specification.created"]


def test_draft_says_what_is_missing(cycle):
    Organisation.objects.filter(full_name="Школа № 1").update(enrolment=None)
    draft = make_draft(cycle, terms={"survey_starts_on": date(2027, 2, 1)})
    assert list(content_of(draft).missing) == [
        "Не указаны сроки: последний день опроса и осмотра, срок передачи данных, срок отчёта.",
        "Не известно число получателей услуг: «Школа № 1». Без него не вычислить выборку:"
        " дополните реестр организаций.",
    ]
    text = next(
        item.text
        for section in content_of(draft).sections
        for item in section.clauses
        if item.clause.number == "4.1"
    )
    assert text == "Опрос и осмотр проводятся с 1\xa0февраля 2027\xa0г. по (срок не указан)."


def test_draft_of_2016_follows_its_own_edition(db):
    make_organisations()
    draft = make_draft(make_cycle("2016", year=2016, edition_code="1547-2014"))
    facts_ = content_of(draft).facts
    assert facts_["показателей"] == "16\xa0показателей"
    assert "1547" in facts_["акты"]


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"customer": "  \x00 "}, "no_customer"),
        ({"terms": TERMS | {"data_due_on": date(2027, 1, 1)}}, "bad_terms"),
        ({"terms": TERMS | {"survey_ends_on": date(2027, 1, 1)}}, "bad_terms"),
    ],
)
def test_draft_with_wrong_values_is_refused(cycle, fields, kind):
    with pytest.raises(Refusal) as refusal:
        make_draft(cycle, **fields)
    assert refusal.value.kind == kind
    assert Specification.objects.count() == 0


def test_draft_is_one_at_a_time(cycle):
    make_draft(cycle)
    with pytest.raises(Refusal) as refusal:
        make_draft(cycle)
    assert refusal.value.kind == "specification_in_preparation"


def test_change_notes_what_was(cycle):
    draft = make_draft(cycle)
    deeds.change(specification=draft, customer="Министерство", terms=TERMS, by=None, now=NOW)
    entry = JournalEntry.objects.filter(deed="specification.changed").get()
    assert (entry.before, entry.after) == (
        {"заказчик": "Управление образования области"},
        {"заказчик": "Министерство"},
    )
    deeds.change(specification=draft, customer="Министерство", terms=TERMS, by=None, now=NOW)
    assert JournalEntry.objects.filter(deed="specification.changed").count() == 1


# --- clauses of a draft -------------------------------------------------------------------------


def numbers(specification):
    return [(c.number, c.excluded) for c in specification.clauses.filter(section="1")]


def test_clauses_of_a_draft_are_edited_added_and_left_out(cycle):
    draft = make_draft(cycle)
    first = clause_of(draft, "1.1")
    changed = clauses.edit_clause(clause=first, text="Год: {год}.", revision=1, by=None, now=NOW)
    assert (changed.text, changed.revision) == ("Год: {год}.", 2)
    added = clauses.add_clause(after=first, text="Новый пункт", by=None, now=NOW)
    assert numbers(draft) == [("1.1", False), ("1.2", False), ("1.3", False)]
    assert (added.number, added.basis, added.checks) == ("1.2", {}, [])
    clauses.exclude_clause(clause=added, revision=1, by=None, now=NOW)
    assert numbers(draft) == [("1.1", False), ("1.2", True), ("1.2", False)]
    assert list(draft.clauses.values_list("order", flat=True)) == list(range(1, 30))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty_clause"),
        (" \n\x00 ", "empty_clause"),
        ("В {организация}", "unknown_field"),
        ("{{ title }}", "unknown_field"),
    ],
)
def test_clause_text_is_checked(cycle, text, kind):
    clause = clause_of(make_draft(cycle))
    assert kind_of(clauses.edit_clause, clause=clause, text=text, revision=1) == kind
    assert kind_of(clauses.add_clause, after=clause, text=text) == kind


def test_clause_seen_in_another_revision_is_not_overwritten(cycle):
    clause = clause_of(make_draft(cycle))
    clauses.edit_clause(clause=clause, text="Один", revision=1, by=None, now=NOW)
    assert kind_of(clauses.edit_clause, clause=clause, text="Два", revision=1) == "clause_changed"
    assert kind_of(clauses.exclude_clause, clause=clause, revision=1) == "clause_changed"
    clause.refresh_from_db()
    assert (clause.text, clause.excluded) == ("Один", False)


def test_clause_is_not_edited_past_the_proposals(cycle):
    clause = clause_of(make_open(cycle))
    assert kind_of(clauses.edit_clause, clause=clause, text="Иначе", revision=1) == "not_a_draft"
    assert kind_of(clauses.add_clause, after=clause, text="Иначе") == "not_a_draft"
    assert kind_of(clauses.exclude_clause, clause=clause, revision=1) == "not_a_draft"


# --- proposals ----------------------------------------------------------------------------------


def consider(proposal, verdict="accepted", answer="", text="", revision=1):
    return proposals.consider(
        proposal=proposal,
        verdict=verdict,
        answer=answer,
        text=text,
        revision=revision,
        by=None,
        now=NOW,
    )


def test_proposal_accepted_enters_with_its_trace(cycle):
    person = make_person("council_member")
    clause = clause_of(make_open(cycle))
    was = clause.text
    proposal = make_proposal(clause, text="Цель: {год}.", by=person)
    assert (proposal.number, proposal.number_then, proposal.was) == (1, "1.2", was)
    done = consider(proposal)
    clause.refresh_from_db()
    assert (clause.text, clause.revision) == ("Цель: {год}.", 2)
    assert (done.status, done.entered, done.by_name) == ("accepted", "Цель: {год}.", str(person))
    entry = JournalEntry.objects.get(deed="clause.proposal_considered")
    assert entry.before == {"текст пункта": was}
    assert entry.after == {"решение": "принято", "текст пункта": "Цель: {год}."}


def test_proposal_merged_enters_another_text_with_an_answer(cycle):
    clause = clause_of(make_open(cycle))
    proposal = make_proposal(clause, text="Как у соседей.")
    done = consider(proposal, "merged", "Короче.", "Короткий текст.")
    clause.refresh_from_db()
    assert (clause.text, done.status, done.answer) == ("Короткий текст.", "merged", "Короче.")


def test_proposal_rejected_changes_nothing(cycle):
    clause = clause_of(make_open(cycle))
    was = clause.text
    done = consider(make_proposal(clause), "rejected", "Цель названа законом.")
    clause.refresh_from_db()
    assert (clause.text, clause.revision, done.entered) == (was, 1, "")


def test_proposal_to_add_and_to_exclude(cycle):
    opened = make_open(cycle)
    clause = clause_of(opened, "1.1")
    consider(make_proposal(clause, "add", "Ещё одна цель."))
    assert numbers(opened) == [("1.1", False), ("1.2", False), ("1.3", False)]
    third = clause_of(opened, "1.3")
    consider(make_proposal(third, "exclude", "не нужно"))
    assert numbers(opened) == [("1.1", False), ("1.2", False), ("1.3", True)]
    texts = [
        item.text for item in content_of(opened).sections[0].clauses if not item.clause.excluded
    ]
    assert texts[1] == "Ещё одна цель."


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"kind": "change", "text": "", "reason": "Так."}, "empty_clause"),
        ({"kind": "change", "text": "{нет}", "reason": "Так."}, "unknown_field"),
        ({"kind": "change", "text": "Иначе.", "reason": " \x00 "}, "reason_required"),
        ({"kind": "change", "text": None, "reason": "Так."}, "nothing_proposed"),
    ],
)
def test_proposal_with_wrong_values_is_refused(cycle, values, kind):
    clause = clause_of(make_open(cycle))
    values = values | {"text": clause.text if values["text"] is None else values["text"]}
    assert kind_of(proposals.propose, clause=clause, **values) == kind
    assert ClauseProposal.objects.count() == 0


@pytest.mark.parametrize(
    ("verdict", "answer", "text", "kind"),
    [
        ("rejected", " ", "", "answer_required"),
        ("merged", "", "Другое.", "answer_required"),
        ("merged", "Так.", "", "empty_clause"),
        ("merged", "Так.", "Иначе.", "nothing_merged"),
    ],
)
def test_consideration_with_wrong_values_is_refused(cycle, verdict, answer, text, kind):
    proposal = make_proposal(clause_of(make_open(cycle)))
    with pytest.raises(Refusal) as refusal:
        consider(proposal, verdict, answer, text)
    assert refusal.value.kind == kind
    proposal.refresh_from_db()
    assert proposal.status == "open"


def test_consideration_of_a_clause_changed_meanwhile_is_refused_whole(cycle):
    opened = make_open(cycle)
    first, second = (make_proposal(clause_of(opened), text=text) for text in ("Один.", "Два."))
    consider(first)
    with pytest.raises(Refusal) as refusal:
        consider(second)
    assert refusal.value.kind == "clause_changed"
    second.refresh_from_db()
    assert (second.status, clause_of(opened).text) == ("open", "Один.")
    consider(second, revision=2)
    assert clause_of(opened).text == "Два."


def test_proposal_is_withdrawn_by_its_author_alone(cycle):
    author, other = make_person("council_member"), make_person("specialist")
    proposal = make_proposal(clause_of(make_open(cycle)), by=author)
    with pytest.raises(Refusal) as refusal:
        proposals.withdraw(proposal=proposal, by=other, now=NOW)
    assert refusal.value.kind == "not_your_proposal"
    assert proposals.withdraw(proposal=proposal, by=author, now=NOW).status == "withdrawn"
    with pytest.raises(Refusal) as refusal:
        proposals.withdraw(proposal=proposal, by=author, now=NOW)
    assert refusal.value.kind == "considered_already"


def test_proposals_are_taken_in_their_time_alone(cycle):
    draft = make_draft(cycle)
    values = {"kind": "change", "text": "Иначе.", "reason": "Так."}
    assert kind_of(proposals.propose, clause=clause_of(draft), **values) == "proposals_closed"
    until = date(2026, 12, 10)
    opened = deeds.open_for_proposals(specification=draft, until=until, by=None, now=NOW)
    late = NOW + timedelta(days=18)
    with pytest.raises(Refusal) as refusal:
        proposals.propose(clause=clause_of(opened), **values, by=None, now=late)
    assert refusal.value.kind == "proposals_closed"
    until = date(2026, 12, 20)
    deeds.change(
        specification=opened,
        customer="Орган",
        terms=TERMS,
        proposals_until=until,
        by=None,
        now=late,
    )
    assert proposals.propose(clause=clause_of(opened), **values, by=None, now=late).number == 1


def test_open_until_a_day_that_has_passed_is_refused(cycle):
    draft = make_draft(cycle)
    yesterday = date(2026, 11, 22)
    assert kind_of(deeds.open_for_proposals, specification=draft, until=yesterday) == "term_over"


def test_close_waits_for_every_answer(cycle):
    opened = make_open(cycle)
    proposal = make_proposal(clause_of(opened))
    assert kind_of(deeds.close_proposals, specification=opened) == "proposals_waiting"
    consider(proposal)
    assert deeds.close_proposals(specification=opened, by=None, now=NOW).status == "considered"
    with pytest.raises(Refusal) as refusal:
        make_proposal(clause_of(opened))
    assert refusal.value.kind == "proposals_closed"


def test_moves_are_those_of_the_table(cycle):
    draft = make_draft(cycle)
    assert kind_of(deeds.close_proposals, specification=draft) == "moved_already"
    opened = deeds.open_for_proposals(specification=draft, until=UNTIL, by=None, now=NOW)
    again = kind_of(deeds.open_for_proposals, specification=opened, until=UNTIL)
    assert again == "moved_already"
    closed = deeds.close_proposals(specification=opened, by=None, now=NOW)
    reopened = deeds.open_for_proposals(specification=closed, until=UNTIL, by=None, now=NOW)
    assert reopened.status == "open"


# --- the council --------------------------------------------------------------------------------


def place(specification, session):
    return deeds.place(
        specification=specification,
        session=session,
        material=("Техническое задание.docx", b"document"),
        by=None,
        now=NOW,
    )


def test_place_puts_a_question_with_the_document_on_the_agenda(cycle):
    considered = make_considered(cycle)
    session = make_session(make_council(), titles=(), cycle=cycle)
    placed = place(considered, session)
    item = session.items.get()
    assert placed.agenda_item_id == item.pk
    assert item.title == "О техническом задании для организации-оператора на 2027 год"
    assert item.address == f"/office/specifications/{placed.pk}/"
    assert [(m.name, m.annex) for m in item.materials.all()] == [("Техническое задание.docx", True)]
    with pytest.raises(Refusal) as refusal:
        place(placed, session)
    assert refusal.value.kind == "placed_already"
    assert session.items.count() == 1


def test_place_asks_for_a_whole_specification(cycle):
    session = make_session(make_council(), titles=(), cycle=cycle)
    with pytest.raises(Refusal) as refusal:
        place(make_open(cycle), session)
    assert refusal.value.kind == "not_considered"
    considered = deeds.close_proposals(specification=Specification.objects.get(), by=None, now=NOW)
    deeds.change(specification=considered, customer="Орган", terms={}, by=None, now=NOW)
    with pytest.raises(Refusal) as refusal:
        place(considered, session)
    assert refusal.value.kind == "specification_incomplete"
    assert AgendaItem.objects.count() == 0


def test_approve_freezes_what_the_council_has_seen(cycle):
    adopted = make_adopted(cycle)
    assert (adopted.status, adopted.decision.number) == ("adopted", 1)
    assert [row["size"] for row in adopted.annex] == [40, 40, 40]
    digest = content_of(adopted).digest
    assert digest == adopted.digest == adopted.placed_digest
    Organisation.objects.update(enrolment=5000)
    again = content_of(Specification.objects.get())
    assert (again.questionnaires, again.digest) == (120, digest)
    assert [fact.title for fact in facts(cycle, "specification_adopted")] == [
        f"Техническое задание, версия 1. {adopted.decision}"
    ]
    assert deeds_of(adopted)[-2:] == ["specification.placed", "specification.adopted"]


def test_approve_refuses_a_text_that_the_council_has_not_seen(cycle):
    placed = make_placed(cycle)
    decision = placed.agenda_item.decision
    deeds.change(specification=placed, customer="Министерство", terms=TERMS, by=None, now=NOW)
    kind = kind_of(deeds.approve, specification=placed, decision=decision)
    assert kind == "changed_since_placed"
    deeds.change(specification=placed, customer=CUSTOMER, terms=TERMS, by=None, now=NOW)
    assert deeds.approve(specification=placed, decision=decision, by=None, now=NOW).adopted


def test_approve_waits_for_the_list_that_the_specification_is_about(cycle):
    drawn_up = make_list(cycle)
    considered = make_considered(cycle)
    content = content_of(considered)
    assert (content.source, content.missing) == ("перечень ещё не утверждён: проект", [])
    session = make_session(make_council(), titles=(), cycle=cycle)
    placed = place(considered, session)
    make_decided(session, "+++++++")
    decision = Decision.objects.get(item=placed.agenda_item)
    kind = kind_of(deeds.approve, specification=placed, decision=decision)
    assert kind == "list_not_approved"
    make_approved_outside(drawn_up)
    adopted = deeds.approve(specification=placed, decision=decision, by=None, now=NOW)
    assert (adopted.adopted, len(adopted.annex)) == (True, 3)


def test_approved_list_is_what_the_specification_is_about(cycle):
    draft = make_draft(cycle)
    make_approved_outside(make_list(cycle))
    Organisation.objects.update(enrolment=5000)
    content = content_of(draft)
    assert content.unsettled == ""
    assert [row["size"] for row in content.annex] == [40, 40, 40]


def test_approve_refuses_a_decision_about_something_else(cycle):
    placed = make_placed(cycle)
    council = placed.agenda_item.session.council
    other = make_session(council, titles=("О другом",), cycle=cycle)
    make_decided(other)
    decision = other.items.get().decision
    kind = kind_of(deeds.approve, specification=placed, decision=decision)
    assert kind == "decision_of_another_question"
    with pytest.raises(Refusal):
        deeds.approve(specification=make_next(placed), decision=decision, by=None, now=NOW)


def make_next(specification):
    other = make_cycle("2028", year=2028)
    return make_considered(other)


def test_rejected_question_is_placed_again(cycle):
    placed = make_placed(cycle, votes="-------")
    assert placed.agenda_item.status == "rejected"
    session = make_session(placed.agenda_item.session.council, titles=(), cycle=cycle)
    assert place(placed, session).agenda_item_id == session.items.get().pk


def test_adopted_is_kept_by_the_database(cycle):
    adopted = make_adopted(cycle)
    clause = clause_of(adopted)
    for change in (
        lambda: Specification.objects.filter(pk=adopted.pk).update(customer="Другой"),
        lambda: Specification.objects.filter(pk=adopted.pk).delete(),
        lambda: Clause.objects.filter(pk=clause.pk).update(text="Другой"),
        lambda: Clause.objects.filter(pk=clause.pk).delete(),
        lambda: Clause.objects.create(specification=adopted, order=99, text="Ещё"),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()
    assert kind_of(deeds.change, specification=adopted, customer="Орган", terms=TERMS) == (
        "specification_adopted"
    )


def test_next_version_begins_from_the_adopted_one(cycle):
    adopted = make_adopted(cycle)
    made = make_draft(cycle, source=adopted)
    assert (made.version, made.status) == (2, "draft")
    texts = [list(item.clauses.values_list("number", "text")) for item in (adopted, made)]
    assert texts[0] == texts[1]


# --- people at the same moment ------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_race_one_proposal_is_considered_once():
    make_organisations()
    opened = make_open(make_cycle("2027", year=2027))
    proposal = make_proposal(clause_of(opened))
    done, refused = at_once(lambda: consider(proposal), people=4)
    assert (len(done), set(refused)) == (1, {"considered_already"})
    assert clause_of(opened).revision == 2


@pytest.mark.django_db(transaction=True)
def test_race_two_proposals_do_not_write_over_each_other():
    make_organisations()
    opened = make_open(make_cycle("2027", year=2027))
    waiting = iter([make_proposal(clause_of(opened), text=text) for text in ("Один.", "Два.")])
    done, refused = at_once(lambda: consider(next(waiting)), people=2)
    assert (len(done), refused) == (1, ["clause_changed"])
    assert clause_of(opened).text == done[0].entered


@pytest.mark.django_db(transaction=True)
def test_race_proposals_get_numbers_of_their_own_and_none_comes_after_the_close():
    make_organisations()
    opened = make_open(make_cycle("2027", year=2027))
    clause = clause_of(opened)
    done, refused = at_once(lambda: make_proposal(clause), people=4)
    assert (sorted(item.number for item in done), refused) == ([1, 2, 3, 4], [])
    for item in done:
        consider(item, "rejected", "Нет.")
    deed = iter(
        [
            lambda: deeds.close_proposals(specification=opened, by=None, now=NOW),
            lambda: make_proposal(clause),
        ]
    )
    at_once(lambda: next(deed)(), people=2)
    opened.refresh_from_db()
    waiting = opened.proposals.filter(status="open").count()
    assert (opened.status, waiting) in {("considered", 0), ("open", 1)}


@pytest.mark.django_db(transaction=True)
def test_race_one_draft_in_a_cycle():
    make_organisations()
    cycle = make_cycle("2027", year=2027)
    done, refused = at_once(lambda: make_draft(cycle), people=3)
    assert (len(done), set(refused)) == (1, {"specification_in_preparation"})


@pytest.mark.django_db(transaction=True)
def test_race_approve_happens_once(settings, tmp_path):
    settings.FILES = tmp_path
    make_organisations()
    placed = make_placed(make_cycle("2027", year=2027))
    decision = placed.agenda_item.decision
    done, refused = at_once(
        lambda: deeds.approve(specification=placed, decision=decision, by=None, now=NOW), people=3
    )
    assert (len(done), set(refused)) == (1, {"moved_already"})
