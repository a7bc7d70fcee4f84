"""The plan and the report on its progress to be saved: Word, PDF, workbook."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from noko.access.plan_loaders import get_plan_for
from noko.documents.plan import KINDS, SUFFIXES, plan_document
from noko.queries.plan import view_of

NAMES = {"plan": "План", "progress": "Отчёт о выполнении плана"}


@require_GET
def file(request: HttpRequest, key: int, kind: str, suffix: str) -> HttpResponse:
    found = get_plan_for(request.user, key)
    if kind not in KINDS or suffix not in SUFFIXES:
        raise Http404("Такого документа нет.")
    view = view_of(found, timezone.localdate())
    answer = HttpResponse(plan_document(view, kind, suffix), content_type=SUFFIXES[suffix])
    name = f"{NAMES[kind]} {found.year}.{suffix}"
    answer.headers["Content-Disposition"] = _attachment(name)
    return answer


def _attachment(name: str) -> str:
    """RFC 6266: a Russian name in a header."""
    return f"attachment; filename*=UTF-8''{quote(name)}"
