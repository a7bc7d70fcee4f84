"""What bus.gov.ru shows is loaded from a file, seen before it is written."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
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
from noko.access.permissions import Permission
from noko.actions import busgov as deeds
from noko.actions import imports
from noko.core.refusal import Refusal
from noko.exchange import uploads
from noko.exchange.busgov_file import read_busgov_file
from noko.models import BusgovSource, Import, Municipality
from noko.queries.busgov_preview import busgov_preview
from noko.queries.busgov_rules import get_monitoring
from noko.queries.calendar import working_calendar
from noko.templatetags.russian import counted
from noko.web.office.busgov_forms import BusgovAcceptForm, BusgovUploadForm
from noko.web.office.pages import page, sentences

ROLE = "busgov"
SECTION = "busgov"


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """A file of bus.gov.ru: read, compared with the registry, kept until the decision."""
    person = allow(request.user, Permission.WEBSITE_VISIT)
    today = timezone.localdate()
    form = BusgovUploadForm(
        request, request.POST or None, request.FILES or None, initial={"on": today}
    )
    if form.is_bound and form.is_valid():
        folder, names = uploads.store({ROLE: form.cleaned_data[ROLE]})
        try:
            item = imports.remember(
                cycle=None,
                kind=Import.Kind.BUSGOV,
                folder=folder,
                file_names=names,
                preview=_preview(folder, names[ROLE], _not_ahead(form.cleaned_data["on"], today)),
                by=person,
                now=timezone.now(),
            )
        except Refusal as refusal:
            uploads.forget(folder)
            for text in sentences(refusal):
                form.add_error(form.fields_of_refusals.get(refusal.kind, ROLE), text)
        except BaseException:
            uploads.forget(folder)
            raise
        else:
            return redirect("office:import", item.pk)
    status = 422 if form.errors else 200
    return page(request, "busgov/upload.html", SECTION, form=form, crumbs=crumbs(), status=status)


def _not_ahead(on: date, today: date) -> date:
    if on > today:
        raise Refusal("Этот день ещё не наступил.", kind="busgov_day", cure="Проверьте дату.")
    return on


def _preview(folder: str, name: str, on: date) -> dict[str, Any]:
    """The stored file beside the registry as it is now."""
    file = read_busgov_file(
        uploads.path_of(folder, ROLE),
        name=name,
        limit_bytes=settings.UPLOAD_MAX_BYTES,
        municipalities=list(Municipality.objects.values_list("name", flat=True)),
    )
    return {**busgov_preview(file.kind, file.table), "on": on.isoformat()}


def show(request: HttpRequest, item: Import) -> HttpResponse:
    """The preview; the one button writes it, whole or not at all."""
    preview: dict[str, Any] = item.preview
    waiting = item.status == Import.Status.PREVIEWED
    form = _accept_form(request, preview)
    if request.method == "POST" and waiting and form.is_valid():
        try:
            source = _write(request, item, form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
            item.refresh_from_db()
            preview = item.preview
        else:
            uploads.forget(item.folder)
            number = counted(source.records.count(), "организации,организациях,организациях")
            messages.success(request, f"Сведения загружены: записано об {number}.")
            return redirect("office:busgov")
    lacking = [row for row in preview["rows"] if row["lacks"] or row["differs"]]
    return page(
        request,
        "busgov/import.html",
        SECTION,
        item=item,
        preview=preview,
        kind=BusgovSource.Kind(preview["kind"]).label,
        on=date.fromisoformat(preview["on"]),
        lacking=lacking,
        form=form,
        waiting=waiting,
        useful=bool(preview["rows"] or preview["absent"]),
        rules=get_monitoring(),
        crumbs=crumbs(),
        status=422 if form.errors else 200,
    )


def _accept_form(request: HttpRequest, preview: dict[str, Any]) -> BusgovAcceptForm:
    days = get_monitoring().term.working_days
    proposed = working_calendar().add(timezone.localdate(), days)
    return BusgovAcceptForm(
        request.POST if request.method == "POST" else None,
        rejected=len(preview["rejected"]),
        absent=len(preview["absent"]),
        initial={"term_on": proposed},
    )


def _write(request: HttpRequest, item: Import, decided: dict[str, Any]) -> BusgovSource:
    """Compares once more: what is written is exactly what the person has seen."""
    person, now = person_of(request.user), timezone.now()
    on = date.fromisoformat(item.preview["on"])
    preview = _preview(item.folder, item.file_names[ROLE], on)
    if preview != item.preview:
        imports.correct(item=item, confirmed={}, preview=preview, by=person)
        raise Refusal(
            "Пока вы решали, реестр организаций изменился. Ничего не сохранено.",
            kind="registry_changed",
            cure="Проверьте сведения ещё раз: страница обновлена.",
        )
    if preview["rejected"] and not decided.get("without_rejected"):
        raise Refusal(
            "В файле есть отклонённые строки. Ничего не сохранено.",
            kind="rows_rejected",
            cure="Исправьте их и загрузите файл снова или отметьте, что загружаете без них.",
        )
    with transaction.atomic():
        imports.accept(item=item, by=person, now=now)
        return deeds.load(
            preview=preview,
            on=on,
            file_name=item.file_names[ROLE],
            digest=_digest(uploads.path_of(item.folder, ROLE)),
            whole=bool(decided.get("whole")),
            term_on=decided.get("term_on"),
            source=item,
            by=person,
            now=now,
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def crumbs() -> list[tuple[str, str]]:
    return [("Рабочее место", reverse("office:start")), ("bus.gov.ru", reverse("office:busgov"))]
