"""Reminders of the plan: every hour what is due is made; letters go out through their queue."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from noko.actions import reminder as deeds
from noko.jobs.release import enqueue_pages


@app.periodic(cron="7 * * * *")
@app.task(name="noko.reminder.remind", queueing_lock="reminders", pass_context=False)
def remind(timestamp: int) -> None:
    """Bears being repeated and run at once: the rows settle who makes what."""
    del timestamp
    deeds.make_due(now=timezone.now())


@app.periodic(cron="5 0 * * *")
@app.task(name="noko.reminder.new_day", queueing_lock="new-day", pass_context=False)
def new_day(timestamp: int) -> None:
    """Statuses follow the calendar, so the public pages of plans are made anew every day."""
    del timestamp
    enqueue_pages()
