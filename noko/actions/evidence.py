"""Evidence that an activity is done: brought by one person, confirmed by another."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Evidence, Person, PlanActivity

MOVES = {
    Evidence.Status.WAITING: {Evidence.Status.CONFIRMED, Evidence.Status.RETURNED},
    Evidence.Status.CONFIRMED: set(),
    Evidence.Status.RETURNED: set(),
}
"""Which status may follow which."""


def add(
    *,
    activity: PlanActivity,
    title: str,
    done_on: date,
    period: str = "",
    address: str = "",
    folder: str = "",
    file_name: str = "",
    by: Person | None,
    now: datetime,
) -> Evidence:
    """A file (``folder``, ``file_name``) or a link. Without a second person it counts at once.

    Refusals: ``title_required``, ``file_or_link``, ``bad_link``, ``done_in_future``,
    ``plan_not_adopted``.
    """
    _check(activity, title, done_on, address, folder, now)
    status = Evidence.Status.WAITING if activity.second_person else Evidence.Status.CONFIRMED
    with transaction.atomic():
        evidence = Evidence.objects.create(
            activity=activity,
            title=title.strip()[:300],
            period=period,
            done_on=done_on,
            address=address.strip(),
            folder=folder,
            file_name=file_name,
            status=status,
            added_at=now,
            added_by=by,
        )
        after = {"мероприятие": str(activity), "дата": done_on, "срок": period}
        cycle = activity.plan.cycle
        record(Deed.EVIDENCE_ADDED, thing=evidence, by=by, now=now, cycle=cycle, after=after)
    return evidence


def _check(
    activity: PlanActivity, title: str, done_on: date, address: str, folder: str, now: datetime
) -> None:
    if not activity.plan.adopted:
        raise Refusal(
            "План ещё не утверждён.",
            kind="plan_not_adopted",
            cure="Подтверждения добавляют к утверждённому плану.",
        )
    if not title.strip():
        raise Refusal(
            "Не сказано, что это за документ.", kind="title_required", cure="Впишите название."
        )
    if bool(address.strip()) == bool(folder):
        raise Refusal(
            "Нужен один файл или одна ссылка.",
            kind="file_or_link",
            cure="Приложите файл или вставьте ссылку, но не то и другое сразу.",
        )
    if address.strip() and not address.strip().lower().startswith(("http://", "https://")):
        raise Refusal(
            "Это не адрес страницы.", kind="bad_link", cure="Он начинается с https:// или http://."
        )
    if done_on > now.date():
        raise Refusal(
            "Дата документа ещё не наступила.", kind="done_in_future", cure="Исправьте дату."
        )


def confirm(*, evidence: Evidence, by: Person, now: datetime) -> Evidence:
    """Refusals: ``own_evidence``, ``evidence_decided``."""
    return _decide(evidence, Evidence.Status.CONFIRMED, "", by, now)


def give_back(*, evidence: Evidence, reason: str, by: Person, now: datetime) -> Evidence:
    """Returned to who brought it, and why. Refusals: ``reason_required``, those of confirming."""
    if not reason.strip():
        raise Refusal(
            "Не сказано, почему документ возвращён.",
            kind="reason_required",
            cure="Напишите, чего не хватает.",
        )
    return _decide(evidence, Evidence.Status.RETURNED, reason.strip(), by, now)


_DEEDS = {
    Evidence.Status.CONFIRMED: Deed.EVIDENCE_CONFIRMED,
    Evidence.Status.RETURNED: Deed.EVIDENCE_RETURNED,
}


def _decide(
    evidence: Evidence, status: Evidence.Status, reason: str, by: Person, now: datetime
) -> Evidence:
    if evidence.added_by_id == by.pk:
        raise Refusal(
            "Свой документ подтверждает другой человек.",
            kind="own_evidence",
            cure="Попросите руководителя или секретаря процедуры.",
        )
    lawful = [before for before, after in MOVES.items() if status in after]
    with transaction.atomic():
        moved = Evidence.objects.filter(pk=evidence.pk, status__in=lawful).update(
            status=status, reason=reason, decided_at=now, decided_by=by
        )
        if not moved:
            raise Refusal(
                "По этому документу уже есть решение.",
                kind="evidence_decided",
                cure="Обновите страницу.",
            )
        evidence.refresh_from_db()
        cycle = evidence.activity.plan.cycle
        record(_DEEDS[status], thing=evidence, by=by, now=now, cycle=cycle, reason=reason)
    return evidence
