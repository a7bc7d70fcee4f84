"""Accepting an answer: once for its key, durably, and without a trail to whoever gave it.

One statement is the whole transaction: it locks the organisation in the wave and sees that it is
open, takes the key, counts the coarse traces and drops the slip into its box. When it returns, the
answer is on the disk; repeated with the same key it changes nothing. Nothing is written to the
journal: an answer is no deed of the authority, and the journal names moments.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils import timezone

from noko.core.answers.slip import Slip
from noko.core.refusal import Refusal
from noko.core.statistics.marks import DENSE_ABOVE, Mark, pace_of, window_of
from noko.database.prepared import fetch_one
from noko.models import Batch
from noko.models.response import Channel

_RECEIPT, _KEY, _ROW, _DEVICE, _NETWORK = b"receipt", b"key", b"row", b"device", b"network"
_CODE = b"code"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer belongs: an organisation in an open wave; ``salt`` is the wave's."""

    id: int
    wave_id: int
    salt: bytes


@dataclass(frozen=True, slots=True)
class Sender:
    """How an answer came, as far as it is known; leaves only coarse counters behind.

    ``device``: the random number that the page keeps on the device; ``network``: the coarse
    address; ``seconds``: time of filling in; ``fast``: less than a quarter of the usual;
    ``at_once``: False where answers wait and come together, so that their moment tells nothing;
    ``confirmed``: with a one-time code.
    """

    device: str = ""
    network: str = ""
    seconds: int | None = None
    fast: bool = False
    way: str = "form"
    at_once: bool = True
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """``receipt`` is the same for the same key; ``new`` is False for a repeat."""

    receipt: str
    new: bool


def accept(
    *,
    place: Place,
    slip: Slip,
    key: str,
    channel: Channel,
    sender: Sender | None,
    now: datetime,
    batch: Batch | None = None,
) -> Accepted:
    """Drops ``slip`` into the box of its day, once for ``key`` (the device's random text).

    ``sender`` None: nothing is known of how it came, and no trace is left. A slip of a paper
    ``batch`` goes into the batch's own box, on the batch's day. Returns when the answer is on the
    disk (within a transaction: when that ends). Refusal ``wave_closed`` when nothing is taken any
    more.
    """
    done = fetch_one(_ACCEPT, _values(place, slip, key, channel, sender, now, batch))
    if done is None or not done["open"]:
        raise closed()
    return Accepted(receipt_of(place, key), done["new"])


def take_key(*, place: Place, key: str, batch: Batch) -> bool:
    """Takes the key of a sheet that holds no answers; False when it is taken already."""
    values = {"digest": key_digest(place, key), "wave": place.wave_id, "batch": batch.pk}
    return fetch_one(_TAKE_KEY, values) is not None


def closed() -> Refusal:
    return Refusal(
        "Опрос закрыт, новые ответы не принимаются.",
        kind="wave_closed",
        cure="Ответы, принятые до закрытия, учтены.",
    )


def receipt_of(place: Place, key: str) -> str:
    """Eight letters and digits in two groups: the same for the same key while the wave is open."""
    made = _keyed(place.salt, _RECEIPT, f"{place.id}:{key}")
    text = base64.b32encode(made[:5]).decode()
    return f"{text[:4]}-{text[4:]}"


def _keyed(salt: bytes, purpose: bytes, text: str) -> bytes:
    return hmac.digest(salt, purpose + b":" + text.encode(), "sha256")


def key_digest(place: Place, key: str) -> bytes:
    """What is kept of a key: only who has both the key and the salt can make it again."""
    return _keyed(place.salt, _KEY, f"{place.id}:{key}")[:16]


def code_digest(place: Place, code: str) -> bytes:
    """What is kept of a one-time code."""
    return _keyed(place.salt, _CODE, f"{place.id}:{code}")[:16]


def row_digest(salt: bytes, wave: int, key: str) -> bytes:
    """The same for a row of a file, which belongs to a wave whatever organisation it is of."""
    return _keyed(salt, _ROW, f"{wave}:{key}")[:16]


def _known_mark(sender: Sender | None) -> Mark:
    """What is known of an answer before it is counted."""
    mark = Mark.FAST if sender and sender.fast else Mark(0)
    return mark | Mark.CONFIRMED if sender and sender.confirmed else mark


def _values(
    place: Place,
    slip: Slip,
    key: str,
    channel: Channel,
    sender: Sender | None,
    now: datetime,
    batch: Batch | None = None,
) -> dict[str, Any]:
    day: date | None = batch.day if batch else timezone.localdate(now)
    traces = dict(traces_of(place, sender, now)) if sender else {}
    return {
        "place": place.id,
        "wave": place.wave_id,
        "digest": key_digest(place, key),
        "channel": str(channel),
        "day": day,
        "batch": batch.pk if batch else None,
        "kinds": list(traces),
        "tokens": list(traces.values()),
        "fast": int(_known_mark(sender)),
        "repeat": int(Mark.REPEAT),
        "dense": int(Mark.DENSE),
        "dense_above": DENSE_ABOVE,
        "answers": [slip.pattern],
        "profile": list(slip.profile),
        "remarks": list(slip.remarks),
    }


def traces_of(place: Place, sender: Sender, now: datetime) -> Iterator[tuple[str, str]]:
    """Kind → token of what is counted for this answer."""
    if sender.device:
        yield "device", _keyed(place.salt, _DEVICE, sender.device)[:8].hex()
    if sender.network:
        yield "network", _keyed(place.salt, _NETWORK, sender.network)[:8].hex()
    if sender.seconds is not None:
        yield "pace", str(pace_of(sender.seconds))
    yield "way", sender.way
    if sender.at_once:
        yield "window", window_of(now.astimezone(UTC))


_ACCEPT = """
with place as (
    select id from noko_waveorganisation
    where id = %(place)s and is_open
    for no key update
), receipt as (
    insert into noko_receipt (digest, wave_id, batch_id)
    select %(digest)s, %(wave)s, %(batch)s::bigint from place
    on conflict do nothing
    returning 1
), finished as (
    delete from noko_draft where digest = %(digest)s and exists (select from receipt)
), seen as (
    insert into noko_trace as trace (place_id, kind, token, number, last_on)
    select place.id, given.kind, given.token, 1, %(day)s
    from place, receipt, unnest(%(kinds)s::text[], %(tokens)s::text[]) as given (kind, token)
    on conflict (place_id, kind, token)
    do update set number = trace.number + 1, last_on = excluded.last_on
    returning kind, number
), marked as (
    select %(fast)s::int
        | coalesce(max(%(repeat)s) filter (where kind = 'device' and number > 1), 0)
        | coalesce(max(%(dense)s) filter (where kind = 'window' and number > %(dense_above)s), 0)
        as marks
    from seen
), box as (
    insert into noko_answerbox as box
        (place_id, channel, day, marks, batch_id, number, answers, profile, remarks)
    select place.id, %(channel)s, %(day)s, marks, %(batch)s::bigint, 1,
        noko_drop('{}', %(answers)s), noko_drop('{}', %(profile)s), noko_drop('{}', %(remarks)s)
    from place, receipt, marked
    on conflict (place_id, channel, day, marks, batch_id) do update set
        number = box.number + 1,
        answers = noko_drop(box.answers, %(answers)s),
        profile = noko_drop(box.profile, %(profile)s),
        -- A value that is not touched is not written anew.
        remarks = case when cardinality(%(remarks)s::text[]) = 0 then box.remarks
                       else noko_drop(box.remarks, %(remarks)s) end
)
select exists (select from place) as open, exists (select from receipt) as new
"""

_TAKE_KEY = """
insert into noko_receipt (digest, wave_id, batch_id)
values (%(digest)s, %(wave)s, %(batch)s)
on conflict do nothing
returning true as taken
"""
