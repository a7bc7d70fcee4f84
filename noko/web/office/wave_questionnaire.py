"""The questionnaire of a wave: as it will be asked, and the questions that the region adds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noko.access.loaders import allow, person_of
from noko.access.permissions import Permission
from noko.access.wave import get_wave_for
from noko.actions import wave as deeds
from noko.core.answers import additions as changes
from noko.core.answers.additions import missing, texts_of
from noko.core.answers.form import Additions, read_additions
from noko.core.answers.languages import title_of
from noko.core.answers.slip import condition_text
from noko.core.editions import EVIDENCE_TITLES
from noko.core.refusal import Refusal
from noko.models import Wave
from noko.queries.edition import get_edition
from noko.queries.response import form_of_wave
from noko.web.office.pages import page
from noko.web.office.questionnaire_forms import QuestionForm
from noko.web.office.wave import SECTION, frame
from noko.web.requests import text

DEEDS: dict[str, Callable[[Additions, str], Additions]] = {
    "up": lambda added, id: changes.moved(added, id, -1),
    "down": lambda added, id: changes.moved(added, id, 1),
    "remove": changes.without_question,
}


@require_GET
def questionnaire(request: HttpRequest, key: int) -> HttpResponse:
    """Anybody of the office reads it; whoever prepares the wave adds to it before the opening."""
    found = get_wave_for(request.user, key)
    edition, added = get_edition(found.cycle.edition), added_to(found)
    form = form_of_wave(found, text(request, "lang"))
    roles = {q.id: q for q in edition.questionnaire.questions}
    first = found.places.first()
    russian = form_of_wave(found)
    return page(
        request,
        "wave/questionnaire.html",
        SECTION,
        **frame(request, found, "wave_questionnaire"),
        form=form,
        questions=[(item, condition_text(form, item), roles.get(item.id)) for item in form.asked],
        languages=[("ru", "Русский"), *((c, w.name) for c, w in sorted(added.wordings.items()))],
        own=[(item, condition_text(russian, russian.by_id[item.id])) for item in added.extra],
        wordings=_wordings(found, added),
        evidence=EVIDENCE_TITLES,
        planned=found.status == Wave.Status.PLANNED,
        closed=found.status in (Wave.Status.CLOSING, Wave.Status.CLOSED),
        code=first.code if first else "",
    )


def _wordings(found: Wave, added: Additions) -> list[dict[str, Any]]:
    """Languages with how much of each is worded."""
    edition = get_edition(found.cycle.edition)
    gaps, whole = missing(edition, added), len(texts_of(edition, added))
    return [
        {
            "code": code,
            "title": title_of(code, wording.name),
            "done": whole - len(gaps.get(code, ())),
            "whole": whole,
        }
        for code, wording in sorted(added.wordings.items())
    ]


def added_to(found: Wave) -> Additions:
    return read_additions(found.additions)


def keep(request: HttpRequest, found: Wave, added: Additions, seen: str) -> None:
    """The deed, by whoever may; refusals as of :func:`noko.actions.wave.word`."""
    allow(request.user, Permission.WAVE_EDIT)
    deeds.word(
        wave=found, additions=changes.as_json(added), seen=seen, by=person_of(request.user),
        now=timezone.now(),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, key: int, question: str = "") -> HttpResponse:
    """A further question of the region, or one in other words."""
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    if found.status != Wave.Status.PLANNED:
        return not_any_more(request, found)
    added = added_to(found)
    try:
        before = changes.find(added, question) if question else None
    except Refusal as refusal:
        return _told(request, found, refusal)
    initial = {"seen": found.version, **(QuestionForm.initial_of(before) if before else {})}
    form = QuestionForm(
        form_of_wave(found), added, request.POST or None, id=question, initial=initial
    )
    if form.is_valid():
        try:
            made = changes.with_question(added, id=question, **form.facts())
            keep(request, found, made, form.cleaned_data["seen"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Вопрос сохранён.")
            return redirect("office:wave_questionnaire", found.pk)
    return page(
        request,
        "wave/question.html",
        SECTION,
        **under_questionnaire(request, found),
        form=form,
        item=before,
        status=422 if form.errors else 200,
    )


@require_POST
def question_deed(request: HttpRequest, key: int, question: str, deed: str) -> HttpResponse:
    """Up, down, away; the page says what became of it."""
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    if deed not in DEEDS:
        raise Http404(f"Действия «{deed}» нет.")
    seen = request.POST.get("seen", "")[:16]
    try:
        keep(request, found, DEEDS[deed](added_to(found), question), seen)
    except Refusal as refusal:
        return _told(request, found, refusal)
    messages.success(request, "Вопрос удалён." if deed == "remove" else "Порядок изменён.")
    return redirect("office:wave_questionnaire", found.pk)


def _told(request: HttpRequest, found: Wave, refusal: Refusal) -> HttpResponse:
    messages.error(request, str(refusal))
    return redirect("office:wave_questionnaire", found.pk)


def not_any_more(request: HttpRequest, found: Wave) -> HttpResponse:
    messages.error(request, "Волна открыта: анкета больше не меняется.")
    return redirect("office:wave_questionnaire", found.pk)


def under_questionnaire(request: HttpRequest, found: Wave) -> dict[str, Any]:
    return frame(request, found, "wave_questionnaire")
