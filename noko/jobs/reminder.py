"""Reminders of the plan: every hour what is due is made; letters go out through their queue."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from noko.actions import reminder as deeds


@app.periodic(cron="7 * * * *")
@app.task(name="noko.reminder.remind", queueing_lock="reminders", pass_context=False)
def remind(timestamp: int) -> None:
    """Bears being repeated and run at once: the rows settle who makes what."""
    del timestamp
    deeds.make_due(now=timezone.now())
