"""The questionnaire of a wave: as it will be asked, and what the region adds to it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import allow
from noko.access.permissions import Permission
from noko.access.wave import get_wave_for
from noko.actions import wave as deeds
from noko.core.answers.slip import condition_text
from noko.core.editions import EVIDENCE_TITLES
from noko.core.refusal import Refusal
from noko.models import Wave
from noko.queries.edition import get_edition
from noko.queries.response import form_of_wave
from noko.web.office.pages import page
from noko.web.office.wave import SECTION, frame
from noko.web.office.wave_forms import AdditionsForm
from noko.web.requests import text


@require_http_methods(["GET", "POST"])
def questionnaire(request: HttpRequest, key: int) -> HttpResponse:
    """Anybody of the office reads it; whoever prepares the wave adds to it before the opening."""
    found = get_wave_for(request.user, key)
    additions = AdditionsForm.of(found)
    if request.method == "POST":
        allow(request.user, Permission.WAVE_EDIT)
        wordings = found.additions.get("wordings", {})
        additions = AdditionsForm(request.POST, wordings=wordings)
        if additions.is_valid() and _kept(request, found, additions):
            return redirect("office:wave_questionnaire", found.pk)
    form = form_of_wave(found, text(request, "lang"))
    roles = {q.id: q for q in get_edition(found.cycle.edition).questionnaire.questions}
    first = found.places.first()
    return page(
        request,
        "wave/questionnaire.html",
        SECTION,
        **frame(request, found, "wave_questionnaire"),
        form=form,
        questions=[(item, condition_text(form, item), roles.get(item.id)) for item in form.asked],
        languages=[("ru", "Русский"), *_languages(found)],
        additions=additions,
        evidence=EVIDENCE_TITLES,
        planned=found.status == Wave.Status.PLANNED,
        code=first.code if first else "",
        status=422 if additions.errors else 200,
    )


def _kept(request: HttpRequest, found: Wave, form: AdditionsForm) -> bool:
    """Whether there is nothing left to do on this page; False shows the form again."""
    person = allow(request.user, Permission.WAVE_EDIT)
    try:
        deeds.word(wave=found, additions=form.additions(), by=person, now=timezone.now())
    except Refusal as refusal:
        if refusal.kind == "wave_moved":
            messages.error(request, str(refusal))
            return True
        form.refuse(refusal)
        return False
    messages.success(request, "Анкета сохранена.")
    return True


def _languages(found: Wave) -> list[tuple[str, str]]:
    wordings = found.additions.get("wordings", {})
    return [(code, wording["name"]) for code, wording in sorted(wordings.items())]
