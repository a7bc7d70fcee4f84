"""Many questionnaires into their boxes at once: what accepting them one by one would leave there.

One by one each is a transaction of its own, for the sake of people who must not lose anything.
Nobody loses an invented answer, and whoever tries the system should not wait for them. Keys are
nobody's, so there are no receipts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from noko.actions.response import Place, Sender, traces_of
from noko.core.answers.slip import Slip
from noko.core.statistics.marks import DENSE_ABOVE, Mark
from noko.models import AnswerBox, Trace, Wave
from noko.models.response import Channel


@dataclass(frozen=True, slots=True)
class Given:
    """One questionnaire; ``place`` is the key of the organisation in the wave."""

    place: int
    slip: Slip
    channel: Channel
    sender: Sender
    at: datetime


@dataclass(slots=True)
class _Box:
    answers: Counter[str] = field(default_factory=Counter)
    profile: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)

    def drop(self, slip: Slip) -> None:
        self.answers[slip.pattern] += 1
        self.profile.update(slip.profile)
        self.remarks.update(slip.remarks)


def fill_boxes(wave: Wave, given: Iterable[Given]) -> None:
    """Boxes and traces of ``given``, in the order in which they came, for a wave without any."""
    boxes: dict[tuple[int, str, date, int], _Box] = {}
    seen: Counter[tuple[int, str, str]] = Counter()
    last: dict[tuple[int, str, str], date] = {}
    salt = bytes(wave.salt or b"")
    for one in given:
        day = timezone.localdate(one.at)
        mark = Mark.FAST if one.sender.fast else Mark(0)
        for kind, token in traces_of(Place(one.place, wave.pk, salt), one.sender, one.at):
            key = (one.place, kind, token)
            seen[key] += 1
            last[key] = day
            if kind == "device" and seen[key] > 1:
                mark |= Mark.REPEAT
            if kind == "window" and seen[key] > DENSE_ABOVE:
                mark |= Mark.DENSE
        boxes.setdefault((one.place, one.channel, day, int(mark)), _Box()).drop(one.slip)
    AnswerBox.objects.bulk_create(
        AnswerBox(
            place_id=place, channel=channel, day=day, marks=marks, number=box.answers.total(),
            answers=box.answers, profile=box.profile, remarks=box.remarks,
        )
        for (place, channel, day, marks), box in boxes.items()
    )  # fmt: skip
    Trace.objects.bulk_create(
        Trace(place_id=place, kind=kind, token=token, number=number,
              last_on=last[place, kind, token])
        for (place, kind, token), number in seen.items()
    )  # fmt: skip
