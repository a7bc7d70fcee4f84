"""People who sign in: the list, a new one, the roles of one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import allow, get_person_for, person_of
from noko.access.loading import roles_of
from noko.access.permissions import Permission
from noko.actions import person as deeds
from noko.core.refusal import Refusal
from noko.models import Person
from noko.web.office.forms import PersonForm, RolesForm
from noko.web.office.pages import page


@require_GET
def people(request: HttpRequest) -> HttpResponse:
    allow(request.user, Permission.PERSON_MANAGE)
    rows = [(person, roles_of(person)) for person in Person.objects.order_by("full_name", "pk")]
    return page(request, "people.html", "people", rows=rows)


@require_http_methods(["GET", "POST"])
def new_person(request: HttpRequest) -> HttpResponse:
    by = allow(request.user, Permission.PERSON_MANAGE)
    form = PersonForm(request.POST or None)
    if form.is_valid():
        try:
            made = deeds.create(**form.facts(), by=by, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Пользователь {made.full_name} добавлен и может войти.")
            return redirect("office:people")
    status = 422 if form.errors else 200
    return page(request, "person_new.html", "people", form=form, crumbs=_crumbs(), status=status)


@require_http_methods(["GET", "POST"])
def person(request: HttpRequest, key: int) -> HttpResponse:
    found = get_person_for(request.user, key)
    held = [role.code for role in roles_of(found)]
    form = RolesForm(request.POST) if request.method == "POST" else RolesForm.of(found, held)
    if form.is_bound and form.is_valid():
        try:
            deeds.set_roles(
                person=found,
                roles=form.granted(found),
                is_active=form.cleaned_data["is_active"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Роли сохранены: {found.full_name}.")
            return redirect("office:people")
    status = 422 if form.errors else 200
    return page(
        request, "person.html", "people", person=found, form=form, crumbs=_crumbs(), status=status
    )


def _crumbs() -> list[tuple[str, str]]:
    return [
        ("Рабочее место", reverse("office:start")),
        ("Пользователи", reverse("office:people")),
    ]
