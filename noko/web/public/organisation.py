"""One organisation: its result, what it rests on, its years, and the walk down to the counts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from noko.core.editions import Edition
from noko.core.organisation_types import type_title
from noko.models import Organisation, OrganisationScore
from noko.queries.edition import get_edition
from noko.queries.organisation import (
    explanation_of,
    latest_results,
    living_key,
    published_organisations,
    published_results,
)
from noko.queries.rating import type_means
from noko.web.public.comparison import address
from noko.web.public.history import panels
from noko.web.public.page import HOME, corrected, cycle_name, public_page
from noko.web.public.website import lines, site_check
from noko.web.requests import text
from noko.web.wording import TYPE_DATIVE, TYPE_ONE, asked_of, place_texts

FOUND_ON_PAGE = 100
CRUMBS = [HOME, ("Организации", "/organisations/")]


@public_page
def search(request: HttpRequest) -> HttpResponse:
    words = text(request, "q")
    page = Paginator(published_organisations(words), FOUND_ON_PAGE).get_page(
        request.GET.get("page")
    )
    found = list(page.object_list)
    results = latest_results([organisation.pk for organisation in found])
    rows = [
        {"organisation": item, "type": type_title(item.type), "latest": results.get(item.pk)}
        for item in found
    ]
    return render(
        request,
        "public/organisations.html",
        {
            "section": "organisations",
            "words": words,
            "page": page,
            "rows": rows,
            "invented": any(item.calculation.cycle.invented for item in results.values()),
            "breadcrumb": [HOME],
        },
    )


@public_page
def organisation(request: HttpRequest, key: int, slug: str = "") -> HttpResponse:
    results = published_results(key)
    if (living := living_key(key, results)) != key:
        return redirect(_address(living, slug), permanent=True)
    score = _chosen(results, slug)
    own = score.organisation_id == key
    shown = score.organisation if own else Organisation.objects.get(pk=key)
    calculation = score.calculation
    edition = get_edition(calculation.cycle.edition)
    codes = tuple(criterion.code for criterion in edition.criteria)
    peers = type_means(calculation.pk, score.type, codes)
    # The site is as it is now: it belongs beside the newest result, not beside old ones.
    check = site_check(key) if score is results[0] else None
    return render(
        request,
        "public/organisation.html",
        {
            "section": "organisations",
            "invented": calculation.cycle.invented,
            "organisation": shown,
            "score": score,
            "release": calculation.release,
            "cycle": calculation.cycle,
            "edition": edition,
            "newest": results[0],
            "type": TYPE_ONE.get(score.type, score.type),
            "peers_name": TYPE_DATIVE.get(score.type, score.type),
            "type_title": type_title(score.type),
            "places": place_texts(score),
            "level": level_step(edition, calculation.levels, score.level),
            "criteria": _criteria(edition, score, peers),
            "peers": peers,
            "steps": explanation_of(score),
            "shorts": short_names(edition),
            "asked": asked_share(score),
            "tabs": _tabs(key, results, score),
            "panels": panels(results),
            "years": _years(key, results),
            "mixed": len({item.calculation.cycle.edition for item in results}) > 1,
            "compare_url": address(calculation.cycle.slug, [key]),
            "site_link": shown.site.startswith(("https://", "http://")),
            "corrected": corrected(calculation.release),
            "check": check,
            "lines": lines(check) if check else [],
            "breadcrumb": CRUMBS,
        },
    )


def _address(key: int, slug: str) -> str:
    if slug:
        return reverse("organisation-cycle", args=[key, slug])
    return reverse("organisation", args=[key])


def short_names(edition: Edition) -> dict[str, str]:
    """Short names of criteria and indicators by code."""
    criteria = {criterion.code: criterion.short for criterion in edition.criteria}
    return criteria | {indicator.code: indicator.short for indicator in edition.indicators}


def _chosen(results: list[OrganisationScore], slug: str) -> OrganisationScore:
    for score in results:
        if slug in ("", score.calculation.cycle.slug):
            return score
    raise Http404("Опубликованного результата этой организации нет.")


def level_step(edition: Edition, levels: str, word: str) -> tuple[int, int] | None:
    """The step of a verbal level from the bottom, and how many steps there are."""
    chosen = next((item for item in edition.levels if item.code == levels), None)
    if chosen is None or not word:
        return None
    words = [band.word for band in sorted(chosen.bands, key=lambda band: band.above)]
    return (words.index(word) + 1, len(words)) if word in words else None


def asked_share(score: OrganisationScore) -> str:
    """The share of recipients who were asked, in whole percent; empty where it is not known."""
    if not score.respondents or not score.recipients:
        return ""
    return str((200 * score.respondents + score.recipients) // (2 * score.recipients))


def _criteria(
    edition: Edition, score: OrganisationScore, peers: dict[str, Decimal | None]
) -> list[dict[str, Any]]:
    return [
        {
            "code": criterion.code,
            "name": criterion.name,
            "short": criterion.short,
            "maximum": criterion.maximum,
            "value": score.criteria.get(criterion.code),
            "mean": peers[criterion.code],
        }
        for criterion in edition.criteria
    ]


def _years(key: int, results: list[OrganisationScore]) -> list[dict[str, Any]]:
    """Rows of the table by year."""
    return [
        {
            "year": item.calculation.cycle.year,
            "url": reverse("organisation-cycle", args=[key, item.calculation.cycle.slug]),
            "total": item.total,
            "maximum": get_edition(item.calculation.cycle.edition).total.maximum,
            "level": item.level,
            "place": _place_of_type(item),
            "asked": asked_of(item),
        }
        for item in results
    ]


def _place_of_type(score: OrganisationScore) -> str:
    found = score.places.get("type", {}).get("total")
    return f"{found[0]} из {found[1]}" if found else "–"


def _tabs(
    key: int, results: list[OrganisationScore], chosen: OrganisationScore
) -> list[dict[str, Any]]:
    return [
        {
            "title": cycle_name(item.calculation.cycle),
            "url": reverse("organisation-cycle", args=[key, item.calculation.cycle.slug]),
            "current": item is chosen,
        }
        for item in results
    ]
