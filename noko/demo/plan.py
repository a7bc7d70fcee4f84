"""Plans of the demonstration region: the 21 activities, roles instead of names, a year's life.

Every plan is composed, discussed and adopted by the deeds of real ones; what the system has not
produced is closed by links, most of them in time. The seed is the year.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from noko.actions import evidence as evidences
from noko.actions import plan as plans
from noko.actions import plan_adoption, plan_findings
from noko.core.planning.draft import DraftRow, draft_from_template
from noko.core.planning.terms import Occurrence
from noko.models import Cycle, Municipality, Person, Plan, PlanActivity
from noko.queries.calendar import working_calendar
from noko.queries.plan import Row, view_of
from noko.queries.plan_logic import open_findings
from noko.queries.plan_template import template_for

_MOSCOW = ZoneInfo("Europe/Moscow")
REASONS = {
    "no_date": "График утверждают отдельно, он приложен к решению совета.",
    "control_without_term": "У каждого плана организации свой срок, он назван в самом плане.",
    "report_too_early": "Доклад – за одиннадцать месяцев, о декабре докладывают в январе.",
    "day_off": "Срок оставлен по образцу, документ подпишут накануне.",
    "two_wordings": "Это разные органы.",
}
LATE = 0.08
"""Share of documents that come after their term."""


def load_plan(cycle: Cycle, people: Mapping[str, Person], *, opened: date, today: date) -> Plan:
    """The plan of ``cycle``, adopted when it opened, with what has been brought until ``today``."""
    secretary, now = people["secretary"], _at(opened)
    draft = draft_from_template(template_for(cycle.year), cycle.year)
    plan = plans.create(cycle=cycle, draft=draft, by=secretary, now=now)
    for finding in open_findings(plan):
        plan_findings.dismiss(
            plan=plan,
            fingerprint=finding.fingerprint,
            reason=REASONS[finding.code],
            by=secretary,
            now=now,
        )
    basis = f"приказ управления образования от {opened:%d.%m.%Y} № {opened.day + 10}"
    plan = plan_adoption.adopt(plan=plan, basis=basis, on=opened, by=secretary, now=now)
    _bring(plan, people, today, random.Random(cycle.year))
    return plan


def load_municipal(region: Plan, municipality: Municipality, by: Person, on: date) -> Plan:
    """A municipality inherits the region's plan and adds an activity of its own."""
    own = plans.inherit(parent=region, municipality=municipality, by=by, now=_at(on))
    plans.add_activity(
        plan=own,
        row=DraftRow(
            number="",
            activity="Провести встречи с родителями о результатах оценки в каждом посёлке",
            term="сентябрь – октябрь",
            responsible="Муниципальные координаторы",
            result="Отчёты о встречах",
            section=1,
            closes_by=("document", "link"),
        ),
        by=by,
        now=_at(on),
    )
    return own


def _bring(plan: Plan, people: Mapping[str, Person], today: date, chance: random.Random) -> None:
    for row in view_of(plan, today).rows:
        if row.facts:
            continue  # the system itself has produced the result
        for occurrence in row.due:
            on = _brought_on(row, occurrence, plan, chance)
            if on <= today and on >= (plan.adopted_on or on):
                _document(row.activity, occurrence, on, people)


def _brought_on(row: Row, occurrence: Occurrence, plan: Plan, chance: random.Random) -> date:
    """A working day shortly before the term; seldom some days after it."""
    calendar = working_calendar()
    days = chance.randint(2, 9) if chance.random() < LATE else -chance.randint(1, 8)
    if not row.activity.ends_on and plan.year == occurrence.due_on.year:
        days -= 20  # without a date of its own it is not left to the last week of the year
    return calendar.add(occurrence.due_on, days)


def _document(
    activity: PlanActivity, occurrence: Occurrence, on: date, people: Mapping[str, Person]
) -> None:
    title = activity.result.splitlines()[0]
    kept = evidences.add(
        activity=activity,
        title=f"{title}: {occurrence.period}" if occurrence.period else title,
        period=occurrence.period,
        done_on=on,
        address=f"https://zarechye.example/documents/{on:%Y-%m-%d}-{activity.code}",
        by=people["secretary"],
        now=_at(on),
    )
    if activity.second_person:
        confirmed = _at(on + timedelta(days=1))
        evidences.confirm(evidence=kept, by=people["head"], now=confirmed)


def _at(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(11)), _MOSCOW)
