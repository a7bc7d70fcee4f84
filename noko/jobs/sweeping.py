"""What nobody needs any more: ended sessions with their addresses, used-up counts of attempts,
old notices about somebody's own account, traces and drafts of respondents."""

from __future__ import annotations

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Exists, OuterRef
from django.utils import timezone
from procrastinate.contrib.django import app

from noko.actions import expiry
from noko.models import Letter

NOTICES_KEPT = timedelta(days=90)
NOTICE = "account:"
"""How keys of letters about one's own account begin: each is new, none is asked for again."""


@app.periodic(cron="17 0 * * *")  # UTC: the night of the whole country
@app.task(name="noko.sweeping.nightly", queueing_lock="sweeping", lock="sweeping")
def sweep(timestamp: int) -> None:
    """Every night. It bears being repeated: what is gone is gone."""
    del timestamp
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    alive = Session.objects.filter(session_key=OuterRef("session_key"))
    UserSession.objects.filter(~Exists(alive)).delete()
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    with connection.cursor() as cursor:
        cursor.execute(f"delete from {table} where expires < %s", [now])  # noqa: S608
    over = Letter.objects.filter(key__startswith=NOTICE, queued_at__lt=now - NOTICES_KEPT)
    over.exclude(status=Letter.Status.QUEUED).delete()
    expiry.expire(now=now)
