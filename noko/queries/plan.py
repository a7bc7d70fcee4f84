"""Plans as they stand: every activity with its status, computed from facts and evidence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.db.models import QuerySet

from noko.core.planning.draft import Draft, DraftRow
from noko.core.planning.logic import for_another_year
from noko.core.planning.progress import TITLES, Done, Standing, Status, due_dates, standing
from noko.core.planning.rows import Section
from noko.core.planning.template import CLOSING_TITLES, Closing, recognise
from noko.core.planning.term_grammar import Unclear, parse_term
from noko.core.planning.term_words import described
from noko.core.planning.terms import Meaning, Occurrence, Relative, SetBy
from noko.models import Cycle, Decision, Evidence, Plan, PlanActivity, PlanSection
from noko.queries.calendar import working_calendar
from noko.queries.facts import KINDS, Fact, facts
from noko.queries.plan_template import get_template


def get_plan(key: int) -> Plan:
    return Plan.objects.select_related("cycle", "municipality", "parent").get(pk=key)


def plan_of(cycle: Cycle) -> Plan | None:
    """The region's plan of the cycle."""
    found = cycle.plans.filter(municipality__isnull=True)
    return found.select_related("cycle", "municipality").first()


def public_plans() -> QuerySet[Plan]:
    """Plans of the region that are in force or were, the newest first."""
    adopted = Plan.objects.filter(municipality__isnull=True, status=Plan.Status.ADOPTED)
    return adopted.select_related("cycle", "municipality").order_by("-year", "-pk")


def previous_plans(cycle: Cycle) -> QuerySet[Plan]:
    """Plans of the region of earlier years, the newest first: a new one may start from them."""
    earlier = Plan.objects.filter(municipality__isnull=True, year__lt=cycle.year)
    return earlier.select_related("cycle").order_by("-year")


def municipal_plans(cycle: Cycle) -> QuerySet[Plan]:
    found = cycle.plans.filter(municipality__isnull=False)
    return found.select_related("municipality", "cycle").order_by("municipality__name")


def activities_of(plan: Plan) -> QuerySet[PlanActivity]:
    found = plan.activities.select_related("section", "inherited")
    return found.prefetch_related("responsible__person", "evidence__added_by")


@dataclass(frozen=True, slots=True)
class Row:
    """One activity as it stands today. ``meaning`` is None where the term is not understood."""

    activity: PlanActivity
    meaning: Meaning | None
    standing: Standing
    facts: tuple[Fact, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    due: tuple[Occurrence, ...] = ()

    @property
    def status(self) -> Status:
        return self.standing.status

    @property
    def status_title(self) -> str:
        return TITLES[self.status]

    @property
    def in_words(self) -> str:
        return described(self.meaning) if self.meaning is not None else ""

    @property
    def waiting(self) -> list[Evidence]:
        return [item for item in self.evidence if item.status == Evidence.Status.WAITING]

    @property
    def results(self) -> list[Evidence]:
        return [item for item in self.evidence if item.status == Evidence.Status.CONFIRMED]


@dataclass(frozen=True, slots=True)
class Group:
    """A section of the plan with its rows."""

    section: PlanSection | None
    rows: tuple[Row, ...]


@dataclass
class PlanView:
    """A plan on ``today``: rows in printed order."""

    plan: Plan
    today: date
    rows: list[Row] = field(default_factory=list)

    @property
    def groups(self) -> list[Group]:
        found: dict[int | None, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.activity.section_id, []).append(row)
        return [Group(rows[0].activity.section, tuple(rows)) for rows in found.values()]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many activities have each status, in the order of :class:`Status`."""
        return {status.value: sum(row.status is status for row in self.rows) for status in Status}

    @property
    def done(self) -> int:
        return self.counts[Status.DONE] + self.counts[Status.DONE_LATE]


def view_of(plan: Plan, today: date) -> PlanView:
    """Every activity of the plan with its status on ``today``."""
    found = _Facts(plan)
    view = PlanView(plan, today)
    activities = list(activities_of(plan))
    for activity in activities:
        activity.plan = plan
    first = {item.pk: _row(item, found, today, {}) for item in activities}
    events = _events(first.values(), plan)
    view.rows = [
        _row(item, found, today, events) if events else first[item.pk] for item in activities
    ]
    return view


class _Facts:
    """What the cycle has produced, each kind asked once; what prepares the next year is looked for
    in the cycle of that year."""

    def __init__(self, plan: Plan) -> None:
        self.year, self.own = plan.year, [plan.cycle]
        self.kept: dict[tuple[str, bool], Sequence[Fact]] = {}

    def of(self, activity: PlanActivity) -> tuple[Fact, ...]:
        ahead = for_another_year(activity.activity, self.year)
        kinds = [kind for kind in activity.closes_by if kind in KINDS]
        found = [fact for kind in kinds for fact in self._kind(kind, ahead)]
        return tuple(sorted(found, key=lambda fact: fact.on))

    def _kind(self, kind: str, ahead: bool) -> Sequence[Fact]:
        if (kind, ahead) not in self.kept:
            cycles = self._next if ahead else self.own
            self.kept[kind, ahead] = [fact for cycle in cycles for fact in facts(cycle, kind)]
        return self.kept[kind, ahead]

    @cached_property
    def _next(self) -> list[Cycle]:
        return list(Cycle.objects.filter(year=self.year + 1))


def _row(activity: PlanActivity, found: _Facts, today: date, events: Mapping[str, date]) -> Row:
    evidence = tuple(activity.evidence.all())
    produced = found.of(activity)
    term = parse_term(activity.meaning, year=activity.plan.year)
    meaning: Meaning = SetBy(activity.term) if isinstance(term, Unclear) else term.meaning
    year, calendar = activity.plan.year, working_calendar()
    done = [Done(fact.on) for fact in produced]
    done += [Done(e.done_on, e.period) for e in evidence if e.status == Evidence.Status.CONFIRMED]
    seen = standing(
        meaning,
        year=year,
        calendar=calendar,
        today=today,
        done=done,
        begun=any(item.status == Evidence.Status.WAITING for item in evidence),
        events=events,
    )
    due = due_dates(meaning, year=year, calendar=calendar, events=events)
    known = None if isinstance(term, Unclear) else meaning
    return Row(activity, known, seen, produced, evidence, due)


def _events(rows: Iterable[Row], plan: Plan) -> dict[str, date]:
    """Events that terms refer to («утверждения перечня») → the day that activity was done."""
    listed = list(rows)
    template = get_template(plan.template)
    done = {row.activity.code: row.standing.done_on for row in listed if row.activity.code}
    events = {}
    for row in listed:
        if isinstance(row.meaning, Relative):
            on = done.get(recognise(row.meaning.event, template))
            if on is not None:
                events[row.meaning.event] = on
    return events


def closes_itself(activity: PlanActivity) -> bool:
    """Whether the system produces the result itself, so that nobody has to bring it."""
    return any(kind in KINDS for kind in activity.closes_by)


def closing_titles(activity: PlanActivity) -> list[str]:
    """What closes the activity, in words."""
    known = set(Closing)
    return [CLOSING_TITLES[Closing(kind)] for kind in activity.closes_by if kind in known]


def decision_about(plan: Plan) -> Decision | None:
    """The council's decision on the item where the plan stands, if there is one."""
    if plan.agenda_item_id is None:
        return None
    return Decision.objects.select_related("council").filter(item=plan.agenda_item_id).first()


def printed_digest(plan: Plan) -> str:
    """SHA-256 over everything that is printed of the plan, in its order."""
    fields = ("number", "activity", "term", "responsible_printed", "result")
    rows = list(plan.activities.values_list("section__title", *fields))
    text = json.dumps([plan.title, rows], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


# --- a plan as a draft ------------------------------------------------------------------------


def draft_of(plan: Plan, *, inherited: bool = False) -> Draft:
    """The plan as a draft of another one; ``inherited``: each row remembers its activity."""
    sections = list(plan.sections.all())
    positions = {section.pk: position for position, section in enumerate(sections)}
    rows = tuple(
        DraftRow(
            number=item.number,
            activity=item.activity,
            term=item.term,
            responsible=item.responsible_printed,
            result=item.result,
            section=positions.get(item.section_id) if item.section_id else None,
            meaning="" if item.meaning == item.term else item.meaning,
            code=item.code,
            closes_by=tuple(item.closes_by),
            second_person=item.second_person,
            inherited=item.pk if inherited else None,
        )
        for item in plan.activities.all()
    )
    printed = tuple(Section(item.number, item.title) for item in sections)
    return Draft(plan.title, plan.year, plan.template, printed, rows)
