"""Calculations: settings with their effect, progress, result."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import get_calculation_for, get_dataset_for, person_of
from noko.access.permissions import Permission
from noko.actions import rating as deeds
from noko.core.refusal import Refusal
from noko.core.scoring.places import all_places
from noko.core.scoring.scores import Settings
from noko.jobs.analysis import calculation_report
from noko.jobs.rating import Effects, effects_before, enqueue
from noko.models import Calculation, DataSet
from noko.queries.edition import get_edition
from noko.queries.office import AT_WORK
from noko.queries.rating import means, rating_rows
from noko.web.office.cycle import cycle_crumbs
from noko.web.office.forms import CalculationForm
from noko.web.office.pages import page, sentences

ROWS = 500
"""Rows of a result on one page."""

SHOWN = 100
"""How many organisations the table of effects names."""


@require_http_methods(["GET", "POST"])
def calculate(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Settings with the effect of the roundings; «show» repeats the page, «start» begins."""
    dataset = get_dataset_for(request.user, slug, number, Permission.RATING_CALCULATE)
    form = CalculationForm(get_edition(dataset.cycle.edition), request.POST or None)
    if "start" in request.POST and form.is_valid():
        try:
            return redirect("office:calculation", _start(request, dataset, form).pk)
        except Refusal as refusal:
            running = dataset.cycle.calculations.filter(status__in=AT_WORK).first()
            if refusal.kind == "calculation_at_work" and running:
                messages.info(request, "Расчёт уже идёт: вот он.")
                return redirect("office:calculation", running.pk)
            form.refuse(refusal)
    effects, problems = _effects(dataset, form)
    return page(
        request,
        "calculate.html",
        "cycles",
        cycle=dataset.cycle,
        dataset=dataset,
        crumbs=cycle_crumbs(dataset.cycle),
        form=form,
        effects=effects and effect_rows(effects),
        moved=effects and moved_rows(effects),
        problems=problems,
        status=422 if form.errors else 200,
    )


def _start(request: HttpRequest, dataset: DataSet, form: CalculationForm) -> Calculation:
    with transaction.atomic():
        calculation = deeds.start(
            cycle=dataset.cycle,
            dataset=dataset,
            **form.settings(),
            by=person_of(request.user),
            now=timezone.now(),
        )
        enqueue(calculation)
    return calculation


def _effects(dataset: DataSet, form: CalculationForm) -> tuple[Effects | None, list[str]]:
    """Three results by the chosen policies; what stands in the way when there are none."""
    chosen = Settings()
    if form.is_bound and form.is_valid():
        settings = form.settings()
        chosen = Settings(policies=settings["policies"], ties=settings["ties"])
    try:
        return effects_before(dataset.cycle, dataset, chosen), []
    except Refusal as refusal:
        return None, sentences(refusal)


def effect_rows(effects: Effects) -> list[dict[str, Any]]:
    """One row per rounding: its title, where it comes from, what it changes."""
    return [
        {
            **row,
            "title": row["scores"].rounding.title,
            "base": code == effects.base,
        }
        for code, row in zip(effects.results, effects.rows, strict=True)
    ]


def moved_rows(effects: Effects) -> dict[str, Any]:
    """Organisations whose total or place depends on the rounding, in the order of the default."""
    results = list(effects.results.values())
    places = [all_places(scores)["all"]["total"].place for scores in results]
    base = list(effects.results).index(effects.base)
    rows = []
    for index, name in enumerate(results[0].counts.organisations):
        cells = [
            (scores.total.text(index), int(place[index]) or None)
            for scores, place in zip(results, places, strict=True)
        ]
        if len(set(cells)) > 1:
            rows.append((cells[base][1] or len(results[0]) + 1, name, cells))
    rows.sort(key=lambda row: (row[0], row[1]))
    shown = [{"name": name, "cells": cells} for _, name, cells in rows[:SHOWN]]
    return {"rows": shown, "number": len(rows), "rest": max(0, len(rows) - SHOWN)}


@require_GET
def calculation(request: HttpRequest, key: int) -> HttpResponse:
    """A calculation in any state: its progress, the note of a failure, or the result."""
    found = get_calculation_for(request.user, key)
    context: dict[str, Any] = {
        "calculation": found,
        "cycle": found.cycle,
        "crumbs": cycle_crumbs(found.cycle),
        "settings": settings_shown(found),
        "at_work": found.status in AT_WORK,
    }
    if found.status == Calculation.Status.DONE:
        context |= _result(request, found)
    return page(request, "calculation.html", "cycles", **context)


def _result(request: HttpRequest, found: Calculation) -> dict[str, Any]:
    edition = get_edition(found.cycle.edition)
    rows = rating_rows(found)
    titles = {item.code: item.title for item in edition.roundings}
    compared = [
        {**row, "title": titles.get(row["rounding"], row["rounding"])}
        for row in found.comparison.get("roundings", [])
        if row["rounding"] != found.rounding
    ]
    return {
        "criteria": edition.criteria,
        "maximum": edition.total.maximum,
        "rows": Paginator(rows, ROWS).get_page(request.GET.get("page")),
        "means": means(rows, [criterion.code for criterion in edition.criteria]),
        "compared": compared,
        "release": getattr(found, "release", None),
    }


def settings_shown(found: Calculation) -> list[tuple[str, str]]:
    """The settings of a calculation in words."""
    edition = get_edition(found.cycle.edition)
    ties = {"competition": "1, 2, 2, 4", "dense": "1, 2, 2, 3"}
    shown = [
        ("Редакция методики", edition.title),
        ("Округление", edition.rounding(found.rounding).title),
        ("Равные итоги", ties.get(found.ties, found.ties)),
    ]
    for policy in edition.policies:
        choice = found.policies.get(policy.code, policy.default)
        if len(policy.choices) > 1:
            shown.append((policy.title, policy.title_of(choice)))
    return shown


REPORTS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}


@require_GET
def report(request: HttpRequest, key: int, kind: str) -> HttpResponse:
    """The analytical report of a calculation that is done."""
    found = get_calculation_for(request.user, key)
    if kind not in REPORTS or found.status != Calculation.Status.DONE:
        raise Http404
    name = f"otchet.{kind}"
    try:
        content = calculation_report(found)[name]
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("office:calculation", key)
    answer = HttpResponse(content, content_type=REPORTS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{found.cycle.slug}-{name}"'
    return answer


@require_GET
def progress(request: HttpRequest, key: int) -> HttpResponse:
    """The part of the page that htmx asks for every second; the end of the work reloads it."""
    found = get_calculation_for(request.user, key)
    answer = render(request, "office/_progress.html", {"calculation": found})
    if found.status not in AT_WORK:
        answer["HX-Refresh"] = "true"
    answer["Cache-Control"] = "no-store"
    return answer
