"""Reading the journal: filtered for people, whole for the check of its chain."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from noko.core.journal import FIELDS, Sealed
from noko.models import JournalEntry, JournalSeal

CHUNK = 2000


def entries(
    *,
    words: str = "",
    deed: str = "",
    person: int | None = None,
    cycle: str = "",
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[JournalEntry]:
    """Entries, newest first. ``words`` are looked for in subject, name and reason."""
    found = JournalEntry.objects.select_related("by", "cycle", "seal")
    for word in words.split():
        found = found.filter(
            Q(title__icontains=word) | Q(by_name__icontains=word) | Q(reason__icontains=word)
        )
    if deed:
        found = found.filter(deed=deed)
    if person:
        found = found.filter(by_id=person)
    if cycle:
        found = found.filter(cycle__slug=cycle)
    if since:
        found = found.filter(at__date__gte=since)
    if until:
        found = found.filter(at__date__lte=until)
    return found


def of_thing(thing: Any) -> QuerySet[JournalEntry]:
    """What was done to one thing, newest first."""
    return entries().filter(kind=thing._meta.model_name, key=str(thing.pk))


def head() -> tuple[int, str] | None:
    """Number and digest of the newest seal; None while the journal is empty."""
    newest = JournalSeal.objects.order_by("-number").first()
    return (newest.number, newest.digest) if newest else None


def chain() -> Iterator[Sealed]:
    """Every entry in the order of its seal, those without a seal last, in constant memory."""
    sealed = JournalSeal.objects.order_by("number")
    yield from _joined(sealed)
    for item in JournalEntry.objects.filter(seal__isnull=True).order_by("id").iterator(CHUNK):
        yield _sealed(item, None)


def _joined(seals: QuerySet[JournalSeal]) -> Iterator[Sealed]:
    last = 0
    while block := list(seals.filter(number__gt=last)[:CHUNK]):
        known = JournalEntry.objects.in_bulk([seal.entry_id for seal in block])
        for seal in block:
            yield _sealed(known.get(seal.entry_id), seal)
        last = block[-1].number


def _sealed(item: JournalEntry | None, seal: JournalSeal | None) -> Sealed:
    """A seal whose entry is gone has an empty content, which agrees with no digest."""
    keys = {"by": "by_id", "cycle": "cycle_id"}
    content = {name: getattr(item, keys.get(name, name)) for name in FIELDS} if item else {}
    return Sealed(
        entry=item.pk if item else seal.entry_id if seal else 0,
        content=content,
        content_digest=item.content_digest if item else "",
        number=seal.number if seal else None,
        previous=seal.previous if seal else "",
        digest=seal.digest if seal else "",
    )
