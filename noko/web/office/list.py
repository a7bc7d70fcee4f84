"""Lists of organisations: the register, one with its rows, its coverage, its differences, files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.list_loaders import get_list_for, reached_by
from noko.access.loaders import allow, person_of
from noko.access.permissions import Permission
from noko.actions import list as deeds
from noko.core.frequency import Total
from noko.core.refusal import Refusal
from noko.documents.list import (
    basis_of,
    content_for,
    coverage_sentence,
    coverage_xlsx,
    mark_word,
    often_words,
)
from noko.jobs import list as jobs
from noko.models import OrganisationList
from noko.queries import list as queries
from noko.queries.frequency_rules import rule_named
from noko.queries.journal import of_thing
from noko.queries.list_coverage import coverage_of
from noko.queries.list_difference import difference, drift, overdue_left_out
from noko.templatetags.russian import counted
from noko.web.files import attachment
from noko.web.office.journal import shown
from noko.web.office.list_forms import DecisionForm, EntriesForm
from noko.web.office.list_steps import next_steps
from noko.web.office.pages import page, sentences

SECTION = "lists"
ROWS = 100
UNCOVERED = 200
KINDS = {"docx": "Документ Word", "pdf": "PDF", "xlsx": "Таблица с охватом", "json": "JSON"}


@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    allow(request.user, Permission.ORGANISATION_VIEW)
    return page(
        request,
        "lists.html",
        SECTION,
        rows=queries.lists(),
        cycles=queries.cycles_without_a_list(),
    )


@require_http_methods(["GET", "POST"])
def list_page(request: HttpRequest, key: int) -> HttpResponse:
    """The rows; in a draft the marked ones are put in or taken out."""
    item = get_list_for(request.user, key)
    decision = DecisionForm(request.POST or None)
    problems: list[str] = []
    if request.method == "POST":
        get_list_for(request.user, key, Permission.LIST_EDIT)
        try:
            return _decide(request, item, decision)
        except Refusal as refusal:
            if refusal.kind in decision.fields_of_refusals:
                decision.refuse(refusal)
            problems = sentences(refusal)
    return _shown(request, item, decision, problems)


def _decide(request: HttpRequest, item: OrganisationList, form: DecisionForm) -> HttpResponse:
    included = "include" in request.POST
    marked = [int(value) for value in request.POST.getlist("organisation") if _number(value)]
    number = deeds.decide(
        item=item,
        organisations=marked,
        included=included,
        note=form.cleaned_data["note"] if form.is_valid() else "",
        by=person_of(request.user),
        now=timezone.now(),
    )
    word = "Включено" if included else "Исключено"
    messages.success(request, f"{word}: {counted(number, 'организация,организации,организаций')}.")
    query = request.GET.urlencode()
    address = reverse("office:list", args=[item.pk])
    return redirect(f"{address}?{query}" if query else address)


def _number(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) < 16


def _shown(
    request: HttpRequest, item: OrganisationList, decision: DecisionForm, problems: list[str]
) -> HttpResponse:
    within = reached_by(request.user)
    form = EntriesForm(request.GET or None, item=item)
    found = queries.entries(item, **form.wanted(), within=within)
    rows = Paginator(found, ROWS).get_page(request.GET.get("page"))
    year, rule = item.cycle.year, rule_named(item.rule)
    marked = set(request.POST.getlist("organisation")) if problems else set()
    return page(
        request,
        "list.html",
        SECTION,
        item=item,
        title=f"Перечень на {year} год",
        rule=rule,
        often=often_words(rule),
        counts=queries.counts_of(item),
        form=form,
        rows=rows,
        lines=[(e, basis_of(e, year), str(e.organisation_id) in marked) for e in rows],
        query=request.GET.urlencode(),
        decision=decision,
        problems=problems,
        steps=next_steps(item, person_of(request.user)),
        left_out=[] if within is not None else overdue_left_out(item),
        drift=drift(item) if item.draft and within is None else None,
        everything=within is None,
        files=_files(item) if within is None else [],
        versions=queries.lists().filter(cycle=item.cycle).exclude(pk=item.pk),
        history=[shown(entry) for entry in of_thing(item)],
        crumbs=crumbs(),
        status=422 if problems else 200,
    )


def _files(item: OrganisationList) -> list[dict[str, Any]]:
    sizes = {file["name"]: file["bytes"] for file in item.files}
    return [
        {
            "title": title,
            "url": reverse("office:list_file", args=[item.pk, kind]),
            "size": sizes.get(jobs.file_name(item, kind)),
        }
        for kind, title in KINDS.items()
        if kind != "json" or item.approved
    ]


@require_GET
def list_file(request: HttpRequest, key: int, kind: str) -> HttpResponse:
    """A document: the kept one of an approved list, else as it would be now."""
    item = get_list_for(request.user, key)
    if kind not in KINDS or (reached_by(request.user) is not None and not item.approved):
        raise Http404("Такого документа нет.")
    return attachment(jobs.document(item, kind), jobs.file_name(item, kind))


@require_GET
def list_coverage(request: HttpRequest, key: int) -> HttpResponse:
    """Organisation × year, with totals and those whom nothing covers."""
    item = get_list_for(request.user, key)
    found = coverage_of(item, reached_by(request.user))
    wanted = found.uncovered if request.GET.get("show") == "uncovered" else found.rows
    rows = Paginator(wanted, UNCOVERED).get_page(request.GET.get("page"))
    lines = [
        (row, [mark_word(row.covered.marks.get(year, "")) for year in found.years]) for row in rows
    ]
    return page(
        request,
        "list_coverage.html",
        SECTION,
        item=item,
        found=found,
        lead=coverage_sentence(found),
        rows=rows,
        lines=lines,
        municipalities=_totals(found.by_municipality, found.years),
        types=_totals(found.by_type, found.years),
        only_uncovered=request.GET.get("show") == "uncovered",
        crumbs=crumbs(item),
    )


def _totals(
    groups: Mapping[str, Total], years: Sequence[int]
) -> list[tuple[str, Total, list[int]]]:
    """Name, numbers, and how many were assessed or listed in each year."""
    return [
        (name, total, [total.by_year.get(year, 0) for year in years])
        for name, total in groups.items()
    ]


@require_GET
def list_coverage_file(request: HttpRequest, key: int) -> HttpResponse:
    item = get_list_for(request.user, key)
    content = content_for(item, within=reached_by(request.user))
    return attachment(coverage_xlsx(content), f"ohvat-{item.cycle.slug}.xlsx")


@require_GET
def list_difference(request: HttpRequest, key: int) -> HttpResponse:
    """From last year's list, from the version that this one changes, from the registry now."""
    item = get_list_for(request.user, key)
    if reached_by(request.user) is not None:
        raise Http404("Отличия видят те, кто ведёт весь регион.")
    before = queries.list_before(item)
    return page(
        request,
        "list_difference.html",
        SECTION,
        item=item,
        before=before,
        year=difference(before, item) if before else None,
        version=difference(item.amends, item) if item.amends else None,
        drift=drift(item),
        crumbs=crumbs(item),
    )


def crumbs(item: OrganisationList | None = None) -> list[tuple[str, str]]:
    """The way to a list, or to a page under it."""
    way = [
        ("Рабочее место", reverse("office:start")),
        ("Перечни", reverse("office:lists")),
    ]
    if item is not None:
        way.append((str(item), reverse("office:list", args=[item.pk])))
    return way
