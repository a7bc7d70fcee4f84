"""Visits of sites in the background: a slice every minute while a round is open."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from noko.actions import website as deeds
from noko.queries.website import has_waiting

SLICE_SECONDS = 50.0
"""How long one run takes new hosts, so that other jobs get their turn."""


@app.periodic(cron="* * * * *")
@app.task(name="noko.website.due", queueing_lock="website-due", lock="website-due")
def visit_due(timestamp: int) -> None:
    """Every minute: a part of the sites that wait to be visited, if any."""
    del timestamp
    if has_waiting(timezone.now()):
        from noko.jobs.site_worker import visit_sites

        visit_sites(seconds=SLICE_SECONDS)
    else:
        deeds.close_finished(now=timezone.now())
