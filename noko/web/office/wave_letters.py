"""Letters about a wave: what was written to whom, and a reminder to those at risk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.wave import get_wave_for
from noko.actions import wave_letter as deeds
from noko.actions.letter import written
from noko.core.refusal import Refusal
from noko.core.wave_letters import Step
from noko.models import Letter, Wave, WaveLetter
from noko.queries.wave_people import Addressee
from noko.templatetags.russian import counted
from noko.web.office.pages import page
from noko.web.office.wave import SECTION, frame

LETTERS = "письмо,письма,писем"
SHOWN = 500
STATES = {
    Letter.Status.QUEUED: ("underway", "ждёт отправки"),
    Letter.Status.SENT: ("done", "отправлено"),
    Letter.Status.FAILED: ("overdue", "не отправлено"),
}


@require_GET
def letters(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    rows = list(found.letters.select_related("letter", "made_by")[:SHOWN])
    return page(
        request,
        "wave/letters.html",
        SECTION,
        **frame(request, found, "wave_letters"),
        rows=[(row, *_state(row)) for row in rows],
        number=found.letters.count(),
        shown=SHOWN,
    )


def _state(row: WaveLetter) -> tuple[str, str]:
    return STATES[Letter.Status(row.letter.status)] if row.letter else ("", "готовится")


@require_http_methods(["GET", "POST"])
def remind(request: HttpRequest, key: int) -> HttpResponse:
    """The confirm step: who gets what, word by word; after it, how many letters went."""
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    if found.status != Wave.Status.OPEN:
        return redirect("office:wave_letters", found.pk)
    now = timezone.now()
    if request.method == "POST":
        try:
            made = deeds.remind(wave=found, by=person_of(request.user), now=now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            sent = counted(made, LETTERS)
            messages.success(request, f"Поставлено в отправку: {sent}. Сегодня больше не напишем.")
        return redirect("office:wave_letters", found.pk)
    context = frame(request, found, "wave_letters")
    return page(request, "wave/remind.html", SECTION, **context, **preview(found, Step.HELP))


def preview(wave: Wave, step: Step) -> dict[str, Any]:
    """Who would get a letter of the step now, its text, and who cannot be reached."""
    now = timezone.now()
    people = deeds.people_for(wave, step, now)
    today = timezone.localdate(now)
    already = set(
        WaveLetter.objects.filter(wave=wave, step=step, round_on=today).values_list("to", flat=True)
    )
    new = [item for item in people.addressees if item.to not in already]
    return {
        "people": [(item, *_written(wave, step, item)) for item in new],
        "already": len(people.addressees) - len(new),
        "unreached": people.unreached,
        "button": f"Отправить {counted(len(new), LETTERS)}",
    }


def _written(wave: Wave, step: Step, item: Addressee) -> tuple[str, str]:
    return written("wave", deeds.context_of(wave, step, item, timezone.now()))
