"""Findings of a kept plan, and what people have said to them."""

from __future__ import annotations

from noko.core.planning.logic import Finding, Item, check_plan
from noko.core.planning.people import Responsible, Who
from noko.core.planning.term_grammar import Unclear, parse_term
from noko.core.planning.terms import Term
from noko.models import FindingDecision, Plan, PlanActivity
from noko.queries.calendar import working_calendar
from noko.queries.plan import activities_of
from noko.queries.plan_template import get_template


def findings_of(plan: Plan) -> tuple[Finding, ...]:
    """What contradicts in the plan as it is now, decided or not."""
    return check_plan(
        [_item(activity, plan) for activity in activities_of(plan)],
        year=plan.year,
        calendar=working_calendar(),
        template=get_template(plan.template),
    )


def open_findings(plan: Plan) -> list[Finding]:
    """The findings that nobody has decided yet; what the region has dismissed in the plan that
    this one inherits from, is dismissed here too."""
    decided = FindingDecision.objects.filter(
        plan__in=[key for key in (plan.pk, plan.parent_id) if key],
        verdict=FindingDecision.Verdict.DISMISSED,
    )
    dismissed = set(decided.values_list("fingerprint", flat=True))
    return [finding for finding in findings_of(plan) if finding.fingerprint not in dismissed]


def _item(activity: PlanActivity, plan: Plan) -> Item:
    return Item(
        key=activity.number,
        activity=activity.activity,
        term=_term(activity, plan),
        responsible=tuple(
            Responsible(Who(one.kind), one.name, one.note) for one in activity.responsible.all()
        ),
        result=activity.result,
        code=activity.code,
    )


def _term(activity: PlanActivity, plan: Plan) -> Term | Unclear:
    """The wording as printed with the meaning that a person gave it."""
    found = parse_term(activity.meaning, year=plan.year)
    return found if isinstance(found, Unclear) else Term(activity.term, found.meaning)
