"""Quality of a wave: what looks unusual and why, and leaving answers out by two people."""

from __future__ import annotations

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.wave import get_exclusion_for, get_wave_for
from noko.actions import exclusion as deeds
from noko.core.refusal import Refusal
from noko.core.statistics.quality import Kind
from noko.exchange.wave_quality import Effect, Selection, effects
from noko.models import Exclusion, Wave
from noko.queries.wave_quality import WORDS, Flagged, find, flags_of
from noko.templatetags.russian import counted, score
from noko.web.office.pages import page, sentences
from noko.web.office.wave import SECTION, frame
from noko.web.office.wave_forms import ReasonForm
from noko.web.requests import text

SHOWN = 3
_ANSWERS = "анкету,анкеты,анкет"


@require_GET
def quality(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key, Permission.WAVE_REVIEW)
    flags = flags_of(found)
    changed = effects(found, [selection_of(item) for item in flags])
    exclusions = Exclusion.objects.filter(place__wave=found).select_related(
        "place__organisation", "proposed_by", "decided_by"
    )
    return page(
        request,
        "wave/quality.html",
        SECTION,
        **frame(request, found, "wave_quality"),
        rows=[(item, shortly(effect)) for item, effect in zip(flags, changed, strict=True)],
        exclusions=[(item, WORDS[Kind(item.flag)]) for item in exclusions],
    )


def selection_of(item: Flagged) -> Selection:
    flag = item.flag
    return Selection(item.place, flag.marks, flag.day, flag.pattern)


def shortly(effect: Effect) -> list[str]:
    """The score and the greatest changes; the rest stands on the page of the proposal."""
    lines = in_words(effect)
    rest = len(lines) - SHOWN
    return [*lines[:SHOWN], f"и ещё показателей: {rest}"] if rest > 1 else lines


def in_words(effect: Effect) -> list[str]:
    """«Балл 87,4 → 87,1» and the indicators of the survey that change."""
    lines = []
    if effect.total:
        one, other = effect.total
        changed = f"{score(one)} → {score(other)}" if one != other else f"{score(one)}, тот же"
        lines.append(f"Итоговый балл: {changed}")
    ordered = sorted(effect.indicators, key=_change, reverse=True)
    lines += [f"{name}: {score(one)} → {score(other)}" for name, one, other in ordered]
    return lines or ["Показатели не изменятся."]


def _change(item: tuple[str, str, str]) -> Decimal:
    """How much an indicator changes; most where one of the two is not there."""
    _, one, other = item
    return Decimal("Infinity") if "–" in (one, other) else abs(Decimal(one) - Decimal(other))


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, key: int) -> HttpResponse:
    """One person proposes to leave the answers of a flag out."""
    found = get_wave_for(request.user, key, Permission.WAVE_REVIEW)
    item = find(flags_of(found), text(request, "flag"))
    if item is None:
        messages.info(request, "Этого признака больше нет: ответы изменились.")
        return redirect("office:wave_quality", found.pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        flag = item.flag
        try:
            made = deeds.propose(
                place=item.place, flag=flag.kind, marks=flag.marks, day=flag.day,
                pattern=flag.pattern, number=flag.number, reason=form.cleaned_data["reason"],
                by=person_of(request.user), now=timezone.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Предложено. Решить должен другой человек.")
            return redirect("office:exclusion", found.pk, made.pk)
    [effect] = effects(found, [selection_of(item)])
    number = counted(item.flag.number, _ANSWERS)
    return page(
        request,
        "wave/propose.html",
        SECTION,
        **_under_quality(request, found),
        item=item,
        form=form,
        changes=[
            f"{item.place}: {item.reason}",
            *in_words(effect),
            "Анкеты исключит другой человек, если согласится. До этого ничего не изменится.",
        ],
        button=f"Предложить исключить {number}",
        status=422 if form.errors else 200,
    )


def _under_quality(request: HttpRequest, found: Wave) -> dict[str, object]:
    context = frame(request, found, "")
    crumbs = [*context["crumbs"], (context["title"], reverse("office:wave", args=[found.pk]))]
    quality_ = ("Качество", reverse("office:wave_quality", args=[found.pk]))
    return {**context, "tabs": [], "crumbs": [*crumbs, quality_]}


@require_http_methods(["GET", "POST"])
def exclusion(request: HttpRequest, key: int, exclusion: int) -> HttpResponse:
    """The second person decides; whoever has proposed may only take it back."""
    item = get_exclusion_for(request.user, key, exclusion)
    wave = get_wave_for(request.user, key, Permission.WAVE_REVIEW)
    person = person_of(request.user)
    selection = Selection(item.place, item.marks, item.day, item.pattern)
    waiting = item.status == Exclusion.Status.PROPOSED
    found = effects(wave, [selection]) if waiting else []
    problems: list[str] = []
    if request.method == "POST":
        now = timezone.now()
        try:
            if "confirm" in request.POST:
                effect = found[0].as_dict() if found else {}
                deeds.confirm(exclusion=item, effect=effect, by=person, now=now)
                done = f"Исключено: {counted(item.number, 'анкета,анкеты,анкет')}."
            else:
                deeds.decline(exclusion=item, by=person, now=now)
                done = "Анкеты остаются."
        except Refusal as refusal:
            problems = sentences(refusal)
        else:
            messages.success(request, done)
            return redirect("office:wave_quality", wave.pk)
    return page(
        request,
        "wave/exclusion.html",
        SECTION,
        **_under_quality(request, wave),
        item=item,
        word=WORDS[Kind(item.flag)],
        effect=in_words(found[0]) if found else [],
        kept=item.effect,
        own=item.proposed_by_id == person.pk,
        problems=problems,
        button=f"Исключить {counted(item.number, _ANSWERS)}",
        status=422 if problems else 200,
    )
