"""Traces and drafts after their term: an attacker with the salt finds nothing older in any table,
and the flags still say what they said."""

from __future__ import annotations

from datetime import timedelta

import pytest

from noko.actions import draft
from noko.actions.expiry import KEPT, expire
from noko.actions.response import Sender, accept, traces_of
from noko.core.answers.slip import Slip
from noko.core.statistics.marks import DENSE_ABOVE, Mark
from noko.core.statistics.quality import Kind
from noko.jobs import sweeping
from noko.models import AnswerBox, Draft, Receipt, Trace, Wave
from noko.models.response import Channel
from noko.queries.wave_quality import flags_of
from tests.waves import DAY, NOON, make_wave, place_of
from tests.web.survey import attacker

pytestmark = pytest.mark.django_db

AGO = KEPT + timedelta(days=1)
LATER = NOON + AGO
"""The moment of the sweep: what came at NOON is one day over its term."""


def answered(place, number, sender, at, pattern="1" * 14):
    accept(
        place=place, slip=Slip(pattern), key=f"{place.id} {number}", channel=Channel.LINK,
        sender=sender, now=at,
    )  # fmt: skip


@pytest.fixture
def place():
    """An old pile from one device within ten minutes, old and new single answers at both places."""
    wave = make_wave()
    first, second = place_of(wave), place_of(wave, 1)
    pile = Sender("one device", "10.0.1", 100)
    for number in range(DENSE_ABOVE + 8):
        answered(first, number, pile, NOON + timedelta(seconds=number))
    for number in range(30):
        sender = Sender(f"device {number}", f"10.1.{number}", 200)
        answered(second, number, sender, NOON + timedelta(hours=number % 5, minutes=11 * number))
    answered(first, "new", Sender("new device", "10.2.1", 90), LATER)
    answered(second, "new", Sender("new device", "10.2.1", 90), LATER)
    return first


def known(place, sender, at):
    """What an attacker who holds the salt looks for in a dump."""
    made = dict(traces_of(place, sender, at))
    return {made[kind] for kind in ("device", "network", "window")}


def tokens():
    rows = attacker.dump().tables["noko_trace"]
    return {str(row["token"]) for row in rows}


def test_attacker_with_the_salt_finds_nothing_that_is_over(place):
    old = known(place, Sender("one device", "10.0.1", 100), NOON)
    new = known(place, Sender("new device", "10.2.1", 90), LATER)
    assert old | new <= tokens()
    expire(now=LATER)
    assert old & tokens() == set()
    assert new <= tokens()
    moments = {token for token in tokens() if token.startswith("2027-") and ":" in token}
    assert {token[:10] for token in moments} == {str(DAY + AGO)}
    kinds = set(Trace.objects.filter(last_on__lt=DAY + AGO - KEPT).values_list("kind", flat=True))
    assert kinds == {"burst", "pace"}  # a day as the boxes have it, and a sum


def test_networks_are_over_after_the_next_night(place):
    expire(now=LATER + timedelta(days=1))
    assert Trace.objects.filter(kind="network").count() == 2
    expire(now=LATER + timedelta(days=2))
    assert Trace.objects.filter(kind="network").count() == 0


def told(wave):
    return {
        (flag.flag.kind, flag.flag.place, flag.flag.number, flag.flag.day, flag.flag.detail)
        for flag in flags_of(wave)
    }


def test_flags_say_the_same_when_their_traces_are_gone(place):
    wave = place_wave(place)
    before = told(wave)
    assert {kind for kind, *_ in before} == {Kind.DEVICE, Kind.BURST}
    for night in range(2):
        expire(now=LATER)
        # One more answer, so that the flags are not those that were counted before.
        answered(place_of(wave, 1), f"more {night}", Sender(), LATER, "0" * 14)
        assert told(wave) == before


def place_wave(place):
    return Wave.objects.get(pk=place.wave_id)


def test_device_is_recognised_within_its_term_and_not_after(place):
    device = Sender("device 3", "10.1.3", 200)
    expire(now=NOON + KEPT)
    other = place_of(place_wave(place), 1)
    answered(other, "again", device, NOON + KEPT)
    assert AnswerBox.objects.filter(day=DAY + KEPT, marks=Mark.REPEAT).count() == 1
    expire(now=NOON + 3 * KEPT)
    answered(other, "once more", device, NOON + 3 * KEPT)
    assert AnswerBox.objects.get(day=DAY + 3 * KEPT).marks == 0


def test_receipts_stay_so_that_a_late_copy_is_no_second_answer(place):
    count = Receipt.objects.count()
    expire(now=LATER)
    answered(place, 0, Sender(), LATER)
    assert Receipt.objects.count() == count


def test_drafts_are_over_after_their_term(place):
    draft.save(place=place, key="old", values={"q1": "1"}, now=NOON)
    draft.save(place=place, key="new", values={"q1": "0"}, now=NOON + timedelta(days=1))
    expire(now=LATER)
    assert draft.read(place=place, key="old") is None
    assert draft.read(place=place, key="new") == {"q1": "0"}
    assert Draft.objects.count() == 1


def test_every_night_expires(place, monkeypatch):
    monkeypatch.setattr(sweeping.timezone, "now", lambda: LATER)
    sweeping.sweep.func(0)
    assert Trace.objects.filter(kind="window", last_on=DAY).count() == 0
