"""An interviewer's way: choose an organisation, then one empty questionnaire after another.

What is typed goes into the box of the day by the same intake as an answer from a link. Who has
interviewed is kept nowhere: with the hour of a visit it would point to the person who answered.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import allow, get_place_for
from noko.access.loading import scope_of
from noko.access.permissions import Permission
from noko.actions.response import Place, Sender, accept
from noko.core.answers.form import Form
from noko.core.answers.slip import (
    LONGEST_REMARK,
    Flaw,
    Given,
    condition_text,
    read_given,
    slip_of,
    without_hidden,
)
from noko.core.refusal import Refusal
from noko.models import Wave, WaveOrganisation
from noko.models.response import Channel
from noko.queries.interview import interviewed, interviewed_today
from noko.queries.response import Survey, survey_of
from noko.web.field.pages import page
from noko.web.requests import text

UNPROCESSABLE, CONFLICT = 422, 409
ANSWER = "a."
"""What the name of a field of an answer begins with."""

OTHER_VERSION = "Анкета изменилась. Ответы перенесены: проверьте их и отправьте ещё раз."
CLOSED = "Опрос закрыт, эта анкета не принята. Анкеты, отправленные до закрытия, учтены."
REPEATED = (
    "Анкета с этой страницы уже принята, второй раз она не засчитана. Если вы нажали дважды, "
    "откройте пустую анкету. Если это ответы другого человека, отправьте их ещё раз."
)


@require_GET
def interviews(request: HttpRequest) -> HttpResponse:
    """Organisations of the open waves by municipality, with what is accepted already."""
    person = allow(request.user, Permission.RESPONSE_INTERVIEW)
    within = scope_of(person, Permission.RESPONSE_INTERVIEW).condition("organisation__")
    places = list(interviewed(within, timezone.localdate()))
    today = sum(getattr(place, "today", 0) for place in places)
    return page(request, "interviews.html", places=places, today=today)


# A page that the browser has kept would come back with a key that is used up.
@never_cache
@require_http_methods(["GET", "POST"])
def interview(request: HttpRequest, key: int) -> HttpResponse:
    """The empty questionnaire; after sending, the next one."""
    place = get_place_for(request.user, key, Permission.RESPONSE_INTERVIEW)
    survey = survey_of(place.code)
    if survey is None:
        raise Http404(f"Организации {key} в волнах нет.")
    if request.method == "GET":
        return _shown(request, place, survey, survey.form(text(request, "lang")))
    form = survey.form(request.POST.get("lang", ""))
    given = read_given(form, _typed(request.POST))
    refused = _refused(request, place, survey, form, given)
    return refused or _take(request, place, survey, form, given)


def _typed(values: Mapping[str, str]) -> dict[str, str]:
    return {name[len(ANSWER) :]: v for name, v in values.items() if name.startswith(ANSWER)}


def _refused(
    request: HttpRequest, place: WaveOrganisation, survey: Survey, form: Form, given: Given
) -> HttpResponse | None:
    """What stands in the way; every answer goes back with it."""
    if not survey.is_open:
        return _late(request, place, survey, form)
    if request.POST.get("version") != survey.version:
        values = without_hidden(form, given.values)
        return _shown(
            request, place, survey, form, values=values, notice=OTHER_VERSION, status=CONFLICT
        )
    if given.flaws:
        # An answer that nobody has asked for cannot be unticked without a program: it is left out.
        hidden = {flaw.question for flaw in given.flaws if flaw.kind == "hidden_answer"}
        typed = {**_typed(request.POST), **given.values}
        values = {name: value for name, value in typed.items() if name not in hidden}
        return _shown(
            request, place, survey, form, values=values, flaws=given.flaws, status=UNPROCESSABLE
        )
    return None


def _take(
    request: HttpRequest, place: WaveOrganisation, survey: Survey, form: Form, given: Given
) -> HttpResponse:
    try:
        accepted = accept(
            place=Place(survey.place, survey.wave, survey.salt),
            slip=slip_of(form, given.values),
            key=_key(request.POST.get("key", "")),
            channel=Channel.INTERVIEW,
            sender=Sender(way="interview"),
            now=timezone.now(),
        )
    except Refusal:
        return _late(request, place, survey, form)
    if not accepted.new:
        return _shown(
            request, place, survey, form, values=given.values, notice=REPEATED, status=CONFLICT
        )
    messages.success(request, "Анкета принята. Ниже пустая, для следующего человека.")
    return redirect(f"{request.path}?lang={form.language}")


def _late(
    request: HttpRequest, place: WaveOrganisation, survey: Survey, form: Form
) -> HttpResponse:
    values = _typed(request.POST)
    return _shown(
        request, place, survey, form, values=values, notice=CLOSED, closed=True, status=CONFLICT
    )


def _key(sent: str = "") -> str:
    """A key of the page, made when it was shown; anything else is an answer of its own."""
    return sent if re.fullmatch(r"[0-9a-f]{32}", sent) else secrets.token_hex(16)


def _shown(
    request: HttpRequest,
    place: WaveOrganisation,
    survey: Survey,
    form: Form,
    *,
    values: Mapping[str, object] | None = None,
    flaws: Sequence[Flaw] = (),
    notice: str = "",
    closed: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {
        "place": place,
        "form": form,
        "questions": _questions(form, values or {}, flaws),
        "flaws": flaws,
        "notice": notice,
        "key": _next_key(request, status),
        "languages": [("ru", "Русский"), *survey.languages] if survey.languages else [],
        "today": interviewed_today(place, timezone.localdate()),
        "planned": survey.status == Wave.Status.PLANNED,
        "closed": closed or not survey.is_open,
        "longest": LONGEST_REMARK,
    }
    return page(request, "interview.html", status=status, **context)


def _next_key(request: HttpRequest, status: int) -> str:
    """The same one after a flaw, which took nothing; a new one for everything else."""
    return _key(request.POST.get("key", "") if status == UNPROCESSABLE else "")


def _questions(
    form: Form, values: Mapping[str, object], flaws: Sequence[Flaw]
) -> list[dict[str, Any]]:
    return [
        {
            "asked": item,
            "name": f"{ANSWER}{item.id}",
            "value": str(values.get(item.id, "")),
            "only_if": condition_text(form, item),
            "flaws": [flaw.message for flaw in flaws if flaw.question == item.id],
        }
        for item in form.asked
    ]
