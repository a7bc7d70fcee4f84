"""Deciding about findings: objections, marks by hand, marks to be looked at again."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noko.access.loaders import allow
from noko.access.permissions import Permission
from noko.access.website_loaders import (
    get_mark_for,
    get_objection_for,
    get_visit_for,
    objections_for,
    site_marks_for,
    site_visits_for,
)
from noko.actions import site_mark as marks
from noko.actions import site_objection as deeds
from noko.core.refusal import Refusal
from noko.models import Person, SiteMark, SiteObjection, SiteVisit
from noko.queries.website_standing import Standing, standing_of, standings
from noko.web.files import kept_file
from noko.web.office.forms import OfficeForm
from noko.web.office.pages import page
from noko.web.office.website import SECTION, site_crumbs
from noko.web.office.website_forms import DecideForm, MarkForm, WithdrawForm
from noko.web.website_words import card

DECIDE = Permission.WEBSITE_DECIDE


@require_GET
def objections(request: HttpRequest) -> HttpResponse:
    """The queue: objections that wait, marks that the machine now contradicts, what was decided."""
    person = allow(request.user, DECIDE)
    rows = objections_for(person)
    waiting = rows.filter(status=SiteObjection.Status.FILED).order_by("filed_at", "pk")
    decided = rows.exclude(status=SiteObjection.Status.FILED).order_by("-decided_at", "-pk")
    return page(
        request,
        "website/objections.html",
        SECTION,
        waiting=[(one, _title(one)) for one in waiting],
        decided=[(one, _title(one)) for one in decided[:30]],
        again=marks_again(person),
        crumbs=site_crumbs(),
    )


def _title(objection: SiteObjection) -> str:
    from noko.queries.website_rules import get_regime

    item = get_regime(objection.visit.round.regime).item_by_code.get(objection.code)
    return item.name if item else objection.code


def marks_again(person: Person) -> list[tuple[SiteVisit, Standing]]:
    """Marks that the newest finished visit of their organisation contradicts."""
    standing = site_marks_for(person).filter(status=SiteMark.Status.STANDING)
    keys = set(standing.values_list("organisation_id", flat=True))
    if not keys:
        return []
    visits = site_visits_for(person, DECIDE).filter(
        organisation__in=keys, state=SiteVisit.State.DONE, findings__isnull=False
    )
    newest = visits.order_by("organisation_id", "round__cycle_id", "-round__number")
    found = standings(newest.distinct("organisation_id", "round__cycle_id"), whole=True)
    return [(own.visit, one) for own in found.values() for one in own.items if one.again]


@require_http_methods(["GET", "POST"])
def objection(request: HttpRequest, key: int) -> HttpResponse:
    """One objection beside the evidence; accepted or rejected with a reason, once."""
    found = get_objection_for(request.user, key)
    person = allow(request.user, DECIDE)
    form = DecideForm(request.POST or None)
    if form.is_valid():
        try:
            told = _decide(request, found, form, person)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, told)
            return redirect("office:site_objections")
    standing = standing_of(found.visit)
    one = standing.of(found.code)
    return page(
        request,
        "website/objection.html",
        SECTION,
        item=found,
        visit=found.visit,
        title=_title(found),
        card=card(one, standing.regime) if one else None,
        form=form,
        crumbs=[*site_crumbs(found.visit.round, found.visit)],
        status=422 if form.errors else 200,
    )


def _decide(request: HttpRequest, found: SiteObjection, form: DecideForm, person: Person) -> str:
    reason, now = form.cleaned_data["reason"], timezone.now()
    if "accept" in request.POST:
        value = form.cleaned_data["value"] or SiteMark.Value.FOUND
        deeds.accept(objection=found, reason=reason, value=value, by=person, now=now)
        return "Возражение принято, пункт отмечен. Организация получит письмо."
    deeds.reject(objection=found, reason=reason, by=person, now=now)
    return "Возражение отклонено. Организация получит письмо с причиной."


@require_GET
def objection_file(request: HttpRequest, key: int) -> FileResponse:
    found = get_objection_for(request.user, key)
    if not found.digest:
        raise Http404("К возражению файл не приложен.")
    return kept_file(found.digest, found.file_name)


@require_http_methods(["GET", "POST"])
def mark(request: HttpRequest, key: int, code: str) -> HttpResponse:
    """An expert's mark on one item of a visit."""
    visit = get_visit_for(request.user, key, DECIDE)
    standing = standing_of(visit)
    one = standing.of(code)
    if one is None:
        raise Http404(f"Пункта {code} в этом обходе нет.")
    person, form = allow(request.user, DECIDE), MarkForm(request.POST or None)

    def make() -> None:
        marks.make_mark(visit=visit, code=code, by=person, now=timezone.now(), **form.cleaned_data)

    if _done(request, form, make, "Отметка поставлена. Она стоит рядом с выводом машины."):
        return redirect("office:site_item", visit.pk, code)
    return page(
        request,
        "website/mark.html",
        SECTION,
        visit=visit,
        card=card(one, standing.regime),
        standing=one,
        form=form,
        crumbs=site_crumbs(visit.round, visit),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def mark_withdraw(request: HttpRequest, key: int) -> HttpResponse:
    found = get_mark_for(request.user, key)
    person, form = allow(request.user, DECIDE), WithdrawForm(request.POST or None)

    def withdraw() -> None:
        reason = form.cleaned_data["reason"]
        marks.withdraw_mark(mark=found, reason=reason, by=person, now=timezone.now())

    if _done(request, form, withdraw, "Отметка снята. Снова действует вывод машины."):
        return redirect("office:site_visit", found.visit_id)
    return page(
        request,
        "website/withdraw.html",
        SECTION,
        mark=found,
        form=form,
        changes=[
            f"Отметка «{found.get_value_display()}» перестанет действовать во всех обходах цикла.",
            "Будет считаться то, что нашла машина. Отметка и причина останутся в истории.",
        ],
        crumbs=site_crumbs(found.visit.round, found.visit),
        status=422 if form.errors else 200,
    )


@require_POST
def mark_confirm(request: HttpRequest, key: int, mark: int) -> HttpResponse:
    """The mark was looked at over the visit ``key`` and is right."""
    visit = get_visit_for(request.user, key, DECIDE)
    found = get_mark_for(request.user, mark)
    person = allow(request.user, DECIDE)
    try:
        marks.confirm_mark(mark=found, visit=visit, by=person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Отметка верна: записано.")
    return redirect("office:site_item", visit.pk, found.code)


def _done(request: HttpRequest, form: OfficeForm, deed: Callable[[], None], told: str) -> bool:
    if not form.is_valid():
        return False
    try:
        deed()
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    messages.success(request, told)
    return True
