"""The questionnaire behind a link: shown, checked, accepted.

No account, no cookie, and no limit by address: a school hall full of parents is one address.
Nothing about a respondent is logged.
"""

from __future__ import annotations

import re

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from noko.actions import draft as drafts
from noko.actions.one_time_code import CODE_LENGTH, accept_with_code
from noko.actions.response import Accepted, Place, Sender
from noko.core.answers.form import Form
from noko.core.answers.slip import Given, read_given, slip_of, without_hidden
from noko.core.refusal import Refusal
from noko.core.statistics.marks import is_fast
from noko.queries.response import Survey, survey_of, usual_pace
from noko.web.survey import page, refusing
from noko.web.survey.sending import (
    Sent,
    Unreadable,
    came_by,
    is_json,
    network_of,
    read,
    too_large,
)


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """For those who type a link from paper."""
    typed = request.GET.get("code", "")[:40]
    code = re.sub(r"[^a-z0-9]", "", typed.lower())
    if code and survey_of(code):
        return redirect("survey:survey", code)
    # A slip has two codes in a row: the organisation's and its own.
    whose, own = code[:-CODE_LENGTH], came_by(f"k{code[-CODE_LENGTH:]}")
    if whose and own and survey_of(whose):
        return redirect(f"{reverse('survey:survey', args=[whose])}?c={own}")
    return page.code_page(request, typed, status=404 if typed else 200)


# Nobody is signed in here and no cookie is set, so there is no session that could be ridden.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, code: str) -> HttpResponse:
    try:
        found = survey_of(code)
    except (OperationalError, InterfaceError):
        return refusing.unavailable(request)
    if found is None:
        return refusing.unknown(request)
    if request.method == "POST":
        return _post(request, found)
    if "preview" in request.GET and found.status in ("planned", "open"):
        return page.preview(request, found, request.GET.get("lang", "")[:8])
    if not found.is_open:
        return refusing.not_open(request, found)
    language = found.form(request.GET.get("lang", "")[:8]).language
    came = came_by(request.GET.get("c", "")[:40])
    return page.answer(request, page.blank(found, language, came))


@require_safe
def done(request: HttpRequest, code: str) -> HttpResponse:
    found = survey_of(code)
    if found is None:
        return refusing.unknown(request)
    receipt = request.GET.get("r", "")
    if not re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}", receipt):
        return redirect("survey:survey", found.code)
    return page.done_page(request, found, receipt)


@require_safe
def go_on(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """The form as it was left; an address that is known to the respondent alone."""
    found = survey_of(code)
    if found is None:
        return refusing.unknown(request)
    if not found.is_open:
        return refusing.not_open(request, found)
    values = drafts.read(place=_place(found), key=key)
    if values is None:
        return refusing.no_draft(request, found)
    form = found.form(values.get("lang", ""))
    body = page.rendered(
        found, form, key=key, came=values.get("c", ""), values=values, notice=page.GO_ON
    )
    return page.answer(request, body)


def _keep(request: HttpRequest, found: Survey, sent: Sent) -> HttpResponse:
    """«Продолжить позже»: right or wrong, everything typed is kept."""
    typed = {name: str(value) for name, value in sent.answers.items()}
    values = {**typed, "lang": sent.language, "c": sent.came}
    drafts.save(place=_place(found), key=sent.key, values=values, now=timezone.now())
    address = request.build_absolute_uri(reverse("survey:go_on", args=[found.code, sent.key]))
    return page.later_page(request, found, address)


def _place(found: Survey) -> Place:
    return Place(found.place, found.wave, found.salt)


def _post(request: HttpRequest, found: Survey) -> HttpResponse:
    if too_large(request):
        return refusing.too_large(request)
    try:
        sent = read(request)
    except Unreadable as error:
        return refusing.told("unreadable", str(error), 400)
    form = found.form(sent.language)
    given = read_given(form, sent.answers)
    if found.is_closed:
        return _late(request, found, form, sent, given)
    if not found.is_open:
        return refusing.not_open(request, found)
    if sent.later:
        return _keep(request, found, sent)
    return _refused(request, found, form, sent, given) or _take(request, found, form, sent, given)


def _refused(
    request: HttpRequest, found: Survey, form: Form, sent: Sent, given: Given
) -> HttpResponse | None:
    """What stands in the way; every answer goes back with it."""
    if sent.version != found.version:
        return refusing.back(
            request, found, form, sent, kind="other_version", status=409,
            values=without_hidden(form, given.values), notice=refusing.OTHER_VERSION,
        )  # fmt: skip
    if given.flaws:
        return refusing.back(
            request, found, form, sent, kind="flaws", status=422,
            values=_typed(sent, given), flaws=given.flaws,
        )  # fmt: skip
    if sent.trapped:
        return refusing.back(
            request, found, form, sent, kind="trapped", status=422,
            values=given.values, notice=refusing.TRAPPED,
        )  # fmt: skip
    return None


def _typed(sent: Sent, given: Given) -> dict[str, object]:
    """Everything typed, right or wrong, without the answers that nobody has asked for."""
    hidden = {flaw.question for flaw in given.flaws if flaw.kind == "hidden_answer"}
    typed = {**sent.answers, **given.values}
    return {name: value for name, value in typed.items() if name not in hidden}


def _take(
    request: HttpRequest, found: Survey, form: Form, sent: Sent, given: Given
) -> HttpResponse:
    now = timezone.now()
    try:
        accepted = accept_with_code(
            code=sent.code,
            place=_place(found),
            slip=slip_of(form, given.values),
            key=sent.key,
            channel=sent.channel,
            sender=_sender(request, found, sent, len(given.values)),
            now=now,
        )
    except Refusal:
        return _late(request, found, form, sent, given)
    except (OperationalError, InterfaceError):
        # The database has gone away; whether it has kept the answer is known to the next try.
        return refusing.back(
            request, found, form, sent, kind="not_saved", status=503,
            values=given.values, notice=refusing.NOT_SAVED,
        )  # fmt: skip
    return _receipt(request, found, accepted)


def _sender(request: HttpRequest, found: Survey, sent: Sent, questions: int) -> Sender:
    fast = sent.seconds is not None and is_fast(
        sent.seconds, questions, usual_pace(found.wave, timezone.now())
    )
    return Sender(sent.device, network_of(request), sent.seconds, fast, sent.way)


def _late(
    request: HttpRequest, found: Survey, form: Form, sent: Sent, given: Given
) -> HttpResponse:
    return refusing.back(
        request, found, form, sent, kind="wave_closed", status=410,
        values=given.values, notice=refusing.CLOSED,
    )  # fmt: skip


def _receipt(request: HttpRequest, found: Survey, accepted: Accepted) -> HttpResponse:
    if is_json(request):
        return JsonResponse({"receipt": accepted.receipt}, status=201 if accepted.new else 200)
    address = reverse("survey:done", args=[found.code])
    return HttpResponse(status=303, headers={"Location": f"{address}?r={accepted.receipt}"})
