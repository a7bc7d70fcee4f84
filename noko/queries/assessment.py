"""When organisations were assessed: current published results, records merged into one joined."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Q, QuerySet, Subquery

from noko.models import Cycle, Organisation, OrganisationScore
from noko.queries.edition import get_edition
from noko.queries.organisation import LIVING
from noko.queries.release import published_calculations


@dataclass(frozen=True, slots=True)
class Assessment:
    """One published result. ``place``: among those of its type, with how many they were."""

    cycle: Cycle
    version: int
    name: str
    total: Decimal | None
    place: tuple[int, int] | None

    @property
    def year(self) -> int:
        return self.cycle.year

    @property
    def maximum(self) -> object:
        return get_edition(self.cycle.edition).total.maximum


def assessments_of(organisation: Organisation) -> list[Assessment]:
    """Published results of one organisation, the newest first."""
    own = Q(organisation=organisation) | Q(organisation__merged_into=organisation)
    rows = (
        OrganisationScore.objects.filter(own, calculation__in=published_calculations())
        .select_related("calculation__cycle", "calculation__release")
        .only(
            *("name", "total", "places", "calculation__release__version"),
            *("calculation__cycle__year", "calculation__cycle__slug"),
            *("calculation__cycle__title", "calculation__cycle__edition"),
        )
        .order_by("-calculation__cycle__year", "-calculation__cycle_id")
    )
    return [_assessment(row) for row in rows]


def _assessment(row: OrganisationScore) -> Assessment:
    found = row.places.get("type", {}).get("total")
    place = (found[0], found[1]) if found else None
    release = row.calculation.release
    return Assessment(row.calculation.cycle, release.version, row.name, row.total, place)


def assessed_years(*, without: Cycle | None = None) -> dict[int, set[int]]:
    """By organisation: the years in which it has a published result, but for that cycle's own."""
    rows = OrganisationScore.objects.filter(calculation__in=published_calculations()).annotate(
        living=LIVING
    )
    if without is not None:
        rows = rows.exclude(calculation__cycle=without)
    found: dict[int, set[int]] = defaultdict(set)
    for key, year in rows.values_list("living", "calculation__cycle__year"):
        found[key].add(year)
    return found


def assessed_in(cycle: Cycle) -> set[int]:
    """Organisations with a published result in the cycle."""
    rows = OrganisationScore.objects.filter(
        calculation__in=published_calculations(), calculation__cycle=cycle
    )
    return set(rows.annotate(living=LIVING).values_list("living", flat=True))


def with_last_year(found: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Each with ``last_year``: of its newest published result, None when there is none."""
    own = Q(organisation=OuterRef("pk")) | Q(organisation__merged_into=OuterRef("pk"))
    newest = (
        OrganisationScore.objects.filter(own, calculation__in=published_calculations())
        .order_by("-calculation__cycle__year")
        .values("calculation__cycle__year")[:1]
    )
    return found.annotate(last_year=Subquery(newest))


def years_with_results() -> list[int]:
    """Years of cycles with a published result, the newest first."""
    found = Cycle.objects.filter(releases__isnull=False).values_list("year", flat=True)
    return sorted(set(found), reverse=True)
