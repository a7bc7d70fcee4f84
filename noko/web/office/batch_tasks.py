"""What batches of paper wait for: somebody who types, somebody who settles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from noko.access.loading import has_permission, scope_of
from noko.access.permissions import Permission
from noko.models import Batch, Person, Wave
from noko.queries.batch import open_piles, piles
from noko.templatetags.russian import counted
from noko.web.office.desk import Group, Task

SHEETS = "лист,листа,листов"


def batch_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Sheets that this person may type, and those that a third has to settle."""
    del now
    if has_permission(person, Permission.RESPONSE_ENTER):
        within = scope_of(person, Permission.RESPONSE_ENTER).condition("organisation__")
        for item in open_piles(within, person):
            if item.waiting:
                batch = item.pile.batch
                title = f"{batch}: {batch.place}"
                note = f"ждут вашего ввода: {counted(item.waiting, SHEETS)}"
                address = reverse("field:sheet", args=[batch.pk])
                yield Task(Group.WAITING, "underway", "ввести", title, address, note)
    if has_permission(person, Permission.BATCH_MANAGE):
        yield from _to_settle()


def _to_settle() -> Iterator[Task]:
    found = Batch.objects.filter(
        kind=Batch.Kind.PAPER, status=Batch.Status.OPEN, wave__status=Wave.Status.OPEN
    ).select_related("place__organisation", "wave")
    for pile in piles(found):
        if pile.differing:
            title = f"{pile.batch}: {pile.batch.place}"
            note = f"двое прочли по-разному: {counted(len(pile.differing), SHEETS)}"
            address = reverse("office:batch", args=[pile.batch.wave_id, pile.batch.number])
            yield Task(Group.WAITING, "warning", "сверить", title, address, note)
