"""Paper: two clerks who do not see each other, a third who settles, batches removed whole."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from noko.actions import batch as batches
from noko.actions import exclusion as exclusions
from noko.actions import sheet as sheets
from noko.actions.response import Sender, accept
from noko.actions.sheet import Outcome
from noko.actions.wave_closing import close, stop
from noko.core.answers.double_entry import Reading
from noko.core.answers.slip import Slip
from noko.core.refusal import Refusal
from noko.models import (
    AnswerBox,
    Batch,
    Exclusion,
    JournalEntry,
    Receipt,
    SheetTyping,
    Trace,
    Wave,
)
from noko.models.response import Channel
from noko.queries.batch import next_turn, piles
from tests.racing import at_once, one_each
from tests.small_cycle import make_person
from tests.waves import DAY, NOON, make_wave, place_of

pytestmark = pytest.mark.django_db

YES = {f"q{number}": 1 for number in (1, 2, 3, 4, *range(6, 16))}
ONE = Reading({**YES, "q16": "Больше кружков", "q17": 1})
OTHER = Reading({**YES, "q8": 0, "q17": 1})
SPOILT = Reading({}, spoilt=True)


@pytest.fixture
def pile():
    return make_pile()


def make_pile(sheets=3, wave=None):
    place = (wave or make_wave()).places.order_by("organisation__sort_key").first()
    return batches.begin(place=place, sheets=sheets, day=DAY, by=None, now=NOON)


@pytest.fixture
def people():
    return [make_person("operator_clerk", f"{name}@example.org") for name in "abc"]


def typed(pile, sheet, who, reading=ONE, numbered=True):
    return sheets.type_sheet(
        batch=pile, sheet=sheet, reading=reading, numbered=numbered, by=who, now=NOON
    )


def refused(deed, *args, **kwargs):
    with pytest.raises(Refusal) as found:
        deed(*args, **kwargs)
    return found.value.kind


def boxes():
    fields = ("channel", "day", "marks", "number", "answers", "profile", "remarks")
    return list(AnswerBox.objects.order_by("pk").values_list(*fields))


def test_sheet_read_alike_by_two_goes_into_the_box_of_its_batch(pile, people):
    assert typed(pile, 1, people[0], numbered=False) is Outcome.TYPED
    assert boxes() == []
    same = Reading({**ONE.values, "q16": "больше  КРУЖКОВ"})
    assert typed(pile, 1, people[1], same) is Outcome.TAKEN
    answers = ("paper", DAY, 0, 1, {"1" * 14: 1}, {"q17=1": 1}, {"q16=Больше кружков": 1})
    assert boxes() == [answers]
    assert AnswerBox.objects.get().batch == pile
    assert SheetTyping.objects.count() == 0
    assert Receipt.objects.filter(batch=pile).count() == 1
    pile.refresh_from_db()
    assert (pile.accepted, pile.spoilt, pile.status, pile.left) == (1, 0, "open", 2)


def test_sheet_on_paper_leaves_no_trace_and_no_deed(pile, people):
    before = JournalEntry.objects.count()
    for who in people[:2]:
        typed(pile, 1, who)
    assert (Trace.objects.count(), JournalEntry.objects.count()) == (0, before)


def test_sheet_read_differently_waits(pile, people):
    typed(pile, 1, people[0])
    assert typed(pile, 1, people[1], OTHER) is Outcome.DIFFERING
    assert boxes() == []
    [found] = piles([pile])
    assert (found.once, found.differing, found.untouched) == (0, (1,), 2)


def test_sheet_is_never_read_twice_by_one_clerk(pile, people):
    typed(pile, 1, people[0])
    assert typed(pile, 1, people[0]) is Outcome.TYPED
    assert refused(typed, pile, 1, people[0], OTHER) == "sheet_yours"
    assert SheetTyping.objects.count() == 1
    again = SheetTyping(batch=pile, sheet=1, slot=2, clerk=people[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_sheet_number_that_another_sheet_has_got_is_refused(pile, people):
    typed(pile, 1, people[0], numbered=False)
    assert refused(typed, pile, 1, people[1], OTHER, numbered=False) == "sheet_number_taken"
    assert next_turn(pile, people[1], set(), after=1).sheet == 2


def test_sheet_read_by_two_takes_no_third(pile, people):
    typed(pile, 1, people[0])
    typed(pile, 1, people[1], OTHER)
    assert refused(typed, pile, 1, people[2]) == "sheet_typed_twice"
    typed(pile, 2, people[0])
    typed(pile, 2, people[1])
    assert refused(typed, pile, 2, people[2]) == "sheet_decided"
    assert refused(typed, pile, 4, people[2]) == "bad_sheet"


def test_sheet_that_both_hold_for_spoilt_is_only_counted(pile, people):
    typed(pile, 1, people[0], SPOILT)
    assert typed(pile, 1, people[1], SPOILT) is Outcome.TAKEN
    pile.refresh_from_db()
    assert (boxes(), pile.accepted, pile.spoilt) == ([], 0, 1)
    assert refused(typed, pile, 1, people[2]) == "sheet_decided"


def test_sheet_mended_by_its_clerk_is_taken(pile, people):
    typed(pile, 1, people[0], OTHER)
    typed(pile, 1, people[1])
    fixed = sheets.correct(batch=pile, sheet=1, reading=ONE, by=people[0], now=NOON)
    assert (fixed, boxes()[0][3]) == (Outcome.TAKEN, 1)
    assert refused(
        sheets.correct, batch=pile, sheet=2, reading=ONE, by=people[0], now=NOON
    ) == "sheet_not_yours"  # fmt: skip


def settle(pile, who, decided, spoilt=False, sheet=1):
    return sheets.settle(batch=pile, sheet=sheet, decided=decided, spoilt=spoilt, by=who, now=NOON)


def test_sheet_that_differs_is_settled_by_a_third(pile, people):
    typed(pile, 1, people[0])
    typed(pile, 1, people[1], OTHER)
    assert refused(settle, pile, people[0], {}) == "third_person"
    settle(pile, people[2], {"q8": 0, "q16": "Тепло", "q1": 0})
    pattern = "11111101111111"
    assert boxes() == [("paper", DAY, 0, 1, {pattern: 1}, {"q17=1": 1}, {"q16=Тепло": 1})]
    entry = JournalEntry.objects.get(deed="batch.sheet_settled")
    assert (entry.after, entry.by) == ({"лист": 1, "вопросы": [7, 15]}, people[2])
    assert SheetTyping.objects.count() == 0
    assert refused(settle, pile, people[2], {}) == "sheet_decided"


def test_sheet_settled_against_its_filter_is_refused(pile, people):
    typed(pile, 1, people[0])
    less = {key: value for key, value in YES.items() if key != "q2"}
    typed(pile, 1, people[1], Reading({**less, "q1": 0}))
    assert refused(settle, pile, people[2], {"q1": 0, "q2": 1}) == "bad_answers"
    assert SheetTyping.objects.count() == 2
    settle(pile, people[2], {"q1": 0})
    assert list(boxes()[0][4]) == ["0-111111111111"]


def test_sheet_that_one_holds_for_spoilt_is_settled_either_way(pile, people):
    for sheet in (1, 2):
        typed(pile, sheet, people[0], SPOILT)
        typed(pile, sheet, people[1])
    settle(pile, people[2], {}, spoilt=True)
    settle(pile, people[2], {}, sheet=2)
    pile.refresh_from_db()
    assert (pile.accepted, pile.spoilt, boxes()[0][4]) == (1, 1, {"1" * 14: 1})


def test_sheet_given_back_is_typed_anew(pile, people):
    typed(pile, 1, people[0])
    typed(pile, 1, people[1], OTHER)
    sheets.give_back(batch=pile, sheet=1, by=people[0], now=NOON)
    assert SheetTyping.objects.count() == 0
    typed(pile, 1, people[0])
    assert typed(pile, 1, people[1]) is Outcome.TAKEN


def test_pile_is_taken_with_its_last_sheet_and_open_again_with_another(people):
    pile = make_pile(1)
    for who in people[:2]:
        typed(pile, 1, who)
    pile.refresh_from_db()
    assert pile.status == "taken"
    batches.recount(batch=pile, sheets=2, by=None, now=NOON)
    assert (pile.status, pile.left) == ("open", 1)
    assert refused(batches.recount, batch=pile, sheets=0, by=None, now=NOON) == "bad_sheets"
    batches.recount(batch=pile, sheets=1, by=None, now=NOON)
    assert pile.status == "taken"


@pytest.mark.parametrize(
    ("sheets_", "day", "kind"),
    [
        (0, DAY, "bad_sheets"),
        (1001, DAY, "bad_sheets"),
        (3, DAY + timedelta(days=1), "bad_day"),
        (3, date(2026, 1, 1), "bad_day"),
    ],
)
def test_pile_of_impossible_facts_is_refused(sheets_, day, kind):
    place = make_wave().places.first()
    found = refused(batches.begin, place=place, sheets=sheets_, day=day, by=None, now=NOON)
    assert (found, Batch.objects.count()) == (kind, 0)


def test_batch_removed_takes_exactly_its_own_answers(people):
    wave = make_wave()
    one, two = make_pile(wave=wave), make_pile(wave=wave)
    place = place_of(wave)
    accept(
        place=place, slip=Slip("1" * 14), key="k", channel=Channel.PAPER, sender=Sender(), now=NOON
    )
    for pile in (one, two):
        for who in people[:2]:
            typed(pile, 1, who)
    typed(one, 2, people[0])
    assert sum(row[3] for row in boxes()) == 3
    batches.remove(batch=one, reason="Листы другой школы", by=people[2], now=NOON)
    assert sum(row[3] for row in boxes()) == 2
    assert set(AnswerBox.objects.values_list("batch", flat=True)) == {None, two.pk}
    assert (one.status, one.removed_by, one.accepted) == ("removed", people[2], 1)
    assert SheetTyping.objects.count() == 0
    assert Receipt.objects.count() == 2
    entry = JournalEntry.objects.get(deed="batch.removed")
    assert (entry.reason, entry.after) == (
        "Листы другой школы",
        {"вид": "бумажные анкеты", "анкет": 1},
    )
    assert refused(typed, one, 1, people[0]) == "batch_moved"
    assert refused(batches.remove, batch=one, reason="ещё", by=None, now=NOON) == "batch_moved"


def test_batch_removed_takes_what_was_left_out_of_it(pile, people):
    for sheet in (1, 2):
        for who in people[:2]:
            typed(pile, sheet, who)
    made = exclusions.propose(
        place=pile.place, flag="same", marks=0, day=None, pattern="1" * 14, number=2,
        reason="одинаковы", by=people[0], now=NOON,
    )  # fmt: skip
    exclusions.confirm(exclusion=made, effect={}, by=people[1], now=NOON)
    assert (boxes()[0][3], made.number) == (0, 2)
    batches.remove(batch=pile, reason="Листы другой школы", by=people[2], now=NOON)
    made.refresh_from_db()
    assert (boxes(), made.number, made.removed) == ([], 0, {})


def test_batch_without_reason_stays(pile):
    assert refused(batches.remove, batch=pile, reason="  ", by=None, now=NOON) == "reason_required"


def test_wave_does_not_stop_before_its_sheets_are_settled(pile, people):
    wave = Wave.objects.get()
    for who in people[:2]:
        typed(pile, 1, who)
    with pytest.raises(Refusal) as found:
        stop(wave=wave, by=None, now=NOON)
    assert found.value.kind == "sheets_unsettled"
    assert "Пачка № 1 (Детский сад" in str(found.value)
    assert "2\xa0листа" in str(found.value)
    assert accept(
        place=place_of(wave), slip=Slip("1" * 14), key="k", channel=Channel.LINK, sender=Sender(),
        now=NOON,
    ).new  # fmt: skip
    batches.recount(batch=pile, sheets=1, by=None, now=NOON)
    assert stop(wave=wave, by=None, now=NOON).status == "closing"


def test_wave_that_stops_takes_no_more_sheets_and_forgets_what_a_batch_held(people):
    pile = make_pile(1)
    for who in people[:2]:
        typed(pile, 1, who)
    wave = stop(wave=Wave.objects.get(), by=None, now=NOON)
    assert refused(typed, pile, 1, people[2]) == "wave_closed"
    assert refused(batches.remove, batch=pile, reason="поздно", by=None, now=NOON) == "wave_closed"
    place = wave.places.first()
    assert refused(
        batches.begin, place=place, sheets=2, day=DAY, by=None, now=NOON
    ) == "wave_closed"  # fmt: skip
    close(wave=wave, folder="x", digest="d" * 64, act={"accepted": 1}, by=None, now=NOON)
    assert boxes() == [("paper", DAY, 0, 1, {}, {}, {})]
    assert Receipt.objects.count() == 0
    pile.refresh_from_db()
    assert (pile.status, pile.accepted) == ("taken", 1)


@pytest.mark.django_db(transaction=True)
def test_sheet_read_by_two_at_once_is_taken_once():
    pile, people = make_pile(), [make_person("operator_clerk", f"{n}@example.org") for n in "abcd"]
    deeds = [lambda who=who: typed(pile, 1, who) for who in people]
    done, kinds = one_each(deeds)
    assert sorted(done) == [Outcome.TAKEN, Outcome.TYPED]
    assert sorted(kinds) == ["sheet_decided", "sheet_decided"]
    assert (boxes()[0][3], Receipt.objects.count()) == (1, 1)
    assert SheetTyping.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_sheet_sent_twice_at_once_by_one_clerk_is_one_reading():
    pile, who = make_pile(), make_person("operator_clerk")
    done, kinds = at_once(lambda: typed(pile, 1, who, numbered=False))
    assert (done, kinds) == ([Outcome.TYPED] * 4, [])
    assert SheetTyping.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_batch_removed_while_its_last_sheet_is_typed_leaves_nothing():
    pile = make_pile(1)
    people = [make_person("operator_clerk", f"{name}@example.org") for name in "ab"]
    typed(pile, 1, people[0])
    removing = lambda: batches.remove(batch=pile, reason="не те", by=None, now=NOON)  # noqa: E731
    done, kinds = one_each([removing, lambda: typed(pile, 1, people[1])])
    assert len(done) + len(kinds) == 2
    assert (AnswerBox.objects.count(), SheetTyping.objects.count()) == (0, 0)
    assert Batch.objects.get().status == "removed"


@pytest.mark.django_db(transaction=True)
def test_piles_begun_at_once_have_their_own_numbers():
    place = make_wave().places.first()
    done, kinds = at_once(lambda: batches.begin(place=place, sheets=2, day=DAY, by=None, now=NOON))
    assert (sorted(item.number for item in done), kinds) == ([1, 2, 3, 4], [])


@pytest.mark.django_db(transaction=True)
def test_wave_stopping_and_a_pile_begun_at_once_exclude_each_other():
    wave = make_wave()
    place = wave.places.first()
    one_each(
        [
            lambda: stop(wave=wave, by=None, now=NOON),
            lambda: batches.begin(place=place, sheets=2, day=DAY, by=None, now=NOON),
        ]
    )
    wave.refresh_from_db()
    begun = Batch.objects.exists()
    assert (wave.status, begun) in [("closing", False), ("open", True)]
    assert Exclusion.objects.count() == 0
