"""Closing a wave: what to look at first, the act, the data set with the inspections."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noko.access.loaders import allow, person_of
from noko.access.permissions import Permission
from noko.access.wave import get_wave_for
from noko.actions import imports
from noko.actions import wave_closing as deeds
from noko.actions.website_show import refuse_unsettled
from noko.core.refusal import Refusal
from noko.core.scoring.scores import score
from noko.documents.wave_act import SUFFIXES, wave_act
from noko.exchange import uploads
from noko.exchange.dataset import Package, package_counts, read_package, zip_package
from noko.exchange.wave import frozen_survey, write_dataset, write_survey
from noko.models import Batch, DataSet, Exclusion, Import, Person, Wave
from noko.queries.wave import Progress, progress_of
from noko.queries.wave_checks import Checks, act_of_checks, checks_of
from noko.queries.wave_closing import WaveInspection, act_of, inspection_of
from noko.templatetags.russian import counted, long_date, number_text
from noko.web.office.dataset import remember
from noko.web.office.pages import page, sentences
from noko.web.office.wave import SECTION, frame
from noko.web.office.wave_forms import CloseForm, InspectionForm
from noko.web.office.wave_links import attachment
from noko.web.office.wave_sites import site_check

ORGANISATIONS = "организация,организации,организаций"
Check = tuple[str, str, str, str]
"""State of the tag, its word, a sentence, names."""


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key, Permission.WAVE_CLOSE)
    problems: list[str] = []
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and found.status != Wave.Status.CLOSED and form.is_valid():
        try:
            _close(request, found, form.cleaned_data["reason"])
        except Refusal as refusal:
            if refusal.kind == "reason_required":
                form.refuse(refusal)
            else:
                problems = sentences(refusal)
        else:
            messages.success(request, "Волна закрыта. Теперь соберите набор данных с осмотрами.")
            return redirect("office:wave_close", found.pk)
    return _page(request, found, problems, InspectionForm(request), form)


def _page(
    request: HttpRequest,
    found: Wave,
    problems: list[str],
    form: InspectionForm,
    closing: CloseForm | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    progress = progress_of(found, found.places.select_related("organisation__municipality"), today)
    inspection = inspection_of(found)
    closed = found.status == Wave.Status.CLOSED
    promised = (
        None if closed else checks_of(found, on=today, progress=progress, inspection=inspection)
    )
    return page(
        request,
        "wave/close.html",
        SECTION,
        **frame(request, found, "wave_close"),
        closed=closed,
        progress=progress,
        checks=list(_checks(found, progress, inspection, promised)),
        promised=promised,
        act_checks=found.act.get("checks", ()),
        inspection=inspection,
        inspected=len(inspection.figures),
        waiting=found.imports.filter(status="previewed", kind="inspection"),
        form=form,
        closing=_asking(closing or CloseForm()) if promised and promised.unmet else None,
        problems=problems,
        changes=_changes(progress),
        button=f"Закрыть волну: {counted(progress.accepted, 'анкета,анкеты,анкет')}",
        freeze_button=f"Зафиксировать набор данных из {_of(len(inspection.figures))}",
        status=422 if problems or form.errors or (closing and closing.errors) else 200,
    )


def _asking(form: CloseForm) -> CloseForm:
    """The form of a wave that does not keep its contract: there it is not left out."""
    form.fields["reason"].required = True
    return form


def _checks(
    found: Wave, progress: Progress, inspection: WaveInspection, promised: Checks | None
) -> Iterator[Check]:
    """What somebody should know before the next step, the most important first; what is compared
    with the contract is said there."""
    if found.status != Wave.Status.CLOSED:
        yield from _undecided(found)
        if promised is None:
            yield from _survey_checks(found, progress)
    if inspection.lacking and promised is None:
        text = f"Ещё нет осмотра: {counted(len(inspection.lacking), ORGANISATIONS)}."
        yield "", "осмотры", text, "; ".join(map(str, inspection.lacking))
    if inspection.disputed:
        number = counted(len(inspection.disputed), ORGANISATIONS)
        text = f"Эксперты разошлись, и никто не решил: {number}."
        yield "warning", "расхождения", text, "; ".join(map(str, inspection.disputed))
    if inspection.unseen:
        text = f"Сайт никто не смотрел: {counted(len(inspection.unseen), ORGANISATIONS)}."
        yield "warning", "сайты", text, "; ".join(map(str, inspection.unseen))
    if line := site_check(found):
        yield line
    if inspection.ready and promised is None:
        yield "done", "осмотры есть", "У каждой организации есть осмотр.", ""


def _undecided(found: Wave) -> Iterator[Check]:
    waiting = Exclusion.objects.filter(place__wave=found, status="proposed").count()
    if waiting:
        yield "overdue", "не решено", f"Предложений исключить анкеты: {waiting}.", ""
    piles = found.batches.filter(status=Batch.Status.OPEN).select_related("place__organisation")
    if piles:
        text = f"Бумажные анкеты введены не все: {counted(len(piles), 'пачка,пачки,пачек')}."
        yield "overdue", "не введено", text, "; ".join(f"{pile} ({pile.place})" for pile in piles)


def _survey_checks(found: Wave, progress: Progress) -> Iterator[Check]:
    if files := _undecided_files(found).count():
        text = f"Файлы с анкетами, о которых не решено, будут отклонены и удалены: {files}."
        yield "warning", "ждут решения", text, ""
    if timezone.localdate() < found.ends_on:
        yield "warning", "раньше срока", f"Опрос объявлен до {long_date(found.ends_on)}", ""
    empty = [str(row.place.organisation) for row in progress.places if not row.accepted]
    if empty:
        text = f"Нет ни одной анкеты: {counted(len(empty), ORGANISATIONS)}."
        yield "overdue", "нет анкет", text, "; ".join(empty)
    below = [row for row in progress.places if row.accepted and row.missing]
    if below:
        text = f"Не набрали выборку: {counted(len(below), ORGANISATIONS)}."
        names = [f"{row.place} ({row.accepted} из {row.place.target})" for row in below]
        yield "warning", "мало анкет", text, "; ".join(names)
    if not below and not empty:
        yield "done", "выборка набрана", "Каждая организация набрала свою выборку.", ""


def _of(number: int) -> str:
    return counted(number, "организации,организаций,организаций")


def _changes(progress: Progress) -> list[str]:
    return [
        f"Ссылки {_of(len(progress.places))} перестанут принимать ответы.",
        f"{counted(progress.accepted, 'анкета,анкеты,анкет')} будут зафиксированы: добавить или "
        "исключить что-либо станет нельзя.",
        "Ключи, квитанции, следы качества и черновики будут уничтожены: узнать, когда и откуда "
        "пришёл ответ, не сможет никто. Пачку бумажных анкет или файл удалить будет нельзя.",
        "Появится акт.",
    ]


def _close(request: HttpRequest, found: Wave, reason: str) -> None:
    """Stop, write, close: after an interruption the same button goes on."""
    person, now = person_of(request.user), timezone.now()
    today = timezone.localdate(now)
    deeds.stop(wave=found, reason=reason, by=person, now=now)
    _forget_files(found, person, now)
    progress = progress_of(found, found.places.select_related("organisation__municipality"), today)
    act = act_of(found, progress)
    if promised := checks_of(found, on=today, progress=progress):
        act |= act_of_checks(promised, reason.strip() if promised.unmet else "")
    with _new_folder(found) as (name, folder):
        package = write_survey(found, folder, created_on=today)
        deeds.close(
            wave=found, folder=name, digest=package.digest, act=act, by=person, now=now
        )  # fmt: skip


def _forget_files(found: Wave, by: Person, now: datetime) -> None:
    """Files of answers that nobody has decided about hold more than may be kept."""
    for item in _undecided_files(found):
        imports.dismiss(item=item, by=by, now=now)
        uploads.forget(item.folder)


def _undecided_files(found: Wave) -> QuerySet[Import]:
    return found.imports.filter(kind=Import.Kind.ANSWERS, status=Import.Status.PREVIEWED)


class _new_folder:  # noqa: N801 (used as a word)
    """A folder for a package: a package without a row does not stay on the disk."""

    def __init__(self, wave: Wave) -> None:
        self.name = f"{wave.cycle.slug}-{secrets.token_hex(6)}"
        self.folder = Path(settings.FILES) / "datasets" / self.name

    def __enter__(self) -> tuple[str, Path]:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        return self.name, self.folder

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


@require_http_methods(["GET", "POST"])
def inspection(request: HttpRequest, key: int) -> HttpResponse:
    """A file of inspections for organisations that were not inspected in the field."""
    found = get_wave_for(request.user, key, Permission.WAVE_CLOSE)
    allow(request.user, Permission.DATASET_IMPORT)
    if request.method == "GET":
        return redirect("office:wave_close", found.pk)
    form = InspectionForm(request, request.POST, request.FILES)
    if form.is_valid():
        folder, names = uploads.store({"inspection": form.cleaned_data["inspection"]})
        try:
            item = remember(request, found.cycle, folder, names, found)
        except Refusal as refusal:
            uploads.forget(folder)
            form.refuse(refusal)
        except BaseException:
            uploads.forget(folder)
            raise
        else:
            return redirect("office:import", item.pk)
    return _page(request, found, [], form)


@require_POST
def freeze(request: HttpRequest, key: int) -> HttpResponse:
    """The data set: the survey with its inspections, after those of earlier waves."""
    found = get_wave_for(request.user, key, Permission.WAVE_CLOSE)
    person = allow(request.user, Permission.DATASET_FREEZE)
    only_complete = "only_complete" in request.POST
    try:
        whole = inspection_of(found)
        _refuse_incomplete(found, whole, only_complete)
        if found.site_round:
            refuse_unsettled(found.site_round, timezone.localdate())
        now = timezone.now()
        with _new_folder(found) as (name, folder):
            package = write_dataset(
                frozen_survey(found, Path(settings.FILES)), whole, folder,
                title=found.cycle.title, created_on=timezone.localdate(now),
                before=_earlier(found),
            )  # fmt: skip
            counts = package_counts(package)
            # What cannot be calculated is not frozen: contradictions are named here.
            score(package.edition, counts)
            dataset = deeds.freeze_dataset(
                wave=found, folder=name, digest=package.digest,
                organisations=len(package.organisations), respondents=_respondents(package),
                by=person, now=now,
            )  # fmt: skip
    except Refusal as refusal:
        return _page(request, found, sentences(refusal), InspectionForm(request))
    messages.success(request, f"{dataset} зафиксирован. По нему можно рассчитать рейтинг.")
    return redirect("office:cycle", found.cycle.slug)


def _refuse_incomplete(found: Wave, whole: WaveInspection, only_complete: bool) -> None:
    if found.status != Wave.Status.CLOSED:
        raise Refusal("Волна ещё не закрыта.", kind="wave_moved", cure="Сначала закройте её.")
    if not whole.figures or not (whole.ready or only_complete):
        raise Refusal(
            f"Не у всех организаций есть осмотр: {number_text(len(whole.figures))} из "
            f"{number_text(found.places.count())}.",
            kind="inspection_incomplete",
            cure="Загрузите недостающие осмотры или отметьте, что войдут только полные.",
        )


def _earlier(found: Wave) -> Package | None:
    """The newest data set of the cycle that was made from waves."""
    last = (
        DataSet.objects.filter(cycle=found.cycle, waves__isnull=False).order_by("-number").first()
    )
    return read_package(Path(settings.FILES) / "datasets" / last.folder) if last else None


def _respondents(package: Package) -> int:
    from noko.exchange.dataset import package_survey

    return int(package_survey(package).respondents.sum())


@require_GET
def act(request: HttpRequest, key: int, suffix: str) -> HttpResponse:
    found = get_wave_for(request.user, key)
    if found.status != Wave.Status.CLOSED or suffix not in SUFFIXES:
        raise Http404("Акт появляется, когда волна закрыта.")
    return attachment(wave_act(found, suffix), f"Акт о завершении сбора.{suffix}", SUFFIXES[suffix])


@require_GET
def survey_file(request: HttpRequest, key: int) -> FileResponse:
    """The frozen survey as one archive."""
    found = get_wave_for(request.user, key, Permission.WAVE_CLOSE)
    if found.status != Wave.Status.CLOSED:
        raise Http404("Опрос ещё не зафиксирован.")
    place = Path(tempfile.mkdtemp(prefix="noko-wave-"))
    try:
        zip_package(Path(settings.FILES) / "datasets" / found.folder, place / "opros.zip")
        stream = (place / "opros.zip").open("rb")
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return FileResponse(stream, as_attachment=True, filename=f"opros-{found.pk}.zip")
