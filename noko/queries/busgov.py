"""How organisations stand on bus.gov.ru by the newest files that were loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from noko.models import BusgovRecord, BusgovSource, Organisation
from noko.queries.busgov_rules import get_monitoring

STATES = {
    "absent": "нет на bus.gov.ru",
    "incomplete": "размещено не полностью",
    "stale": "карточка давно не менялась",
    "differs": "расходится с реестром",
    "unknown": "не проверено",
}
"""What the page of the monitor lists, by its code."""


def newest(kind: str = "") -> QuerySet[BusgovRecord]:
    """Records of the organisation of the outer query, also those of a record that was merged into
    it, the newest first."""
    own = Q(organisation=OuterRef("pk")) | Q(organisation__merged_into=OuterRef("pk"))
    rows = BusgovRecord.objects.filter(own, source__withdrawn_at__isnull=True)
    if kind:
        rows = rows.filter(source__kind=kind)
    return rows.order_by("-source__on", "-source_id")


def with_busgov(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Each with ``busgov_present``, ``busgov_complete``, ``busgov_fresh`` (None: not known) and
    the days of what they rest on."""
    cards, reports = newest(BusgovSource.Kind.CARDS), newest(BusgovSource.Kind.REPORT)
    days = timedelta(days=get_monitoring().freshness.days)
    return organisations.annotate(
        busgov_present=Subquery(newest().values("present")[:1]),
        busgov_on=Subquery(newest().values("source__on")[:1]),
        busgov_changed_on=Subquery(cards.values("changed_on")[:1]),
        busgov_card_on=Subquery(cards.values("source__on")[:1]),
        busgov_complete=Subquery(reports.values("complete")[:1]),
        busgov_report_on=Subquery(reports.values("source__on")[:1]),
        busgov_differs=Subquery(cards.values("differs")[:1]),
    ).annotate(
        busgov_fresh=Case(
            When(busgov_changed_on__isnull=True, then=Value(None)),
            When(busgov_changed_on__lt=F("busgov_card_on") - days, then=Value(False)),
            default=Value(True),
            output_field=BooleanField(null=True),
        )
    )


CONDITIONS: Mapping[str, Q] = {
    "absent": Q(busgov_present=False),
    "incomplete": Q(busgov_complete=False),
    "stale": Q(busgov_fresh=False),
    "differs": Q(busgov_differs__isnull=False) & ~Q(busgov_differs=[]),
    "unknown": Q(busgov_present__isnull=True),
}
"""State of :data:`STATES` → who is in it."""


@dataclass(frozen=True, slots=True)
class Totals:
    """Numbers of organisations; each pair is how many of how many that are known."""

    organisations: int
    present: tuple[int, int]
    fresh: tuple[int, int]
    complete: tuple[int, int]
    differs: int
    unknown: int


_COUNTS: Mapping[str, Count] = {
    "organisations": Count("pk"),
    "present": Count("pk", filter=Q(busgov_present=True)),
    "present_known": Count("pk", filter=Q(busgov_present__isnull=False)),
    "fresh": Count("pk", filter=Q(busgov_fresh=True)),
    "fresh_known": Count("pk", filter=Q(busgov_fresh__isnull=False)),
    "complete": Count("pk", filter=Q(busgov_complete=True)),
    "complete_known": Count("pk", filter=Q(busgov_complete__isnull=False)),
    "differs": Count("pk", filter=CONDITIONS["differs"]),
    "unknown": Count("pk", filter=CONDITIONS["unknown"]),
}


def totals(organisations: QuerySet[Organisation]) -> Totals:
    """Of all organisations of :func:`with_busgov`."""
    return _totals(organisations.order_by().aggregate(**_COUNTS))


def totals_by_municipality(organisations: QuerySet[Organisation]) -> list[tuple[str, Totals]]:
    """Name of the municipality and its totals, alphabetically."""
    rows = (
        organisations.order_by()
        .values("municipality__sort_key", "municipality__name")
        .annotate(**_COUNTS)
        .order_by("municipality__sort_key")
    )
    return [(row["municipality__name"], _totals(row)) for row in rows]


def _totals(row: Mapping[str, Any]) -> Totals:
    return Totals(
        row["organisations"],
        (row["present"], row["present_known"]),
        (row["fresh"], row["fresh_known"]),
        (row["complete"], row["complete_known"]),
        row["differs"],
        row["unknown"],
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """One organisation: its newest card and its newest report, either may be None.

    ``term_on``: until when what is missing has to be filled in.
    """

    card: BusgovRecord | None
    report: BusgovRecord | None
    fresh: bool | None

    @property
    def known(self) -> bool:
        return self.card is not None or self.report is not None

    @property
    def lacks(self) -> list[dict[str, Any]]:
        records = [item for item in (self.card, self.report) if item is not None]
        return [lack for item in records for lack in item.lacks]

    @property
    def absent(self) -> bool:
        """The newest of the two says that the organisation is not there."""
        records = [item for item in (self.card, self.report) if item is not None]
        newest_one = max(records, key=lambda item: (item.source.on, item.source_id), default=None)
        return newest_one is not None and not newest_one.present

    @property
    def term_on(self) -> date | None:
        terms = [
            item.source.term_on
            for item in (self.card, self.report)
            if item is not None and item.lacks and item.source.term_on
        ]
        return min(terms, default=None)


def standing_of(organisation: Organisation) -> Standing:
    """The newest of what was loaded about the organisation, in one query."""
    own = Q(organisation=organisation) | Q(organisation__merged_into=organisation)
    rows = (
        BusgovRecord.objects.filter(own, source__withdrawn_at__isnull=True)
        .select_related("source")
        .order_by("source__kind", "-source__on", "-source_id")
        .distinct("source__kind")
    )
    by_kind = {item.source.kind: item for item in rows}
    card = by_kind.get(BusgovSource.Kind.CARDS)
    fresh = None
    if card is not None and card.changed_on:
        fresh = card.changed_on >= get_monitoring().freshness.stale_before(card.source.on)
    return Standing(card, by_kind.get(BusgovSource.Kind.REPORT), fresh)


def sources() -> QuerySet[BusgovSource]:
    """All files that were loaded, the newest first, each with ``organisations``."""
    counted = BusgovSource.objects.annotate(organisations=Count("records"))
    return counted.select_related("loaded_by").order_by("-on", "-pk")


def filtered(
    organisations: QuerySet[Organisation],
    *,
    state: str = "",
    municipality: str = "",
    type: str = "",
) -> QuerySet[Organisation]:
    """Of :func:`with_busgov`, by place and type, and those in a state."""
    rows = organisations
    if municipality.isdecimal():
        rows = rows.filter(municipality=int(municipality))
    if type:
        rows = rows.filter(type=type)
    if state in CONDITIONS:
        rows = rows.filter(CONDITIONS[state])
    return rows


def with_lacks(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Of :func:`with_busgov`, each with ``busgov_card_lacks`` and ``busgov_report_lacks``."""
    return organisations.annotate(
        busgov_card_lacks=Subquery(newest(BusgovSource.Kind.CARDS).values("lacks")[:1]),
        busgov_report_lacks=Subquery(newest(BusgovSource.Kind.REPORT).values("lacks")[:1]),
    )


def overdue(reached: QuerySet[Organisation], today: date) -> list[tuple[BusgovSource, int]]:
    """Newest files whose term has passed, with how many of ``reached`` lacked something in them."""
    newest_ones = (
        BusgovSource.objects.filter(withdrawn_at__isnull=True)
        .order_by("kind", "-on", "-pk")
        .distinct("kind")
    )
    lacking = Q(records__organisation__in=reached.order_by().values("pk")) & ~Q(records__lacks=[])
    rows = (
        BusgovSource.objects.filter(pk__in=newest_ones.values("pk"), term_on__lt=today)
        .annotate(late=Count("records", filter=lacking))
        .filter(late__gt=0)
    )
    return [(row, row.late) for row in rows]
