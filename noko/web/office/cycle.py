"""Cycles: the list, a new one, and one as the way from data to the published rating."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import allow, get_cycle_for
from noko.access.permissions import Permission
from noko.actions import cycle as deeds
from noko.core.refusal import Refusal
from noko.models import Calculation, Cycle, DataSet
from noko.queries import office
from noko.queries.edition import get_edition
from noko.templatetags.russian import counted, long_date, moment
from noko.web.office.forms import CycleForm
from noko.web.office.pages import page
from noko.web.office.road import stage
from noko.web.office.stages import stages_before

Status = Calculation.Status


@require_GET
def cycles(request: HttpRequest) -> HttpResponse:
    allow(request.user, Permission.CYCLE_VIEW)
    return page(request, "cycles.html", "cycles", cycles=office.cycles())


@require_http_methods(["GET", "POST"])
def new_cycle(request: HttpRequest) -> HttpResponse:
    person = allow(request.user, Permission.CYCLE_EDIT)
    now = timezone.now()
    form = CycleForm(request.POST or None, initial={"year": timezone.localdate().year})
    if form.is_valid():
        try:
            cycle = deeds.create(**form.facts(), by=person, now=now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Цикл «{cycle.title}» создан. Теперь загрузите данные.")
            return redirect("office:cycle", cycle.slug)
    return page(request, "cycle_new.html", "cycles", form=form, status=422 if form.errors else 200)


@require_GET
def cycle(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_cycle_for(request.user, slug)
    way = office.way_of(found)
    return page(
        request,
        "cycle.html",
        "cycles",
        cycle=found,
        edition=get_edition(found.edition),
        way=way,
        stages=[*stages_before(found), *stages(way)],
        step=next_step(way),
        datasets=found.datasets.select_related("frozen_by", "source"),
        calculations=found.calculations.select_related("dataset", "created_by", "release"),
        releases=found.releases.select_related("released_by"),
        imports=found.imports.select_related("created_by")[:10],
    )


@dataclass(frozen=True, slots=True)
class Step:
    """The one thing to do next, and the permission it takes."""

    title: str
    url: str
    permission: str
    explanation: str = ""


def next_step(way: office.Way) -> Step:
    """The main button of the page of a cycle."""
    slug = way.cycle.slug
    upload = reverse("office:dataset_upload", args=[slug])
    if way.waiting:
        url = reverse("office:import", args=[way.waiting.pk])
        return Step("Разобрать загруженные данные", url, "dataset_import")
    if way.dataset is None and way.cycle.waves.exists():
        url = reverse("office:waves", args=[slug])
        return Step("Смотреть, как идёт опрос", url, "wave_view")
    if way.dataset is None:
        return Step("Загрузить данные", upload, "dataset_import")
    calculate = reverse("office:calculate", args=[slug, way.dataset.number])
    if way.calculation is None:
        title = f"Рассчитать рейтинг по набору № {way.dataset.number}"
        return Step(title, calculate, "rating_calculate")
    at = reverse("office:calculation", args=[way.calculation.pk])
    if way.calculation.status in office.AT_WORK:
        return Step("Смотреть ход расчёта", at, "rating_view")
    if way.calculation.status == Status.FAILED:
        return Step("Рассчитать заново", calculate, "rating_calculate")
    if not way.published:
        return Step("Проверить результат и опубликовать", at, "rating_view")
    text = "Рейтинг опубликован. Если в данных нашлась ошибка, загрузите исправленные: "
    text += "выйдет новая версия, а отличия увидят все."
    return Step("Загрузить исправленные данные", upload, "dataset_import", text)


def stages(way: office.Way) -> list[dict[str, Any]]:
    """Four steps for the timeline: title, state, word, text, url, link."""
    return [_data(way), _dataset(way.dataset), _calculation(way), _release(way)]


def _data(way: office.Way) -> dict[str, Any]:
    if way.waiting:
        text = f"Файлы загружены {moment(way.waiting.created_at)} и проверены."
        found = stage("Данные", "underway", "ждут решения", text)
        url = reverse("office:import", args=[way.waiting.pk])
        return {**found, "url": url, "link": "Открыть загрузку"}
    if way.dataset:
        return stage("Данные", "done", "приняты", "Анкеты и осмотры загружены и сверены.")
    return stage("Данные", "", "ещё нет", "Здесь будут анкеты и осмотры от оператора.")


def _dataset(dataset: DataSet | None) -> dict[str, Any]:
    if dataset is None:
        return stage("Набор данных", "", "ещё нет", "Его фиксируют после проверки загрузки.")
    text = (
        f"№ {dataset.number} от {long_date(dataset.frozen_at)}: "
        f"{counted(dataset.organisations, 'организация,организации,организаций')}, "
        f"{counted(dataset.respondents, 'анкета,анкеты,анкет')}."
    )
    return stage("Набор данных", "done", "зафиксирован", text)


_WORDS = {
    Status.QUEUED: ("underway", "в очереди"),
    Status.RUNNING: ("underway", "идёт"),
    Status.DONE: ("done", "выполнен"),
    Status.FAILED: ("overdue", "не выполнен"),
}


def _calculation(way: office.Way) -> dict[str, Any]:
    calculation = way.calculation
    if calculation is None:
        return stage("Расчёт", "", "ещё нет", "Рейтинг рассчитывается по набору данных.")
    state, word = _WORDS[Status(calculation.status)]
    rounding = get_edition(way.cycle.edition).rounding(calculation.rounding)
    text = calculation.note or f"Округление: {rounding.title}."
    url = reverse("office:calculation", args=[calculation.pk])
    return {**stage("Расчёт", state, word, text), "url": url, "link": "Открыть расчёт"}


def _release(way: office.Way) -> dict[str, Any]:
    release = way.release
    if release is None:
        return stage("Публикация", "", "ещё нет", "Результаты увидят все после публикации.")
    text = f"Версия {release.version} от {long_date(release.released_at)}"
    current = way.published or way.calculation is None
    if not current:
        text += " По новым данным рейтинг ещё не опубликован."
    state, word = ("done", "опубликован") if current else ("warning", "есть новые данные")
    url = f"/releases/{way.cycle.slug}/{release.version}/"
    return {**stage("Публикация", state, word, text), "url": url, "link": "Открыть выпуск"}


def cycle_crumbs(cycle: Cycle) -> list[tuple[str, str]]:
    """The way to a page under a cycle."""
    return [
        ("Рабочее место", reverse("office:start")),
        ("Циклы", reverse("office:cycles")),
        (cycle.title, reverse("office:cycle", args=[cycle.slug])),
    ]
