"""Traces and unfinished answers go after a term, long before a wave is closed.

What the flags need of them stays, without a device or a moment in it. Nothing is written to the
journal: no person has decided it. Why these terms: ``docs/adr/0007-answers-in-boxes.md``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from noko.core.statistics.quality import FROM_ONE_DEVICE, Kind
from noko.models import Draft, Trace, Wave
from noko.queries.wave_quality import BURST, REPEATED, flags_of

KEPT = timedelta(days=14)
"""Devices and windows after the last answer with them, drafts after they were saved."""
NETWORKS_KEPT = timedelta(days=1)
"""No flag needs them: they help whoever looks at what happens just now."""


def expire(*, now: datetime) -> None:
    """Deletes what is older than its term, for every wave. It bears being repeated."""
    today = timezone.localdate(now)
    before = today - KEPT
    going = (Wave.Status.OPEN, Wave.Status.CLOSING)
    for wave in Wave.objects.filter(status__in=going).select_related("cycle"):
        with transaction.atomic():
            _remember_bursts(wave, before)
            _windows(wave, before).delete()
    with transaction.atomic(), connection.cursor() as cursor:
        values: dict[str, date | int | str] = {
            "before": before,
            "least": FROM_ONE_DEVICE,
            "repeated": REPEATED,
        }
        cursor.execute(_FOLD_DEVICES, values)
    Trace.objects.filter(kind="network", last_on__lt=today - NETWORKS_KEPT).delete()
    Draft.objects.filter(saved_on__lt=before).delete()


def _windows(wave: Wave, before: date) -> QuerySet[Trace]:
    return Trace.objects.filter(place__wave=wave, kind="window", last_on__lt=before)


def _remember_bursts(wave: Wave, before: date) -> None:
    """Whether ten minutes were unusual cannot be said any more once the others are gone."""
    if not _windows(wave, before).exists():
        return
    found = [flag.flag for flag in flags_of(wave) if flag.flag.kind == Kind.BURST]
    Trace.objects.bulk_create(
        [
            Trace(
                place_id=flag.place, kind=BURST, token=flag.day.isoformat(),
                number=flag.detail or 0, last_on=flag.day,
            )
            for flag in found
            if flag.day and flag.day < before
        ],
        ignore_conflicts=True,
    )  # fmt: skip


_FOLD_DEVICES = """
with gone as (
    delete from noko_trace where kind = 'device' and last_on < %(before)s
    returning place_id, number
)
insert into noko_trace as trace (place_id, kind, token, number, last_on)
select place_id, %(repeated)s, number::text, count(*), %(before)s
from gone where number >= %(least)s
group by place_id, number
on conflict (place_id, kind, token) do update set number = trace.number + excluded.number
"""
