"""The registry of organisations: the list."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from noko.access.loaders import allow
from noko.access.permissions import Permission
from noko.models import Organisation
from noko.queries.rating import named
from noko.web.office.pages import page

ROWS = 200


@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    allow(request.user, Permission.CYCLE_VIEW)
    words = request.GET.get("q", "").strip()
    found = Organisation.objects.select_related("municipality").filter(named(words))
    return page(
        request,
        "organisations.html",
        "organisations",
        rows=Paginator(found, ROWS).get_page(request.GET.get("page")),
        words=words,
    )
