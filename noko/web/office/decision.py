"""Decisions of the council in the office: one decision, its documents."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from noko.access.council import get_decision_for, get_session_for
from noko.documents.council import decision_document
from noko.documents.formats import MAKERS
from noko.queries.journal import of_thing
from noko.web.files import kept_file
from noko.web.office.council import SECTION
from noko.web.office.journal import shown
from noko.web.office.pages import page
from noko.web.office.session import KINDS, attached, session_crumbs


@require_GET
def decision(request: HttpRequest, key: int) -> HttpResponse:
    found = get_decision_for(request.user, key)
    return page(
        request,
        "council/decision.html",
        SECTION,
        decision=found,
        ballot=found.item.ballots.order_by("-round").first(),
        history=[shown(item) for item in of_thing(found)],
        crumbs=session_crumbs(found.session),
    )


@require_GET
def decision_draft(request: HttpRequest, key: int, kind: str) -> HttpResponse:
    """The document of a decision that is not signed yet."""
    found = get_decision_for(request.user, key)
    if kind not in MAKERS:
        raise Http404("Такого документа нет.")
    name, content = decision_document(found).file(kind)
    return attached(content, name, KINDS[kind])


@require_GET
def decision_file(request: HttpRequest, key: int, digest: str) -> FileResponse:
    """A signed document or an annex of the decision."""
    found = get_decision_for(request.user, key)
    return _file([*found.files, *found.annexes], digest)


@require_GET
def minutes_file(request: HttpRequest, key: int, digest: str) -> FileResponse:
    """A signed document of the minutes."""
    return _file(get_session_for(request.user, key).minutes, digest)


def _file(files: list[dict[str, str]], digest: str) -> FileResponse:
    for file in files:
        if file["sha256"] == digest:
            return kept_file(digest, file["name"])
    raise Http404("Такого файла нет.")
