"""One-time codes on paper slips: handed out at random, used once, never beside an answer.

A code shows that an answer comes from somebody who was given a slip. Only digests are kept; using
a code deletes its digest, and the answer gets a mark that says nothing but that there was one.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from django.db import transaction

from noko.actions.response import Accepted, Place, Sender, accept, closed, code_digest
from noko.actions.wave import CODE_LETTERS
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.answers.slip import Slip
from noko.core.refusal import Refusal
from noko.models import OneTimeCode, Person, Wave, WaveOrganisation
from noko.models.response import Channel

__all__ = ["CODE_LENGTH", "CODE_LETTERS", "accept_with_code", "issue", "withdraw"]

CODE_LENGTH = 10
MOST = 600


def issue(*, place: WaveOrganisation, number: int, by: Person | None, now: datetime) -> list[str]:
    """``number`` new codes for an organisation of an open wave: this is the only time they are
    known. Refusals: ``wave_closed``, ``bad_number``."""
    if not 1 <= number <= MOST:
        raise Refusal(
            f"За один раз выпускают от 1 до {MOST} кодов.",
            kind="bad_number",
            cure="Исправьте число.",
        )
    with transaction.atomic():
        locked = WaveOrganisation.objects.select_for_update(no_key=True).get(pk=place.pk)
        if not locked.is_open:
            raise closed()
        where = Place(
            place.pk, place.wave_id, bytes(Wave.objects.get(pk=place.wave_id).salt or b"")
        )
        codes = [_new_code() for _ in range(number)]
        OneTimeCode.objects.bulk_create(
            OneTimeCode(digest=code_digest(where, code), place=place) for code in codes
        )
        after = {"организация": str(place), "кодов": number}
        record(
            Deed.CODES_ISSUED, thing=place.wave, by=by, now=now, cycle=place.wave.cycle, after=after
        )
    return codes


def withdraw(*, place: WaveOrganisation, by: Person | None, now: datetime) -> int:
    """Unused codes of the organisation are worth nothing from now on. Returns how many."""
    with transaction.atomic():
        number, _ = OneTimeCode.objects.filter(place=place).delete()
        if number:
            after = {"организация": str(place), "кодов": number}
            record(
                Deed.CODES_WITHDRAWN, thing=place.wave, by=by, now=now, cycle=place.wave.cycle,
                after=after,
            )  # fmt: skip
    return number


def accept_with_code(
    *,
    code: str,
    place: Place,
    slip: Slip,
    key: str,
    channel: Channel,
    sender: Sender,
    now: datetime,
) -> Accepted:
    """:func:`noko.actions.response.accept`, marked as confirmed when ``code`` is of a slip and
    unused. A code that is used or unknown stands in nobody's way: the answer counts without it."""

    def sent(how: Sender) -> Accepted:
        return accept(place=place, slip=slip, key=key, channel=channel, sender=how, now=now)

    if not code:
        return sent(sender)
    with transaction.atomic():
        digest = code_digest(place, code)
        used, _ = OneTimeCode.objects.filter(digest=digest, place=place.id).delete()
        accepted = sent(replace(sender, confirmed=bool(used)))
        if used and not accepted.new:
            # An answer that is in already takes no second slip with it.
            OneTimeCode.objects.create(digest=digest, place_id=place.id)
    return accepted


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
