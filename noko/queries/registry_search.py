"""Looking through the registry of organisations: what people filter it by."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from noko.models import Municipality, Organisation
from noko.models.organisation import sort_key
from noko.queries.assessment import with_last_year
from noko.queries.rating import named

NEVER, LONG_AGO = "never", "long-ago"
LONG_AGO_YEARS = 3


@dataclass(frozen=True, slots=True)
class Wanted:
    """An empty value leaves everything in. ``assessed``: :data:`NEVER`, :data:`LONG_AGO` (three
    years or more before ``year``) or the year of the newest result as text."""

    words: str = ""
    type: str = ""
    municipality: int | None = None
    status: str = ""
    founder: str = ""
    assessed: str = ""
    year: int = 0


def found(reached: QuerySet[Organisation], wanted: Wanted) -> QuerySet[Organisation]:
    """Organisations of ``reached`` that are wanted, alphabetically, each with ``last_year``."""
    rows = with_last_year(reached).filter(_words(wanted.words))
    for field in ("type", "municipality", "status", "founder"):
        if value := getattr(wanted, field):
            rows = rows.filter(**{field: value})
    return rows.filter(**_assessed(wanted))


def _assessed(wanted: Wanted) -> dict[str, object]:
    if wanted.assessed == NEVER:
        return {"last_year__isnull": True}
    if wanted.assessed == LONG_AGO:
        return {"last_year__lte": wanted.year - LONG_AGO_YEARS}
    return {"last_year": int(wanted.assessed)} if wanted.assessed.isdecimal() else {}


def _words(words: str) -> Q:
    """Names and municipalities by any part, INN and OGRN by their beginning."""
    condition = Q()
    for word in sort_key(words.replace("\x00", "")).split():
        one = named(word)
        if word.isascii() and word.isdigit() and len(word) >= 4:
            one |= Q(inn__startswith=word) | Q(ogrn__startswith=word) | Q(reg_number=word)
        condition &= one
    return condition


def founders(reached: QuerySet[Organisation]) -> list[str]:
    """Founders met in the registry, alphabetically."""
    rows = reached.exclude(founder="").order_by().values_list("founder", flat=True).distinct()
    return sorted(rows, key=sort_key)


def municipalities(reached: QuerySet[Organisation]) -> list[Municipality]:
    """Municipalities that the organisations stand in, alphabetically."""
    keys = reached.order_by().values("municipality").distinct()
    return list(Municipality.objects.filter(pk__in=keys))


def ordered_by_municipality(rows: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """As printed lists go: by municipality, then by name."""
    return rows.order_by(F("municipality__sort_key"), F("sort_key"), F("pk"))
