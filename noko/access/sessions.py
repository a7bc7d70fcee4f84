"""When a session was last used: shown to its person in the list of sessions."""

from collections.abc import Callable
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

STEP = timedelta(minutes=5)
"""Noted no more often than this: most requests write nothing."""


class SeenMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # A visitor of the public site has no session, and none is made by asking for its user.
        key = request.session.session_key
        if key and request.user.is_authenticated:
            now = timezone.now()
            stale = UserSession.objects.filter(session_key=key, last_seen_at__lt=now - STEP)
            stale.update(last_seen_at=now)
        return self.get_response(request)
