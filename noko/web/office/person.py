"""People who sign in: the list, and one person with roles, history and the state of their door."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access import second_factor
from noko.access.loaders import allow, get_grant_for, get_person_for, person_of
from noko.access.permissions import Permission
from noko.actions import role as deeds
from noko.actions.invitation import roles_left
from noko.actions.role import granted_of
from noko.core.refusal import Refusal
from noko.models import Person
from noko.queries import person as queries
from noko.queries.journal import of_thing
from noko.queries.place import SHOWN, municipalities_named, organisations_named, place_title
from noko.templatetags.russian import long_date
from noko.web.office.journal import shown
from noko.web.office.pages import page
from noko.web.office.person_forms import EndForm, PeopleForm, RoleForm
from noko.web.requests import text

ROWS = 100
HISTORY = 20


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    allow(request.user, Permission.PERSON_MANAGE)
    now = timezone.now()
    today = timezone.localdate(now)
    form = PeopleForm(request.GET or None)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = Paginator(queries.people(**wanted, today=today), ROWS).get_page(request.GET.get("page"))
    grants = queries.grants_of_all(rows, today)
    waiting = [
        (item, roles_left(item, today), item.expires_at <= now)
        for item in queries.invitations_waiting()
    ]
    return page(
        request,
        "people.html",
        "people",
        form=form,
        rows=rows,
        people=[(person, [granted_of(g) for g in grants[person.pk]]) for person in rows],
        waiting=[] if any(wanted.values()) else waiting,
        filtered=any(wanted.values()),
    )


@require_GET
def person(request: HttpRequest, key: int) -> HttpResponse:
    found = get_person_for(request.user, key)
    today = timezone.localdate()
    history = of_thing(found)[:HISTORY]
    return page(
        request,
        "person.html",
        "people",
        person=found,
        grants={
            time: [(grant, granted_of(grant)) for grant in grants]
            for time, grants in queries.grants_by_time(found, today).items()
        },
        factors=Authenticator.objects.filter(user=found, type__in=second_factor.FACTORS).count(),
        must_have=second_factor.must_have(found),
        sessions=len(UserSession.objects.purge_and_list(found)),
        history=[shown(item) for item in history],
        crumbs=crumbs(),
    )


@require_http_methods(["GET", "POST"])
def grant_role(request: HttpRequest, key: int) -> HttpResponse:
    found = get_person_for(request.user, key)
    form = RoleForm(request.POST or None, places=reverse("office:person_places"))
    if form.is_valid():
        by = person_of(request.user)
        try:
            deeds.grant(person=found, granted=form.granted, by=by, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Роль дана: {form.granted}.")
            return redirect("office:person", found.pk)
    status = 422 if form.errors else 200
    whole: dict[str, Any] = {"person": found, "form": form, "crumbs": crumbs(found)}
    return page(request, "person_role.html", "people", **whole, status=status)


@require_http_methods(["GET", "POST"])
def end_role(request: HttpRequest, key: int, grant: int) -> HttpResponse:
    found = get_grant_for(request.user, key, grant)
    granted = granted_of(found)
    form = EndForm(request.POST or None)
    if form.is_bound and form.is_valid():
        by = person_of(request.user)
        try:
            deeds.end(grant=found, last_day=form.day, by=by, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            until = f" {long_date(form.day)} – последний день." if form.day else ""
            messages.success(request, f"Роль завершена: {granted}.{until}")
            return redirect("office:person", found.person_id)
    context = {"person": found.person, "granted": granted, "form": form}
    return page(
        request,
        "person_role_end.html",
        "people",
        **context,
        crumbs=crumbs(found.person),
        status=422 if form.errors else 200,
    )


@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """Suggestions for the place of a role: municipalities first, then organisations."""
    allow(request.user, Permission.PERSON_MANAGE)
    words = text(request, next(iter(request.GET), ""))
    found: list[Any] = []
    if len(words) > 1:
        found = [*municipalities_named(words), *organisations_named(words)][:SHOWN]
    titles = [place_title(item) for item in found]
    return page(request, "_places.html", "people", titles=titles)


def crumbs(person: Person | None = None) -> list[tuple[str, str]]:
    way = [
        ("Рабочее место", reverse("office:start")),
        ("Пользователи", reverse("office:people")),
    ]
    if person is not None:
        way.append((person.full_name, reverse("office:person", args=[person.pk])))
    return way
