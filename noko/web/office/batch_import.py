"""A file of another system for an open wave: what was found in it, decisions, one batch."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.wave import get_wave_for
from noko.actions import batch_file as deeds
from noko.actions import imports
from noko.core.refusal import Refusal
from noko.core.tables.slip_columns import slip_fields
from noko.exchange import uploads
from noko.exchange.files import read_sheets
from noko.exchange.intake import Decisions, Intake
from noko.exchange.wave_file import (
    ROLE,
    counted_organisations,
    drops_of,
    keys_of,
    preview_of_slips,
    take_in_slips,
    taken_rows,
)
from noko.models import Batch, Import, Organisation, Wave
from noko.queries.response import form_of_wave
from noko.templatetags.russian import counted
from noko.web.office.batch_forms import AnswersForm
from noko.web.office.import_decisions import decided_names, decisions_from
from noko.web.office.pages import page
from noko.web.office.wave import SECTION, under_batches

ANSWERS = "анкету,анкеты,анкет"


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, key: int) -> HttpResponse:
    wave = get_wave_for(request.user, key, Permission.BATCH_MANAGE)
    if wave.status != Wave.Status.OPEN:
        messages.info(request, "Анкеты из файлов принимаются, пока волна идёт.")
        return redirect("office:wave_batches", key)
    form = AnswersForm(request, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        folder, names = uploads.store({ROLE: form.cleaned_data["answers"]})
        try:
            item = _remember(request, wave, folder, names)
        except Refusal as refusal:
            uploads.forget(folder)
            form.refuse(refusal)
        except BaseException:
            uploads.forget(folder)
            raise
        else:
            return redirect("office:import", item.pk)
    return page(
        request, "wave/batch_upload.html", SECTION, **under_batches(request, wave), form=form,
        status=422 if form.errors else 200,
    )  # fmt: skip


def _remember(request: HttpRequest, wave: Wave, folder: str, names: Mapping[str, str]) -> Import:
    """Refusals: ``file_taken`` and those of reading a file."""
    digest = _digest(folder)
    if deeds.taken_as(wave, digest):
        raise deeds.file_taken(wave, digest)
    intake = _intake(wave, folder, names[ROLE], Decisions())
    return imports.remember(
        cycle=wave.cycle, wave=wave, kind=Import.Kind.ANSWERS, folder=folder, file_names=names,
        preview=_preview(wave, intake, names[ROLE]), by=person_of(request.user),
        now=timezone.now(),
    )  # fmt: skip


def _digest(folder: str) -> str:
    with uploads.path_of(folder, ROLE).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _intake(wave: Wave, folder: str, name: str, decisions: Decisions) -> Intake:
    path = uploads.path_of(folder, ROLE)
    sheets = read_sheets(path, name=name, limit_bytes=settings.UPLOAD_MAX_BYTES)
    return take_in_slips(sheets, wave, decisions, today=timezone.localdate())


def _preview(wave: Wave, intake: Intake, name: str) -> dict[str, Any]:
    return preview_of_slips(intake, name, deeds.repeated_keys(wave, keys_of(intake)))


def show(request: HttpRequest, item: Import) -> HttpResponse:
    """The preview of an import whose permission is checked; every button sends the whole page."""
    problems: list[str] = []
    if request.method == "POST":
        try:
            return _decide(request, item)
        except Refusal as refusal:
            problems = refusal.lines()
            item.refresh_from_db()
    return _shown(request, item, problems)


def _decide(request: HttpRequest, item: Import) -> HttpResponse:
    wave, name = _wave_of(item), item.file_names[ROLE]
    if item.status != Import.Status.PREVIEWED:
        # Somebody was faster, or the button was pressed twice: show what has come of it.
        return redirect("office:import", item.pk)
    decisions = decisions_from(request.POST, item)
    intake = _intake(wave, item.folder, name, decisions)
    preview = _preview(wave, intake, name)
    imports.correct(
        item=item, confirmed=decisions.as_dict(), preview=preview, by=person_of(request.user)
    )
    if "freeze" not in request.POST:
        return redirect("office:import", item.pk)
    if not preview["ready"]:
        raise Refusal(
            "Анкеты пока нельзя принять.", kind="import_not_ready", cure="Сначала решите вопросы."
        )
    batch = _take(request, item, wave, intake)
    uploads.forget(item.folder)
    messages.success(request, f"{batch} принята: {counted(batch.accepted, ANSWERS)} из файла.")
    return redirect("office:batch", wave.pk, batch.number)


def _take(request: HttpRequest, item: Import, wave: Wave, intake: Intake) -> Batch:
    rows = taken_rows(intake, deeds.repeated_keys(wave, keys_of(intake)))
    return deeds.take_file(
        wave=wave,
        drops=drops_of(wave, rows, timezone.localdate()),
        keys=[row.key for row, _ in rows if row.key],
        digest=_digest(item.folder),
        counts=counted_organisations(rows),
        source=item,
        by=person_of(request.user),
        now=timezone.now(),
    )


def _wave_of(item: Import) -> Wave:
    if item.wave is None:
        raise TypeError("answers of a file belong to a wave")
    return item.wave


def _shown(request: HttpRequest, item: Import, problems: list[str]) -> HttpResponse:
    wave, preview = _wave_of(item), item.preview
    chosen = item.confirmed.get("columns", {}).get(ROLE, {})
    return page(
        request,
        "wave/batch_import.html",
        SECTION,
        **under_batches(request, wave),
        item=item,
        preview=preview,
        files=[_file(file, slip_fields(form_of_wave(wave)), chosen) for file in preview["files"]],
        problems=problems,
        waiting=item.status == Import.Status.PREVIEWED,
        names=list(enumerate(preview["open"])),
        decided=decided_names(item, Organisation.objects.all()),
        made=Batch.objects.filter(source=item).first(),
        button=f"Принять {counted(preview['respondents'], ANSWERS)} в волну",
        status=422 if problems else 200,
    )


def _file(
    file: dict[str, Any], fields: list[tuple[str, str]], chosen: Mapping[str, str]
) -> dict[str, Any]:
    titles = dict(fields)
    columns = [
        {
            "name": f"column-{file['role']}-{letter}",
            "letter": letter,
            "header": header,
            "field": chosen.get(letter, found),
            "title": titles.get(chosen.get(letter, found), ""),
        }
        for letter, header, found in file["columns"]
    ]
    return {
        **file,
        "title": "Анкеты",
        "fields": fields,
        "columns": columns,
        "used": sum(1 for column in columns if column["field"]),
        "is_answers": True,
    }
