"""A plan from somebody's file: read, corrected by a person, kept whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import get_cycle_for, person_of
from noko.access.permissions import Permission
from noko.actions import imports
from noko.actions import plan as plans
from noko.core.planning.draft import (
    Draft,
    as_data,
    check_draft,
    draft_from_file,
    from_data,
    items_of,
)
from noko.core.planning.logic import FINDINGS, Finding
from noko.core.planning.people import Responsible
from noko.core.planning.reading import understand, understood_as
from noko.core.planning.term_grammar import Unclear
from noko.core.refusal import Refusal
from noko.exchange import uploads
from noko.exchange.plan_files import read_plan_file
from noko.models import Cycle, Import, Plan
from noko.queries.calendar import working_calendar
from noko.queries.plan import plan_of
from noko.queries.plan_template import get_template, template_for
from noko.templatetags.russian import counted
from noko.web.office.cycle import cycle_crumbs
from noko.web.office.pages import page, sentences
from noko.web.office.plan_forms import PlanFileForm, applied, corrected

ROLE = "plan"
ACTIVITIES = "мероприятие,мероприятия,мероприятий"


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    cycle = get_cycle_for(request.user, slug, Permission.PLAN_EDIT)
    form = PlanFileForm(request, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        folder, names = uploads.store({ROLE: form.cleaned_data[ROLE]})
        try:
            item = _remembered(request, cycle, folder, names)
        except Refusal as refusal:
            uploads.forget(folder)
            for text in sentences(refusal):
                form.add_error(ROLE, text)
        except BaseException:
            uploads.forget(folder)
            raise
        else:
            return redirect("office:import", item.pk)
    return page(
        request,
        "plan_upload.html",
        "cycles",
        form=form,
        cycle=cycle,
        existing=plan_of(cycle),
        crumbs=_crumbs(cycle),
        status=422 if form.errors else 200,
    )


def _remembered(request: HttpRequest, cycle: Cycle, folder: str, names: dict[str, str]) -> Import:
    """The file read and kept with its preview. Terms are read for the year of the plan itself."""
    table = read_plan_file(
        uploads.path_of(folder, ROLE), name=names[ROLE], limit_bytes=settings.UPLOAD_MAX_BYTES
    )
    template = template_for(cycle.year)
    year = table.year or cycle.year
    plan = understand(table, year=year, calendar=working_calendar(), template=template)
    preview = as_data(draft_from_file(plan, template))
    return imports.remember(
        cycle=cycle,
        kind=Import.Kind.PLAN,
        folder=folder,
        file_names=names,
        preview={**preview, "notes": [str(note) for note in table.notes]},
        by=person_of(request.user),
        now=timezone.now(),
    )


def show(request: HttpRequest, item: Import) -> HttpResponse:
    """The preview; every button sends the corrections of the whole page."""
    problems: list[str] = []
    if request.method == "POST" and item.status == Import.Status.PREVIEWED:
        try:
            return _decide(request, item)
        except Refusal as refusal:
            problems = sentences(refusal)
            item.refresh_from_db()
    return _shown(request, item, problems)


def _decide(request: HttpRequest, item: Import) -> HttpResponse:
    draft = _draft(item)
    template = get_template(draft.template)
    draft = corrected(draft, request.POST.dict(), template)
    if "year" in request.POST:
        draft = replace(draft, year=_cycle(item).year)
    if "apply" in request.POST:
        fingerprint, _, choice = request.POST["apply"].partition(":")
        found = check_draft(draft, calendar=working_calendar(), template=template)
        finding = next((one for one in found if one.fingerprint == fingerprint), None)
        draft = applied(draft, finding, int(choice or 0)) if finding else draft
    imports.correct(
        item=item, confirmed=as_data(draft), preview=item.preview, by=person_of(request.user)
    )
    if "save" not in request.POST:
        return redirect("office:import", item.pk)
    plan = _kept(request, item, draft)
    uploads.forget(item.folder)
    messages.success(request, f"План сохранён: {counted(plan.activities.count(), ACTIVITIES)}.")
    return redirect("office:plan_findings", plan.pk)


def _kept(request: HttpRequest, item: Import, draft: Draft) -> Plan:
    person, now = person_of(request.user), timezone.now()
    with transaction.atomic():
        imports.accept(item=item, by=person, now=now)
        return plans.create(cycle=_cycle(item), draft=draft, by=person, now=now)


def _draft(item: Import) -> Draft:
    data = item.confirmed or {key: item.preview[key] for key in item.preview if key != "notes"}
    return from_data(data)


def _cycle(item: Import) -> Cycle:
    assert item.cycle is not None  # noqa: S101 (an import of a plan is always of a cycle)
    return item.cycle


def _crumbs(cycle: Cycle) -> list[tuple[str, str]]:
    return [*cycle_crumbs(cycle), ("План", reverse("office:cycle_plan", args=[cycle.slug]))]


def _shown(request: HttpRequest, item: Import, problems: list[str]) -> HttpResponse:
    draft, cycle = _draft(item), _cycle(item)
    template = get_template(draft.template)
    findings = check_draft(draft, calendar=working_calendar(), template=template)
    return page(
        request,
        "plan_import.html",
        "cycles",
        status=422 if problems else 200,
        item=item,
        cycle=cycle,
        crumbs=_crumbs(cycle),
        draft=draft,
        rows=_rows(draft, findings),
        questions=[one for one in findings if one.code == "term_unclear"],
        findings=[one for one in findings if one.code != "term_unclear"],
        titles=FINDINGS,
        notes=item.preview.get("notes", []),
        codes=[(one.code, f"{one.number}. {one.activity}") for one in template.activities],
        waiting=item.status == Import.Status.PREVIEWED,
        other_year=draft.year != cycle.year,
        problems=problems,
        button=f"Сохранить план: {counted(len(draft.rows), ACTIVITIES)}",
    )


def _rows(draft: Draft, findings: tuple[Finding, ...]) -> list[dict[str, Any]]:
    """Each row with how its term was understood and the findings that name it."""
    rows = []
    for row, item in zip(draft.rows, items_of(draft), strict=True):
        rows.append(
            {
                "row": row,
                "key": item.key,
                "section": draft.sections[row.section] if row.section is not None else None,
                "understood": understood_as(item).removeprefix("? "),
                "unclear": isinstance(item.term, Unclear),
                "responsible": "\n".join(map(_printed, item.responsible)),
            }
        )
    return rows


def _printed(one: Responsible) -> str:
    """A person with the position behind the name, so that it is read the same way again."""
    return f"{one.name}, {one.note}" if one.note else one.name
