"""Finished rounds over sites made for a test, by the same deeds as real ones, without a network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from noko.actions import website as deeds
from noko.actions.website_show import show_round
from noko.core.websites.inspection import inspect
from noko.core.websites.page import Failure, FailureReason, Page
from noko.core.websites.rules import SiteType
from noko.core.websites.site import Site
from noko.demo.websites import Owner, Style, make_site
from noko.models import Cycle, Organisation, SiteRound, SiteVisit
from noko.queries.website_rules import get_regime

NOW = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
UNTIL = TODAY + timedelta(days=10)
AFTER = NOW + timedelta(days=11)
REGIME = get_regime("1493-2023")
SILENT = "silent"


def site_pages(organisation: Organisation, absent: Sequence[str] = ()) -> list[Page]:
    """A site with everything but ``absent`` items."""
    owner = Owner(
        organisation.type,
        organisation.full_name,
        organisation.short_name,
        "Администрация",
        organisation.address,
        "+7 (000) 100-10-05",
        "school@example.org",
    )
    made = make_site(owner, Style.LABELS, on=TODAY, absent=absent)
    return [Page(f"{organisation.site}{path}", body) for path, body in made.pages.items()]


def make_round(
    cycle: Cycle,
    absent: Mapping[Organisation, Sequence[str] | str],
    *,
    at: datetime = NOW,
) -> SiteRound:
    """A finished round: organisation → items that its site lacks, or :data:`SILENT`."""
    made = deeds.open_round(
        cycle=cycle, organisations=list(absent), regime=REGIME, on=at.date(), by=None, now=at
    )
    deeds.take_hosts(worker="test", limit=500, rounds=(made.pk,))
    for visit in made.visits.filter(state=SiteVisit.State.WAITING).select_related("organisation"):
        lacking = absent[visit.organisation]
        pages, failures = [], []
        if lacking == SILENT:
            failures = [Failure(f"{visit.address}/", FailureReason.TIMEOUT, "нет ответа")]
        else:
            pages = site_pages(visit.organisation, lacking)
        site = Site(pages, SiteType(visit.type), made.on, (), failures, {}, whole=True)
        result = deeds.Result(
            inspect(site, REGIME), "", "", failures[0].reason.value if failures else ""
        )
        deeds.finish(visit=visit, worker="test", result=result, now=at)
        deeds.release_host(worker="test", host=visit.host)
    deeds.close_finished(now=at)
    made.refresh_from_db()
    return made


def make_shown(
    cycle: Cycle,
    absent: Mapping[Organisation, Sequence[str] | str],
    *,
    at: datetime = NOW,
    until: date = UNTIL,
) -> SiteRound:
    """The same, shown to its organisations."""
    made = make_round(cycle, absent, at=at)
    return show_round(site_round=made, until=until, by=None, now=at)


def visit_of(site_round: SiteRound, organisation: Organisation) -> SiteVisit:
    return site_round.visits.select_related("round__cycle", "organisation").get(
        organisation=organisation
    )
