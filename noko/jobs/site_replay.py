"""Findings made again from the archives of a round, under the same rules or others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from noko.actions import website as deeds
from noko.core.refusal import Refusal
from noko.core.websites.inspection import inspect
from noko.core.websites.rules import Regime, SiteType
from noko.core.websites.site import Site
from noko.exchange.warc import read_archive
from noko.jobs.site_archives import finder, must_be_whole
from noko.models import Person, SiteRound, SiteVisit
from noko.queries.website import facts_of

WORKER = "replay"


def replay(
    *,
    source: SiteRound,
    regime: Regime,
    on: date,
    by: Person | None,
    now: datetime,
    told: Callable[[SiteVisit], None] = lambda visit: None,
) -> SiteRound:
    """A round with the findings of ``source`` made again. No site is asked for anything.

    An archive that is not whole gives a visit that says so. Refusal ``no_archives``.
    """
    kept = source.visits.exclude(archive="").select_related("organisation")
    visits = {visit.organisation_id: visit for visit in kept}
    if not visits:
        raise Refusal(
            "В этом обходе нет архивов.",
            kind="no_archives",
            cure="Выберите обход, в котором сайты были прочитаны.",
        )
    organisations = [visit.organisation for visit in visits.values()]
    made = deeds.open_round(
        cycle=source.cycle,
        organisations=organisations,
        regime=regime,
        on=on,
        by=by,
        now=now,
        replay_of=source,
    )
    for visit in made.visits.select_related("round", "organisation"):
        _again(visit, visits[visit.organisation_id], regime, now)
        told(visit)
    deeds.close_finished(now=now)
    made.refresh_from_db()
    return made


def _again(visit: SiteVisit, old: SiteVisit, regime: Regime, now: datetime) -> None:
    path = Path(settings.FILES) / old.archive
    try:
        read = read_archive(path, finder(visit.organisation_id))
        must_be_whole(path, old.archive_digest)
    except Refusal as refusal:
        deeds.give_up_replay(visit=visit, detail=str(refusal), now=now)
        return
    site = Site(
        read.pages,
        SiteType(visit.type),
        visit.round.on,
        read.documents,
        read.failures,
        facts_of(visit.organisation_id, visit.round.on),
        whole=True,
    )
    made = inspect(site, regime)
    result = deeds.Result(made, old.archive, old.archive_digest, old.outcome, old.detail)
    deeds.finish(visit=visit, worker=WORKER, result=result, now=now, archived=True)
