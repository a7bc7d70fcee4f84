"""Batches: begun, counted again, removed as a whole while the wave is open.

Everything about the answers of a batch happens under the lock of the organisation's row in the
wave, where acceptance and closing meet as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from noko.actions.response import Place, closed, key_digest
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Batch, Exclusion, Person, Receipt, Wave, WaveOrganisation

Status, Kind = Batch.Status, Batch.Kind

MOVES = {
    Status.OPEN: {Status.TAKEN, Status.REMOVED},
    Status.TAKEN: {Status.OPEN, Status.REMOVED},
    Status.REMOVED: set(),
}
"""Which status may follow which; a taken pile is open again when another sheet has turned up."""

MOST_SHEETS = 1000


def begin(
    *, place: WaveOrganisation, sheets: int, day: date, by: Person | None, now: datetime
) -> Batch:
    """A pile of ``sheets`` of one organisation that were collected on ``day``.

    Refusals: ``wave_closed``, ``bad_sheets``, ``bad_day``.
    """
    _check_sheets(sheets)
    with transaction.atomic():
        lock_places([place.pk])
        wave = lock_wave(place.wave_id)
        _check_day(wave, day, now)
        made = Batch.objects.create(
            wave=wave, number=next_number(wave), kind=Kind.PAPER, place=place, day=day,
            sheets=sheets, created_at=now, created_by=by,
        )  # fmt: skip
        after = {"организация": str(place), "листов": sheets, "день": day}
        record(Deed.BATCH_BEGUN, thing=made, by=by, now=now, cycle=wave.cycle, after=after)
    return made


def recount(*, batch: Batch, sheets: int, by: Person | None, now: datetime) -> Batch:
    """Another number of sheets than was thought: not fewer than are numbered already.

    Refusals: ``bad_sheets``, ``wave_closed``, ``batch_moved``.
    """
    _check_sheets(sheets)
    with transaction.atomic():
        found = lock_batch(batch)
        highest = max(used_sheets(found), default=0)
        if sheets < highest:
            raise Refusal(
                f"Лист № {highest} этой пачки уже введён, а листов стало бы {sheets}.",
                kind="bad_sheets",
                cure=f"Укажите не меньше {highest} или удалите пачку и введите её заново.",
            )
        before = {"листов": found.sheets}
        Batch.objects.filter(pk=found.pk).update(sheets=sheets)
        settle_status(found)
        record(
            Deed.BATCH_RECOUNTED, thing=found, by=by, now=now, cycle=found.wave.cycle,
            before=before, after={"листов": sheets},
        )  # fmt: skip
    batch.refresh_from_db()
    return batch


def remove(*, batch: Batch, reason: str, by: Person | None, now: datetime) -> Batch:
    """Takes everything of the batch out of the wave, also what was left out of it meanwhile.

    Refusals: ``reason_required``, ``wave_closed``, ``batch_moved``.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refusal("Причина не указана.", kind="reason_required", cure="Напишите её.")
    with transaction.atomic():
        found = lock_batch(batch, Status.OPEN, Status.TAKEN)
        boxes = {str(key) for key in found.boxes.values_list("pk", flat=True)}
        _take_from_exclusions(found.wave, boxes)
        found.boxes.all().delete()
        found.typings.all().delete()
        Receipt.objects.filter(batch=found).delete()
        move(found, Status.REMOVED, removed_at=now, removed_by=by, reason=reason)
        after = {"вид": found.get_kind_display(), "анкет": found.accepted}
        record(
            Deed.BATCH_REMOVED, thing=found, by=by, now=now, cycle=found.wave.cycle,
            reason=reason, after=after,
        )  # fmt: skip
    batch.refresh_from_db()
    return batch


def _take_from_exclusions(wave: Wave, boxes: set[str]) -> None:
    """What two people left out of these boxes goes with them: it belongs to the batch."""
    for item in Exclusion.objects.select_for_update().filter(
        place__wave=wave, status=Exclusion.Status.CONFIRMED
    ):
        rest = {key: part for key, part in item.removed.items() if key not in boxes}
        if len(rest) < len(item.removed):
            item.removed = rest
            item.number = sum(sum(part["answers"].values()) for part in rest.values())
            item.save(update_fields=["removed", "number"])


# --- what deeds about a batch share -------------------------------------------------------------


def lock_places(keys: Iterable[int]) -> list[WaveOrganisation]:
    """Locks organisations of a wave in one order for everybody. Refusal ``wave_closed``."""
    rows = WaveOrganisation.objects.select_for_update(no_key=True).filter(pk__in=list(keys))
    found = list(rows.order_by("pk"))
    if not all(place.is_open for place in found):
        raise closed()
    return found


def lock_wave(key: int) -> Wave:
    """Those who give a batch its number meet here."""
    return (
        Wave.objects.select_for_update(no_key=True, of=("self",))
        .select_related("cycle")
        .get(pk=key)
    )


def lock_batch(batch: Batch, *statuses: Batch.Status) -> Batch:
    """The batch as it is now, nobody else at it. Refusals: ``wave_closed``, ``batch_moved``."""
    places = set(batch.boxes.values_list("place", flat=True))
    lock_places(places | ({batch.place_id} if batch.place_id else set()))
    rows = Batch.objects.select_for_update(of=("self",)).select_related("wave__cycle", "place")
    found = rows.get(pk=batch.pk)
    if found.wave.status != Wave.Status.OPEN:
        raise closed()
    if found.status not in (statuses or (Status.OPEN, Status.TAKEN)):
        raise moved(found)
    return found


def next_number(wave: Wave) -> int:
    return (wave.batches.aggregate(last=Max("number"))["last"] or 0) + 1


def used_sheets(batch: Batch) -> set[int]:
    """Numbers that stand on sheets: typed by somebody, or decided."""
    typed = set(batch.typings.values_list("sheet", flat=True))
    return typed | decided_sheets(batch)


def decided_sheets(batch: Batch) -> set[int]:
    """Numbers of the sheets that are in or spoilt: those whose receipt is there."""
    place = place_of(batch)
    if place is None:
        return set()
    kept = {bytes(d) for d in batch.receipts.values_list("digest", flat=True)}
    numbers = range(1, (batch.sheets or 0) + 1)
    return {n for n in numbers if key_digest(place, sheet_key(batch, n)) in kept}


def place_of(batch: Batch) -> Place | None:
    """Where the answers of a pile belong; None for a file, and once the wave is closed."""
    if batch.place_id is None or batch.wave.salt is None:
        return None
    return Place(batch.place_id, batch.wave_id, bytes(batch.wave.salt))


def sheet_key(batch: Batch, sheet: int) -> str:
    """The key of the receipt of a sheet: a sheet is taken once, whoever presses how often."""
    return f"paper:{batch.pk}:{sheet}"


def settle_status(batch: Batch) -> None:
    """A pile is taken when something has been decided about each of its sheets, else open."""
    batch.refresh_from_db()
    wanted = Status.OPEN if batch.left else Status.TAKEN
    if batch.status != wanted:
        move(batch, wanted)


def move(batch: Batch, status: Batch.Status, **changes: Any) -> None:
    """The one place that moves a status, in one step with its facts."""
    lawful = [before for before, after in MOVES.items() if status in after]
    found = Batch.objects.filter(pk=batch.pk, status__in=lawful)
    if not found.update(status=status, **changes):
        raise moved(batch)
    batch.refresh_from_db()


def moved(batch: Batch) -> Refusal:
    current = Batch.objects.get(pk=batch.pk)
    return Refusal(
        f"{current} уже {current.get_status_display()}.",
        kind="batch_moved",
        cure="Обновите страницу.",
    )


def _check_sheets(sheets: int) -> None:
    if not 1 <= sheets <= MOST_SHEETS:
        raise Refusal(
            f"В пачке может быть от 1 до {MOST_SHEETS} листов.",
            kind="bad_sheets",
            cure="Большую стопку разделите на пачки.",
        )


def _check_day(wave: Wave, day: date, now: datetime) -> None:
    opened = timezone.localdate(wave.opened_at) if wave.opened_at else wave.starts_on
    if not min(wave.starts_on, opened) <= day <= timezone.localdate(now):
        raise Refusal(
            "День, когда собраны анкеты, не может быть раньше начала волны или позже сегодняшнего.",
            kind="bad_day",
            cure="Исправьте день.",
        )
