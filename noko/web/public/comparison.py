"""Comparison of up to ten organisations of one cycle, side by side."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from noko.core.editions import Edition
from noko.models import OrganisationScore, Release
from noko.queries.edition import get_edition
from noko.queries.rating import Wanted, compared, rating_rows
from noko.queries.release import published
from noko.web.public.page import HOME, get_release, public_page
from noko.web.requests import numbers, text
from noko.web.wording import under_name

MOST = 10
FOUND = 20


@public_page
def comparison(request: HttpRequest) -> HttpResponse:
    slug = text(request, "cycle")
    releases = published()
    release = get_release(slug) if slug else next(iter(releases), None)
    asked = numbers(request, "org")
    chosen = asked[:MOST]
    scores = compared(release.calculation, chosen) if release else []
    context = {
        "section": "rating",
        "invented": bool(release and release.cycle.invented),
        "release": release,
        "releases": releases,
        "scores": scores,
        "chosen": [score.organisation_id for score in scores],
        "too_many": len(asked) > MOST,
        "absent": len(chosen) - len(scores),
        "words": text(request, "q"),
        "full": len(scores) >= MOST,
        "other_years": [
            {"year": item.cycle.year, "url": address(item.cycle.slug, chosen)}
            for item in releases
            if release and item.pk != release.pk
        ],
        "breadcrumb": [HOME],
    }
    if release:
        context |= _tables(release, scores) | {"found": _found(request, release, chosen)}
    return render(request, "public/comparison.html", context)


def _tables(release: Release, scores: list[OrganisationScore]) -> dict[str, Any]:
    edition = get_edition(release.cycle.edition)
    slug = release.cycle.slug
    keys = [score.organisation_id for score in scores]
    heads = [
        {
            "name": score.name,
            "under": under_name(score),
            "url": reverse("organisation-cycle", args=[score.organisation_id, slug]),
            "without": address(slug, [key for key in keys if key != score.organisation_id]),
        }
        for score in scores
    ]
    return {
        "edition": edition,
        "heads": heads,
        "places": [score.places.get("type", {}).get("total") for score in scores],
        "groups": _groups(edition, scores, slug),
    }


def address(slug: str, keys: list[int]) -> str:
    """The address of the comparison of ``keys``."""
    query = urlencode([("cycle", slug), *(("org", key) for key in keys)])
    return f"{reverse('compare')}?{query}"


def _groups(edition: Edition, scores: list[OrganisationScore], slug: str) -> list[dict[str, Any]]:
    """Rows of the table: a criterion with its indicators; every number leads to its step."""
    links = [reverse("organisation-cycle", args=[score.organisation_id, slug]) for score in scores]
    return [
        {
            "title": f"{criterion.code}. {criterion.short}",
            "maximum": criterion.maximum,
            "cells": [
                (score.criteria.get(criterion.code), f"{link}#s-{criterion.code}")
                for score, link in zip(scores, links, strict=True)
            ],
            "rows": [
                {
                    "title": f"{indicator.code}. {indicator.short}",
                    "maximum": indicator.maximum,
                    "cells": [
                        (
                            score.indicators.get(indicator.code),
                            f"{link}#s-{indicator.code.replace('.', '-')}",
                        )
                        for score, link in zip(scores, links, strict=True)
                    ],
                }
                for indicator in criterion.indicators
            ],
        }
        for criterion in edition.criteria
    ]


def _found(request: HttpRequest, release: Release, chosen: list[int]) -> list[dict[str, Any]]:
    """What the search for one more organisation found; each with the address that adds it."""
    words = text(request, "q")
    if not words:
        return []
    rows = rating_rows(release.calculation, Wanted(words=words))
    return [
        {
            "name": row.name,
            "under": under_name(row),
            "url": address(release.cycle.slug, [*chosen, row.organisation_id]),
        }
        for row in rows.exclude(organisation__in=chosen)[:FOUND]
    ]
