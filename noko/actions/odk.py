"""Addresses for ODK Collect: given to somebody who collects, withdrawn when a tablet is lost."""

from __future__ import annotations

import secrets
from datetime import datetime

from noko.actions.constraints import refusing
from noko.actions.wave import CODE_LETTERS, moved
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Municipality, OdkAddress, Person, Wave

CODE_LENGTH = 20
"""Nobody types it in: it comes in a QR code, and it opens all organisations of a wave."""


def give(
    *, wave: Wave, holder: str, municipality: Municipality | None, by: Person | None, now: datetime
) -> OdkAddress:
    """An address of its own for ``holder``. Refusals: ``holder_taken``, ``wave_moved``."""
    holder = " ".join(holder.split())
    taken = Refusal(
        f"Адрес для «{holder}» уже выдан.",
        kind="holder_taken",
        cure="Возьмите его из таблицы или назовите иначе: например, допишите номер планшета.",
    )
    with refusing({"odk_address_once_for_a_holder": taken}):
        _refuse_ended(wave)
        made = OdkAddress.objects.create(
            wave=wave,
            code="".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
            holder=holder,
            municipality=municipality,
            given_at=now,
            given_by=by,
        )
        after = {"кому": holder, "муниципалитет": str(municipality or "все")}
        record(Deed.ODK_GIVEN, thing=wave, by=by, now=now, cycle=wave.cycle, after=after)
    return made


def _refuse_ended(wave: Wave) -> None:
    found = Wave.objects.select_for_update().get(pk=wave.pk)
    if found.status not in (Wave.Status.PLANNED, Wave.Status.OPEN):
        raise moved(found)


def withdraw(*, address: OdkAddress, by: Person | None, now: datetime) -> OdkAddress:
    """Nothing is taken through the address any more; what was accepted stays. Refusal
    ``address_withdrawn`` when somebody has done it already."""
    with refusing({}):
        held = OdkAddress.objects.filter(pk=address.pk, withdrawn_at__isnull=True)
        if not held.update(withdrawn_at=now, withdrawn_by=by):
            raise Refusal(
                "Этот адрес уже отозван.", kind="address_withdrawn", cure="Обновите страницу."
            )
        wave = address.wave
        before = {"кому": address.holder}
        record(Deed.ODK_WITHDRAWN, thing=wave, by=by, now=now, cycle=wave.cycle, before=before)
    address.refresh_from_db()
    return address
