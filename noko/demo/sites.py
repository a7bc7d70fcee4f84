"""The sites of the invented region: what each has, what is wrong with it, and how it answers."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from django.conf import settings

from noko.actions import website as deeds
from noko.core.websites.addresses import host_of
from noko.core.websites.inspection import inspect
from noko.core.websites.page import Failure, FailureReason, Page
from noko.core.websites.rules import Regime, SiteType
from noko.core.websites.site import Site
from noko.demo import SEED
from noko.demo.region import Invented, build_region
from noko.demo.website_texts import pieces_of, sections
from noko.demo.websites import Flaw, Owner, Style, VirtualSite, make_site
from noko.exchange.site_answers import Answer
from noko.exchange.visitor import SOFTWARE
from noko.exchange.warc import Expected, SiteArchive
from noko.models import Cycle, Organisation, Person, SiteRound, SiteVisit
from noko.queries.website import facts_of
from noko.queries.website_rules import regime_on

WORKER = "demonstration"
VISITED = ("Дубравинский муниципальный округ",)
"""Whose sites have been visited already; a round over the whole region is there to be started."""
STYLES = (Style.MICRODATA, Style.LABELS, Style.LABELS, Style.TABLES, Style.PROSE)


class Manner(StrEnum):
    """How a site answers."""

    GOOD = "good"
    SILENT = "silent"
    FORBIDS = "forbids"
    NOT_FOUND = "not_found"


def manner_of(item: Invented) -> Manner:
    """Most sites answer; a few do what real ones do."""
    if item.exemplary:
        return Manner.GOOD
    for every, manner in ((43, Manner.SILENT), (61, Manner.FORBIDS), (89, Manner.NOT_FOUND)):
        if item.number % every == every - 1:
            return manner
    return Manner.GOOD


def site_of(item: Invented, on: date) -> VirtualSite:
    """The site of an organisation: the better kept, the less is missing."""
    chance = random.Random(f"{SEED}:site:{item.number}")
    owner = Owner(
        item.type,
        item.full_name,
        item.short_name,
        item.founder,
        item.address,
        f"+7 (000) {item.number % 900 + 100}-{item.number % 90 + 10}-05",
        f"{host_of(item.site).partition('.')[0]}@zarechye.example",
        item.number,
    )
    if item.exemplary:
        return _with_plan(make_site(owner, Style.MICRODATA, on=on), on)
    share = min(max(0.14 - 0.07 * item.upkeep, 0.02), 0.4)
    codes = [
        piece.code
        for section in sections()
        if item.type in section.types
        for piece in pieces_of(section, item.type, on)
    ]
    made = make_site(
        owner,
        chance.choice(STYLES),
        on=on,
        absent=[code for code in codes if chance.random() < share],
        missing=[part.slug for part in sections() if chance.random() < share / 6],
        flaws=[flaw for flaw in Flaw if chance.random() < share],
    )
    return _with_plan(made, on) if item.number % 3 else made


def _with_plan(site: VirtualSite, on: date) -> VirtualSite:
    """A page about the assessment with the plan that followed it, and the way to it.

    Letters are written as references, so that they are right on a page of any charset.
    """
    title = "Независимая оценка качества"
    plan = f"План по устранению недостатков, выявленных в ходе независимой оценки, на {on.year} год"
    page = f"<title>{title}</title><h1>{title}</h1><p><a href='/nok/plan.pdf'>{plan}</a></p>"
    site.pages["/nok"] = page.encode("ascii", "xmlcharrefreplace")
    site.pages["/"] += f"<p><a href='/nok'>{title}</a></p>".encode("ascii", "xmlcharrefreplace")
    return site


@cache
def by_host() -> dict[str, Invented]:
    """The organisation behind every host name."""
    return {host_of(item.site): item for item in build_region() if item.site}


def load_round(cycle: Cycle, on: date, at: datetime, by: Person) -> SiteRound:
    """A finished round over a part of the region, by the deeds of a real one, without a network."""
    regime = regime_on(on)
    registered = list(Organisation.objects.filter(municipality__name__in=VISITED).order_by("id"))
    made = deeds.open_round(
        cycle=cycle, organisations=registered, regime=regime, on=on, by=by, now=at
    )
    known = by_host()
    while deeds.take_hosts(worker=WORKER, limit=500, rounds=(made.pk,)):
        continue
    waiting = made.visits.filter(state=SiteVisit.State.WAITING)
    for visit in waiting.select_related("round", "round__cycle"):
        _visit(visit, known[visit.host], regime, at)
        deeds.release_host(worker=WORKER, host=visit.host)
    deeds.close_finished(now=at)
    made.refresh_from_db()
    return made


def _visit(visit: SiteVisit, item: Invented, regime: Regime, at: datetime) -> None:
    pages, failures = _answers(item, visit.round.on)
    path = f"sites/{visit.round.cycle.slug}/{visit.round.number}/{visit.pk}.warc.gz"
    archive = SiteArchive(Path(settings.FILES) / path, software=SOFTWARE, home=item.site)
    moment = at.astimezone(UTC)
    for page in pages:
        answer = Answer(page.address, page.address, 200, HTML, page.content, moment)
        archive.answer(page.address, answer, {"user-agent": SOFTWARE}, expected=Expected.PAGE)
    for failure in failures:
        archive.failure(failure, moment)
    digest = archive.close()
    facts = facts_of(visit.organisation_id, visit.round.on)
    site = Site(pages, SiteType(visit.type), visit.round.on, (), failures, facts, whole=True)
    outcome = "" if pages else failures[0].reason.value
    result = deeds.Result(inspect(site, regime), path, digest, outcome)
    deeds.finish(visit=visit, worker=WORKER, result=result, now=at)


HTML = {"content-type": "text/html"}


def _answers(item: Invented, on: date) -> tuple[list[Page], list[Failure]]:
    """What a visit of the site brings."""
    manner = manner_of(item)
    if manner is Manner.SILENT:
        return [], [Failure(f"{item.site}/", FailureReason.TIMEOUT, "нет ответа")]
    if manner is Manner.FORBIDS:
        return [], [Failure(f"{item.site}/", FailureReason.FORBIDDEN_BY_ROBOTS, "/robots.txt")]
    made = site_of(item, on)
    if manner is Manner.NOT_FOUND:
        return [Page(f"{item.site}{path}", NOT_FOUND) for path in made.pages], []
    pages = [Page(f"{item.site}{path}", body) for path, body in made.pages.items()]
    official = [f"/sveden/{part.slug}" for part in sections() if item.type in part.types]
    missing = [
        Failure(f"{item.site}{path}", FailureReason.MISSING, "код 404", 404)
        for path in official
        if path not in made.pages
    ]
    return pages, missing


NOT_FOUND = "<title>Страница не найдена</title><h1>Страница не найдена</h1>".encode()
