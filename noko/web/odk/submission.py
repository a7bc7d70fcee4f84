"""A filled form comes in: checked as any other answer, accepted once for its instanceID.

Of the sender nothing is taken: not the number of the device that Collect writes into the address,
not its clock, not the network. Filled forms wait on a tablet and come together in the evening, so
the moment when they come says nothing about them either.
"""

from __future__ import annotations

import io

from django.core.handlers.wsgi import WSGIRequest
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from noko.actions.response import Place, Sender, accept
from noko.core.answers.slip import read_given, slip_of
from noko.core.refusal import Refusal
from noko.exchange.openrosa import Submission, read_submission
from noko.models import OdkAddress, Wave, WaveOrganisation
from noko.models.response import Channel
from noko.queries.odk import address_of, form_id, place_behind
from noko.queries.response import survey_of
from noko.web.odk.answering import LARGEST, answer, said, unknown

PART = "xml_submission_file"
STAYS = "Анкета осталась на устройстве."
SHOWN = 3


# Nobody is signed in here and no cookie is set, so there is no session that could be ridden.
@csrf_exempt
@require_http_methods(["HEAD", "POST"])
def submission(request: HttpRequest, code: str) -> HttpResponse:
    """HEAD: 204, where to send and how much; POST: 201 with the receipt, also for a repeat."""
    try:
        found = address_of(code)
        if found is None:
            return unknown()
        if request.method == "HEAD":
            made = answer(status=204)
            made["Location"] = request.build_absolute_uri(request.path)
            return made
        return _post(request, found)
    except (OperationalError, InterfaceError):
        # Whether the database has kept the answer is known to the next try.
        text = "Сейчас сохранить не удалось. Отправьте ещё раз: дважды анкета не засчитается."
        return said(f"{text} {STAYS}", kind="not_saved", status=503)


def _post(request: HttpRequest, address: OdkAddress) -> HttpResponse:
    content = _content(request)
    if content is None:
        text = f"Анкета больше {LARGEST // 1024} КБ: столько не занимают ответы на вопросы."
        return said(f"{text} {STAYS}", kind="too_large", status=413)
    if not content:
        text = f"В отправке нет файла анкеты ({PART})."
        return said(f"{text} {STAYS}", kind="no_file", status=400)
    try:
        sent = read_submission(content)
    except Refusal as refusal:
        return said(f"{refusal} {STAYS}", kind=refusal.kind, status=400)
    return _refused(address, sent) or _take(address, sent)


def _content(request: HttpRequest) -> bytes | None:
    """The XML of the form; empty where there is none; None where the sending is too large."""
    whole = _whole(request)
    if whole is None or int(whole.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return None
    file = whole.FILES.get(PART)
    return bytes(file.read()) if file else whole.POST.get(PART, "").encode()


def _whole(request: HttpRequest) -> HttpRequest | None:
    """The standard lets a device send without saying how much: then as much is read as is taken."""
    if "chunked" not in request.headers.get("Transfer-Encoding", "").lower():
        return request
    content = request.environ["wsgi.input"].read(LARGEST + 1)  # type: ignore[attr-defined]
    if len(content) > LARGEST:
        return None
    return WSGIRequest(
        {
            **request.environ,  # type: ignore[attr-defined]
            "wsgi.input": io.BytesIO(content),
            "CONTENT_LENGTH": str(len(content)),
        }
    )


def _refused(address: OdkAddress, sent: Submission) -> HttpResponse | None:
    """What stands in the way before any answer is looked at."""
    wave = address.wave
    if address.withdrawn_at is not None:
        return _stays(
            "address_withdrawn", 403, "Этот адрес отозван.",
            "Попросите у оператора новый QR-код, отсканируйте его и отправьте анкету ещё раз.",
        )  # fmt: skip
    if wave.status == Wave.Status.PLANNED:
        return _stays("not_open", 403, "Опрос ещё не начался: анкеты пока не принимаются.")
    if wave.status != Wave.Status.OPEN:
        return _closed()
    if sent.form_id != form_id(wave) or sent.version != wave.version:
        return _stays(
            "other_version", 409, "Анкета заполнена в другой форме.",
            "Получите форму с сервера заново и внесите ответы в неё.",
        )  # fmt: skip
    if sent.edits:
        return _stays(
            "edits", 409, "Это правка анкеты, которая уже принята.",
            "Принятую анкету изменить нельзя: никто не знает, какая из анкет она.",
        )  # fmt: skip
    return None


def _closed() -> HttpResponse:
    return _stays(
        "wave_closed", 410, "Опрос закрыт, новые анкеты не принимаются.",
        "Анкеты, принятые до закрытия, учтены.",
    )  # fmt: skip


def _stays(kind: str, status: int, *lines: str) -> HttpResponse:
    return said(" ".join((*lines, STAYS)), kind=kind, status=status)


def _take(address: OdkAddress, sent: Submission) -> HttpResponse:
    place = place_behind(address, sent.organisation)
    survey = survey_of(place.code) if place else None
    if place is None or survey is None:
        return _stays(
            "unknown_organisation", 422, "Организация в анкете не выбрана или её нет в форме.",
            "Получите форму с сервера заново и выберите организацию из списка.",
        )  # fmt: skip
    form = survey.form()
    given = read_given(form, sent.answers)
    if given.flaws:
        lines = [flaw.message for flaw in given.flaws[:SHOWN]]
        return _stays("flaws", 422, *lines)
    try:
        accepted = accept(
            place=Place(survey.place, survey.wave, survey.salt),
            slip=slip_of(form, given.values),
            key=sent.key,
            channel=Channel.FORMS,
            sender=Sender(way="forms", at_once=False),
            now=timezone.now(),
        )
    except Refusal:
        return _closed()
    return _thanks(place, accepted.receipt)


def _thanks(place: WaveOrganisation, receipt: str) -> HttpResponse:
    """The same for the first copy and for any other: 200 would be a failure to Collect."""
    text = f"Анкета принята: {place.organisation.short_name}. Квитанция {receipt}."
    return said(text, kind="submit_success", status=201)
