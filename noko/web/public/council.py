"""The public council for everybody: composition, decisions with their digests, minutes."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from noko import kept
from noko.core.editions import EVIDENCE_TITLES
from noko.queries.council import (
    day_shown,
    members_on,
    public_councils,
    published_decisions,
    published_file,
    published_sessions,
)
from noko.queries.council_rules import rules_of
from noko.web.public.page import HOME, Crumbs, public_page

CRUMBS: Crumbs = [HOME, ("Общественный совет", "/council/")]
KINDS = {
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@public_page
def councils(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = [
        (council, members_on(council, day_shown(council, today)).count(), council.holds(today))
        for council in public_councils()
    ]
    context = {
        "section": "council",
        "rows": rows,
        "decisions": published_decisions()[:20],
        "invented": any(council.invented for council, _, _ in rows),
        "breadcrumb": [HOME],
    }
    return render(request, "public/councils.html", context)


@public_page
def council(request: HttpRequest, key: int) -> HttpResponse:
    found = public_councils().filter(pk=key).first()
    if found is None:
        raise Http404("Такого совета нет.")
    today = timezone.localdate()
    context = {
        "section": "council",
        "council": found,
        "in_force": found.holds(today),
        "members": members_on(found, day_shown(found, today)),
        "rules": rules_of(found),
        "evidence": EVIDENCE_TITLES,
        "decisions": published_decisions().filter(council=found),
        "sessions": [(session, _files(session.minutes)) for session in published_sessions(found)],
        "invented": found.invented,
        "breadcrumb": CRUMBS,
    }
    return render(request, "public/council.html", context)


@public_page
def decision(request: HttpRequest, key: int, number: int) -> HttpResponse:
    found = published_decisions().filter(council_id=key, pk=number).first()
    if found is None:
        raise Http404("Такого решения нет.")
    context = {
        "section": "council",
        "decision": found,
        "ballot": found.item.ballots.order_by("-round").first(),
        "files": _files(found.files),
        "annexes": _files(found.annexes),
        "minutes": _files(found.session.minutes),
        "invented": found.council.invented,
        "breadcrumb": [*CRUMBS, (found.council.short_name, f"/council/{key}/")],
    }
    return render(request, "public/council_decision.html", context)


@require_safe
def file(request: HttpRequest, digest: str, name: str) -> FileResponse:
    """A published document or annex; it never changes, so caches may keep it for a year."""
    del request
    path = kept.path_of(digest)
    if not published_file(digest, name):
        raise Http404("Такого файла нет.")
    if not path.is_file():
        raise Http404("Файл временно недоступен.")
    kind = next((kind for end, kind in KINDS.items() if name.endswith(end)), "")
    answer = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=name,
        content_type=kind or "application/octet-stream",
    )
    answer["ETag"] = f'"{digest}"'
    answer["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


def _files(files: list[dict[str, object]]) -> list[dict[str, object]]:
    """Kept files for the list of downloads."""
    return [
        {
            "title": file["name"],
            "url": reverse("council-file", args=[file["sha256"], file["name"]]),
            "size": file["bytes"],
            "sha256": file["sha256"],
        }
        for file in files
    ]
