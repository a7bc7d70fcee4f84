"""The rating of one calculation: rows in an order, means, and what they can be filtered by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Avg, Count, DecimalField, F, Func, Q, QuerySet, Value
from django.db.models.functions import Cast

from noko.models import Calculation, Municipality, OrganisationScore
from noko.models.organisation import sort_key

Scores = QuerySet[OrganisationScore]

HEAVY = ("explanation", "counts", "indicators")
"""What a table of many organisations does not show."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: a type, a municipality, words that all must be found in the name."""

    type: str = ""
    municipality: Municipality | None = None
    words: str = ""

    @property
    def scope(self) -> str:
        """The scope whose places are shown: words never change a place."""
        if self.type and self.municipality:
            return "type_municipality"
        return "type" if self.type else "municipality" if self.municipality else "all"


def rating_rows(calculation: Calculation, wanted: Wanted | None = None) -> Scores:
    """Rows in the official order: by place, equal places by name, the not rated ones last."""
    wanted = wanted or Wanted()
    rows = calculation.scores.select_related("organisation").defer(*HEAVY)
    if wanted.type:
        rows = rows.filter(type=wanted.type)
    if wanted.municipality:
        rows = rows.filter(municipality=wanted.municipality.name)
    rows = rows.filter(named(wanted.words, "organisation__"))
    return rows.order_by(F("place").asc(nulls_last=True), "organisation__sort_key", "pk")


def named(words: str, prefix: str = "") -> Q:
    """All ``words`` stand in the name or the municipality; a number is also sought as INN."""
    condition = Q()
    for word in sort_key(words).split():
        found = Q(**{f"{prefix}sort_key__contains": word})
        found |= Q(**{f"{prefix}name_key__contains": word})
        found |= Q(**{f"{prefix}municipality__sort_key__contains": word})
        if word.isdigit() and len(word) >= 10:
            found |= Q(**{f"{prefix}inn": word}) | Q(**{f"{prefix}ogrn": word})
        condition &= found
    return condition


def sorted_rows(rows: Scores, key: str, *, ascending: bool = False) -> Scores:
    """The rows by the criterion ``key`` ("total": by the total, "name": by name)."""
    if key == "name":
        name = F("organisation__sort_key")
        return rows.order_by(name.asc() if ascending else name.desc(), "pk")
    value = _value(key)
    order = value.asc(nulls_last=True) if ascending else value.desc(nulls_last=True)
    return rows.order_by(order, F("place").asc(nulls_last=True), "organisation__sort_key", "pk")


def _value(key: str) -> F | Cast:
    if key == "total":
        return F("total")
    # Not KeyTextTransform: it takes the code "1" for a position in a list.
    text = Func("criteria", Value(key), function="jsonb_extract_path_text")
    return Cast(text, DecimalField(max_digits=8, decimal_places=2))


def means(rows: Scores, codes: Iterable[str]) -> dict[str, Any]:
    """Plain means over all ``rows``: "total" and every criterion, rounded half up to hundredths.

    ``count``: how many organisations the mean is over. PostgreSQL's ``numeric`` is exact here.
    """
    keys = ["total", *codes]
    plain = rows.order_by().select_related(None)
    found = plain.aggregate(count=Count("total"), **{f"k_{key}": Avg(_value(key)) for key in keys})
    return {"count": found["count"], **{key: half_up(found[f"k_{key}"]) for key in keys}}


@lru_cache(maxsize=1000)
def type_means(calculation: int, kind: str, codes: tuple[str, ...]) -> dict[str, Any]:
    """:func:`means` over one type of a finished calculation: it never changes, so it is kept."""
    rows = OrganisationScore.objects.filter(calculation=calculation, type=kind)
    return means(rows, codes)


def half_up(value: Decimal | None, digits: str = "0.01") -> Decimal | None:
    """Rounded half up to ``digits``; scores are never negative."""
    return None if value is None else value.quantize(Decimal(digits), rounding="ROUND_HALF_UP")


def types_of(calculation: Calculation) -> list[tuple[str, int]]:
    """Types of organisations in the calculation with their numbers, the largest first."""
    rows = calculation.scores.order_by().values_list("type").annotate(number=Count("pk"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def municipalities_of(calculation: Calculation) -> list[Municipality]:
    """Municipalities whose organisations are in the calculation, in alphabetical order."""
    names = calculation.scores.order_by().values("municipality").distinct()
    return list(Municipality.objects.filter(name__in=names))


def compared(calculation: Calculation, organisations: Sequence[int]) -> list[OrganisationScore]:
    """Scores of the given organisations in the given order; those not rated are left out."""
    rows = calculation.scores.select_related("organisation").defer("explanation", "counts")
    found = {row.organisation_id: row for row in rows.filter(organisation__in=organisations)}
    return [found[key] for key in organisations if key in found]
