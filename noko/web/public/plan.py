"""The plans that are in force: what is to be done, by when, and how it stands."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from noko.core.planning.progress import TITLES, Status
from noko.documents.plan import since
from noko.exchange.calendar_feed import calendar_of
from noko.models import CalendarFeed
from noko.queries.plan import municipal_plans, public_plans, view_of
from noko.web.plan_pictures import STATES, chart_of
from noko.web.public.page import HOME, public_page


@public_page
def plans(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    views = [view_of(plan, today) for plan in public_plans()]
    context = {
        "section": "plan",
        "views": views,
        "invented": any(view.plan.cycle.invented for view in views),
        "breadcrumb": [HOME],
    }
    return render(request, "public/plans.html", context)


@public_page
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    found = public_plans().filter(cycle__slug=slug).first()
    if found is None:
        raise Http404("Утверждённого плана с таким адресом нет.")
    view = view_of(found, timezone.localdate())
    groups = [(group.section, [(row, since(row)) for row in group.rows]) for group in view.groups]
    municipal = municipal_plans(found.cycle).filter(status="adopted")
    context = {
        "section": "plan",
        "wide": True,
        "plan": found,
        "view": view,
        "groups": groups,
        "counts": [(STATES[s], TITLES[s], view.counts[s]) for s in Status],
        "chart": chart_of(view.rows, found.year, view.today),
        "municipal": [view_of(one, view.today) for one in municipal],
        "invented": found.cycle.invented,
        "breadcrumb": [HOME, ("Планы", "/plan/")],
    }
    return render(request, "public/plan.html", context)


@require_safe
@never_cache
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar of whoever holds the secret address; nothing but due dates is in it."""
    del request
    found = CalendarFeed.objects.select_related("person").filter(token=token).first()
    if found is None or not found.person.is_active:
        raise Http404("Такого календаря нет.")
    answer = HttpResponse(
        calendar_of(found.person, timezone.now()), content_type="text/calendar; charset=utf-8"
    )
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
