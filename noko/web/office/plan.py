"""The plan of a cycle: as printed, as a calendar, as a chart; composing, findings, adoption."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import allow, get_cycle_for, person_of
from noko.access.loading import scope_of
from noko.access.permissions import Permission
from noko.access.plan_loaders import get_plan_for, may_edit, plans_for
from noko.actions import plan as plans
from noko.actions import plan_findings
from noko.core.planning.draft import draft_from_template
from noko.core.planning.logic import FINDINGS
from noko.core.planning.progress import TITLES, Status
from noko.core.refusal import Refusal
from noko.models import Cycle, Municipality, Plan
from noko.queries.calendar import working_calendar
from noko.queries.plan import PlanView, municipal_plans, plan_of, previous_plans, view_of
from noko.queries.plan_logic import open_findings
from noko.queries.plan_template import template_for
from noko.templatetags.russian import counted
from noko.web.office.cycle import cycle_crumbs
from noko.web.office.pages import page
from noko.web.office.plan_forms import ReasonForm
from noko.web.plan_pictures import STATES, chart_of, month_grids

ACTIVITIES = "мероприятие,мероприятия,мероприятий"


@require_GET
def cycle_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """The region's plan of the cycle; before there is one, the ways to begin it."""
    cycle = get_cycle_for(request.user, slug, Permission.PLAN_VIEW)
    found = plan_of(cycle)
    if found is not None:
        return _shown(request, found, "plan.html", "table")
    return page(
        request,
        "plan_empty.html",
        "cycles",
        cycle=cycle,
        crumbs=cycle_crumbs(cycle),
        previous=previous_plans(cycle)[:5],
    )


@require_GET
def plan(request: HttpRequest, key: int) -> HttpResponse:
    return _shown(request, get_plan_for(request.user, key), "plan.html", "table")


@require_GET
def plan_calendar(request: HttpRequest, key: int) -> HttpResponse:
    found = get_plan_for(request.user, key)
    view = view_of(found, timezone.localdate())
    grids = month_grids(view.rows, found.year, view.today, working_calendar())
    known = working_calendar().established(found.year)
    return _shown(request, found, "plan_calendar.html", "calendar", view, months=grids, known=known)


@require_GET
def plan_chart(request: HttpRequest, key: int) -> HttpResponse:
    found = get_plan_for(request.user, key)
    view = view_of(found, timezone.localdate())
    chart = chart_of(view.rows, found.year, view.today)
    return _shown(request, found, "plan_chart.html", "chart", view, chart=chart)


def _shown(
    request: HttpRequest,
    found: Plan,
    template: str,
    tab: str,
    view: PlanView | None = None,
    **more: Any,
) -> HttpResponse:
    """A page of a plan with its tabs."""
    view = view or view_of(found, timezone.localdate())
    editable = may_edit(request.user, found)
    return page(
        request,
        template,
        "cycles",
        status=more.pop("status", 200),
        plan=found,
        cycle=found.cycle,
        view=view,
        editable=editable,
        tabs=plan_tabs(found, tab, editable),
        counts=[(STATES[s], TITLES[s], view.counts[s]) for s in Status],
        states=STATES,
        crumbs=plan_crumbs(found)[:-1],
        **more,
    )


def plan_tabs(found: Plan, current: str, editable: bool) -> list[dict[str, Any]]:
    """The views of a plan as links; findings only for who may mend them."""
    tabs = [
        ("table", "Таблица", reverse("office:plan", args=[found.pk]), ""),
        ("calendar", "Календарь", reverse("office:plan_calendar", args=[found.pk]), ""),
        ("chart", "Диаграмма", reverse("office:plan_chart", args=[found.pk]), ""),
    ]
    if editable:
        waiting = len(open_findings(found))
        url = reverse("office:plan_findings", args=[found.pk])
        tabs.append(("findings", "Замечания", url, str(waiting or "")))
    return [
        {"title": title, "url": url, "current": code == current, "note": note}
        for code, title, url, note in tabs
    ]


def plan_crumbs(found: Plan) -> list[tuple[str, str]]:
    """The way to a page under a plan."""
    crumbs = cycle_crumbs(found.cycle)
    if found.municipality is not None:
        slug = found.cycle.slug
        crumbs.append(("План региона", reverse("office:cycle_plan", args=[slug])))
    name = str(found.municipality) if found.municipality else "План"
    return [*crumbs, (name, reverse("office:plan", args=[found.pk]))]


# --- composing --------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest, slug: str) -> HttpResponse:
    """From the template, or from an earlier plan (``from``): what will be there, then the deed."""
    cycle = get_cycle_for(request.user, slug, Permission.PLAN_EDIT)
    person, now = person_of(request.user), timezone.now()
    earlier = previous_plans(cycle).filter(pk=_number(request, "from")).first()
    problem = ""
    if request.method == "POST":
        try:
            if earlier is not None:
                made = plans.continue_from(plan=earlier, cycle=cycle, by=person, now=now)
            else:
                draft = draft_from_template(template_for(cycle.year), cycle.year)
                made = plans.create(cycle=cycle, draft=draft, by=person, now=now)
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, "План составлен. Проверьте замечания и исправьте своё.")
            return redirect("office:plan_findings", made.pk)
    return page(
        request,
        "plan_new.html",
        "cycles",
        cycle=cycle,
        earlier=earlier,
        existing=plan_of(cycle),
        changes=_effects(cycle, earlier),
        problem=problem,
        crumbs=[*cycle_crumbs(cycle), ("План", reverse("office:cycle_plan", args=[slug]))],
        status=422 if problem else 200,
    )


def _number(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name) or request.POST.get(name) or "0"
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def _effects(cycle: Cycle, earlier: Plan | None) -> list[str]:
    if earlier is not None:
        count = counted(earlier.activities.count(), ACTIVITIES)
        return [
            f"В плане будет {count} из плана «{earlier}».",
            f"Годы в названиях и сроках сдвинутся: {earlier.year} станет {cycle.year}.",
            "Подтверждения и решения по замечаниям прежнего плана останутся в нём.",
            "План будет проектом, пока вы его не утвердите.",
        ]
    count = counted(len(template_for(cycle.year).activities), ACTIVITIES)
    return [
        f"В плане будет {count} цикла с обычными сроками и ролями вместо имён.",
        "План будет проектом, пока вы его не утвердите: всё можно изменить.",
    ]


# --- findings ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def findings(request: HttpRequest, key: int) -> HttpResponse:
    found = get_plan_for(request.user, key, Permission.PLAN_EDIT)
    problem, wrong = "", request.POST.get("finding", "")
    if request.method == "POST":
        try:
            _decide(request, found, wrong)
        except Refusal as refusal:
            problem = str(refusal)
        else:
            return redirect("office:plan_findings", found.pk)
    return _shown(
        request,
        found,
        "plan_findings.html",
        "findings",
        findings=open_findings(found),
        decided=found.decisions.select_related("decided_by").order_by("-decided_at"),
        titles=FINDINGS,
        form=ReasonForm(),
        problem=problem,
        wrong=wrong,
        typed=request.POST.get("reason", ""),
        status=422 if problem else 200,
    )


def _decide(request: HttpRequest, found: Plan, fingerprint: str) -> None:
    person, now = person_of(request.user), timezone.now()
    choice = request.POST.get("accept")
    if choice is not None:
        number = int(choice) if choice.isascii() and choice.isdigit() else 0
        plan_findings.accept(plan=found, fingerprint=fingerprint, choice=number, by=person, now=now)
        messages.success(request, "План исправлен.")
        return
    reason = request.POST.get("reason", "")
    plan_findings.dismiss(plan=found, fingerprint=fingerprint, reason=reason, by=person, now=now)
    messages.success(request, "Замечание отклонено. Причина сохранена.")


# --- municipalities ---------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def municipal(request: HttpRequest, slug: str) -> HttpResponse:
    """The plans of municipalities, and a new one that inherits the region's."""
    cycle = get_cycle_for(request.user, slug, Permission.PLAN_VIEW)
    region = plan_of(cycle)
    free = _free(request, cycle)
    problem = ""
    if request.method == "POST":
        allow(request.user, Permission.MUNICIPAL_PLAN_EDIT)
        chosen = free.filter(pk=_number(request, "municipality")).first()
        if region is None or chosen is None:
            raise Http404("Для этого муниципалитета план составить нельзя.")
        person, now = person_of(request.user), timezone.now()
        try:
            made = plans.inherit(parent=region, municipality=chosen, by=person, now=now)
        except Refusal as refusal:
            problem = str(refusal)
        else:
            messages.success(request, "Муниципальный план составлен. Добавьте в него своё.")
            return redirect("office:plan", made.pk)
    today = timezone.localdate()
    within = plans_for(request.user).filter(pk__in=municipal_plans(cycle).values("pk"))
    return page(
        request,
        "plan_municipal.html",
        "cycles",
        cycle=cycle,
        plan=region,
        views=[view_of(one, today) for one in within],
        free=free if region is not None and region.adopted else [],
        problem=problem,
        crumbs=[*cycle_crumbs(cycle), ("План", reverse("office:cycle_plan", args=[slug]))],
        status=422 if problem else 200,
    )


def _free(request: HttpRequest, cycle: Cycle) -> Any:
    """Municipalities without a plan in this cycle that this person may make one for."""
    scope = scope_of(request.user, Permission.MUNICIPAL_PLAN_EDIT)
    taken = cycle.plans.filter(municipality__isnull=False).values("municipality")
    found = Municipality.objects.exclude(pk__in=taken).order_by("name")
    return found if scope.everything else found.filter(pk__in=scope.municipalities)
