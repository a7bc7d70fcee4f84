"""The annual plan: composed, changed, adopted, inherited by municipalities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.planning.draft import Draft, DraftRow, next_year, renumbered
from noko.core.planning.people import split_responsible
from noko.core.planning.rows import Section
from noko.core.planning.term_grammar import Unclear, parse_term
from noko.core.planning.terms import window
from noko.core.refusal import Refusal
from noko.models import (
    ActivityResponsible,
    Cycle,
    Municipality,
    Person,
    Plan,
    PlanActivity,
    PlanSection,
)
from noko.queries.calendar import working_calendar
from noko.queries.plan import draft_of
from noko.queries.plan_people import bound
from noko.queries.plan_template import template_for

TAKEN = Refusal(
    "План этого цикла уже есть.",
    kind="plan_exists",
    cure="Откройте его: мероприятия можно изменить там.",
)
NUMBER_TAKEN = Refusal(
    "Мероприятие с таким номером в плане уже есть.",
    kind="number_taken",
    cure="Дайте ему другой номер.",
)
CONSTRAINTS = {"plan_once_in_cycle": TAKEN, "plan_activity_number": NUMBER_TAKEN}


def create(
    *,
    cycle: Cycle,
    draft: Draft,
    municipality: Municipality | None = None,
    parent: Plan | None = None,
    made_from: Plan | None = None,
    by: Person | None,
    now: datetime,
) -> Plan:
    """The plan of a cycle from a draft, complete or not at all.

    A term that is not understood is kept as printed and stays a finding of the plan.
    Refusals: ``plan_exists``, ``number_taken``, ``empty_plan``, ``other_year``.
    """
    if draft.year != cycle.year:
        raise Refusal(
            f"План составлен на {draft.year} год, а цикл – {cycle.year} года.",
            kind="other_year",
            cure=f"Откройте цикл {draft.year} года или исправьте год плана.",
        )
    if not draft.rows:
        raise Refusal(
            "В плане нет ни одного мероприятия.", kind="empty_plan", cure="Добавьте мероприятия."
        )
    with refusing(CONSTRAINTS):
        plan = Plan.objects.create(
            cycle=cycle,
            municipality=municipality,
            parent=parent,
            made_from=made_from,
            title=draft.title[:300],
            year=draft.year,
            template=draft.template,
            created_at=now,
            created_by=by,
            changed_at=now,
        )
        sections = [
            PlanSection.objects.create(
                plan=plan, position=position, number=section.number, title=section.title[:500]
            )
            for position, section in enumerate(draft.sections)
        ]
        people = list(Person.objects.filter(is_active=True))
        for position, row in enumerate(renumbered(draft.rows, draft.sections)):
            section = sections[row.section] if row.section is not None else None
            _add(plan, row, section, position, people)
        after = {"мероприятий": len(draft.rows), "год": draft.year}
        record(Deed.PLAN_CREATED, thing=plan, by=by, now=now, cycle=cycle, after=after)
    return plan


def _add(
    plan: Plan,
    row: DraftRow,
    section: PlanSection | None,
    position: int,
    people: list[Person],
) -> PlanActivity:
    activity = PlanActivity(
        plan=plan,
        section=section,
        position=position,
        number=row.number[:20],
        activity=row.activity,
        term=row.term[:500],
        meaning=(row.meaning or row.term)[:500],
        responsible_printed=row.responsible,
        result=row.result,
        code=row.code,
        closes_by=list(row.closes_by),
        second_person=row.second_person,
        inherited_id=row.inherited,
    )
    _settle_window(activity)
    activity.save()
    _name_responsible(activity, people)
    return activity


def _settle_window(activity: PlanActivity) -> None:
    """First and last day by the meaning of the term; none where it is not understood."""
    plan = activity.plan
    term = parse_term(activity.meaning, year=plan.year)
    found = None
    if not isinstance(term, Unclear):
        found = window(term.meaning, year=plan.year, calendar=working_calendar())
    activity.begins_on = found.begins_on if found else None
    activity.ends_on = found.ends_on if found else None


def _name_responsible(activity: PlanActivity, people: list[Person]) -> None:
    """Who stands in the printed cell, bound to people of ours where the name says it."""
    activity.responsible.all().delete()
    rows = []
    for position, one in enumerate(split_responsible(activity.responsible_printed)):
        person, role = bound(one, people)
        rows.append(
            ActivityResponsible(
                activity=activity,
                position=position,
                kind=one.kind.value,
                name=one.name[:300],
                note=one.note[:200],
                person=person,
                role=role,
            )
        )
    ActivityResponsible.objects.bulk_create(rows)


# --- changes ----------------------------------------------------------------------------------

FIELDS: Mapping[str, str] = {
    "number": "номер",
    "activity": "мероприятие",
    "term": "срок",
    "meaning": "как понят срок",
    "responsible_printed": "ответственные",
    "result": "результат",
    "code": "вид мероприятия",
    "closes_by": "чем закрывается",
    "second_person": "подтверждает второе лицо",
}
"""Fields of an activity that a person may change, as the journal calls them."""


def change_activity(
    *,
    activity: PlanActivity,
    changes: Mapping[str, Any],
    reason: str = "",
    by: Person | None,
    now: datetime,
) -> PlanActivity:
    """New values of :data:`FIELDS`. A new ``term`` without a ``meaning`` is understood as printed.

    Refusals: ``number_taken``, ``term_unclear``, ``reason_required`` (of an adopted plan).
    """
    wanted = {key: value for key, value in changes.items() if key in FIELDS}
    if "term" in wanted and "meaning" not in wanted:
        wanted["meaning"] = wanted["term"]
    with refusing(CONSTRAINTS):
        plan = locked(activity.plan)
        _reason_needed(plan, reason)
        kept = PlanActivity.objects.select_for_update().get(pk=activity.pk)
        kept.plan = plan
        before = {key: getattr(kept, key) for key in wanted}
        if wanted == before:
            return kept
        for key, value in wanted.items():
            setattr(kept, key, value)
        _understood(kept)
        _settle_window(kept)
        kept.save()
        if "responsible_printed" in wanted:
            _name_responsible(kept, list(Person.objects.filter(is_active=True)))
        _changed(
            plan,
            kept,
            reason,
            by,
            now,
            before={FIELDS[key]: value for key, value in before.items()},
            after={FIELDS[key]: wanted[key] for key in before},
        )
    return kept


def _understood(activity: PlanActivity) -> None:
    term = parse_term(activity.meaning, year=activity.plan.year)
    if isinstance(term, Unclear):
        options = f" Возможно: {'; '.join(term.options)}." if term.options else ""
        raise Refusal(
            term.problem.message, kind="term_unclear", cure=f"{term.problem.cure}{options}"
        )


def add_activity(
    *, plan: Plan, row: DraftRow, reason: str = "", by: Person | None, now: datetime
) -> PlanActivity:
    """One more activity at the end of its section (``row.section``: position of the section).

    Refusals: ``number_taken``, ``term_unclear``, ``reason_required``.
    """
    with refusing(CONSTRAINTS):
        plan = locked(plan)
        _reason_needed(plan, reason)
        sections = list(plan.sections.all())
        printed = [Section(item.number, item.title) for item in sections]
        taken = [_row_of_number(item) for item in plan.activities.values_list("number", flat=True)]
        row = renumbered([*taken, row], printed)[-1]
        section = sections[row.section] if row.section is not None else None
        position = (
            plan.activities.order_by("-position").values_list("position", flat=True)
        ).first()
        _understood(PlanActivity(plan=plan, meaning=row.meaning or row.term))
        people = list(Person.objects.filter(is_active=True))
        activity = _add(plan, row, section, (position or 0) + 1, people)
        _changed(plan, activity, reason, by, now, after={"добавлено": str(activity)})
    return activity


def _row_of_number(number: str) -> DraftRow:
    return DraftRow(number, "", "")


def remove_activity(
    *, activity: PlanActivity, reason: str = "", by: Person | None, now: datetime
) -> None:
    """Refusals: ``activity_has_evidence``, ``last_activity``, ``reason_required``."""
    with transaction.atomic():
        plan = locked(activity.plan)
        _reason_needed(plan, reason)
        if activity.evidence.exists() or activity.municipal.exists():
            raise Refusal(
                "У мероприятия уже есть подтверждения или его унаследовал муниципалитет.",
                kind="activity_has_evidence",
                cure="Оставьте его в плане.",
            )
        if plan.activities.count() == 1:
            raise Refusal(
                "Это последнее мероприятие плана.",
                kind="last_activity",
                cure="Сначала добавьте другое.",
            )
        _changed(plan, activity, reason, by, now, before={"удалено": str(activity)})
        activity.delete()


def bind_responsible(
    *,
    one: ActivityResponsible,
    person: Person | None,
    role: str,
    by: Person | None,
    now: datetime,
) -> ActivityResponsible:
    """Whom to remind where the plan names this person or body; a person or a role, or nobody."""
    with transaction.atomic():
        before = {"напоминать": str(one.person or one.role)}
        one.person, one.role = person, "" if person else role
        one.save(update_fields=["person", "role"])
        activity = one.activity
        after = {"напоминать": str(one.person or one.role), "кто": one.name}
        _changed(activity.plan, activity, "", by, now, before=before, after=after)
    return one


def locked(plan: Plan) -> Plan:
    """The plan, with other changes of it waiting until this one ends."""
    return Plan.objects.select_for_update(of=("self",)).select_related("cycle").get(pk=plan.pk)


def _reason_needed(plan: Plan, reason: str) -> None:
    if plan.adopted and not reason.strip():
        raise Refusal(
            "План утверждён: изменению нужна причина.",
            kind="reason_required",
            cure="Напишите, почему меняете план: причина останется в журнале.",
        )


def _changed(
    plan: Plan,
    activity: PlanActivity,
    reason: str,
    by: Person | None,
    now: datetime,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    Plan.objects.filter(pk=plan.pk).update(changed_at=now)
    record(
        Deed.PLAN_CHANGED,
        thing=activity,
        by=by,
        now=now,
        cycle=plan.cycle,
        reason=reason,
        before=before,
        after=after,
    )


# --- inheriting, continuing --------------------------------------------------------------------


def inherit(*, parent: Plan, municipality: Municipality, by: Person | None, now: datetime) -> Plan:
    """The plan of a municipality: every activity of the region's plan, to be added to.

    Refusals: ``plan_exists``, ``plan_not_adopted``.
    """
    if not parent.adopted:
        raise Refusal(
            "План региона ещё не утверждён.",
            kind="plan_not_adopted",
            cure="Дождитесь утверждения: муниципальный план повторит его мероприятия.",
        )
    return create(
        cycle=parent.cycle,
        draft=draft_of(parent, inherited=True),
        municipality=municipality,
        parent=parent,
        by=by,
        now=now,
    )


def continue_from(*, plan: Plan, cycle: Cycle, by: Person | None, now: datetime) -> Plan:
    """The plan of a later cycle made from this one: years in texts and terms move along.

    Refusals: those of :func:`create`; ``not_later``.
    """
    if cycle.year <= plan.year:
        raise Refusal(
            f"Цикл {cycle.year} года не позже плана {plan.year} года.",
            kind="not_later",
            cure="Выберите план более раннего года.",
        )
    draft = next_year(draft_of(plan), year=cycle.year, template=template_for(cycle.year).code)
    return create(cycle=cycle, draft=draft, made_from=plan, by=by, now=now)


def discard(*, plan: Plan, by: Person | None, now: datetime) -> None:
    """A draft is deleted with everything in it; its cycle may have another plan then.

    Refusals: ``plan_adopted``, ``plan_considered`` (the council has it on an agenda),
    ``plan_continued`` (another plan was made from it).
    """
    with transaction.atomic():
        plan = locked(plan)
        if plan.adopted:
            raise Refusal(
                "План утверждён: удалить его нельзя.",
                kind="plan_adopted",
                cure="Измените мероприятия с указанием причины.",
            )
        if plan.agenda_item_id is not None:
            raise Refusal(
                "План вынесен на заседание совета.",
                kind="plan_considered",
                cure="Исправьте мероприятия: совет увидит план, который вынесут снова.",
            )
        if Plan.objects.filter(made_from=plan).exists() or plan.municipal.exists():
            raise Refusal(
                "По этому плану составлен другой.",
                kind="plan_continued",
                cure="Сначала удалите тот проект.",
            )
        before = {"мероприятий": plan.activities.count(), "год": plan.year}
        record(Deed.PLAN_DISCARDED, thing=plan, by=by, now=now, cycle=plan.cycle, before=before)
        plan.activities.all().delete()
        plan.delete()
