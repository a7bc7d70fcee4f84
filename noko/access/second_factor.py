"""Who must have a second factor beside the password, and who has one."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings

from noko.access.loading import roles_of
from noko.access.roles import Side
from noko.models import Person

OFFICE = frozenset({Side.AUTHORITY, Side.COUNCIL, Side.OPERATOR})
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts: recovery codes alone are no second factor."""


def must_have(person: Person) -> bool:
    """Whether the setting ``NOKO_SECOND_FACTOR`` asks this person for one."""
    if settings.SECOND_FACTOR == "all":
        return True
    return settings.SECOND_FACTOR == "office" and any(r.side in OFFICE for r in roles_of(person))


def has(person: Person) -> bool:
    return Authenticator.objects.filter(user=person, type__in=FACTORS).exists()


def is_missing(person: Person) -> bool:
    """The person must have one and has none."""
    return must_have(person) and not has(person)
