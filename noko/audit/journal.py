"""The one writer of the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

from noko.audit.deeds import Deed
from noko.core.journal import content_digest
from noko.models import Cycle, JournalEntry, Person

TITLE = 300
BATCH = 1000


def record(
    deed: Deed,
    *,
    thing: models.Model,
    by: Person | None,
    now: datetime,
    cycle: Cycle | None = None,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """Adds what was done to ``thing`` within the transaction of the deed itself.

    ``by`` is None for what the system or the command line did. ``before`` and ``after`` hold what
    changed, in names that people can read, without passwords and without respondents. The
    database seals the entry when the transaction ends.
    """
    made = entry(
        deed,
        thing=thing,
        by=by,
        now=now,
        cycle=cycle,
        reason=reason,
        before=before,
        after=after,
    )
    record_all([made])
    return made


def record_all(made: Sequence[JournalEntry]) -> None:
    """Adds many entries of one deed at once, in their order."""
    if not connection.in_atomic_block:
        raise RuntimeError("A deed and its entry in the journal are one transaction")
    JournalEntry.objects.bulk_create(made, batch_size=BATCH)


def entry(
    deed: Deed,
    *,
    thing: models.Model,
    by: Person | None,
    now: datetime,
    cycle: Cycle | None = None,
    reason: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> JournalEntry:
    """The entry of :func:`record`, not yet added: for :func:`record_all`."""
    content: dict[str, Any] = {
        "at": now,
        "by": by.pk if by else None,
        "by_name": str(by) if by else "",
        "deed": str(deed),
        "kind": str(thing._meta.model_name),
        "key": str(thing.pk),
        "title": str(thing)[:TITLE],
        "cycle": cycle.pk if cycle else None,
        "reason": reason.strip(),
        "before": _plain(before),
        "after": _plain(after),
    }
    keys = {"by": "by_id", "cycle": "cycle_id"}
    fields = {keys.get(name, name): value for name, value in content.items()}
    return JournalEntry(**fields, content_digest=content_digest(content))


def _plain(values: Mapping[str, Any] | None) -> Any:
    """What JSON and the database give back unchanged: dates, decimals and fractions as texts."""
    if values is None:
        return None
    return json.loads(json.dumps(dict(values), cls=_Encoder, ensure_ascii=False), parse_float=str)


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if isinstance(o, models.Model):
            return str(o)
        if isinstance(o, (set, frozenset, tuple)):
            return sorted(o, key=str)
        return super().default(o)
