"""How the respondent's pages are put together: small, whole, the same for everybody."""

from __future__ import annotations

import gzip
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from noko.actions.expiry import KEPT
from noko.core.answers.form import RUSSIAN, Asked, Form
from noko.core.answers.slip import AGES, LONGEST_REMARK, Flaw, condition_text
from noko.queries.response import Survey
from noko.web.survey.sending import TRAP

KEY_PLACE = "0" * 32
"""Stands in a rendered page where each reader gets a key of their own."""

ENOUGH_TO_PACK = 512
LONG_BRACKET = 60
PREVIEW = "Предварительный просмотр: отсюда ответ отправить нельзя."
GO_ON = "Продолжите с того же места: ваши ответы на месте."


@dataclass(frozen=True, slots=True)
class Shown:
    """One question with what was answered; ``then``: questions that its answer leads to.

    ``head`` is what is asked; ``detail`` a long explanation in brackets after it, set lighter.
    """

    question: Asked
    head: str
    detail: str
    value: str
    flaws: tuple[str, ...]
    only_if: str
    opens: str
    then: tuple[Shown, ...] = ()


def blank(survey: Survey, language: str, came: str) -> bytes:
    """The empty form, kept ready in memory; only the key and a slip's code differ from reader to
    reader."""
    made = _blank(survey, language, came[:1])
    if came[1:]:
        made = made.replace(b'name="c" value="k"', f'name="c" value="{came}"'.encode())
        made = made.replace(b"c=k", f"c={came}".encode())
    return made.replace(KEY_PLACE.encode(), secrets.token_hex(16).encode())


@lru_cache(maxsize=512)
def _blank(survey: Survey, language: str, came: str) -> bytes:
    return rendered(survey, survey.form(language), came=came, key=KEY_PLACE).encode()


def rendered(
    survey: Survey,
    form: Form,
    *,
    key: str,
    came: str = "",
    values: Mapping[str, object] | None = None,
    flaws: Sequence[Flaw] = (),
    notice: str = "",
    closed: bool = False,
) -> str:
    """The page of the form. ``closed``: what was typed is shown and can no longer be sent."""
    context = {
        "survey": survey,
        "form": form,
        "questions": shown(form, values or {}, flaws),
        "flaws": flaws,
        "notice": notice,
        "closed": closed,
        "calm": notice in (GO_ON, PREVIEW),
        "preview": notice == PREVIEW,
        "key": key,
        "came": came,
        "trap": TRAP,
        "longest": LONGEST_REMARK,
        "ages": AGES,
        "languages": languages(survey, form),
    }
    return render_to_string("survey/form.html", context)


def languages(survey: Survey, form: Form) -> list[dict[str, Any]]:
    """Other languages of this questionnaire, this one marked; empty where there is one only."""
    if not survey.languages:
        return []
    known = [(RUSSIAN, "Русский"), *survey.languages]
    return [{"code": c, "name": name, "current": c == form.language} for c, name in known]


def shown(form: Form, values: Mapping[str, object], flaws: Sequence[Flaw]) -> list[Shown]:
    """The questions in order; one that depends on the question just before stands inside it."""
    found: list[tuple[Asked, list[Asked]]] = []
    for question in form.asked:
        condition = question.condition
        if condition and found and condition.question == found[-1][0].id:
            found[-1][1].append(question)
        else:
            found.append((question, []))
    by_question: dict[str, tuple[str, ...]] = {}
    for flaw in flaws:
        by_question[flaw.question] = (*by_question.get(flaw.question, ()), flaw.message)

    def one(question: Asked, inside: Sequence[Asked] = ()) -> Shown:
        value = values.get(question.id)
        opening = inside[0].condition.answer if inside and inside[0].condition else ""
        head, detail = divided(question.text)
        return Shown(
            question,
            head,
            detail,
            "" if value is None else str(value),
            by_question.get(question.id, ()),
            condition_text(form, question),
            str(opening),
            tuple(one(item) for item in inside),
        )

    return [one(question, inside) for question, inside in found]


def divided(text: str) -> tuple[str, str]:
    """«Удовлетворены ли Вы …» and «(наличие зоны отдыха; …)?»"""
    head, bracket, rest = text.partition(" (")
    return (head, bracket + rest) if len(rest) > LONG_BRACKET else (text, "")


def answer(request: HttpRequest, body: str | bytes, status: int = 200) -> HttpResponse:
    """A page of the survey, packed where the browser takes it; kept by nobody in between."""
    content = body.encode() if isinstance(body, str) else body
    accepted = request.headers.get("Accept-Encoding", "")
    packed = "gzip" in accepted and len(content) > ENOUGH_TO_PACK
    made = HttpResponse(gzip.compress(content, 5) if packed else content, status=status)
    if packed:
        made["Content-Encoding"] = "gzip"
    made["Vary"] = "Accept-Encoding"
    made["Cache-Control"] = "private, no-cache"
    made["X-Robots-Tag"] = "noindex"
    return made


def message(
    request: HttpRequest, title: str, *lines: str, status: int = 200, **context: Any
) -> HttpResponse:
    """A page that only says something."""
    body = render_to_string("survey/message.html", {"title": title, "lines": lines, **context})
    return answer(request, body, status)


def done_page(request: HttpRequest, survey: Survey, receipt: str) -> HttpResponse:
    body = render_to_string("survey/done.html", {"survey": survey, "receipt": receipt})
    return answer(request, body)


def preview(request: HttpRequest, survey: Survey, language: str) -> HttpResponse:
    """The form as a respondent sees it, all of it, without a button to send."""
    form = survey.form(language)
    return answer(request, rendered(survey, form, key=KEY_PLACE, notice=PREVIEW, closed=True))


def later_page(request: HttpRequest, survey: Survey, address: str) -> HttpResponse:
    until = min(survey.ends_on, timezone.localdate() + KEPT)
    context = {"survey": survey, "address": address, "until": until, "kept": KEPT.days}
    return answer(request, render_to_string("survey/later.html", context))


def code_page(request: HttpRequest, typed: str, *, status: int) -> HttpResponse:
    return answer(request, render_to_string("survey/enter.html", {"typed": typed}), status)
