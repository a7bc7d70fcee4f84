"""Boxes that are filled at once are those that accepting one by one would have filled."""

from datetime import timedelta

import pytest

from noko.actions.response import Place, Sender, accept
from noko.core.answers.slip import Slip
from noko.core.statistics.marks import DENSE_ABOVE
from noko.demo.boxes import Given, fill_boxes
from noko.models import AnswerBox, Trace
from noko.models.response import Channel
from tests.waves import NOON, make_wave

pytestmark = pytest.mark.django_db

BOX = ("place", "channel", "day", "marks", "number", "answers", "profile", "remarks")
TRACE = ("place", "kind", "token", "number", "last_on")


def held():
    boxes = AnswerBox.objects.order_by("place", "channel", "day", "marks").values_list(*BOX)
    return list(boxes), sorted(Trace.objects.values_list(*TRACE))


def given_about(wave):
    first, second = wave.places.order_by("pk")
    slips = Slip("1" * 14, ("q17=1", "q18=30"), ("q16=Спасибо",)), Slip("0-0-10-111-110")
    for number in range(DENSE_ABOVE + 5):
        yield Given(
            place=(first, first, second)[number % 3].pk,
            slip=slips[number % 2],
            channel=Channel.POSTER if number % 4 else Channel.LINK,
            sender=Sender(
                f"device {number % 7}", "network", 40 * number, number % 5 == 0, "proved"
            ),
            at=NOON,
        )
    for number in range(DENSE_ABOVE + 5):
        at = NOON + timedelta(days=1, seconds=number)
        yield Given(first.pk, slips[0], Channel.LINK, Sender(), at)


def test_boxes_filled_at_once_are_those_of_acceptance():
    wave = make_wave()
    for number, one in enumerate(given_about(wave)):
        accept(
            place=Place(one.place, wave.pk, bytes(wave.salt)), slip=one.slip, key=str(number),
            channel=one.channel, sender=one.sender, now=one.at,
        )  # fmt: skip
    accepted = held()
    AnswerBox.objects.all().delete()
    Trace.objects.all().delete()
    fill_boxes(wave, given_about(wave))
    assert held() == accepted
    assert {marks for _, _, _, marks, *_ in accepted[0]} == {0, 1, 2, 4, 5}
