"""The rating: official order, filters, sorting by any criterion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode

from noko.core.editions import Edition
from noko.core.organisation_types import type_title
from noko.models import Municipality, OrganisationScore, Release
from noko.queries.edition import get_edition
from noko.queries.rating import (
    Wanted,
    means,
    municipalities_of,
    rating_rows,
    sorted_rows,
    types_of,
)
from noko.queries.release import published
from noko.templatetags.russian import score as score_text
from noko.web.public.page import HOME, corrected, get_release, public_page
from noko.web.public.release import tables_of
from noko.web.requests import text
from noko.web.wording import asked_of, place_in, scope_text, under_name

ROWS = 1000
"""Rows on one page: the rating of a region fits whole."""


@dataclass(frozen=True, slots=True)
class Order:
    """The column that the rows are sorted by; empty: the official order."""

    key: str = ""
    ascending: bool = False

    @classmethod
    def read(cls, wanted: str, edition: Edition) -> Order:
        """``sort`` of the address: "2", "-2" (ascending), "total", "name"; others are ignored."""
        key = wanted.removeprefix("-")
        if key == "name":
            return cls(key, ascending=not wanted.startswith("-"))
        if key not in {"total", *(criterion.code for criterion in edition.criteria)}:
            return cls()
        return cls(key, ascending=wanted.startswith("-"))


@public_page
def newest(request: HttpRequest) -> HttpResponse:
    """The newest rating; without one, a page that says what will be here."""
    releases = published()
    if releases:
        return HttpResponseRedirect(reverse("rating", args=[releases[0].cycle.slug]))
    return render(request, "public/rating_empty.html", {"section": "rating", "breadcrumb": [HOME]})


@public_page
def rating(request: HttpRequest, slug: str, kind: str = "") -> HttpResponse:
    release = get_release(slug)
    edition = get_edition(release.cycle.edition)
    types = types_of(release.calculation)
    wanted = _wanted(request, release, kind, types)
    order = Order.read(text(request, "sort"), edition)
    rows = rating_rows(release.calculation, wanted)
    if order.key:
        rows = sorted_rows(rows, order.key, ascending=order.ascending)
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    shown = [_row(score, wanted.scope, release, edition) for score in page.object_list]
    codes = [criterion.code for criterion in edition.criteria]
    mean = means(rows, codes)
    return render(
        request,
        "public/rating.html",
        {
            "section": "rating",
            "invented": release.cycle.invented,
            "release": release,
            "edition": edition,
            "wanted": wanted,
            "kind": kind,
            "order": order,
            "page": page,
            "rows": shown,
            "means": mean,
            "mean_cells": [mean[code] for code in codes],
            "type_title": type_title(wanted.type),
            "municipalities": municipalities_of(release.calculation),
            "columns": _columns(request, order, edition),
            "ties": release.calculation.ties,
            "files": tables_of(release),
            "tabs": _tabs(request, release, wanted.type, types),
            "scope": _scope(page.object_list, wanted),
            "corrected": corrected(release),
            "breadcrumb": [HOME],
        },
    )


def _wanted(
    request: HttpRequest, release: Release, kind: str, types: list[tuple[str, int]]
) -> Wanted:
    """What the address asks for. A type or a municipality that is not there is 404."""
    kind = kind or text(request, "type")
    if kind and kind not in {code for code, _ in types}:
        raise Http404("Организаций такого типа в этом рейтинге нет.")
    slug = text(request, "municipality")
    municipality = get_object_or_404(Municipality, slug=slug) if slug else None
    return Wanted(kind, municipality, text(request, "q"))


def _row(
    score: OrganisationScore, scope: str, release: Release, edition: Edition
) -> dict[str, Any]:
    """One line of the table, ready to print: a thousand of them must cost little."""
    return {
        "key": score.organisation_id,
        "url": f"/organisations/{score.organisation_id}/{release.cycle.slug}/",
        "place": place_in(score, scope),
        "name": score.name,
        "under": under_name(score, typed="type" in scope),
        "total": None if score.total is None else score_text(score.total),
        "criteria": [
            (f"#s-{criterion.code}", _published(score.criteria.get(criterion.code)))
            for criterion in edition.criteria
        ],
        "asked": asked_of(score),
    }


def _published(value: str | None) -> str | None:
    return None if value is None else score_text(value)


def _scope(scores: Any, wanted: Wanted) -> str:
    """«140 дошкольных организаций»: what the places on this page are out of."""
    for score in scores:
        found = score.places.get(wanted.scope, {}).get("total")
        if found:
            return scope_text(wanted.scope, found[1], score.type, score.municipality)
    return ""


def _columns(request: HttpRequest, order: Order, edition: Edition) -> list[dict[str, Any]]:
    total = {"code": "total", "title": "Итог", "full": f"из {edition.total.maximum}"}
    criteria = [
        {"code": c.code, "title": c.short, "full": f"{c.key}. {c.name}, из {c.maximum}"}
        for c in edition.criteria
    ]
    return [_column(request, order, column) for column in (total, *criteria)]


def _column(request: HttpRequest, order: Order, column: dict[str, Any]) -> dict[str, Any]:
    """A header is a link: the highest first, a second press turns the order round."""
    chosen = order.key == column["code"]
    turned = chosen and not order.ascending
    query = request.GET.copy()
    query.pop("page", None)
    query["sort"] = f"-{column['code']}" if turned else column["code"]
    direction = "ascending" if order.ascending else "descending"
    return column | {"url": f"?{query.urlencode()}", "sorted": direction if chosen else ""}


def _tabs(
    request: HttpRequest, release: Release, chosen: str, types: list[tuple[str, int]]
) -> list[dict[str, Any]]:
    """Types as links; a municipality and words that were chosen stay chosen."""
    kept = [(name, text(request, name)) for name in ("municipality", "q") if text(request, name)]
    query = f"?{urlencode(kept)}" if kept else ""
    slug = release.cycle.slug
    everything = {
        "title": "Все",
        "url": reverse("rating", args=[slug]) + query,
        "current": not chosen,
        "note": sum(number for _, number in types),
    }
    return [everything] + [
        {
            "title": type_title(code),
            "url": reverse("rating-type", args=[slug, code]) + query,
            "current": code == chosen,
            "note": number,
        }
        for code, number in types
    ]
