"""How the findings of visits stand: machine, hand, objection, and what is counted of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from django.db.models import QuerySet

from noko.core.refusal import Refusal
from noko.core.websites.counts import SiteCounts, count_statuses
from noko.core.websites.findings import Status
from noko.core.websites.rules import Item, Regime, Subsection
from noko.core.websites.standing import UNKNOWN_CONDITION, Change, again, changes, counted
from noko.models import (
    Cycle,
    Organisation,
    SiteFinding,
    SiteMark,
    SiteObjection,
    SiteRound,
    SiteVisit,
)
from noko.queries.website_rules import get_regime

SEEN = SiteRound.SEEN


@dataclass(frozen=True, slots=True)
class Standing:
    """One item of one visit. ``objection`` is the newest one; ``again``: an expert has to look at
    the mark again, because the machine says something else now."""

    item: Item
    subsection: Subsection
    machine: SiteFinding
    mark: SiteMark | None
    objection: SiteObjection | None
    counted: Status
    again: bool

    @property
    def code(self) -> str:
        return self.item.code

    @property
    def found(self) -> Status:
        """What the machine says."""
        return Status(self.machine.status)

    @property
    def open_objection(self) -> bool:
        return self.objection is not None and self.objection.status == SiteObjection.Status.FILED


@dataclass(frozen=True)
class VisitStanding:
    """All items of a visit, in the order of the rules; what stands beside them comes last.

    ``counts``: I and N for the edition of the cycle; None where the rules do not count for it.
    """

    visit: SiteVisit
    regime: Regime
    items: tuple[Standing, ...]
    counts: SiteCounts | None

    @property
    def statuses(self) -> dict[str, Status]:
        return {one.code: one.counted for one in self.items}

    @cached_property
    def own(self) -> tuple[Standing, ...]:
        """The items of the order itself."""
        beside = self.regime.beside
        return tuple(one for one in self.items if one.subsection not in beside)

    @cached_property
    def doubtful(self) -> tuple[Standing, ...]:
        """Items of the order that nobody could check although the page should tell."""
        return tuple(
            one
            for one in self.own
            if one.counted is Status.UNCHECKED and one.machine.reason != UNKNOWN_CONDITION
        )

    @property
    def checked(self) -> bool:
        """Whether the counts may stand for the organisation's site. Where something could not be
        checked, an expert looks: it is not counted as absent, nor left out to its profit."""
        return (
            self.visit.state == SiteVisit.State.DONE
            and self.counts is not None
            and self.counts.applicable > 0
            and not self.doubtful
        )

    def of(self, code: str) -> Standing | None:
        return next((one for one in self.items if one.code == code), None)


def standings(visits: Iterable[SiteVisit], *, whole: bool = False) -> dict[int, VisitStanding]:
    """Key of a visit → how it stands; a constant number of queries.

    The visits come with their ``round__cycle``. ``whole``: the findings with excerpts and words
    too. An item that today's rules of the round no longer name is left out.
    """
    those = list(visits)
    findings = _findings(those, whole)
    marks = _marks(those)
    objections = _objections(those)
    return {visit.pk: _standing(visit, findings[visit.pk], marks, objections) for visit in those}


def standing_of(visit: SiteVisit) -> VisitStanding:
    """How one visit stands, with excerpts and words."""
    return standings([visit], whole=True)[visit.pk]


def _findings(visits: Sequence[SiteVisit], whole: bool) -> dict[int, list[SiteFinding]]:
    rows = SiteFinding.objects.filter(visit__in=visits)
    if not whole:
        rows = rows.only("visit_id", "code", "status", "reason")
    found: dict[int, list[SiteFinding]] = defaultdict(list)
    for row in rows:
        found[row.visit_id].append(row)
    return found


Marks = dict[tuple[int, int, str], list[SiteMark]]
"""(cycle, organisation, item) → its marks that were not withdrawn, the oldest first."""


def _marks(visits: Sequence[SiteVisit]) -> Marks:
    rows = SiteMark.objects.filter(
        cycle__in={visit.round.cycle_id for visit in visits},
        organisation__in={visit.organisation_id for visit in visits},
    ).exclude(status=SiteMark.Status.WITHDRAWN)
    found: Marks = defaultdict(list)
    for row in rows.select_related("visit__round", "confirmed_on__round", "made_by", "objection"):
        found[row.cycle_id, row.organisation_id, row.code].append(row)
    return found


def _objections(visits: Sequence[SiteVisit]) -> dict[tuple[int, str], SiteObjection]:
    rows = SiteObjection.objects.filter(visit__in=visits).select_related("filed_by", "decided_by")
    return {(row.visit_id, row.code): row for row in rows}


def _standing(
    visit: SiteVisit,
    findings: Sequence[SiteFinding],
    marks: Marks,
    objections: dict[tuple[int, str], SiteObjection],
) -> VisitStanding:
    regime = get_regime(visit.round.regime)
    by_code = {row.code: row for row in findings}
    items = []
    for item in regime.item_by_code.values():
        row = by_code.get(item.code)
        if row is None:
            continue
        own = marks.get((visit.round.cycle_id, visit.organisation_id, item.code), [])
        mark = _mark_for(visit, own)
        machine = Status(row.status)
        by_hand = Status(mark.value) if mark else None
        items.append(
            Standing(
                item,
                regime.subsection_of[item.code],
                row,
                mark,
                objections.get((visit.pk, item.code)),
                counted(machine, by_hand),
                again(machine, by_hand, looked=bool(mark) and _looked(visit, mark)),
            )
        )
    return VisitStanding(visit, regime, tuple(items), _counts(visit, regime, items))


def _mark_for(visit: SiteVisit, own: Sequence[SiteMark]) -> SiteMark | None:
    """The mark that held at the visit: the newest made over it or over an earlier one."""
    number = visit.round.number
    before = [mark for mark in own if mark.visit.round.number <= number]
    return before[-1] if before else None


def _looked(visit: SiteVisit, mark: SiteMark | None) -> bool:
    if mark is None:
        return False
    confirmed = mark.confirmed_on
    latest = max(mark.visit.round.number, confirmed.round.number if confirmed else 0)
    return visit.round.number <= latest


def _counts(visit: SiteVisit, regime: Regime, items: Sequence[Standing]) -> SiteCounts | None:
    own = {item.code for item in regime.items}
    statuses = {one.code: one.counted for one in items if one.code in own}
    try:
        return count_statuses(regime, visit.round.cycle.edition, statuses)
    except Refusal:
        return None


# --- visits ---------------------------------------------------------------------------------------


def visits_of(site_round: SiteRound) -> QuerySet[SiteVisit]:
    """The visits of a round with what standings need, by name."""
    rows = site_round.visits.select_related("round__cycle", "organisation__municipality")
    return rows.order_by("organisation__sort_key", "organisation_id")


def round_in_force(cycle: Cycle) -> SiteRound | None:
    """The newest round of the cycle that organisations see."""
    return SiteRound.objects.filter(cycle=cycle, status__in=SEEN).order_by("-number").first()


def shown_visits(organisation: Organisation) -> QuerySet[SiteVisit]:
    """The visits that the organisation sees, the newest first."""
    rows = SiteVisit.objects.filter(organisation=organisation, round__status__in=SEEN)
    rows = rows.select_related("round__cycle", "organisation__municipality")
    return rows.order_by("-round__on", "-round__opened_at", "-pk")


def visit_before(visit: SiteVisit, *, shown: bool = False) -> SiteVisit | None:
    """The visit of the organisation before this one that brought findings; ``shown``: one that
    it has seen."""
    rows = SiteVisit.objects.filter(
        organisation=visit.organisation_id,
        state=SiteVisit.State.DONE,
        round__opened_at__lt=visit.round.opened_at,
        findings__isnull=False,
    )
    if shown:
        rows = rows.filter(round__status__in=SEEN)
    return rows.select_related("round__cycle").order_by("-round__opened_at", "-pk").first()


# --- what moved -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """An item that differs from the earlier visit."""

    change: Change
    before: Standing
    after: Standing


@dataclass(frozen=True, slots=True)
class Difference:
    """How ``after`` differs from ``before``, item by item, in the order of the rules."""

    before: VisitStanding
    after: VisitStanding
    moved: tuple[Moved, ...]

    def of(self, change: Change) -> tuple[Moved, ...]:
        return tuple(one for one in self.moved if one.change is change)

    @property
    def improved(self) -> int:
        return len(self.of(Change.APPEARED))

    @property
    def worsened(self) -> int:
        return len(self.of(Change.DISAPPEARED))


def difference(before: VisitStanding, after: VisitStanding) -> Difference:
    """Two visits of one organisation, compared by what is counted."""
    found = changes(before.statuses, after.statuses)
    earlier = {one.code: one for one in before.items}
    moved = [
        Moved(found[one.code], earlier[one.code], one) for one in after.items if one.code in found
    ]
    return Difference(before, after, tuple(moved))


@dataclass(frozen=True, slots=True)
class Moment:
    """One item at one visit."""

    visit: SiteVisit
    standing: Standing
    change: Change | None


def history(visits: Sequence[SiteVisit], code: str) -> list[Moment]:
    """One item over the organisation's ``visits`` (any order), the newest first."""
    ordered = sorted(visits, key=lambda visit: (visit.round.opened_at, visit.pk))
    found = standings(ordered, whole=True)
    moments: list[Moment] = []
    last: Status | None = None
    for visit in ordered:
        own = found[visit.pk].of(code)
        if own is None:
            continue
        moved = changes({code: last}, {code: own.counted}) if last else {}
        moments.append(Moment(visit, own, moved.get(code)))
        last = own.counted
    return moments[::-1]


def since(visits: Sequence[SiteVisit], day: date) -> Counter[Change]:
    """How often items of the organisation moved between visits from ``day`` on: the visit before
    that day is what the first of them is compared with."""
    ordered = sorted(visits, key=lambda visit: (visit.round.opened_at, visit.pk))
    found = standings(ordered)
    total: Counter[Change] = Counter()
    for before, after in pairwise(ordered):
        if after.round.on >= day:
            moved = changes(found[before.pk].statuses, found[after.pk].statuses)
            total.update(moved.values())
    return total


# --- the procedure --------------------------------------------------------------------------------


def undecided(site_round: SiteRound) -> int:
    """Objections of the round that nobody has decided."""
    filed = SiteObjection.objects.filter(visit__round=site_round)
    return filed.filter(status=SiteObjection.Status.FILED).count()


def term_is_open(site_round: SiteRound, today: date) -> bool:
    """Whether organisations may still object; the last day counts."""
    until = site_round.objections_until
    return site_round.status in SEEN and until is not None and today <= until
