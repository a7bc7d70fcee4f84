"""Findings of a plan: a person mends one, or says why it stands."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from noko.actions.constraints import refusing
from noko.actions.plan import change_activity, locked
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.planning.logic import Change, Finding
from noko.core.refusal import Refusal
from noko.models import FindingDecision, Person, Plan, PlanActivity
from noko.queries.plan_logic import open_findings

DECIDED = Refusal(
    "По этому замечанию уже есть решение.", kind="finding_decided", cure="Обновите страницу."
)


def dismiss(
    *, plan: Plan, fingerprint: str, reason: str, by: Person | None, now: datetime
) -> FindingDecision:
    """The finding stands, and why. Refusals: ``reason_required``, ``finding_gone``,
    ``finding_decided``, ``finding_obligatory`` (a term must be understood)."""
    if not reason.strip():
        raise Refusal(
            "Не сказано, почему замечание отклонено.",
            kind="reason_required",
            cure="Напишите причину: она останется в журнале.",
        )
    with transaction.atomic():
        plan = locked(plan)
        finding = _open(plan, fingerprint)
        if finding.code == "term_unclear":
            raise Refusal(
                "Этот вопрос нельзя отклонить: без понятного срока мероприятие не проверить.",
                kind="finding_obligatory",
                cure="Запишите срок так, чтобы его можно было понять.",
            )
        return _decide(plan, finding, FindingDecision.Verdict.DISMISSED, reason.strip(), by, now)


def accept(
    *, plan: Plan, fingerprint: str, choice: int = 0, by: Person | None, now: datetime
) -> FindingDecision:
    """Mends the plan as the finding proposes; ``choice``: which of the proposed changes of a term.

    Refusals: ``nothing_proposed`` (it is mended by hand), ``finding_gone`` and those of changing
    an activity.
    """
    with transaction.atomic():
        plan = locked(plan)
        finding = _open(plan, fingerprint)
        for change in _chosen(finding, choice):
            _apply(plan, change, finding, by, now)
        return _decide(plan, finding, FindingDecision.Verdict.ACCEPTED, "", by, now)


def _chosen(finding: Finding, choice: int) -> list[Change]:
    """All renamings of a body; of several proposed terms the one that was chosen."""
    changes = list(finding.changes)
    if not changes:
        raise Refusal(
            "Для этого замечания нет готового исправления.",
            kind="nothing_proposed",
            cure="Измените мероприятие сами.",
        )
    if changes[0].field == "term":
        return [changes[choice]] if 0 <= choice < len(changes) else [changes[0]]
    return changes


def _apply(plan: Plan, change: Change, finding: Finding, by: Person | None, now: datetime) -> None:
    activity = plan.activities.filter(number=change.key).first()
    if activity is None:
        raise _gone()
    activity.plan = plan
    change_activity(
        activity=activity,
        changes=_fields(activity, change),
        reason=f"Исправлено замечание: {finding.sentence}",
        by=by,
        now=now,
    )


def _fields(activity: PlanActivity, change: Change) -> dict[str, str]:
    if change.field == "term":
        return {"term": change.value}
    old = change.field.removeprefix("responsible:")
    return {"responsible_printed": activity.responsible_printed.replace(old, change.value)}


def _open(plan: Plan, fingerprint: str) -> Finding:
    found = next((f for f in open_findings(plan) if f.fingerprint == fingerprint), None)
    if found is None:
        raise _gone()
    return found


def _gone() -> Refusal:
    return Refusal(
        "Этого замечания больше нет: план изменён или решение уже принято.",
        kind="finding_gone",
        cure="Обновите страницу.",
    )


def _decide(
    plan: Plan,
    finding: Finding,
    verdict: FindingDecision.Verdict,
    reason: str,
    by: Person | None,
    now: datetime,
) -> FindingDecision:
    with refusing({"finding_dismissed_once": DECIDED}):
        decision = FindingDecision.objects.create(
            plan=plan,
            fingerprint=finding.fingerprint,
            code=finding.code,
            sentence=finding.sentence,
            verdict=verdict,
            reason=reason,
            decided_at=now,
            decided_by=by,
        )
        record(
            Deed.PLAN_FINDING_DECIDED,
            thing=plan,
            by=by,
            now=now,
            cycle=plan.cycle,
            reason=reason,
            after={"замечание": finding.sentence, "решение": decision.get_verdict_display()},
        )
    return decision
