"""How every page of the field is put together."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.core.dataset import ABSENT, NOT_APPLICABLE, PRESENT

WORDS = {PRESENT: "есть", ABSENT: "нет", NOT_APPLICABLE: "не применимо"}
"""What a mark is called on the page."""


def page(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The page ``field/<template>``."""
    settles = has_permission(request.user, Permission.INSPECTION_SETTLE)
    return render(request, f"field/{template}", {"settles": settles, **context}, status=status)


def word(value: str) -> str:
    """A mark in words; points with a decimal comma."""
    return WORDS.get(value, value.replace(".", ","))
