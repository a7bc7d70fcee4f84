"""The registry of organisations: looking through it, one card, its change, a new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import allow, get_organisation_for, organisations_for, person_of
from noko.access.loading import has_permission, scope_of
from noko.access.permissions import Permission
from noko.access.scope import Scope
from noko.actions import organisation as deeds
from noko.core.refusal import Refusal
from noko.core.tables.duplicates import Candidate
from noko.core.tables.preview import COMPARED, Value
from noko.documents.registry import registry_table
from noko.jobs.release import enqueue_pages
from noko.models import Municipality, Organisation
from noko.queries import card as facts
from noko.queries.assessment import assessments_of
from noko.queries.busgov import standing_of
from noko.queries.busgov_rules import get_monitoring
from noko.queries.journal import of_thing
from noko.queries.registry import TITLES, values_of
from noko.queries.registry_search import found, ordered_by_municipality
from noko.templatetags.office import in_words
from noko.templatetags.russian import long_date
from noko.web.files import attachment
from noko.web.office.journal import shown
from noko.web.office.organisation_forms import OrganisationForm, RegistryForm
from noko.web.office.pages import page

ROWS = 100
HISTORY = 20


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    reached = organisations_for(request.user)
    form = RegistryForm(request.GET or None, reached=reached)
    rows = found(reached, form.wanted(timezone.localdate()))
    query = request.GET.copy()
    query.pop("page", None)
    return page(
        request,
        "organisations.html",
        "organisations",
        form=form,
        rows=Paginator(rows, ROWS).get_page(request.GET.get("page")),
        query=query.urlencode(),
        everything=scope_of(request.user, Permission.ORGANISATION_VIEW).everything,
    )


@require_GET
def organisations_file(request: HttpRequest) -> HttpResponse:
    """The same selection as a table."""
    reached = organisations_for(request.user)
    form = RegistryForm(request.GET or None, reached=reached)
    rows = found(reached, form.wanted(timezone.localdate()))
    content = registry_table(list(ordered_by_municipality(rows)))
    return attachment(content, "organizacii.xlsx")


@require_GET
def organisation(request: HttpRequest, key: int) -> HttpResponse:
    """The card. The address of a merged record leads to the one it was merged into."""
    item = get_organisation_for(request.user, key)
    if item.pk != key:
        messages.info(request, f"Запись {key} объединена с этой.")
        return redirect("office:organisation", item.pk)
    person = person_of(request.user)
    editable = scope_of(person, Permission.ORGANISATION_EDIT).covers(item)
    mergeable = scope_of(person, Permission.ORGANISATION_MERGE).covers(item)
    history = of_thing(item)
    tells = editable or has_permission(person, Permission.JOURNAL_VIEW)
    return page(
        request,
        "organisation.html",
        "organisations",
        organisation=item,
        crumbs=crumbs(),
        facts=card_facts(item),
        editable=editable,
        mergeable=mergeable,
        doubles=facts.doubles_of(item) if editable else [],
        predecessors=facts.predecessors_of(item),
        successors=facts.successors_of(item),
        assessments=assessments_of(item),
        busgov=standing_of(item),
        days=get_monitoring().freshness.days,
        today=timezone.localdate(),
        editors=facts.editors_of(item) if editable else [],
        history=[shown(entry) for entry in history[:HISTORY]] if tells else [],
        more_history=max(0, history.count() - HISTORY) if tells else 0,
    )


def card_facts(item: Organisation) -> list[tuple[str, Any]]:
    """Titles and values of everything that is known, in the order of the registry."""
    values = values_of(item)
    rows = [(TITLES[key], shown_value(key, values[key])) for key in COMPARED if key != "short_name"]
    return [*rows, ("Номер карточки", str(item.pk))]


def shown_value(key: str, value: Value) -> str:
    """A value of the registry as people read it."""
    if value in (None, ""):
        return ""
    if key in ("opened_on", "closed_on"):
        year, month, day = str(value).split("-")
        return f"{day}.{month}.{year}"
    return str(in_words(value, key))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    """The form, then what will change, then the deed."""
    item = get_organisation_for(request.user, key, Permission.ORGANISATION_EDIT)
    person = person_of(request.user)
    scope = scope_of(person, Permission.ORGANISATION_EDIT)
    if request.method != "POST":
        return _edit_page(request, item, OrganisationForm.of(item, scope))
    form = OrganisationForm(request.POST, scope=scope)
    if not form.is_valid() or "back" in request.POST:
        return _edit_page(request, item, form)
    values = form.values()
    changes = changes_of(item, values)
    if not changes:
        messages.info(request, "Ничего не изменилось.")
        return redirect("office:organisation", item.pk)
    if "confirm" in request.POST:
        try:
            deeds.change(
                organisation=item,
                values=values,
                seen=form.cleaned_data["seen"],
                by=person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
            if refusal.kind != "organisation_changed":
                return _edit_page(request, item, form)
            item = get_organisation_for(request.user, key, Permission.ORGANISATION_EDIT)
            changes = changes_of(item, values)
        else:
            enqueue_pages()
            messages.success(request, "Сведения сохранены.")
            return redirect("office:organisation", item.pk)
    return _confirm_page(request, form, item=item, changes=changes)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new organisation by hand; alike records are shown before it is added."""
    person = allow(request.user, Permission.ORGANISATION_EDIT)
    scope = scope_of(person, Permission.ORGANISATION_EDIT)
    if request.method != "POST":
        empty = {"status": Organisation.Status.ACTIVE, "municipality": _only_municipality(scope)}
        return _new_page(request, OrganisationForm(initial=empty, scope=scope))
    form = OrganisationForm(request.POST, scope=scope)
    if not form.is_valid() or "back" in request.POST:
        return _new_page(request, form)
    values = form.values()
    if "confirm" in request.POST:
        try:
            made = deeds.add(values=values, by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
            return _new_page(request, form)
        messages.success(request, "Организация добавлена.")
        return redirect("office:organisation", made.pk)
    return _confirm_page(request, form, changes=changes_of(None, values), doubles=_alike(values))


def _only_municipality(scope: Scope) -> str:
    """The municipality of a coordinator who has one."""
    names = Municipality.objects.filter(pk__in=scope.municipalities).values_list("name", flat=True)
    return names[0] if len(names) == 1 else ""


def _alike(values: Mapping[str, Any]) -> list[facts.Double]:
    keys = ("full_name", "short_name", "type", "municipality", "inn", "ogrn", "address")
    return facts.doubles_of_new(Candidate(0, **{key: values[key] for key in keys}))


def changes_of(item: Organisation | None, values: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Title, value now and value after, as people read them, of every field that changes."""
    before = values_of(item) if item else {}
    pairs = [(key, before.get(key) or "", values[key] or "") for key in COMPARED if key in values]
    return [
        (TITLES[key], shown_value(key, was), shown_value(key, becomes))
        for key, was, becomes in pairs
        if str(was) != str(becomes)
    ]


def _edit_page(request: HttpRequest, item: Organisation, form: OrganisationForm) -> HttpResponse:
    return page(
        request,
        "organisation_edit.html",
        "organisations",
        organisation=item,
        form=form,
        crumbs=crumbs(item),
        back=reverse("office:organisation", args=[item.pk]),
        status=422 if form.errors else 200,
    )


def _new_page(request: HttpRequest, form: OrganisationForm) -> HttpResponse:
    return page(
        request,
        "organisation_edit.html",
        "organisations",
        form=form,
        crumbs=crumbs(),
        back=reverse("office:organisations"),
        status=422 if form.errors else 200,
    )


def _confirm_page(
    request: HttpRequest,
    form: OrganisationForm,
    *,
    changes: list[tuple[str, str, str]],
    item: Organisation | None = None,
    doubles: list[facts.Double] | None = None,
) -> HttpResponse:
    return page(
        request,
        "organisation_confirm.html",
        "organisations",
        organisation=item,
        form=form,
        hidden=[field for field in form if field.name != "seen"],
        seen=deeds.state(item) if item else "",
        changes=changes,
        doubles=doubles or [],
        today=long_date(timezone.localdate()),
        crumbs=crumbs(item),
        status=422 if form.errors else 200,
    )


def crumbs(item: Organisation | None = None) -> list[tuple[str, str]]:
    """The way to a page of the registry, or to a page under a card."""
    way = [
        ("Рабочее место", reverse("office:start")),
        ("Организации", reverse("office:organisations")),
    ]
    if item is not None:
        way.append((item.short_name, reverse("office:organisation", args=[item.pk])))
    return way
