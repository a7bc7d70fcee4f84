"""How a server of OpenRosa answers: the headers of the standard, a message in Russian."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date

from noko.exchange import openrosa

XML = "text/xml; charset=utf-8"
LARGEST = 256 * 1024
"""Bytes of one sending; the texts of a questionnaire take a tenth of it."""


def answer(content: str | bytes = "", status: int = 200) -> HttpResponse:
    made = HttpResponse(content, content_type=XML, status=status)
    made["X-OpenRosa-Version"] = "1.0"
    made["X-OpenRosa-Accept-Content-Length"] = str(LARGEST)
    made["Date"] = http_date(timezone.now().timestamp())
    made["Content-Language"] = "ru"
    made["Cache-Control"] = "no-store"
    return made


def said(message: str, *, kind: str, status: int) -> HttpResponse:
    """Collect takes 201 and 202 for a success and shows the message of anything else."""
    return answer(openrosa.response(message, kind), status)


def unknown() -> HttpResponse:
    return said(
        "Такого адреса нет. Проверьте адрес сервера в настройках или отсканируйте QR-код заново.",
        kind="unknown_address",
        status=404,
    )
