"""Waves: those of a cycle, a new one, and how one goes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import get_cycle_for, person_of
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.access.wave import get_wave_for, places_for
from noko.actions import wave as deeds
from noko.actions.wave_letter import people_for
from noko.core.refusal import Refusal
from noko.core.wave_letters import Step
from noko.models import Cycle, Wave
from noko.models.organisation import OrganisationType
from noko.queries.list import current_list
from noko.queries.wave import Progress, organisations_to_assess, progress_of, waves_of
from noko.queries.wave_people import People
from noko.templatetags.russian import counted, long_date
from noko.web.office.cycle import cycle_crumbs
from noko.web.office.pages import page
from noko.web.office.wave_forms import NewWaveForm, WaveForm
from noko.web.requests import text

SECTION = "cycles"
LATER = ("wave_batches", "wave_quality", "wave_close")
"""Tabs that a wave in preparation has no use for."""

STATES = {
    "planned": ("", "ждёт начала"),
    "done": ("done", "набрано"),
    "underway": ("underway", "идёт"),
    "late": ("warning", "отстаёт"),
    "none": ("overdue", "нет ответов"),
    "open": ("", "выборка не задана"),
}


@require_GET
def waves(request: HttpRequest, slug: str) -> HttpResponse:
    cycle = get_cycle_for(request.user, slug, Permission.WAVE_VIEW)
    return page(
        request,
        "wave/waves.html",
        SECTION,
        cycle=cycle,
        rows=waves_of(cycle),
        free=[row for row in free_types(cycle) if row[2]],
        crumbs=cycle_crumbs(cycle),
    )


@require_http_methods(["GET", "POST"])
def new_wave(request: HttpRequest, slug: str) -> HttpResponse:
    cycle = get_cycle_for(request.user, slug, Permission.WAVE_EDIT)
    form = NewWaveForm(free_types(cycle), request.POST or None)
    if form.is_valid():
        found = organisations_to_assess(cycle, form.cleaned_data["type"])
        try:
            made = deeds.plan(
                cycle=cycle, **form.cleaned_data, organisations=found,
                by=person_of(request.user), now=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Волна подготовлена. Проверьте анкету и разошлите ссылки.")
            return redirect("office:wave", made.pk)
    status = 422 if form.errors else 200
    crumbs = [*cycle_crumbs(cycle), ("Волны", reverse("office:waves", args=[cycle.slug]))]
    return page(
        request,
        "wave/new.html",
        SECTION,
        form=form,
        cycle=cycle,
        approved=current_list(cycle),
        crumbs=crumbs,
        status=status,
    )


def free_types(cycle: Cycle) -> list[tuple[str, str, int]]:
    """Code, title, how many organisations of the type are in no wave of the cycle."""
    return [
        (code, str(title), len(organisations_to_assess(cycle, code)))
        for code, title in OrganisationType.choices
    ]


@require_GET
def wave(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key)
    places = places_for(request.user, found)
    progress = progress_of(found, places, timezone.localdate())
    chosen = text(request, "state")
    name = text(request, "municipality")
    rows = [
        row
        for row in progress.places
        if (not chosen or row.state in chosen.split("-"))
        and (not name or str(row.place.organisation.municipality) == name)
    ]
    return page(
        request,
        "wave/wave.html",
        SECTION,
        **frame(request, found, "wave"),
        progress=progress,
        facts=facts_of(found, progress),
        rows=[(row, *STATES[row.state]) for row in rows],
        municipalities=progress.municipalities(),
        chosen=chosen,
        municipality=name,
        length=(found.ends_on - found.starts_on).days + 1,
        highest=max(progress.days.values(), default=0),
    )


def facts_of(found: Wave, progress: Progress) -> list[tuple[str, str]]:
    """What stands above the tables."""
    rest = f"осталось {counted(progress.days_left, 'день,дня,дней')}" if progress.days_left else ""
    period = f"с {long_date(found.starts_on)} по {long_date(found.ends_on)}"
    return [
        ("Сроки", f"{period}{', ' + rest if rest else ''}"),
        ("Оператор", found.operator),
        (
            "Исключено",
            counted(progress.excluded, "анкета,анкеты,анкет") if progress.excluded else "",
        ),
    ]


def frame(request: HttpRequest, found: Wave, current: str) -> dict[str, Any]:
    """What every page of a wave has: its head, its tabs, the way to it."""
    tabs = [
        ("wave", "Ход", Permission.WAVE_VIEW),
        ("wave_links", "Ссылки и плакаты", Permission.WAVE_LINK),
        ("wave_questionnaire", "Анкета", Permission.WAVE_VIEW),
        ("wave_letters", "Письма", Permission.WAVE_EDIT),
        ("wave_odk", "ODK Collect", Permission.WAVE_EDIT),
        ("wave_batches", "Бумага и файлы", Permission.BATCH_MANAGE),
        ("wave_quality", "Качество", Permission.WAVE_REVIEW),
        ("wave_close", "Закрытие и данные", Permission.WAVE_CLOSE),
    ]
    return {
        "wave": found,
        "cycle": found.cycle,
        "title": f"Волна: {found.whom}",
        "crumbs": [
            *cycle_crumbs(found.cycle),
            ("Волны", reverse("office:waves", args=[found.cycle.slug])),
        ],
        "tabs": [
            {"title": title, "url": reverse(f"office:{name}", args=[found.pk]),
             "current": name == current}
            for name, title, permission in tabs
            if has_permission(request.user, permission)
            and (name not in LATER or found.status != Wave.Status.PLANNED)
        ],
    }  # fmt: skip


def under_batches(request: HttpRequest, wave: Wave) -> dict[str, Any]:
    return beneath(request, wave, "wave_batches", "Бумага и файлы")


def beneath(request: HttpRequest, wave: Wave, name: str, title: str) -> dict[str, Any]:
    """What a page beneath the tab ``name`` has: the way to it, no tabs."""
    context = frame(request, wave, "")
    crumbs = [*context["crumbs"], (context["title"], reverse("office:wave", args=[wave.pk]))]
    tab = (title, reverse(f"office:{name}", args=[wave.pk]))
    return {**context, "tabs": [], "crumbs": [*crumbs, tab]}


@require_http_methods(["GET", "POST"])
def edit_wave(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    form = WaveForm(request.POST) if request.POST else WaveForm.of(found)
    if form.is_bound and form.is_valid():
        try:
            deeds.change(
                wave=found, **form.cleaned_data, by=person_of(request.user), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Изменения сохранены.")
            return redirect("office:wave", found.pk)
    status = 422 if form.errors else 200
    return page(
        request, "wave/edit.html", SECTION, form=form, **frame(request, found, ""), status=status
    )


@require_http_methods(["GET", "POST"])
def open_wave(request: HttpRequest, key: int) -> HttpResponse:
    """The confirm step: what will begin, for whom, and that it cannot be taken back."""
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    if found.status != Wave.Status.PLANNED:
        return redirect("office:wave", found.pk)
    if request.method == "POST":
        try:
            deeds.open_wave(wave=found, by=person_of(request.user), now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "Волна открыта: ответы принимаются.")
        return redirect("office:wave", found.pk)
    try:
        deeds.check_translated(found)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("office:wave_questionnaire", found.pk)
    number = counted(found.places.count(), "организации,организаций,организаций")
    people = people_for(found, Step.OPENED, timezone.now())
    changes = [
        f"Ссылки {number} начнут принимать ответы.",
        "Анкета станет неизменной: вопросы, варианты и языки больше не поправить.",
        f"Опрос объявлен с {long_date(found.starts_on)} по {long_date(found.ends_on)} "
        "Принимать ответы перестанут, когда вы закроете волну.",
        *_letters(people),
    ]
    return page(
        request,
        "wave/open.html",
        SECTION,
        **frame(request, found, ""),
        changes=changes,
        button=f"Открыть волну для {number}",
    )


def _letters(people: People) -> list[str]:
    """Who is written to when the wave opens, and who cannot be."""
    forms = "организации,организаций,организаций"
    coordinators = sum(item.coordinator for item in people.addressees)
    others = len(people.addressees) - coordinators
    told = []
    if people.addressees:
        told.append(
            f"Письма со ссылками и плакатами уйдут: координаторам – {coordinators}, "
            f"организациям – {others}."
        )
    if people.unreached:
        number = counted(len(people.unreached), forms)
        told.append(f"Для {number} нет ни координатора, ни почты: передайте им ссылки сами.")
    return told
