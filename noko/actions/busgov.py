"""What bus.gov.ru shows of organisations is loaded from a file, and withdrawn if it was wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import BusgovRecord, BusgovSource, Import, Person
from noko.queries.busgov_preview import lack_of_absent

_BATCH = 500
LONGEST_NAME = 200


def load(
    *,
    preview: Mapping[str, Any],
    on: date,
    file_name: str,
    digest: str,
    whole: bool = False,
    term_on: date | None = None,
    source: Import | None = None,
    by: Person | None,
    now: datetime,
) -> BusgovSource:
    """Writes what a preview (:func:`noko.queries.busgov_preview.busgov_preview`) says, as of
    ``on``. ``whole``: of its ``absent`` organisations it is written that they are not there.

    Refusals: ``busgov_day``, ``busgov_term``, ``busgov_nothing``.
    """
    today = timezone.localdate(now)
    if on > today:
        raise Refusal(
            f"Сведения не могут быть на {on:%d.%m.%Y}: этот день ещё не наступил.",
            kind="busgov_day",
            cure="Укажите день, когда файл скачан с bus.gov.ru.",
        )
    if term_on is not None and term_on < today:
        raise Refusal(
            f"Срок {term_on:%d.%m.%Y} уже прошёл.",
            kind="busgov_term",
            cure="Укажите день не раньше сегодняшнего.",
        )
    absent = list(preview["absent"]) if whole else []
    if not preview["rows"] and not absent:
        raise Refusal(
            "В файле нет ни одной организации реестра.",
            kind="busgov_nothing",
            cure="Проверьте, тот ли это регион, и ИНН организаций в реестре.",
        )
    with transaction.atomic():
        loaded = BusgovSource.objects.create(
            kind=BusgovSource.Kind(preview["kind"]),
            on=on,
            file_name=file_name[:LONGEST_NAME],
            digest=digest,
            whole=whole,
            term_on=term_on,
            source=source,
            loaded_at=now,
            loaded_by=by,
        )
        rows = [*_records(loaded, preview["rows"]), *_absent(loaded, absent)]
        BusgovRecord.objects.bulk_create(rows, batch_size=_BATCH)
        _record_loaded(loaded, rows, by, now)
    return loaded


def _records(source: BusgovSource, rows: Sequence[Mapping[str, Any]]) -> Iterator[BusgovRecord]:
    for row in rows:
        yield BusgovRecord(
            source=source,
            organisation_id=row["pk"],
            present=row["present"],
            changed_on=date.fromisoformat(row["changed_on"]) if row["changed_on"] else None,
            complete=row["complete"],
            complete_before=row["complete_before"],
            lacks=row["lacks"],
            differs=row["differs"],
            place=row["place"][:400],
        )


def _absent(source: BusgovSource, rows: Sequence[Mapping[str, Any]]) -> Iterator[BusgovRecord]:
    lack = lack_of_absent()
    for row in rows:
        yield BusgovRecord(source=source, organisation_id=row["pk"], present=False, lacks=[lack])


def _record_loaded(
    source: BusgovSource, rows: Sequence[BusgovRecord], by: Person | None, now: datetime
) -> None:
    after = {
        "вид": source.get_kind_display(),
        "на день": source.on.isoformat(),
        "файл": source.file_name,
        "контрольная сумма": source.digest,
        "организаций": len(rows),
        "из них нет на bus.gov.ru": sum(not row.present for row in rows),
    }
    if source.term_on:
        after["срок исправления"] = source.term_on.isoformat()
    record(Deed.BUSGOV_LOADED, thing=source, by=by, now=now, after=after)


def withdraw(*, source: BusgovSource, reason: str, by: Person | None, now: datetime) -> None:
    """Nothing follows from the file any more. Refusals ``no_reason``, ``busgov_withdrawn``."""
    reason = reason.strip()
    if not reason:
        raise Refusal(
            "Не указана причина.", kind="no_reason", cure="Напишите, что не так с файлом."
        )
    standing = BusgovSource.objects.filter(pk=source.pk, withdrawn_at__isnull=True)
    with transaction.atomic():
        if standing.update(withdrawn_at=now, withdrawn_by=by, reason=reason[:500]) != 1:
            raise Refusal(
                "Эти сведения уже отозваны.", kind="busgov_withdrawn", cure="Обновите страницу."
            )
        source.refresh_from_db()
        record(
            Deed.BUSGOV_WITHDRAWN,
            thing=source,
            by=by,
            now=now,
            before={"файл": source.file_name, "на день": source.on.isoformat()},
            reason=reason,
        )
