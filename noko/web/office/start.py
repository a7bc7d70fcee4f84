"""The first page: what waits for me, what is late, what changed."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from noko.access.loaders import IMPORT_PERMISSIONS, allow
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.models import Import
from noko.queries import office
from noko.web.office.pages import page


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    person = allow(request.user, Permission.OFFICE_ENTER)
    now = timezone.now()
    imports = [
        item
        for item in office.imports_waiting()
        if has_permission(person, IMPORT_PERMISSIONS[Import.Kind(item.kind)])
    ]
    unpublished = office.calculations_unpublished()
    late = [item for item in imports if office.is_late(item.created_at, now=now)]
    late_results = [
        item
        for item in unpublished
        if item.finished_at and office.is_late(item.finished_at, now=now)
    ]
    return page(
        request,
        "start.html",
        "start",
        imports=imports,
        at_work=office.calculations_at_work(),
        failed=office.calculations_failed(now=now),
        unpublished=unpublished,
        late=late,
        late_results=late_results,
        releases=office.last_releases(),
        cycles=office.cycles()[:3],
    )
