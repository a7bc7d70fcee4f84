"""Every "no" of the survey: to a page it is a page that keeps all that was typed, to the program
on a device it is JSON with a kind that tells it what to do with the answer.

Kinds: ``unknown_link`` ``not_open`` ``wave_closed`` ``too_large`` ``unreadable`` ``other_version``
``flaws`` ``trapped`` ``not_saved`` (the only one that another try alone can cure).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse, JsonResponse

from noko.core.answers.form import Form
from noko.core.answers.slip import Flaw
from noko.queries.response import Survey
from noko.templatetags.russian import long_date
from noko.web.survey import page
from noko.web.survey.sending import LARGEST, Sent, is_json

OTHER_VERSION = (
    "Анкета изменилась, пока вы отвечали. Мы перенесли ваши ответы: проверьте их и отправьте ещё "
    "раз."
)
TRAPPED = (
    "Похоже, что анкету заполнила программа. Если это не так, нажмите «Отправить» ещё раз: ваши "
    "ответы на месте."
)
NOT_SAVED = (
    "Сейчас ответ сохранить не удалось. Ничего не пропало: нажмите «Отправить» ещё раз через "
    "минуту. Дважды ответ не засчитается."
)
CLOSED = "Опрос уже закрыт, и этот ответ не принят. Ответы, отправленные до закрытия, учтены."


def said(request: HttpRequest, kind: str, title: str, *lines: str, status: int) -> HttpResponse:
    """A "no" that has no form to go back to."""
    if is_json(request):
        return told(kind, " ".join((title + ".", *lines)), status)
    return page.message(request, title, *lines, status=status)


def told(kind: str, message: str, status: int, flaws: Sequence[Flaw] = ()) -> JsonResponse:
    """The same for the program on a device."""
    listed = [{"question": f.question, "kind": f.kind, "message": f.message} for f in flaws]
    return JsonResponse({"kind": kind, "message": message, "flaws": listed}, status=status)


def unknown(request: HttpRequest) -> HttpResponse:
    return said(
        request,
        "unknown_link",
        "Такой анкеты нет",
        "Проверьте ссылку: возможно, в ней опечатка. Её можно взять на плакате в организации или "
        "на её сайте.",
        status=404,
    )


def not_open(request: HttpRequest, survey: Survey) -> HttpResponse:
    """Before the opening, or after the closing when somebody only looks."""
    if survey.is_closed:
        return said(
            request,
            "wave_closed",
            "Опрос завершён",
            f"Об организации «{survey.organisation}» спрашивали до {long_date(survey.ends_on)} "
            "Спасибо всем, кто ответил. Результаты появятся на сайте.",
            status=410,
        )
    return said(
        request,
        "not_open",
        "Опрос ещё не начался",
        f"Ответить об организации «{survey.organisation}» можно будет с "
        f"{long_date(survey.starts_on)} по {long_date(survey.ends_on)}",
        status=409 if request.method == "POST" else 200,
    )


def no_draft(request: HttpRequest, survey: Survey) -> HttpResponse:
    return page.message(
        request,
        "Сохранённых ответов нет",
        "Возможно, этот ответ уже отправлен, срок хранения прошёл, или в ссылке опечатка.",
        status=404,
        code=survey.code,
    )


def too_large(request: HttpRequest) -> HttpResponse:
    return said(
        request,
        "too_large",
        "Ответ слишком большой",
        f"Принимается не больше {LARGEST // 1024} КБ, это около ста страниц текста. Вернитесь "
        "назад (ответы на странице остались), сократите текст и отправьте ещё раз.",
        status=413,
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database does not answer, so not even the form can be shown again."""
    return said(
        request,
        "not_saved",
        "Сейчас ответ сохранить не удалось",
        "Вернитесь назад – ответы на странице остались – и отправьте их через минуту. Дважды ответ "
        "не засчитается.",
        status=503,
    )


def back(
    request: HttpRequest,
    survey: Survey,
    form: Form,
    sent: Sent,
    *,
    kind: str,
    status: int,
    values: Mapping[str, object],
    flaws: Sequence[Flaw] = (),
    notice: str = "",
) -> HttpResponse:
    """The form once more, with everything typed and what is to be done."""
    if is_json(request):
        message = notice or " ".join(flaw.message for flaw in flaws)
        return told(kind, message, status, flaws)
    body = page.rendered(
        survey,
        form,
        key=sent.key,
        came=sent.came,
        values=values,
        flaws=flaws,
        notice=notice,
        closed=kind == "wave_closed",
    )
    return page.answer(request, body, status)
