"""The secret address of a person's calendar: made, and made useless by a new one."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from noko.models import CalendarFeed, Person

BYTES = 32
"""256 bits: nobody guesses it."""


def renew(*, person: Person, now: datetime) -> CalendarFeed:
    """A new address; the one before, if any, shows nothing from now on."""
    with transaction.atomic():
        CalendarFeed.objects.filter(person=person).delete()
        return CalendarFeed.objects.create(
            person=person, token=secrets.token_hex(BYTES), made_at=now
        )


def revoke(*, person: Person) -> None:
    CalendarFeed.objects.filter(person=person).delete()
