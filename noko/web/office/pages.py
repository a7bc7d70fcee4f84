"""How every page of the office is put together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from noko.access.loading import permissions_of
from noko.core.refusal import Refusal


def page(
    request: HttpRequest, template: str, section: str = "", *, status: int = 200, **context: Any
) -> HttpResponse:
    """The page ``office/<template>``; ``may`` holds what this person is allowed to do.

    ``may.release_publish`` stands for the permission ``release.publish``.
    """
    may = {permission.value.replace(".", "_"): True for permission in permissions_of(request.user)}
    whole = {"section": section, "may": may, **context}
    return render(request, f"office/{template}", whole, status=status)


def sentences(refusal: Refusal, limit: int = 50) -> list[str]:
    """What a refusal says, one text for each problem, in the order of the file."""
    if len(refusal.problems) < 2:
        return [str(refusal)]
    shown = [str(problem) for problem in refusal.problems[:limit]]
    rest = len(refusal.problems) - limit
    return [*shown, f"И ещё {rest}."] if rest > 0 else shown
