"""The organisation's site: what was found, how it moved, objections and what became of them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import User, get_organisation_for, organisations_for, person_of
from noko.access.permissions import Permission
from noko.access.website_loaders import (
    get_own_objection_for,
    get_own_visit_for,
    own_visits_for,
)
from noko.actions import site_objection as deeds
from noko.core.refusal import Refusal
from noko.core.websites.findings import Status
from noko.models import Organisation, SiteObjection, SiteVisit
from noko.queries.improvement import plan_term
from noko.queries.website_rules import get_regime
from noko.queries.website_standing import (
    difference,
    history,
    since,
    standing_of,
    standings,
    term_is_open,
    visit_before,
)
from noko.web.cabinet.pages import page
from noko.web.cabinet.website_forms import ObjectionForm
from noko.web.files import kept_file
from noko.web.website_words import card, defects, groups, moment_items, moved_rows, outcome

SECTION = "sites"
SHOWN = 24
"""How many visits the history goes back."""


def site_news(person: User, organisation: Organisation) -> dict[str, Any] | None:
    """The newest findings in a line: how many items are absent, until when one may object."""
    visit = own_visits_for(person).filter(organisation=organisation).first()
    if visit is None:
        return None
    standing = standings([visit])[visit.pk]
    open_now = term_is_open(visit.round, timezone.localdate())
    return {
        "absent": sum(one.counted is Status.ABSENT for one in standing.own),
        "until": visit.round.objections_until if open_now else None,
    }


@require_GET
def sites(request: HttpRequest) -> HttpResponse:
    """Own organisations with the newest findings about their sites; a single one opens at once."""
    own = list(organisations_for(request.user, Permission.CABINET_ENTER))
    if len(own) == 1:
        return redirect("cabinet:site", own[0].pk)
    newest = {one: own_visits_for(request.user).filter(organisation=one).first() for one in own}
    found = standings([visit for visit in newest.values() if visit])
    rows = [(one, visit, found[visit.pk] if visit else None) for one, visit in newest.items()]
    return page(request, "site/sites.html", SECTION, rows=rows)


@require_GET
def site(request: HttpRequest, key: int) -> HttpResponse:
    """The newest findings that the organisation was shown."""
    own = get_organisation_for(request.user, key, Permission.CABINET_ENTER)
    newest = own_visits_for(request.user).filter(organisation=own).first()
    if newest is None:
        return page(request, "site/empty.html", SECTION, organisation=own)
    return _visit(request, own, newest)


@require_GET
def site_visit(request: HttpRequest, key: int) -> HttpResponse:
    """An earlier visit, as it stood."""
    visit = get_own_visit_for(request.user, key)
    return _visit(request, visit.organisation, visit)


def _visit(request: HttpRequest, own: Organisation, visit: SiteVisit) -> HttpResponse:
    standing = standing_of(visit)
    visits = list(own_visits_for(request.user).filter(organisation=own)[:SHOWN])
    before = visit_before(visit, shown=True)
    serious, remarks = defects(visit)
    first = min((one.round.on for one in visits), default=visit.round.on)
    return page(
        request,
        "site/site.html",
        SECTION,
        organisation=own,
        visit=visit,
        round=visit.round,
        newest=visits[0] == visit,
        standing=standing,
        groups=groups(standing),
        plan_term=plan_term(visit.round.cycle),
        outcome=outcome(visit),
        objectable=term_is_open(visit.round, timezone.localdate()),
        objections=[(one, _title(one)) for one in visit.objections.order_by("-filed_at")],
        serious=serious,
        remarks=remarks,
        before=before,
        moved=moved_rows(difference(standings([before])[before.pk], standing)) if before else [],
        visits=[one for one in visits if one != visit],
        since=since(visits, first) if len(visits) > 1 else None,
        first=first,
    )


def _title(objection: SiteObjection) -> str:
    item = get_regime(objection.visit.round.regime).item_by_code.get(objection.code)
    return item.name if item else objection.code


@require_GET
def site_item(request: HttpRequest, key: int, code: str) -> HttpResponse:
    """One item over all visits that the organisation was shown."""
    visit = get_own_visit_for(request.user, key)
    standing = standing_of(visit)
    one = standing.of(code)
    if one is None:
        raise Http404(f"Пункта {code} в этом обходе нет.")
    visits = own_visits_for(request.user).filter(organisation=visit.organisation)
    return page(
        request,
        "site/item.html",
        SECTION,
        visit=visit,
        organisation=visit.organisation,
        card=card(one, standing.regime),
        objectable=term_is_open(visit.round, timezone.localdate()),
        moments=moment_items(history(list(visits[:SHOWN]), code)),
        crumbs=_crumbs(visit),
    )


def _crumbs(visit: SiteVisit) -> list[tuple[str, str]]:
    return [("Сайт", reverse("cabinet:site", args=[visit.organisation_id]))]


@require_http_methods(["GET", "POST"])
def site_object(request: HttpRequest, key: int, code: str) -> HttpResponse:
    """An objection to one finding: written, looked over once more, filed."""
    visit = get_own_visit_for(request.user, key)
    standing = standing_of(visit)
    one = standing.of(code)
    if one is None:
        raise Http404(f"Пункта {code} в этом обходе нет.")
    sent = [request.POST, request.FILES] if request.method == "POST" else []
    form = ObjectionForm(request, *sent)
    if form.is_valid() and (made := _filed(request, visit, code, form)):
        messages.success(request, "Возражение подано. Решение придёт письмом.")
        return redirect("cabinet:site_objection", made.pk)
    return page(
        request,
        "site/object.html",
        SECTION,
        visit=visit,
        organisation=visit.organisation,
        round=visit.round,
        card=card(one, standing.regime),
        open=term_is_open(visit.round, timezone.localdate()),
        form=form,
        crumbs=_crumbs(visit),
        status=422 if form.errors else 200,
    )


def _filed(
    request: HttpRequest, visit: SiteVisit, code: str, form: ObjectionForm
) -> SiteObjection | None:
    """The objection; None where it was refused, and the form says why."""
    values: dict[str, Any] = dict(form.cleaned_data)
    values.pop("sure", None)
    try:
        kept = form.kept_file()
        return deeds.file_objection(
            visit=visit,
            code=code,
            text=values["text"],
            address=values["address"],
            **kept,
            by=person_of(request.user),
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None


@require_GET
def site_objection(request: HttpRequest, key: int) -> HttpResponse:
    """The receipt of an objection, and later how it was decided."""
    found = get_own_objection_for(request.user, key)
    return page(
        request,
        "site/objection.html",
        SECTION,
        item=found,
        visit=found.visit,
        organisation=found.visit.organisation,
        title=_title(found),
        crumbs=_crumbs(found.visit),
    )


@require_GET
def site_objection_file(request: HttpRequest, key: int) -> FileResponse:
    found = get_own_objection_for(request.user, key)
    if not found.digest:
        raise Http404("К возражению файл не приложен.")
    return kept_file(found.digest, found.file_name)
