"""What django-allauth tells by signals alone: second factors that a person adds or removes.

Each is noted in the journal; and when a person gets the first one, every other session that began
without it is ended.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from noko.access.second_factor import FACTORS
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.models import Person

NAMES = {
    Authenticator.Type.TOTP: "приложение с кодами",
    Authenticator.Type.WEBAUTHN: "ключ доступа",
}


def connect() -> None:
    signals.authenticator_added.connect(_added, dispatch_uid="noko")
    signals.authenticator_removed.connect(_removed, dispatch_uid="noko")


def _added(
    *, request: HttpRequest, user: Person, authenticator: Authenticator, **kwargs: Any
) -> None:
    if authenticator.type not in NAMES:
        return
    with transaction.atomic():
        _note(Deed.SECOND_FACTOR_ADDED, user, authenticator)
        if Authenticator.objects.filter(user=user, type__in=FACTORS).count() == 1:
            others = UserSession.objects.filter(user=user)
            for session in others.exclude(session_key=request.session.session_key):
                session.end()


def _removed(*, user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    if authenticator.type in NAMES:
        with transaction.atomic():
            _note(Deed.SECOND_FACTOR_REMOVED, user, authenticator)


def _note(deed: Deed, person: Person, authenticator: Authenticator) -> None:
    after = {"что": NAMES[Authenticator.Type(authenticator.type)]}
    record(deed, thing=person, by=person, now=timezone.now(), after=after)
