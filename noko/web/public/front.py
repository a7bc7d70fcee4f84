"""The front page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from noko.models import Release
from noko.queries.edition import get_edition
from noko.queries.rating import half_up
from noko.queries.release import overview, published
from noko.web.public.page import corrected, public_page


@public_page
def front_page(request: HttpRequest) -> HttpResponse:
    releases = published()
    figures = overview(releases)
    return render(
        request,
        "public/front.html",
        {
            "releases": [_row(item, figures[item.pk]) for item in releases],
            "newest": releases[0] if releases else None,
            "invented": any(item.cycle.invented for item in releases),
        },
    )


def _row(release: Release, figures: dict[str, Any]) -> dict[str, Any]:
    return {
        "release": release,
        "organisations": figures["organisations"],
        "mean": half_up(figures["mean"]),
        "maximum": get_edition(release.cycle.edition).total.maximum,
        "corrected": corrected(release),
    }
