"""Sites: rounds of visits, one round, one organisation's findings, one item with its evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from noko.access.loaders import allow
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.access.website_loaders import (
    get_round_for,
    get_visit_for,
    objections_for,
    site_visits_for,
)
from noko.core.refusal import Refusal
from noko.core.websites.findings import Status
from noko.jobs.site_pages import as_text, kept_page
from noko.models import Cycle, Person, SiteObjection, SiteRound, SiteVisit
from noko.queries.improvement import plan_term
from noko.queries.journal import of_thing
from noko.queries.website import open_round_of
from noko.queries.website_standing import (
    VisitStanding,
    difference,
    history,
    standing_of,
    standings,
    term_is_open,
    undecided,
    visit_before,
    visits_of,
)
from noko.templatetags.russian import counted, long_date
from noko.web.office.desk import Group, Task
from noko.web.office.journal import shown
from noko.web.office.pages import page
from noko.web.requests import text
from noko.web.website_words import card, defects, groups, moment_items, moved_rows, outcome

SECTION = "websites"
Crumb = tuple[str, str]
VISITS = "сайт,сайта,сайтов"
OBJECTIONS = "возражение,возражения,возражений"


def site_crumbs(site_round: SiteRound | None = None, visit: SiteVisit | None = None) -> list[Crumb]:
    crumbs = [("Сайты", reverse("office:websites"))]
    if site_round:
        title = f"Обход № {site_round.number}"
        crumbs.append((title, reverse("office:site_round", args=[site_round.pk])))
    if visit:
        name = visit.organisation.short_name
        crumbs.append((name, reverse("office:site_visit", args=[visit.pk])))
    return crumbs


@require_GET
def websites(request: HttpRequest) -> HttpResponse:
    """All rounds by cycle, and what waits for a decision."""
    person = allow(request.user, Permission.WEBSITE_VIEW)
    rounds = SiteRound.objects.select_related("cycle", "replay_of").order_by("-opened_at")
    visits = site_visits_for(person)
    rows = [(one, _progress(visits, one)) for one in rounds]
    free = [one for one in Cycle.objects.all() if open_round_of(one) is None]
    return page(
        request,
        "website/rounds.html",
        SECTION,
        rows=rows,
        free=free,
        waiting=_waiting(person),
    )


def _progress(visits: Any, site_round: SiteRound) -> tuple[int, int]:
    """Sites visited and all, of those that the person sees."""
    own = visits.filter(round=site_round)
    return own.filter(state=SiteVisit.State.DONE).count(), own.count()


def _waiting(person: Person) -> int:
    if not has_permission(person, Permission.WEBSITE_DECIDE):
        return 0
    return objections_for(person).filter(status=SiteObjection.Status.FILED).count()


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation of a round; figures are those that count."""

    visit: SiteVisit
    standing: VisitStanding
    outcome: str
    statuses: dict[str, int]
    open_objections: int
    again: int

    @property
    def unclear(self) -> int:
        """Items of which it is not known whether they have to be there."""
        return self.statuses["unchecked"] - len(self.standing.doubtful)

    @property
    def state(self) -> str:
        if self.visit.state != SiteVisit.State.DONE:
            return "waiting"
        if not self.standing.checked:
            return "hand"
        return "absent" if self.statuses["absent"] else "whole"


STATES = {
    "": "все",
    "absent": "чего-то нет",
    "whole": "всё на месте",
    "hand": "смотрит эксперт",
    "objections": "есть возражения",
    "again": "проверить снова",
    "waiting": "ещё не обойдён",
}


@require_GET
def site_round(request: HttpRequest, key: int) -> HttpResponse:
    """One round: what to do next, and its organisations with what is there and what is not."""
    found = get_round_for(request.user, key)
    person = allow(request.user, Permission.WEBSITE_VIEW)
    rows = rows_of(found, person)
    chosen = text(request, "state")
    words = text(request, "words").lower()
    return page(
        request,
        "website/round.html",
        SECTION,
        round=found,
        cycle=found.cycle,
        rows=[row for row in rows if _fits(row, chosen) and _named(row, words)],
        everything=rows,
        states=[
            (code, word, sum(_fits(row, code) for row in rows)) for code, word in STATES.items()
        ],
        chosen=chosen,
        words=text(request, "words"),
        undecided=undecided(found),
        today=timezone.localdate(),
        waves=found.waves.select_related("cycle"),
        crumbs=site_crumbs(),
        history=[shown(entry) for entry in of_thing(found)],
    )


def rows_of(site_round: SiteRound, person: Person) -> list[Row]:
    """The organisations of a round that the person sees, by name."""
    reached = site_visits_for(person).filter(round=site_round).values("pk")
    visits = list(visits_of(site_round).filter(pk__in=reached))
    found = standings(visits)
    return [_row(visit, found[visit.pk]) for visit in visits]


def _row(visit: SiteVisit, standing: VisitStanding) -> Row:
    statuses = [one.counted for one in standing.own]
    return Row(
        visit,
        standing,
        outcome(visit),
        {status.value: statuses.count(status) for status in Status},
        sum(one.open_objection for one in standing.items),
        sum(one.again for one in standing.items),
    )


def _fits(row: Row, chosen: str) -> bool:
    if chosen == "objections":
        return row.open_objections > 0
    if chosen == "again":
        return row.again > 0
    return not chosen or row.state == chosen


def _named(row: Row, words: str) -> bool:
    names = f"{row.visit.organisation} {row.visit.organisation.municipality}".lower()
    return all(word in names for word in words.split())


@require_GET
def site_visit(request: HttpRequest, key: int) -> HttpResponse:
    """One organisation's findings as they stand, and how they differ from the visit before."""
    visit = get_visit_for(request.user, key)
    standing = standing_of(visit)
    before = visit_before(visit)
    serious, remarks = defects(visit)
    return page(
        request,
        "website/visit.html",
        SECTION,
        visit=visit,
        round=visit.round,
        standing=standing,
        groups=groups(standing),
        plan_term=plan_term(visit.round.cycle),
        outcome=outcome(visit),
        serious=serious,
        remarks=remarks,
        before=before,
        moved=moved_rows(difference(standings([before])[before.pk], standing)) if before else [],
        crumbs=site_crumbs(visit.round),
    )


@require_GET
def site_item(request: HttpRequest, key: int, code: str) -> HttpResponse:
    """One item: the machine's evidence, marks by hand, objections, its history."""
    visit = get_visit_for(request.user, key)
    standing = standing_of(visit)
    one = standing.of(code)
    if one is None:
        raise Http404(f"Пункта {code} в этом обходе нет.")
    visits = SiteVisit.objects.filter(organisation=visit.organisation_id, state="done")
    visits = visits.select_related("round__cycle").order_by("-round__opened_at")
    marks = visit.organisation.site_marks.filter(cycle=visit.round.cycle, code=code)
    return page(
        request,
        "website/item.html",
        SECTION,
        visit=visit,
        round=visit.round,
        card=card(one, standing.regime),
        standing=one,
        objections=visit.objections.filter(code=code).select_related("filed_by", "decided_by"),
        marks=marks.select_related("made_by", "withdrawn_by", "visit__round").order_by("-pk"),
        moments=moment_items(history(list(visits[:24]), code)),
        crumbs=site_crumbs(visit.round, visit),
    )


@require_GET
def site_page(request: HttpRequest, key: int) -> HttpResponse:
    """A page out of the archive as text: somebody else's page is never drawn in ours."""
    visit = get_visit_for(request.user, key)
    address = request.GET.get("address", "")
    saved = reverse("office:site_page_file", args=[visit.pk])
    try:
        kept = kept_page(visit, address)
    except Refusal as refusal:
        return page(
            request, "website/page.html", SECTION, visit=visit, problem=str(refusal),
            crumbs=site_crumbs(visit.round, visit), status=404,
        )  # fmt: skip
    if kept is None:
        raise Http404("Такой страницы в архиве нет.")
    return page(
        request,
        "website/page.html",
        SECTION,
        visit=visit,
        address=address,
        kept=as_text(kept, text(request, "excerpt")),
        file=f"{saved}?{urlencode({'address': address})}",
        crumbs=site_crumbs(visit.round, visit),
    )


@require_GET
def site_page_file(request: HttpRequest, key: int) -> HttpResponse:
    """The page as it came, to be saved: whatever is in it, the browser does not open it here."""
    visit = get_visit_for(request.user, key)
    try:
        kept = kept_page(visit, request.GET.get("address", ""))
    except Refusal as refusal:
        raise Http404(str(refusal)) from None
    if kept is None:
        raise Http404("Такой страницы в архиве нет.")
    answer = HttpResponse(kept.content, content_type="application/octet-stream")
    answer["Content-Disposition"] = 'attachment; filename="stranica.html"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "private, no-store"
    return answer


def website_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Objections to decide, rounds to show to the organisations or waiting for their term."""
    today = timezone.localdate(now)
    if number := _waiting(person):
        title = f"Возражения о сайтах: {counted(number, OBJECTIONS)}"
        address = reverse("office:site_objections")
        yield Task(Group.WAITING, "underway", "решить", title, address)
        old = objections_for(person).filter(
            status=SiteObjection.Status.FILED, visit__round__objections_until__lt=today
        )
        if late := old.count():
            title = f"Срок возражений прошёл, не решено: {late}"
            yield Task(Group.LATE, "overdue", "не решены", title, address)
    if not has_permission(person, Permission.WEBSITE_VISIT):
        return
    for one in _newest_rounds():
        title = f"Сайты, обход № {one.number}: {one.cycle}"
        address = reverse("office:site_round", args=[one.pk])
        if one.status in (SiteRound.Status.CLOSED, SiteRound.Status.STOPPED):
            note = "организации ещё не видели выводов"
            yield Task(Group.WAITING, "underway", "показать организациям", title, address, note)
        elif term_is_open(one, today):
            note = f"возражения принимаются по {long_date(one.objections_until)}"
            yield Task(Group.CHANGED, "underway", "показан", title, address, note)


def _newest_rounds() -> list[SiteRound]:
    """The newest round of each cycle: an older one is of no more use."""
    rows = SiteRound.objects.select_related("cycle").order_by("cycle_id", "-number")
    return list(rows.distinct("cycle_id"))
