"""Data of a cycle: files, what was found in them, decisions, the frozen data set."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from noko.access.loaders import allow, get_cycle_for, get_import_for, person_of
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.actions import dataset as deeds
from noko.actions import imports
from noko.actions import wave_closing as waves
from noko.core.refusal import Refusal
from noko.core.scoring.scores import score
from noko.core.tables.choosing import fields_of
from noko.core.tables.sheet import Sheet
from noko.exchange import uploads
from noko.exchange.dataset import package_counts
from noko.exchange.files import read_sheets
from noko.exchange.intake import (
    Decisions,
    Intake,
    inspections_of,
    preview_of,
    take_in,
    write_dataset,
)
from noko.models import Cycle, DataSet, Import, Organisation, Wave
from noko.queries.edition import get_edition
from noko.templatetags.russian import counted
from noko.web.office import batch_import, busgov_import, plan_import, registry_import
from noko.web.office.cycle import cycle_crumbs
from noko.web.office.forms import DataForm
from noko.web.office.import_decisions import decided_names, decisions_from
from noko.web.office.pages import page, sentences

TITLES = {"answers": "Анкеты", "inspection": "Осмотры", "counts": "Готовые количества"}


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    cycle = get_cycle_for(request.user, slug, Permission.DATASET_IMPORT)
    form = DataForm(request, request.POST or None, request.FILES or None)
    if form.is_bound and form.is_valid():
        folder, names = uploads.store(form.files_by_role())
        try:
            item = remember(request, cycle, folder, names)
        except Refusal as refusal:
            uploads.forget(folder)
            form.refuse(refusal)
        except BaseException:
            uploads.forget(folder)
            raise
        else:
            return redirect("office:import", item.pk)
    status = 422 if form.errors else 200
    crumbs = cycle_crumbs(cycle)
    return page(
        request, "upload.html", "cycles", cycle=cycle, form=form, crumbs=crumbs, status=status
    )


def remember(
    request: HttpRequest,
    cycle: Cycle,
    folder: str,
    names: Mapping[str, str],
    wave: Wave | None = None,
) -> Import:
    """The stored files with what was found in them. Refusal when one cannot be read."""
    intake = _intake(cycle, folder, names, Decisions(), wave)
    kind = Import.Kind.COUNTS if "counts" in names else Import.Kind.DATA
    return imports.remember(
        cycle=cycle,
        wave=wave,
        kind=Import.Kind.INSPECTION if wave else kind,
        folder=folder,
        file_names=names,
        preview=preview_of(intake, names),
        by=person_of(request.user),
        now=timezone.now(),
    )


def _intake(
    cycle: Cycle,
    folder: str,
    names: Mapping[str, str],
    decisions: Decisions,
    wave: Wave | None = None,
) -> Intake:
    """Reads the stored files anew; those to a wave know its organisations alone.

    Refusal when a file cannot be read at all.
    """
    sheets: dict[str, list[Sheet]] = {
        role: read_sheets(
            uploads.path_of(folder, role), name=name, limit_bytes=settings.UPLOAD_MAX_BYTES
        )
        for role, name in names.items()
    }
    organisations = Organisation.objects.select_related("municipality")
    registry = list(organisations.filter(waves__wave=wave) if wave else organisations)
    return take_in(sheets, get_edition(cycle.edition), registry, decisions)


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, key: int) -> HttpResponse:
    """The preview; every button sends the decisions of the whole page."""
    item = get_import_for(request.user, key)
    if item.kind == Import.Kind.ORGANISATIONS:
        return registry_import.show(request, item)
    if item.kind == Import.Kind.PLAN:
        return plan_import.show(request, item)
    if item.kind == Import.Kind.ANSWERS:
        return batch_import.show(request, item)
    if item.kind == Import.Kind.BUSGOV:
        return busgov_import.show(request, item)
    problems: list[str] = []
    if request.method == "POST":
        try:
            return _decide(request, item)
        except Refusal as refusal:
            problems = sentences(refusal)
            item.refresh_from_db()
    return _shown(request, item, problems)


def _decide(request: HttpRequest, item: Import) -> HttpResponse:
    """Keeps the decisions; freezes when that is the button and nothing is left to decide."""
    cycle = cycle_of(item)
    if item.status != Import.Status.PREVIEWED:
        # Somebody was faster, or the button was pressed twice: show what has come of it.
        return redirect("office:import", item.pk)
    decisions = decisions_from(request.POST, item)
    intake = _intake(cycle, item.folder, item.file_names, decisions, item.wave)
    preview = preview_of(intake, item.file_names)
    imports.correct(
        item=item, confirmed=decisions.as_dict(), preview=preview, by=person_of(request.user)
    )
    if "freeze" not in request.POST:
        return redirect("office:import", item.pk)
    if item.wave is None:
        allow(request.user, Permission.DATASET_FREEZE)
    if not intake.ready:
        raise Refusal(
            "Осмотры пока нельзя принять."
            if item.wave
            else "Набор данных пока нельзя зафиксировать.",
            kind="import_not_ready",
            cure="Сначала решите вопросы ниже.",
        )
    if item.wave is not None:
        return _inspect(request, item, item.wave, intake)
    dataset = _freeze(request, item, intake)
    uploads.forget(item.folder)
    messages.success(request, f"Набор данных № {dataset.number} зафиксирован.")
    return redirect("office:cycle", cycle.slug)


def _inspect(request: HttpRequest, item: Import, wave: Wave, intake: Intake) -> HttpResponse:
    """Inspections go to their wave; its data set is frozen there."""
    waves.inspect(
        wave=wave, found=inspections_of(intake), source=item, by=person_of(request.user),
        now=timezone.now(),
    )  # fmt: skip
    uploads.forget(item.folder)
    number = counted(len(intake.organisations()), "организации,организаций,организаций")
    messages.success(request, f"Осмотры {number} приняты.")
    return redirect("office:wave_close", wave.pk)


def _freeze(request: HttpRequest, item: Import, intake: Intake) -> DataSet:
    """The package first, then its row; a package without a row does not stay on the disk."""
    cycle = cycle_of(item)
    name = f"{cycle.slug}-{secrets.token_hex(6)}"
    folder = Path(settings.FILES) / "datasets" / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        package = write_dataset(
            intake,
            folder,
            title=cycle.title,
            description="Данные вымышлены." if cycle.invented else "",
            created_on=timezone.localdate(),
        )
        # What cannot be calculated is not frozen: contradictions are named here.
        score(package.edition, package_counts(package))
        return deeds.freeze(
            cycle=cycle,
            folder=name,
            digest=package.digest,
            organisations=len(package.organisations),
            respondents=item.preview["respondents"],
            source=item,
            by=person_of(request.user),
            now=timezone.now(),
        )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _shown(request: HttpRequest, item: Import, problems: list[str]) -> HttpResponse:
    cycle = cycle_of(item)
    edition = get_edition(cycle.edition)
    preview: dict[str, Any] = item.preview
    chosen = item.confirmed.get("columns", {})
    files = [_file(file, edition, chosen.get(file["role"], {})) for file in preview["files"]]
    number = genitive_organisations(preview["organisations"])
    button = f"Принять осмотры {number}" if item.wave else f"Зафиксировать набор данных из {number}"
    registry = Organisation.objects.select_related("municipality")
    return page(
        request,
        "import.html",
        "cycles",
        status=422 if problems else 200,
        item=item,
        cycle=cycle,
        crumbs=cycle_crumbs(cycle),
        preview=preview,
        files=files,
        problems=problems,
        waiting=item.status == Import.Status.PREVIEWED,
        decided=decided_names(item, registry),
        names=list(enumerate(preview["open"])),
        only=[(TITLES[role], names) for role, names in preview["only"].items()],
        only_complete=item.confirmed.get("only_complete", False),
        button=button,
        may_accept=item.wave is not None or has_permission(request.user, Permission.DATASET_FREEZE),
        dataset=DataSet.objects.filter(source=item).first(),
    )


def cycle_of(item: Import) -> Cycle:
    """Data always belong to a cycle; only lists of organisations do not."""
    return cast(Cycle, item.cycle)


def genitive_organisations(number: int) -> str:
    """«121 организации», as after «из»."""
    return counted(number, "организации,организаций,организаций")


def _file(file: dict[str, Any], edition: Any, chosen: Mapping[str, str]) -> dict[str, Any]:
    fields = fields_of(edition, file["role"])
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
    used = sum(1 for column in columns if column["field"])
    return {
        **file,
        "title": TITLES[file["role"]],
        "fields": fields,
        "columns": columns,
        "used": used,
        "is_answers": file["role"] == "answers",
    }


@require_POST
def dismiss(request: HttpRequest, key: int) -> HttpResponse:
    item = get_import_for(request.user, key)
    try:
        imports.dismiss(item=item, by=person_of(request.user), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("office:import", item.pk)
    uploads.forget(item.folder)
    messages.success(request, "Загрузка отклонена, файлы удалены.")
    if item.wave is not None:
        answers = item.kind == Import.Kind.ANSWERS
        return redirect("office:wave_batches" if answers else "office:wave_close", item.wave.pk)
    if item.kind == Import.Kind.BUSGOV:
        return redirect("office:busgov")
    if item.cycle is None:
        return redirect("office:organisations")
    return redirect("office:cycle", item.cycle.slug)
