"""Accepting an answer: once, durably, only while the wave is open, and without a trail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from noko.actions.response import Place, Sender, accept
from noko.core.answers.slip import Slip
from noko.core.refusal import Refusal
from noko.core.statistics.marks import DENSE_ABOVE, Mark
from noko.models import AnswerBox, Receipt, Trace
from noko.models.response import Channel
from tests.racing import at_once
from tests.waves import DAY, NOON, make_wave, place_of

pytestmark = pytest.mark.django_db

SLIP = Slip("11110111111111", ("q17=1", "q18=34"), ("q16=Больше кружков",))
OTHER = Slip("0-0-0000-00000")


def send(place: Place, key: str, slip: Slip = SLIP, now: datetime = NOON, **how: object):
    channel = how.pop("channel", Channel.LINK)
    return accept(place=place, slip=slip, key=key, channel=channel, sender=Sender(**how), now=now)


def boxes():
    fields = ("channel", "day", "marks", "number", "answers", "profile", "remarks")
    return list(AnswerBox.objects.order_by("pk").values_list(*fields))


@pytest.fixture
def place():
    return place_of(make_wave())


def test_response_is_dropped_into_the_box_of_its_day(place):
    first, second = send(place, "a"), send(place, "b", OTHER)
    assert (first.new, second.new) == (True, True)
    assert first.receipt != second.receipt
    answers = {SLIP.pattern: 1, OTHER.pattern: 1}
    profile, remarks = {"q17=1": 1, "q18=34": 1}, {"q16=Больше кружков": 1}
    assert boxes() == [("link", DAY, 0, 2, answers, profile, remarks)]


def test_response_repeated_gets_the_same_receipt_and_changes_nothing(place):
    first = send(place, "a")
    again = send(place, "a", OTHER)
    assert (again.new, again.receipt) == (False, first.receipt)
    assert [(box[3], box[4]) for box in boxes()] == [(1, {SLIP.pattern: 1})]
    assert set(Trace.objects.values_list("number", flat=True)) == {1}


def test_response_box_shows_no_order():
    one, two = make_wave(), make_wave("2028", "general")
    slips = [Slip(f"{number:014b}") for number in (9, 3, 12, 3, 5)]
    for place, order in ((place_of(one), slips), (place_of(two), slips[::-1])):
        for number, slip in enumerate(order):
            send(place, str(number), slip)
    with connection.cursor() as cursor:
        cursor.execute("select answers::text from noko_answerbox")
        texts = {row[0] for row in cursor.fetchall()}
    assert len(texts) == 1


def test_response_is_refused_by_a_wave_that_is_not_open():
    planned = make_wave(opened=False)
    place = Place(planned.places.first().pk, planned.pk, b"salt")
    with pytest.raises(Refusal) as refused:
        send(place, "a")
    assert refused.value.kind == "wave_closed"
    assert (AnswerBox.objects.count(), Receipt.objects.count(), Trace.objects.count()) == (0, 0, 0)


def test_response_channels_and_days_have_boxes_of_their_own(place):
    send(place, "a")
    send(place, "b", channel=Channel.POSTER)
    send(place, "c", now=NOON + timedelta(days=1))
    found = [(channel, day, number) for channel, day, _, number, *_ in boxes()]
    assert found == [
        ("link", DAY, 1),
        ("poster", DAY, 1),
        ("link", DAY + timedelta(days=1), 1),
    ]


def test_response_day_is_that_of_the_region(place):
    send(place, "a", now=datetime(2027, 2, 1, 22, 30, tzinfo=UTC))
    assert [box[1] for box in boxes()] == [DAY + timedelta(days=1)]


def test_response_second_from_a_device_is_marked(place):
    for key in "abc":
        send(place, key, device="d1")
    send(place, "d", device="d2")
    assert [(marks, number) for _, _, marks, number, *_ in boxes()] == [
        (0, 2),
        (Mark.REPEAT, 2),
    ]


def test_response_above_the_usual_density_is_marked(place):
    for number in range(DENSE_ABOVE + 3):
        send(place, str(number))
    send(place, "later", now=NOON + timedelta(minutes=11))
    assert [(marks, number) for _, _, marks, number, *_ in boxes()] == [
        (0, DENSE_ABOVE + 1),
        (Mark.DENSE, 3),
    ]


def test_response_fast_is_marked(place):
    send(place, "a", seconds=9, fast=True)
    assert [box[2] for box in boxes()] == [Mark.FAST]


def test_response_leaves_only_coarse_counters(place):
    send(place, "a", device="my device", network="10.1.2.0/24", seconds=74, way="module")
    found = dict(Trace.objects.values_list("kind", "token"))
    assert {key: found[key] for key in ("pace", "way", "window")} == {
        "pace": "90",
        "way": "module",
        "window": "2027-02-01 09:00",
    }
    assert len(found["device"]) == len(found["network"]) == 16
    assert "my device" not in str(found)


def test_response_receipt_is_of_the_wave_alone():
    one, two = place_of(make_wave()), place_of(make_wave("2028", "general"))
    assert send(one, "a").receipt != send(two, "a").receipt


@pytest.mark.django_db(transaction=True)
def test_response_in_sixty_four_copies_at_once_is_one():
    place = place_of(make_wave())
    done, refused = at_once(lambda: send(place, "the same key"), people=64)
    assert (len(done), refused) == (64, [])
    assert sum(answer.new for answer in done) == 1
    assert len({answer.receipt for answer in done}) == 1
    assert [(box[3], box[4]) for box in boxes()] == [(1, {SLIP.pattern: 1})]


@pytest.mark.django_db(transaction=True)
def test_response_of_many_at_once_are_all_there():
    place = place_of(make_wave())
    keys = iter(range(1000))
    done, _ = at_once(lambda: send(place, f"key {next(keys)}", device=f"{next(keys)}"), people=32)
    assert sum(answer.new for answer in done) == 32
    assert sum(box[3] for box in boxes()) == sum(sum(box[4].values()) for box in boxes()) == 32


@pytest.mark.django_db(transaction=True)
def test_response_and_closing_at_once_never_lose_each_other():
    """What was accepted is in a box; what came after the closing is refused."""
    opened = make_wave()
    place = place_of(opened)
    keys = iter(range(1000))

    def act():
        key = next(keys)
        if key == 20:
            opened.places.update(is_open=False)
            return None
        return send(place, str(key))

    done, refused = at_once(act, people=40)
    accepted = sum(answer is not None for answer in done)
    assert accepted + len(refused) == 39
    assert sum(box[3] for box in boxes()) == accepted == Receipt.objects.count()
