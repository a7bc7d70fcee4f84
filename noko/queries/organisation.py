"""Organisations as the public sees them: those that stand in a published rating."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from noko.models import Organisation, OrganisationScore
from noko.queries.rating import named
from noko.queries.release import published_calculations

SHOWN = (
    *("name", "type", "municipality", "total", "level", "criteria", "places"),
    *("respondents", "recipients"),
    *(f"organisation__{field}" for field in ("full_name", "short_name", "address", "site", "inn")),
    "organisation__merged_into",
    *("organisation__municipality__name", "organisation__municipality__slug"),
    *("calculation__levels", "calculation__release__version"),
    "calculation__release__released_at",
    *("calculation__cycle__year", "calculation__cycle__slug"),
    *("calculation__cycle__edition", "calculation__cycle__invented"),
)
"""What an organisation's page shows of every year; the rest of the rows can be large."""


LIVING = Coalesce("organisation__merged_into", "organisation")
"""The organisation that a score belongs to now: merged records have passed theirs on."""


def published_organisations(words: str = "") -> QuerySet[Organisation]:
    """Organisations with a published result whose name has all ``words``, alphabetically."""
    rated = OrganisationScore.objects.filter(
        Q(organisation=OuterRef("pk")) | Q(organisation__merged_into=OuterRef("pk")),
        calculation__in=published_calculations(),
    )
    return (
        Organisation.objects.filter(Exists(rated))
        .filter(named(words))
        .select_related("municipality")
    )


def published_results(organisation: int) -> list[OrganisationScore]:
    """Current published results of one organisation, the newest year first.

    Results of records that were merged into it are its own. Each comes with its release, cycle
    and organisation. Explanations are not loaded: a page shows one of them, see
    :func:`explanation_of`.
    """
    rows = (
        OrganisationScore.objects.filter(
            Q(organisation=organisation) | Q(organisation__merged_into=organisation),
            calculation__in=published_calculations(),
        )
        .select_related(
            "organisation__municipality",
            "calculation__release",
            "calculation__cycle",
        )
        .only(*SHOWN)
    )
    key = lambda row: (row.calculation.cycle.year, row.calculation.cycle_id)  # noqa: E731
    return sorted(rows, key=key, reverse=True)


def living_key(organisation: int, results: Sequence[OrganisationScore] = ()) -> int:
    """The record that stands for this one: another where the two were merged, else itself.

    ``results``: those of :func:`published_results`, which say it without asking again.
    """
    for row in results:
        if row.organisation_id == organisation:
            return row.organisation.merged_into_id or organisation
    if results:
        return organisation
    found = Organisation.every.filter(pk=organisation).values_list("merged_into", flat=True).first()
    return found or organisation


def explanation_of(score: OrganisationScore) -> dict[str, Any]:
    """The tree that explains ``score``."""
    row = OrganisationScore.objects.filter(pk=score.pk).values_list("explanation", flat=True)
    return row.get()


def latest_results(organisations: list[int]) -> dict[int, OrganisationScore]:
    """By organisation: its newest published result with the cycle."""
    rows = (
        OrganisationScore.objects.filter(
            Q(organisation__in=organisations) | Q(organisation__merged_into__in=organisations),
            calculation__in=published_calculations(),
        )
        .annotate(living=LIVING)
        .select_related("calculation__cycle")
        .only(
            "organisation_id", "total", "calculation__cycle__year", "calculation__cycle__invented"
        )
        .order_by("calculation__cycle__year", "calculation__cycle_id")
    )
    return {row.living: row for row in rows}
