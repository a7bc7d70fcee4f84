"""A ballot is started and ended, within the transaction of the deed that asks for it.

Locks are taken in one order, so that no two deeds wait for each other for ever: session, item,
ballot, council. Votes lock their ballot for sharing and their member's line of attendance.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from noko.actions.session_moves import move
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core import council as rules
from noko.core.council_rules import VotingRule
from noko.core.refusal import Refusal
from noko.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Council,
    Decision,
    Person,
    SecretTally,
    Session,
    VoteChoice,
)
from noko.queries.council_rules import voting_rule

_I = AgendaItem.Status


def closed_already() -> Refusal:
    return Refusal(
        "Голосование закрыто.",
        kind="ballot_closed",
        cure="Голос не учтён. Итог – на странице заседания.",
    )


def open_poll(*, session: Session, by: Person | None, now: datetime) -> list[Ballot]:
    """A ballot for every waiting item of a poll that has just been opened, in its transaction."""
    waiting = session.items.select_for_update(no_key=True).filter(status=_I.WAITING)
    return [start(item, session, by=by, now=now) for item in waiting]


def start(item: AgendaItem, session: Session, *, by: Person | None, now: datetime) -> Ballot:
    moved = move(item, _I.VOTING)
    rule = voting_rule(session.council, moved.kind)
    last = moved.ballots.aggregate(last=Max("round"))["last"] or 0
    ballot = Ballot.objects.create(
        item=moved,
        round=last + 1,
        secret=moved.secret,
        rule=rule.model_dump(mode="json"),
        opened_at=now,
        closes_at=session.ends_at if session.kind == Session.Kind.POLL else None,
    )
    if ballot.secret:
        SecretTally.objects.create(ballot=ballot)
    after = {"тайное": ballot.secret, "большинство": rule.majority.title, "раз": ballot.round}
    record(Deed.BALLOT_OPENED, thing=ballot, by=by, now=now, cycle=moved.cycle, after=after)
    return ballot


def close(ballot: Ballot, session: Session, *, by: Person | None, now: datetime) -> Ballot:
    # Recusals wait for this lock, votes for the ballot: what is counted below is all there is.
    item = AgendaItem.objects.select_for_update(no_key=True).get(pk=ballot.item_id)
    if not _lock_open(ballot):
        raise closed_already()
    tally, turnout = _tally(ballot), _turnout(ballot, item, session)
    rule = VotingRule.model_validate(ballot.rule)
    found = rules.outcome(rule, tally, turnout, round=ballot.round, chair=_chair(ballot, session))
    Ballot.objects.filter(pk=ballot.pk).update(
        status=Ballot.Status.CLOSED,
        closed_at=now,
        members=turnout.members,
        present=turnout.present,
        recused=turnout.recused,
        votes_for=tally.votes_for,
        votes_against=tally.votes_against,
        votes_abstained=tally.votes_abstained,
        outcome=found.result.value,
        explanation=list(found.explanation),
    )
    ballot.refresh_from_db()
    record(
        Deed.BALLOT_CLOSED,
        thing=ballot,
        by=by,
        now=now,
        cycle=item.cycle,
        after={
            "за": tally.votes_for,
            "против": tally.votes_against,
            "воздержались": tally.votes_abstained,
            "итог": ballot.get_outcome_display(),
        },
    )
    _settle(item, session, found.result, by=by, now=now)
    return ballot


def _lock_open(ballot: Ballot) -> bool:
    """Waits for votes under way; from here on nobody votes."""
    held = Ballot.objects.select_for_update(no_key=True).filter(
        pk=ballot.pk, status=Ballot.Status.OPEN
    )
    return held.first() is not None


def _tally(ballot: Ballot) -> rules.Tally:
    if ballot.secret:
        sums = SecretTally.objects.get(ballot=ballot)
        tally = rules.Tally(sums.votes_for, sums.votes_against, sums.votes_abstained)
        if tally.all != ballot.voted.count():
            raise RuntimeError("The sums of a secret ballot are not as many as have voted")
        return tally
    cast_votes = list(ballot.votes.values_list("choice", flat=True))
    return rules.Tally(*(cast_votes.count(choice) for choice in VoteChoice.values))


def _turnout(ballot: Ballot, item: AgendaItem, session: Session) -> rules.Turnout:
    """Who takes part: in a session those who are here or have voted; in a poll who answered."""
    recused = set(item.recusals.values_list("member_id", flat=True))
    voters = ballot.voted if ballot.secret else ballot.votes
    taking_part = set(voters.values_list("member_id", flat=True)) | recused
    lines = session.attendance.all()
    if session.kind != Session.Kind.POLL:
        here = {line.member_id for line in lines if line.mark in Attendance.HERE}
        taking_part = (taking_part - recused) | here
    return rules.Turnout(len(lines), len(taking_part), len(recused & taking_part))


def _chair(ballot: Ballot, session: Session) -> str | None:
    """How the presiding member voted, where it is known."""
    vote = ballot.votes.filter(member=session.presiding).first()
    return vote.choice if vote else None


def _settle(
    item: AgendaItem, session: Session, result: rules.Result, *, by: Person | None, now: datetime
) -> None:
    if result is rules.Result.ADOPTED:
        move(item, _I.ADOPTED)
        _adopt(item, session, by=by, now=now)
    else:
        move(item, _I.TIED if result is rules.Result.TIED else _I.REJECTED)


def _adopt(item: AgendaItem, session: Session, *, by: Person | None, now: datetime) -> Decision:
    # One after another, so that numbers follow each other.
    council = Council.objects.select_for_update(no_key=True).get(pk=session.council_id)
    day = timezone.localdate(now)
    last = council.decisions.filter(year=day.year).aggregate(last=Max("number"))["last"] or 0
    annexes = [
        {"name": one.name, "bytes": one.size, "sha256": one.digest}
        for one in item.materials.filter(annex=True)
    ]
    digest = rules.decision_digest(
        council=council.name,
        number=last + 1,
        adopted_on=day,
        title=item.title,
        text=item.draft_decision,
        annexes=annexes,
    )
    decision = Decision.objects.create(
        council=council,
        cycle=item.cycle,
        session=session,
        item=item,
        year=day.year,
        number=last + 1,
        adopted_on=day,
        title=item.title,
        text=item.draft_decision,
        annexes=annexes,
        digest=digest,
    )
    after = {"номер": decision.number, "название": item.title, "контрольная сумма": digest}
    record(Deed.DECISION_ADOPTED, thing=decision, by=by, now=now, cycle=item.cycle, after=after)
    return decision
