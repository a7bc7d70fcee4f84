"""What the office shows: the way of a cycle, what waits, what is late, what changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from noko.models import Calculation, Cycle, DataSet, Import, Release

LONG_WAIT = timedelta(days=3)
"""An import or a result that waits for a decision longer than this is called late."""

AT_WORK = (Calculation.Status.QUEUED, Calculation.Status.RUNNING)


@dataclass(frozen=True, slots=True)
class Way:
    """How far a cycle has come: data → data set → calculation → release.

    Only the newest of each; ``calculation`` is over ``dataset``, ``release`` may be of an
    earlier data set.
    """

    cycle: Cycle
    waiting: Import | None
    dataset: DataSet | None
    calculation: Calculation | None
    release: Release | None

    @property
    def published(self) -> bool:
        """The newest calculation is what the public sees."""
        return bool(
            self.release and self.calculation and self.release.calculation_id == self.calculation.pk
        )


def way_of(cycle: Cycle) -> Way:
    of_data = cycle.imports.exclude(kind=Import.Kind.PLAN)
    waiting = of_data.filter(status=Import.Status.PREVIEWED).first()
    dataset = cycle.datasets.order_by("-number").first()
    calculation = dataset.calculations.select_related("dataset").first() if dataset else None
    release = cycle.releases.select_related("calculation__dataset").order_by("-version").first()
    return Way(cycle, waiting, dataset, calculation, release)


def cycles() -> QuerySet[Cycle]:
    """Every cycle, the newest year first, with numbers of data sets and releases."""
    return Cycle.objects.annotate(
        datasets_number=Count("datasets", distinct=True),
        releases_number=Count("releases", distinct=True),
    )


def imports_waiting() -> QuerySet[Import]:
    waiting = Import.objects.filter(status=Import.Status.PREVIEWED)
    return waiting.select_related("cycle", "created_by").order_by("created_at")


def calculations_at_work() -> QuerySet[Calculation]:
    return _calculations().filter(status__in=AT_WORK)


def calculations_failed(*, now: datetime, days: int = 14) -> list[Calculation]:
    """Failed ones of the last days that nothing newer in their cycle has replaced."""
    since = now - timedelta(days=days)
    failed = _calculations().filter(status=Calculation.Status.FAILED, created_at__gte=since)
    newest = dict(_newest_calculations())
    return [item for item in failed if newest[item.cycle_id] == item.pk]


def calculations_unpublished() -> list[Calculation]:
    """The newest calculation of a cycle where it is done and not published."""
    newest = [key for _, key in _newest_calculations()]
    done = _calculations().filter(status=Calculation.Status.DONE, release__isnull=True)
    return list(done.filter(pk__in=newest))


def last_releases(number: int = 5) -> list[Release]:
    return list(Release.objects.select_related("cycle", "released_by")[:number])


def is_late(since: datetime, *, now: datetime) -> bool:
    return now - since > LONG_WAIT


def _calculations() -> QuerySet[Calculation]:
    return Calculation.objects.select_related("cycle", "dataset", "created_by")


def _newest_calculations() -> list[tuple[int, int]]:
    rows = Calculation.objects.order_by("cycle_id", "-created_at", "-pk").distinct("cycle_id")
    return list(rows.values_list("cycle_id", "pk"))
