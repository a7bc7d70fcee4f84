"""The sites of a region at a glance: shares, worst items, whom to call, how it moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from noko.access.loading import has_permission, scope_of
from noko.access.permissions import Permission
from noko.access.website_loaders import get_round_for
from noko.documents.website_overview import (
    FINDING_COLUMNS,
    calls_table,
    finding_cells,
    findings_table,
    overview_tables,
    what_happened,
)
from noko.exchange.csv_lines import csv_lines
from noko.models import Organisation, Person, SiteObjection, SiteRound
from noko.queries import website_overview as queries
from noko.queries.improvement import plan_term
from noko.queries.website_rules import get_regime
from noko.templatetags.russian import long_date, number_text
from noko.web.files import TYPES, attachment
from noko.web.office.desk import Group, Task
from noko.web.office.pages import page
from noko.web.office.place_form import PlaceForm
from noko.web.office.shares import Share, share_of
from noko.web.office.website import SECTION, site_crumbs

WORST = 10
MOST_ROWS = 20_000
"""A longer workbook takes longer to make than a person waits for a page."""
TOO_MANY = (
    f"Выводов больше {number_text(MOST_ROWS)}: таблица XLSX делалась бы слишком долго. Скачайте "
    "CSV или отберите муниципалитет либо тип."
)


def _reached(request: HttpRequest) -> tuple[PlaceForm, QuerySet[Organisation]]:
    """The filter, and the organisations that it leaves of those the person sees.

    A record merged into another since the round keeps its visit.
    """
    within = scope_of(request.user, Permission.WEBSITE_VIEW).condition()
    every = Organisation.every.filter(within)
    form = PlaceForm(request.GET or None, reached=every)
    wanted = form.wanted()
    if wanted["municipality"]:
        every = every.filter(municipality=int(wanted["municipality"]))
    if wanted["type"]:
        every = every.filter(type=wanted["type"])
    return form, every


def _share(tally: queries.Tally) -> Share:
    return share_of(tally.found, tally.asked)


def _rows(lines: tuple[queries.Line, ...]) -> list[tuple[queries.Line, Share]]:
    return [(line, _share(line.tally)) for line in lines]


@require_GET
def site_overview(request: HttpRequest, key: int) -> HttpResponse:
    site_round = get_round_for(request.user, key)
    form, organisations = _reached(request)
    found = queries.overview(site_round, organisations)
    term = plan_term(site_round.cycle)
    steps = queries.progress(site_round, organisations)
    return page(
        request,
        "website/overview.html",
        SECTION,
        round=site_round,
        cycle=site_round.cycle,
        form=form,
        query=request.GET.urlencode(),
        found=found,
        whole=_share(found.whole),
        sites=share_of(found.read, found.organisations),
        plan=_share(found.plan),
        term=term,
        late=term is not None and timezone.localdate() > term,
        subsections=_rows(found.subsections),
        municipalities=_rows(found.municipalities),
        types=_rows(found.types),
        worst=[
            (item, subsection, tally, _share(tally), found.regime.wording(item.basis))
            for item, subsection, tally in found.worst(WORST)
        ],
        steps=[(step, _share(step.tally)) for step in steps],
        crumbs=site_crumbs(site_round),
    )


@require_GET
def site_overview_file(request: HttpRequest, key: int) -> HttpResponse:
    """The same selection as a workbook."""
    site_round = get_round_for(request.user, key)
    _, organisations = _reached(request)
    found = queries.overview(site_round, organisations)
    steps = queries.progress(site_round, organisations)
    return attachment(overview_tables(found, steps), "obzor-saytov.xlsx")


@require_GET
def site_findings_file(request: HttpRequest, key: int, kind: str) -> Any:
    """Every finding of the selection: CSV of any length, XLSX up to :data:`MOST_ROWS`."""
    site_round = get_round_for(request.user, key)
    _, organisations = _reached(request)
    regime = get_regime(site_round.regime)
    rows = queries.finding_rows(site_round, organisations)
    if kind not in ("csv", "xlsx"):
        raise Http404("Таких файлов нет.")
    if kind == "xlsx":
        some = list(islice(rows, MOST_ROWS + 1))
        if len(some) > MOST_ROWS:
            messages.error(request, TOO_MANY)
            address = reverse("office:site_overview", args=[key])
            return redirect(f"{address}?{request.GET.urlencode()}")
        return attachment(findings_table(regime, some), "vyvody-o-saytah.xlsx")
    head = [column.title for column in FINDING_COLUMNS]
    answer = StreamingHttpResponse(
        csv_lines(head, finding_cells(regime, rows)), content_type=TYPES["csv"]
    )
    answer["Content-Disposition"] = 'attachment; filename="vyvody-o-saytah.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@require_GET
def site_calls(request: HttpRequest, key: int) -> HttpResponse:
    """Whom to call about a site that gave nothing: a page to print."""
    site_round = get_round_for(request.user, key)
    form, organisations = _reached(request)
    visits = list(queries.silent_visits(site_round, organisations))
    crumbs = site_crumbs(site_round)
    crumbs.append(("Обзор", reverse("office:site_overview", args=[site_round.pk])))
    return page(
        request,
        "website/calls.html",
        SECTION,
        round=site_round,
        cycle=site_round.cycle,
        form=form,
        query=request.GET.urlencode(),
        rows=[
            (visit, visit.organisation, what_happened(visit), queries.CAUSES.get(visit.outcome, ""))
            for visit in visits
        ],
        crumbs=crumbs,
    )


@require_GET
def site_calls_file(request: HttpRequest, key: int) -> HttpResponse:
    site_round = get_round_for(request.user, key)
    _, organisations = _reached(request)
    content = calls_table(queries.silent_visits(site_round, organisations))
    return attachment(content, "spisok-dlya-zvonka.xlsx")


def publish_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Rounds that everybody may see: the term is over and every objection is decided."""
    if not has_permission(person, Permission.RELEASE_PUBLISH):
        return
    today = timezone.localdate(now)
    ready = SiteRound.objects.filter(status=SiteRound.Status.SHOWN, objections_until__lt=today)
    filed = SiteObjection.objects.filter(
        visit__round=OuterRef("pk"), status=SiteObjection.Status.FILED
    )
    for one in ready.exclude(Exists(filed)).select_related("cycle"):
        title = f"Выводы о сайтах, обход № {one.number}: {one.cycle}"
        address = reverse("office:site_round_publish", args=[one.pk])
        note = f"возражения принимались по {long_date(one.objections_until)}, все решены"
        yield Task(Group.WAITING, "underway", "опубликовать", title, address, note)
