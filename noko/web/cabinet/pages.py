"""How every page of the cabinet is put together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from noko.access.loading import has_permission
from noko.access.permissions import Permission


def page(
    request: HttpRequest, template: str, section: str = "", *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page ``cabinet/<template>``."""
    office = has_permission(request.user, Permission.OFFICE_ENTER)
    whole = {"section": section, "office": office, **context}
    return render(request, f"cabinet/{template}", whole, status=status)
