"""The registry of organisations is filled from a person's file, seen before it is written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import allow, person_of
from noko.access.loading import scope_of
from noko.access.permissions import Permission
from noko.actions import imports
from noko.actions.organisation import Saved, save_all
from noko.core.refusal import Refusal
from noko.exchange import uploads
from noko.exchange.registry_file import note_on_types, read_registry_file
from noko.models import Import, Municipality, Person
from noko.queries.registry import list_preview
from noko.templatetags.russian import plural
from noko.web.office.forms import ListForm
from noko.web.office.pages import page, sentences

ROLE = "organisations"


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A list of organisations: read, compared with the registry, kept until the decision."""
    person = allow(request.user, Permission.ORGANISATION_EDIT)
    form = ListForm(request, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        folder, names = uploads.store({ROLE: form.cleaned_data[ROLE]})
        try:
            item = imports.remember(
                cycle=None,
                kind=Import.Kind.ORGANISATIONS,
                folder=folder,
                file_names=names,
                preview=_preview(folder, names[ROLE], person),
                by=person,
                now=timezone.now(),
            )
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
        "organisations_upload.html",
        "organisations",
        form=form,
        crumbs=_crumbs(),
        status=422 if form.errors else 200,
    )


def _preview(folder: str, name: str, person: Person) -> dict[str, Any]:
    """The stored list beside the registry as it is now, as far as the person may change it."""
    file = read_registry_file(
        uploads.path_of(folder, ROLE),
        name=name,
        limit_bytes=settings.UPLOAD_MAX_BYTES,
        municipalities=list(Municipality.objects.values_list("name", flat=True)),
        schemas=settings.BUSGOV_XSD,
    )
    preview = list_preview(file.table, scope_of(person, Permission.ORGANISATION_EDIT))
    if not file.packets:
        return preview
    if preview["added"]:
        preview["warnings"].insert(0, note_on_types())
    return preview | {
        "packets": True,
        "schema": file.schema,
        "violations": [str(item) for item in file.violations],
        "violated": file.violated,
    }


def show(request: HttpRequest, item: Import) -> HttpResponse:
    """The preview of a list; the one button writes it, whole or not at all."""
    problems: list[str] = []
    if request.method == "POST" and item.status == Import.Status.PREVIEWED:
        try:
            saved = _write(request, item)
        except Refusal as refusal:
            problems = sentences(refusal)
            item.refresh_from_db()
        else:
            uploads.forget(item.folder)
            done = f"Добавлено: {saved.added}, изменено: {saved.changed}."
            messages.success(request, f"Список загружен в реестр. {done}")
            return redirect("office:organisations")
    return page(
        request,
        "organisations_import.html",
        "organisations",
        item=item,
        preview=item.preview,
        problems=problems,
        waiting=item.status == Import.Status.PREVIEWED,
        button=deed_title(len(item.preview["added"]), len(item.preview["changed"])),
        crumbs=_crumbs(),
        status=422 if problems else 200,
    )


def _write(request: HttpRequest, item: Import) -> Saved:
    """Compares once more: what is written is exactly what the person has seen."""
    person = person_of(request.user)
    preview = _preview(item.folder, item.file_names[ROLE], person)
    if preview != item.preview:
        imports.correct(item=item, confirmed={}, preview=preview, by=person)
        raise Refusal(
            "Пока вы решали, реестр организаций изменился. Ничего не сохранено.",
            kind="registry_changed",
            cure="Проверьте список ещё раз: он обновлён.",
        )
    if preview["rejected"] and "without_rejected" not in request.POST:
        raise Refusal(
            "В файле есть отклонённые строки. Ничего не сохранено.",
            kind="rows_rejected",
            cure="Исправьте их и загрузите файл снова или отметьте, что загружаете без них.",
        )
    if preview.get("violated") and "in_spite" not in request.POST:
        raise Refusal(
            "Файл нарушает официальную схему. Ничего не сохранено.",
            kind="schema_violated",
            cure="Выгрузите его заново или отметьте, что загружаете его всё равно.",
        )
    with transaction.atomic():
        imports.accept(item=item, by=person, now=timezone.now())
        return save_all(
            added=preview["added"],
            changed={
                row["pk"]: {key: after for key, _, _, after in row["fields"]}
                for row in preview["changed"]
            },
            by=person,
            now=timezone.now(),
        )


def deed_title(added: int, changed: int) -> str:
    """«Добавить 12 и изменить 3 организации»; empty when there is nothing to do."""
    parts = [f"добавить {added}"] if added else []
    parts += [f"изменить {changed}"] if changed else []
    if not parts:
        return ""
    word = plural(changed or added, "организацию,организации,организаций")
    text = f"{' и '.join(parts)} {word}"
    return text[0].upper() + text[1:]


def _crumbs() -> list[tuple[str, str]]:
    return [
        ("Рабочее место", reverse("office:start")),
        ("Организации", reverse("office:organisations")),
    ]
