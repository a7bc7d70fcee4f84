"""Proposals to clauses of a specification: made, withdrawn, considered once, with an answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from noko.actions.clause import checked_text, insert_clause, leave_out, locked, write_clause
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Clause, ClauseProposal, Person, Specification

Kind = ClauseProposal.Kind
Status = ClauseProposal.Status

VERDICTS = (Status.ACCEPTED, Status.MERGED, Status.REJECTED)


def propose(
    *, clause: Clause, kind: str, text: str, reason: str, by: Person | None, now: datetime
) -> ClauseProposal:
    """A proposal to change or exclude ``clause``, or to add one behind it.

    Refusals: ``proposals_closed``, ``clause_excluded``, ``empty_clause``, ``unknown_field``,
    ``nothing_proposed``, ``reason_required``.
    """
    text = "" if kind == Kind.EXCLUDE else checked_text(text)
    reason = _said(reason, _NO_REASON)
    with transaction.atomic():
        held = _taking(clause.specification, now)
        seen = Clause.objects.get(pk=clause.pk)
        if seen.excluded:
            raise Refusal(
                f"Пункт {seen.number} уже исключён.",
                kind="clause_excluded",
                cure="Внесите предложение к другому пункту.",
            )
        if kind == Kind.CHANGE and text == seen.text:
            raise Refusal(
                "Текст не изменён.",
                kind="nothing_proposed",
                cure="Исправьте текст пункта так, как вы предлагаете.",
            )
        last = held.proposals.aggregate(last=Max("number"))["last"] or 0
        made = ClauseProposal.objects.create(
            specification=held,
            number=last + 1,
            clause=seen,
            number_then=seen.number,
            kind=kind,
            was=seen.text,
            text=text,
            reason=reason,
            by=by,
            by_name=str(by) if by else "",
            created_at=now,
        )
        after = {"что": made.get_kind_display(), "текст": text}
        record(
            Deed.CLAUSE_PROPOSED,
            thing=made,
            by=by,
            now=now,
            cycle=held.cycle,
            reason=reason,
            after=after,
        )
    return made


def withdraw(*, proposal: ClauseProposal, by: Person | None, now: datetime) -> ClauseProposal:
    """Taken back by whoever made it. Refusals: ``not_your_proposal``, ``considered_already``."""
    if by is None or proposal.by_id != by.pk:
        raise Refusal(
            "Отозвать предложение может только тот, кто его внёс.",
            kind="not_your_proposal",
            cure="Если предложение не подходит, отклоните его с ответом.",
        )
    with transaction.atomic():
        held = locked(proposal.specification)
        done = _decide(proposal, Status.WITHDRAWN, by=by, now=now)
        record(Deed.CLAUSE_PROPOSAL_WITHDRAWN, thing=done, by=by, now=now, cycle=held.cycle)
    return done


def consider(
    *,
    proposal: ClauseProposal,
    verdict: str,
    answer: str,
    text: str,
    revision: int,
    by: Person | None,
    now: datetime,
) -> ClauseProposal:
    """Accepted as it stands, accepted with another ``text`` (merged), or rejected.

    ``revision`` is that of the clause when the person decided. An answer is required unless the
    proposal is accepted as it stands. What enters keeps its trace: the proposal holds the text.

    Refusals: ``considered_already``, ``clause_changed``, ``answer_required``, ``empty_clause``,
    ``unknown_field``, ``nothing_merged``, ``proposals_closed``.
    """
    if verdict not in VERDICTS:
        raise ValueError(f"«{verdict}» is no verdict")
    answer = answer.replace("\x00", "").strip()
    if verdict != Status.ACCEPTED:
        answer = _said(answer, _NO_ANSWER)
    entering = _entering(proposal, verdict, text)
    with transaction.atomic():
        held = _open(locked(proposal.specification))
        done = _decide(proposal, verdict, answer=answer, entered=entering, by=by, now=now)
        if verdict != Status.REJECTED:
            _enter(done, entering, revision)
        record(
            Deed.CLAUSE_PROPOSAL_CONSIDERED,
            thing=done,
            by=by,
            now=now,
            cycle=held.cycle,
            reason=answer,
            before={"текст пункта": done.was},
            after={"решение": done.get_status_display(), "текст пункта": entering},
        )
    return done


def _entering(proposal: ClauseProposal, verdict: str, text: str) -> str:
    """The text that enters; empty when the clause is left out or the proposal is rejected."""
    if verdict == Status.REJECTED:
        return ""
    if verdict == Status.ACCEPTED:
        return proposal.text
    if proposal.kind == Kind.EXCLUDE:
        raise Refusal(
            "Предложение исключить пункт можно принять или отклонить.",
            kind="nothing_merged",
            cure="Чтобы изменить пункт иначе, отклоните предложение и внесите своё.",
        )
    clean = checked_text(text)
    if clean == proposal.text:
        raise Refusal(
            "Текст не отличается от предложенного.",
            kind="nothing_merged",
            cure="Примите предложение как есть или исправьте текст.",
        )
    return clean


def _enter(proposal: ClauseProposal, text: str, revision: int) -> None:
    if proposal.kind == Kind.EXCLUDE:
        leave_out(proposal.clause, revision)
    elif proposal.kind == Kind.ADD:
        insert_clause(proposal.clause, text)
    else:
        write_clause(proposal.clause, text, revision)


def _decide(
    proposal: ClauseProposal, status: str, *, by: Person | None, now: datetime, **fields: Any
) -> ClauseProposal:
    """The one place where a proposal's status changes; refusal ``considered_already``."""
    decided = ClauseProposal.objects.filter(pk=proposal.pk, status=Status.OPEN).update(
        status=status, considered_by=by, considered_at=now, **fields
    )
    found = ClauseProposal.objects.select_related("clause__specification", "considered_by").get(
        pk=proposal.pk
    )
    if not decided:
        raise Refusal(
            f"Предложение № {found.number} уже не ждёт решения: {found.get_status_display()}.",
            kind="considered_already",
            cure="Обновите страницу: на ней видно, кто и что решил.",
        )
    return found


def _taking(specification: Specification, now: datetime) -> Specification:
    held = _open(locked(specification))
    until = held.proposals_until
    if until and until < timezone.localdate(now):
        raise Refusal(
            "Срок предложений прошёл.",
            kind="proposals_closed",
            cure="Попросите секретаря процедуры продлить его.",
        )
    return held


def _open(specification: Specification) -> Specification:
    if specification.status != Specification.Status.OPEN:
        raise Refusal(
            "Предложения сейчас не принимаются. Техническое задание "
            f"{specification.get_status_display()}.",
            kind="proposals_closed",
            cure="Обновите страницу: на ней видно, что можно сделать.",
        )
    return specification


_NO_REASON = Refusal(
    "Не сказано, почему вы это предлагаете.", kind="reason_required", cure="Напишите причину."
)
_NO_ANSWER = Refusal(
    "Нет ответа на предложение.", kind="answer_required", cure="Напишите, почему вы так решили."
)


def _said(text: str, otherwise: Refusal) -> str:
    clean = text.replace("\x00", "").strip()
    if not clean:
        raise otherwise
    return clean
