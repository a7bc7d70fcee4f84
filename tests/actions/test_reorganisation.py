"""Reorganisations: who takes part, who ceases, and that a mistake can be taken back."""

from datetime import date

import pytest

from noko.actions.organisation import save_all
from noko.actions.reorganisation import cancel, reorganise
from noko.core.refusal import Refusal
from noko.models import JournalEntry, Organisation, Reorganisation
from noko.queries.card import predecessors_of, successors_of
from tests.racing import at_once
from tests.small_cycle import NOW, make_organisations

ON = date(2026, 9, 1)


def noted(kind, before, after, **changes):
    facts = {"on": ON, "act": "Постановление № 418", "by": None, "now": NOW}
    return reorganise(kind=kind, predecessors=before, successors=after, **{**facts, **changes})


def states():
    return {
        item.full_name: (item.status, item.closed_on)
        for item in Organisation.objects.order_by("pk")
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "before", "after", "ceased"),
    [
        ("accession", [1], [0], [1]),
        ("merger", [0, 1], [2], [0, 1]),
        ("division", [2], [0, 1], [2]),
        ("separation", [2], [0, 1], []),
        ("transformation", [0], [1], [0]),
    ],
)
def test_reorganise_marks_those_who_cease(kind, before, after, ceased):
    those = make_organisations()
    noted(kind, [those[i] for i in before], [those[i] for i in after])
    found = states()
    expected = {
        item.full_name: ("reorganised", ON) if number in ceased else ("active", None)
        for number, item in enumerate(those)
    }
    assert found == expected
    assert [s.successor for s in successors_of(those[before[0]])] == [those[i] for i in after]
    assert [s.predecessor for s in predecessors_of(those[after[0]])] == [those[i] for i in before]
    entries = JournalEntry.objects.filter(deed="organisation.reorganised")
    assert entries.count() == len(before) + len(after)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "before", "after", "changes", "refusal"),
    [
        ("merger", [0], [2], {}, "reorganisation_shape"),
        ("accession", [0], [1, 2], {}, "reorganisation_shape"),
        ("division", [0], [1], {}, "reorganisation_shape"),
        ("accession", [0], [], {}, "reorganisation_shape"),
        ("accession", [0, 1], [1], {}, "reorganisation_self"),
        ("accession", [0], [1], {"act": "  "}, "reorganisation_no_act"),
        ("accession", [0], [1], {"on": date(1999, 1, 1)}, "organisation_dates"),
    ],
)
def test_reorganise_refused_notes_nothing(kind, before, after, changes, refusal):
    those = make_organisations()
    save_all(changed={those[0].pk: {"opened_on": "2000-09-01"}}, by=None, now=NOW)
    with pytest.raises(Refusal) as raised:
        noted(kind, [those[i] for i in before], [those[i] for i in after], **changes)
    assert raised.value.kind == refusal
    assert Reorganisation.objects.count() == 0
    assert {status for status, _ in states().values()} == {"active"}


@pytest.mark.django_db
def test_reorganise_of_one_that_ceased_is_refused():
    first, second, third = make_organisations()
    noted("accession", [first], [second])
    with pytest.raises(Refusal) as raised:
        noted("accession", [first], [third])
    assert raised.value.kind == "organisation_not_active"


@pytest.mark.django_db
def test_cancel_takes_the_mark_back_and_keeps_the_row():
    first, second, _ = make_organisations()
    event = noted("accession", [first], [second])
    cancel(event=event, reason="Не та школа", by=None, now=NOW)
    assert states()[first.full_name] == ("active", None)
    assert (successors_of(first), predecessors_of(second)) == ([], [])
    assert Reorganisation.objects.get().reason == "Не та школа"
    with pytest.raises(Refusal) as raised:
        cancel(event=event, reason="Ещё раз", by=None, now=NOW)
    assert raised.value.kind == "reorganisation_cancelled"


@pytest.mark.django_db
def test_cancel_needs_a_reason():
    first, second, _ = make_organisations()
    event = noted("accession", [first], [second])
    with pytest.raises(Refusal) as raised:
        cancel(event=event, reason="", by=None, now=NOW)
    assert raised.value.kind == "reason_required"


@pytest.mark.django_db(transaction=True)
def test_reorganise_at_once_happens_once():
    first, second, _ = make_organisations()
    done, kinds = at_once(lambda: noted("accession", [first], [second]).kind)
    assert (done, kinds) == (["accession"], ["organisation_not_active"] * 3)
