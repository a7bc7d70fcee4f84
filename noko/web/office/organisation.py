"""The registry of organisations: the list, and a new list with its preview."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import allow
from noko.access.permissions import Permission
from noko.actions import imports
from noko.actions import organisation as deeds
from noko.core.refusal import Refusal
from noko.core.tables.organisations import FIELDS, read_organisations
from noko.core.tables.preview import COMPARED, Known, Preview, compare
from noko.exchange import uploads
from noko.exchange.files import read_sheets
from noko.models import Import, Organisation
from noko.models.organisation import OrganisationType
from noko.queries.rating import named
from noko.templatetags.russian import counted
from noko.web.office.forms import ListForm
from noko.web.office.pages import page, sentences

ROWS = 200
ADDED = "организацию,организации,организаций"


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    allow(request.user, Permission.CYCLE_VIEW)
    words = request.GET.get("q", "").strip()
    found = Organisation.objects.select_related("municipality").filter(named(words))
    return page(
        request,
        "organisations.html",
        "organisations",
        rows=Paginator(found, ROWS).get_page(request.GET.get("page")),
        words=words,
    )


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A list of organisations: read, compared with the registry, kept until the decision."""
    person = allow(request.user, Permission.ORGANISATION_EDIT)
    form = ListForm(request, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        folder, names = uploads.store({"organisations": form.cleaned_data["organisations"]})
        try:
            found = _preview(folder, names["organisations"])
        except Refusal as refusal:
            uploads.forget(folder)
            form.add_error("organisations", " ".join(sentences(refusal)))
        else:
            item = imports.remember(
                cycle=None,
                kind=Import.Kind.ORGANISATIONS,
                folder=folder,
                file_names=names,
                preview=found,
                by=person,
                now=timezone.now(),
            )
            return redirect("office:import", item.pk)
    status = 422 if form.errors else 200
    return page(
        request, "list_upload.html", "organisations", form=form, crumbs=crumbs(), status=status
    )


def crumbs() -> list[tuple[str, str]]:
    return [
        ("Рабочее место", reverse("office:start")),
        ("Организации", reverse("office:organisations")),
    ]


def _preview(folder: str, name: str) -> dict[str, Any]:
    """What the list would do, as plain JSON for the page and for the decision."""
    path = uploads.path_of(folder, "organisations")
    sheets = read_sheets(path, name=name, limit_bytes=settings.UPLOAD_MAX_BYTES)
    table = read_organisations(sheets)
    found = compare(_known(), table)
    return {**_plain(found), "warnings": [str(item) for item in table.warnings]}


def _known() -> list[Known]:
    rows = Organisation.objects.select_related("municipality")
    return [
        Known(
            row.pk,
            {field: getattr(row, field) or "" for field in COMPARED}
            | {"municipality": row.municipality.name, "enrolment": row.enrolment},
        )
        for row in rows
    ]


def _plain(found: Preview) -> dict[str, Any]:
    return {
        "added": [asdict(row) for row in found.added],
        "changed": [
            {"key": change.key, "name": change.name, "fields": dict(change.fields)}
            for change in found.changed
        ],
        "unchanged": len(found.unchanged),
        "rejected": [
            {
                "number": row.number,
                "name": row.name,
                "problems": [str(problem) for problem in row.problems],
            }
            for row in found.rejected
        ],
    }


def show(request: HttpRequest, item: Import) -> HttpResponse:
    """The preview of a list; confirming writes all of it or nothing."""
    problems: list[str] = []
    if request.method == "POST" and item.status == Import.Status.PREVIEWED:
        try:
            return _accept(request, item)
        except Refusal as refusal:
            problems = sentences(refusal)
            item.refresh_from_db()
    found = item.preview
    return page(
        request,
        "list_import.html",
        "organisations",
        item=item,
        crumbs=crumbs(),
        waiting=item.status == Import.Status.PREVIEWED,
        problems=problems,
        found=found,
        changed=[_shown(change) for change in found["changed"]],
        deed=deed_title(found),
        status=422 if problems else 200,
    )


_TITLES = {field.key: field.title for field in FIELDS}


def _shown(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change in words: title of the field, before and after."""
    fields = [
        (_TITLES[key], _word(key, before), _word(key, after))
        for key, (before, after) in change["fields"].items()
    ]
    return {"name": change["name"], "fields": fields}


def _word(key: str, value: str | int | None) -> str:
    if key == "type" and value in OrganisationType.values:
        return str(OrganisationType(value).label)
    if key == "status" and value in Organisation.Status.values:
        return str(Organisation.Status(value).label)
    return "–" if value in ("", None) else str(value)


def deed_title(found: Mapping[str, Any]) -> str:
    """«Добавить 12 организаций и изменить 3»; empty when there is nothing to do."""
    added, changed = len(found["added"]), len(found["changed"])
    if added and changed:
        return f"Добавить {counted(added, ADDED)} и изменить {changed}"
    if added:
        return f"Добавить {counted(added, ADDED)}"
    return f"Изменить {counted(changed, ADDED)}" if changed else ""


def _accept(request: HttpRequest, item: Import) -> HttpResponse:
    """Compares anew, so that what has changed meanwhile is not overwritten unseen."""
    person = allow(request.user, Permission.ORGANISATION_EDIT)
    found = _preview(item.folder, item.file_names["organisations"])
    if found != item.preview:
        imports.correct(item=item, confirmed={}, preview=found, by=person)
        raise Refusal(
            "Пока вы смотрели, перечень изменился. Ничего не сохранено.",
            kind="preview_outdated",
            cure="Проверьте обновлённые отличия и подтвердите снова.",
        )
    with transaction.atomic():
        imports.accept(item=item, by=person, now=timezone.now())
        saved = deeds.save_all(
            added=[_facts(row) for row in found["added"]],
            changed={
                change["key"]: {key: after for key, (_, after) in change["fields"].items()}
                for change in found["changed"]
            },
            by=person,
        )
    uploads.forget(item.folder)
    messages.success(
        request,
        f"Перечень обновлён. Добавлено: {saved.added}, изменено: {saved.changed}.",
    )
    return redirect("office:organisations")


def _facts(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key != "number" and value != ""}
