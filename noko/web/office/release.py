"""Publishing: what will change, for whom, and that it cannot be undone."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import get_calculation_for, person_of
from noko.access.permissions import Permission
from noko.core.refusal import Refusal
from noko.jobs.release import difference_now, prepare_release
from noko.models import Calculation
from noko.queries.correction import Change, organisations_touched
from noko.templatetags.russian import counted
from noko.web.office.cycle import cycle_crumbs
from noko.web.office.forms import ReleaseForm
from noko.web.office.pages import page


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, key: int) -> HttpResponse:
    calculation = get_calculation_for(request.user, key, Permission.RELEASE_PUBLISH)
    if hasattr(calculation, "release") or calculation.status != Calculation.Status.DONE:
        return redirect("office:calculation", key)
    version = next_version(calculation)
    form = ReleaseForm(request.POST or None, initial={"version": version}, first=version == 1)
    if form.is_valid():
        try:
            return _publish(request, calculation, form)
        except Refusal as refusal:
            if refusal.kind == "calculation_published":
                return redirect("office:calculation", key)
            form = ReleaseForm(
                {
                    "reason": form.cleaned_data.get("reason", ""),
                    "version": next_version(calculation),
                },
                first=next_version(calculation) == 1,
            )
            form.is_valid()
            form.refuse(refusal)
    changes = difference_now(calculation)
    return page(
        request,
        "release.html",
        "cycles",
        calculation=calculation,
        cycle=calculation.cycle,
        crumbs=[
            *cycle_crumbs(calculation.cycle),
            ("Расчёт", reverse("office:calculation", args=[key])),
        ],
        form=form,
        version=version,
        difference=grouped(changes),
        effects=effects_of(calculation, version, changes),
        button="Опубликовать рейтинг" if version == 1 else f"Опубликовать версию {version}",
        status=422 if form.errors else 200,
    )


def next_version(calculation: Calculation) -> int:
    return (calculation.cycle.releases.aggregate(last=Max("version"))["last"] or 0) + 1


def _publish(request: HttpRequest, calculation: Calculation, form: ReleaseForm) -> HttpResponse:
    published = prepare_release(
        calculation=calculation,
        reason=form.cleaned_data.get("reason", ""),
        expected_version=form.cleaned_data["version"],
        by=person_of(request.user),
        now=timezone.now(),
    )
    messages.success(
        request,
        f"Опубликована версия {published.version}. Страницы сайта обновятся за несколько секунд.",
    )
    return redirect("office:calculation", calculation.pk)


def effects_of(calculation: Calculation, version: int, changes: list[Change]) -> list[str]:
    """What the deed will do, sentence by sentence."""
    rated = counted(calculation.scores.count(), "организации,организаций,организаций")
    lines = [
        f"Рейтинг «{calculation.cycle.title}» увидят все: баллы и места {rated}, объяснение "
        "каждого числа, открытые данные.",
        f"Основание – набор данных № {calculation.dataset.number}; он и результат не изменятся.",
    ]
    if version == 1:
        return lines
    touched = organisations_touched(changes)
    own = counted(len(touched["own"]), "организации,организаций,организаций")
    moved = counted(len(touched["moved"]), "организации,организаций,организаций")
    only_places = f"; ещё у {moved} изменится только место" if touched["moved"] else ""
    return [
        f"Версия {version} заменит версию {version - 1}; прежняя останется доступной по ссылке.",
        f"Изменятся данные или баллы {own}{only_places}.",
        *lines[1:],
        "Отличия и причина исправления будут видны на странице выпуска.",
    ]


def grouped(changes: list[Change]) -> list[dict[str, object]]:
    """Changes organisation by organisation: those with changes of their own stand first."""
    touched = organisations_touched(changes)
    by_name: dict[str, list[Change]] = {}
    for change in changes:
        by_name.setdefault(change["organisation"], []).append(change)
    order = [*touched["own"], *touched["moved"]]
    return [{"organisation": name, "changes": by_name[name]} for name in order]
