"""What every public page has in common: nothing on it depends on who is looking."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from noko.models import Cycle, Release
from noko.queries.release import current_release

View = Callable[..., HttpResponse]
Crumbs = list[tuple[str, str]]

HOME: tuple[str, str] = ("Главная", "/")
FRESH_SECONDS = 60


def public_page(view: View) -> View:
    """GET and HEAD only; anybody's cache may keep the page for a minute."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    return require_safe(cache_control(public=True, max_age=FRESH_SECONDS)(page))


def get_release(slug: str) -> Release:
    """The current release of a cycle; 404 where nothing is published."""
    try:
        return current_release(slug)
    except Release.DoesNotExist:
        raise Http404("Опубликованного рейтинга с таким адресом нет.") from None


def cycle_name(cycle: Cycle) -> str:
    """How a cycle is called where it stands beside others: its year."""
    return f"{cycle.year} год"


def corrected(release: Release) -> str:
    """What is said beside a number that was published once more."""
    return f"исправлено, версия {release.version}"
