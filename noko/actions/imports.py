"""People's files on their way in: remembered with their preview, decided once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Cycle, Import, Person, Wave

MOVES = {
    Import.Status.PREVIEWED: {Import.Status.ACCEPTED, Import.Status.DISMISSED},
    Import.Status.ACCEPTED: set(),
    Import.Status.DISMISSED: set(),
}
"""Which status may follow which."""

DEEDS = {
    Import.Status.ACCEPTED: Deed.IMPORT_ACCEPTED,
    Import.Status.DISMISSED: Deed.IMPORT_DISMISSED,
}


def remember(
    *,
    cycle: Cycle | None,
    kind: str,
    folder: str,
    file_names: Mapping[str, str],
    preview: Mapping[str, Any],
    wave: Wave | None = None,
    by: Person | None,
    now: datetime,
) -> Import:
    """Files stored under ``imports/<folder>`` and what was found in them; nothing else changes."""
    return Import.objects.create(
        cycle=cycle,
        wave=wave,
        kind=Import.Kind(kind),
        folder=folder,
        file_names=dict(file_names),
        preview=dict(preview),
        created_at=now,
        created_by=by,
    )


def correct(
    *, item: Import, confirmed: Mapping[str, Any], preview: Mapping[str, Any], by: Person | None
) -> Import:
    """What a person decided about columns and names, with the preview that follows from it.

    Refusal ``import_decided`` when the import was accepted or dismissed meanwhile.
    """
    waiting = Import.objects.filter(pk=item.pk, status=Import.Status.PREVIEWED)
    if not waiting.update(confirmed=dict(confirmed), preview=dict(preview)):
        raise _decided(item)
    item.refresh_from_db()
    return item


def accept(*, item: Import, by: Person | None, now: datetime) -> Import:
    """Marks the import as accepted, once. Refusal ``import_decided``."""
    return _decide(item, Import.Status.ACCEPTED, by, now)


def dismiss(*, item: Import, by: Person | None, now: datetime) -> Import:
    """Marks the import as dismissed, once. Refusal ``import_decided``."""
    return _decide(item, Import.Status.DISMISSED, by, now)


def _decide(item: Import, status: Import.Status, by: Person | None, now: datetime) -> Import:
    lawful = [before for before, after in MOVES.items() if status in after]
    with transaction.atomic():
        moved = Import.objects.filter(pk=item.pk, status__in=lawful).update(
            status=status, decided_at=now, decided_by=by
        )
        if not moved:
            raise _decided(item)
        item.refresh_from_db()
        after = {"файлы": sorted(item.file_names.values()), "вид": item.get_kind_display()}
        record(DEEDS[status], thing=item, by=by, now=now, cycle=item.cycle, after=after)
    return item


def _decided(item: Import) -> Refusal:
    current = Import.objects.get(pk=item.pk)
    return Refusal(
        f"Решение по этой загрузке уже принято: {current.get_status_display()}.",
        kind="import_decided",
        cure="Обновите страницу. Чтобы внести другие данные, загрузите файлы заново.",
    )
