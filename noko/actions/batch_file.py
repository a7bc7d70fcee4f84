"""A file of another system into a wave: all of its rows or none, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from noko.actions import imports
from noko.actions.batch import Kind, Status, lock_places, lock_wave, next_number
from noko.actions.constraints import refusing
from noko.actions.response import row_digest
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import AnswerBox, Batch, Import, Person, Wave
from noko.models.response import Channel

ORGANISATIONS_IN_JOURNAL = 50


@dataclass(slots=True)
class Drop:
    """What goes into one box of the batch: an organisation of the wave and a day."""

    place: int
    day: date
    answers: Counter[str] = field(default_factory=Counter)
    profile: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)


def take_file(
    *,
    wave: Wave,
    drops: Sequence[Drop],
    keys: Sequence[str],
    digest: str,
    counts: Mapping[str, int],
    source: Import,
    by: Person | None,
    now: datetime,
) -> Batch:
    """The rows of a file as one batch, in one transaction.

    ``keys``: by what its rows are known again in another file; ``digest`` of the file; ``counts``:
    organisation → answers, for the journal. Refusals: ``no_rows``, ``wave_closed``,
    ``import_decided``, ``file_taken``, ``rows_taken``.
    """
    if not drops:
        raise Refusal(
            "В файле нет строк, которые можно принять.", kind="no_rows", cure="Проверьте файл."
        )
    with refusing({"batch_file_once": file_taken(wave, digest)}):
        lock_places({drop.place for drop in drops})
        locked = lock_wave(wave.pk)
        imports.accept(item=source, by=by, now=now)
        number = sum(drop.answers.total() for drop in drops)
        made = Batch.objects.create(
            wave=locked, number=next_number(locked), kind=Kind.FILE, status=Status.TAKEN,
            accepted=number, source=source, digest=digest, created_at=now, created_by=by,
        )  # fmt: skip
        _take_keys(locked, made, keys)
        AnswerBox.objects.bulk_create(_box(made, drop) for drop in drops)
        after = {
            "файл": ", ".join(source.file_names.values()),
            "контрольная сумма файла": digest,
            "анкет": number,
            "организаций": len(counts),
            "по организациям": dict(list(counts.items())[:ORGANISATIONS_IN_JOURNAL]),
        }
        record(Deed.BATCH_TAKEN, thing=made, by=by, now=now, cycle=locked.cycle, after=after)
    return made


def _box(batch: Batch, drop: Drop) -> AnswerBox:
    return AnswerBox(
        batch=batch, place_id=drop.place, channel=Channel.FILE, day=drop.day,
        number=drop.answers.total(), answers=drop.answers, profile=drop.profile,
        remarks=drop.remarks,
    )  # fmt: skip


def _take_keys(wave: Wave, batch: Batch, keys: Sequence[str]) -> None:
    """Receipts of the rows. Refusal ``rows_taken`` when one of them is in already."""
    digests = [row_digest(bytes(wave.salt or b""), wave.pk, key) for key in keys]
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into noko_receipt (digest, wave_id, batch_id)"
            " select digest, %s, %s from unnest(%s::bytea[]) as digest on conflict do nothing",
            [wave.pk, batch.pk, digests],
        )
        taken = cursor.rowcount
    if taken != len(digests):
        raise Refusal(
            "Часть строк этого файла уже принята другой загрузкой.",
            kind="rows_taken",
            cure="Обновите страницу: эти строки будут названы, остальные можно принять.",
        )


def repeated_keys(wave: Wave, keys: Sequence[str]) -> set[str]:
    """Those of ``keys`` whose rows are in the wave already."""
    salt = bytes(wave.salt or b"")
    by_digest = {row_digest(salt, wave.pk, key): key for key in keys}
    with connection.cursor() as cursor:
        cursor.execute(
            "select digest from noko_receipt where digest = any(%s::bytea[])", [list(by_digest)]
        )
        return {by_digest[bytes(row[0])] for row in cursor.fetchall()}


def file_taken(wave: Wave, digest: str) -> Refusal:
    """What to say about a file that is in: as which batch, and since when."""
    found = taken_as(wave, digest)
    as_what = f": пачка № {found.number}, {found.created_at:%d.%m.%Y}" if found else ""
    return Refusal(
        f"Этот файл уже принят{as_what}.",
        kind="file_taken",
        cure="Второй раз он не нужен. Если в той пачке ошибка, сначала удалите её.",
    )


def taken_as(wave: Wave, digest: str) -> Batch | None:
    files = wave.batches.filter(kind=Kind.FILE, digest=digest)
    return files.exclude(status=Status.REMOVED).first()
