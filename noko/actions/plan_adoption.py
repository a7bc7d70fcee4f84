"""A plan comes into force: by an act, or by a decision of the public council about it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from noko.actions.agenda import put_on_agenda
from noko.actions.constraints import refusing
from noko.actions.plan import locked
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import AgendaItem, Decision, Person, Plan, Session
from noko.queries.plan import get_plan, printed_digest
from noko.queries.plan_logic import open_findings

ADOPTED = Refusal("План уже утверждён.", kind="plan_adopted", cure="Обновите страницу.")
USED = Refusal(
    "Этим решением уже утверждён другой план.",
    kind="decision_used",
    cure="Выберите решение по этому плану.",
)
OVER = (AgendaItem.Status.REJECTED, AgendaItem.Status.NOTED, AgendaItem.Status.WITHDRAWN)
"""An item that has ended without a decision: the plan may be placed again."""


def place(
    *, plan: Plan, session: Session, material: tuple[str, bytes], by: Person | None, now: datetime
) -> Plan:
    """Puts the plan on the agenda of ``session`` with its document as the material.

    What the council will see is remembered by its digest. Refusals: ``plan_adopted``,
    ``open_findings``, ``placed_already``, and those of the agenda.
    """
    with transaction.atomic():
        held = locked(plan)
        _may_be_adopted(held)
        digest = printed_digest(held)
        if stands_on_agenda(held) and digest == held.placed_digest:
            raise Refusal(
                "План уже стоит в повестке.",
                kind="placed_already",
                cure="Дождитесь решения совета.",
            )
        held.agenda_item = put_on_agenda(
            session=session,
            title=f"О плане мероприятий на {held.year} год",
            draft_decision=f"Утвердить план мероприятий на {held.year} год (приложение).",
            materials=[material],
            cycle=held.cycle,
            address=f"/office/plans/{held.pk}/",
            by=by,
            now=now,
        )
        held.placed_digest = digest
        held.save(update_fields=["agenda_item", "placed_digest"])
        after = {"вопрос": held.agenda_item, "контрольная сумма": digest}
        record(Deed.PLAN_PLACED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return held


def stands_on_agenda(plan: Plan) -> bool:
    """Whether a question about the plan waits for the council or has been decided."""
    item = plan.agenda_item
    if item is None or item.status in OVER:
        return False
    return item.session.status not in (Session.Status.CANCELLED, Session.Status.NOT_HELD)


def adopt(*, plan: Plan, basis: str, on: date, by: Person | None, now: datetime) -> Plan:
    """The plan is in force by an act: ``basis`` names it («приказ управления № 12»).

    Refusals: ``open_findings`` (each is to be mended or dismissed first), ``basis_required``,
    ``plan_adopted``, ``adopted_in_future``.
    """
    if not basis.strip():
        raise Refusal(
            "Не сказано, чем утверждён план.",
            kind="basis_required",
            cure="Назовите решение или приказ, его дату и номер.",
        )
    if on > now.date():
        raise Refusal(
            "Дата утверждения ещё не наступила.", kind="adopted_in_future", cure="Исправьте дату."
        )
    with transaction.atomic():
        return _adopted(locked(plan), basis.strip(), on, None, by, now)


def approve(*, plan: Plan, decision: Decision, by: Person | None, now: datetime) -> Plan:
    """The plan is in force by the council's decision on it.

    Refusals: ``decision_of_another_question``, ``changed_since_placed``, ``decision_used``,
    ``open_findings``, ``plan_adopted``.
    """
    with refusing({"noko_plan_decision_id_key": USED}):
        held = locked(plan)
        if held.agenda_item_id is None or decision.item_id != held.agenda_item_id:
            raise Refusal(
                f"{decision} принято по другому вопросу.",
                kind="decision_of_another_question",
                cure="Вынесите план на заседание и дождитесь решения по нему.",
            )
        if printed_digest(held) != held.placed_digest:
            raise Refusal(
                "План изменён после того, как его вынесли на заседание.",
                kind="changed_since_placed",
                cure="Верните прежний текст или вынесите план на заседание ещё раз.",
            )
        return _adopted(held, str(decision), decision.adopted_on, decision, by, now)


def _may_be_adopted(plan: Plan) -> None:
    if plan.adopted:
        raise ADOPTED
    waiting = open_findings(plan)
    if waiting:
        raise Refusal(
            f"Не решены замечания к плану: {len(waiting)}.",
            kind="open_findings",
            cure="Исправьте каждое или отклоните его с причиной.",
        )


def _adopted(
    plan: Plan,
    basis: str,
    on: date,
    decision: Decision | None,
    by: Person | None,
    now: datetime,
) -> Plan:
    _may_be_adopted(plan)
    moved = Plan.objects.filter(pk=plan.pk, status=Plan.Status.DRAFT).update(
        status=Plan.Status.ADOPTED,
        basis=basis[:300],
        decision=decision,
        adopted_on=on,
        adopted_at=now,
        adopted_by=by,
        changed_at=now,
    )
    if not moved:
        raise ADOPTED
    plan = get_plan(plan.pk)
    after = {"основание": plan.basis, "дата": on}
    record(Deed.PLAN_ADOPTED, thing=plan, by=by, now=now, cycle=plan.cycle, after=after)
    return plan
