"""Voting: a ballot is opened, members vote or are recused, it is closed and its outcome computed.

The database decides who was in time (triggers of migration 0008): a vote locks its ballot for
sharing, the close waits for it and every later vote finds the ballot closed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from noko.actions.ballot import close, closed_already, start
from noko.actions.constraints import refusing
from noko.actions.session import finish
from noko.actions.session_moves import move
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import (
    AgendaItem,
    Ballot,
    CouncilMember,
    Person,
    Recusal,
    SecretTally,
    Session,
    Vote,
    VoteChoice,
    Voted,
)
from noko.queries.council import quorum_of

_I = AgendaItem.Status


def discuss(*, item: AgendaItem, by: Person | None, now: datetime) -> AgendaItem:
    """The session comes to the item. Refusals: ``session_not_open``, ``other_item``,
    ``moved_already``."""
    with transaction.atomic():
        session = _open(item.session)
        _alone(session, item)
        moved = move(item, _I.DISCUSSED)
        record(Deed.AGENDA_DISCUSSED, thing=moved, by=by, now=now, cycle=moved.cycle)
    return moved


def conclude(*, item: AgendaItem, by: Person | None, now: datetime) -> AgendaItem:
    """The item was considered and nothing is voted. Refusals as of :func:`discuss`."""
    with transaction.atomic():
        _open(item.session)
        moved = move(item, _I.NOTED)
        record(Deed.AGENDA_NOTED, thing=moved, by=by, now=now, cycle=moved.cycle)
    return moved


def open_ballot(*, item: AgendaItem, by: Person | None, now: datetime) -> Ballot:
    """Members may vote on the draft decision of the item, which does not change from now on.

    Refusals: ``session_not_open``, ``other_item``, ``no_draft``, ``no_quorum``, ``ballot_open``,
    ``moved_already``.
    """
    with refusing(_refusals()):
        session = _open(item.session)
        _alone(session, item)
        if not item.draft_decision.strip():
            raise Refusal(
                "У вопроса нет проекта решения.",
                kind="no_draft",
                cure="Напишите, за что голосуют.",
            )
        here = quorum_of(session)
        if not here.reached:
            raise Refusal(str(here), kind="no_quorum", cure="Голосовать можно при кворуме.")
        return start(item, session, by=by, now=now)


def cast(
    *, ballot: Ballot, member: CouncilMember, choice: str, by: Person | None, now: datetime
) -> Vote:
    """An open vote, the member's own or a raised hand noted by the secretary (``by`` is another).

    The same vote once more changes nothing; another one replaces it where the rule lets votes be
    changed. A hand is never noted over a vote that the member has cast.

    Refusals: ``ballot_closed``, ``absent``, ``recused``, ``voted_already``, ``voted_himself``,
    ``other_way``.
    """
    wanted = VoteChoice(choice)
    with refusing(_refusals()):
        vote, made = Vote.objects.get_or_create(
            ballot=ballot, member=member, defaults={"choice": wanted, "at": now, "by": by}
        )
        if made:
            after = {"член совета": member.full_name, "голос": wanted.label}
            record(
                Deed.VOTE_CAST, thing=ballot, by=by, now=now, cycle=ballot.item.cycle, after=after
            )
        elif vote.choice != wanted:
            vote = _change(vote, wanted, by=by, now=now)
    return vote


def note_hands(
    *,
    ballot: Ballot,
    votes: Sequence[tuple[CouncilMember, str]],
    by: Person,
    now: datetime,
) -> None:
    """Several raised hands or signed sheets: all of them or none. Refusals as of :func:`cast`."""
    with transaction.atomic():
        for member, choice in sorted(votes, key=lambda pair: pair[0].pk):
            cast(ballot=ballot, member=member, choice=choice, by=by, now=now)


def cast_secretly(
    *, ballot: Ballot, member: CouncilMember, choice: str, by: Person, now: datetime
) -> None:
    """A secret vote: that the member has voted is one row, what was voted is added to the sums.

    Refusals: ``not_own_vote``, ``ballot_closed``, ``absent``, ``recused``, ``voted_already``,
    ``other_way``.
    """
    if member.person_id != by.pk:
        raise Refusal("Тайно голосует только сам член совета.", kind="not_own_vote")
    field = f"votes_{VoteChoice(choice).value}"
    with refusing(_refusals()):
        Voted.objects.create(ballot=ballot, member=member)
        SecretTally.objects.filter(ballot=ballot).update(**{field: F(field) + 1})
        after = {"член совета": member.full_name}
        record(
            Deed.VOTED_SECRETLY, thing=ballot, by=by, now=now, cycle=ballot.item.cycle, after=after
        )


def recuse(
    *, item: AgendaItem, member: CouncilMember, reason: str, by: Person | None, now: datetime
) -> Recusal:
    """The member does not take part in deciding the item.

    Refusals: ``reason_required``, ``voted_already``, ``recused``, ``item_decided``.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise Refusal(
            "Не сказано, почему берётся самоотвод.",
            kind="reason_required",
            cure="Например: в этой школе учится мой сын.",
        )
    with refusing(_refusals()):
        made = Recusal.objects.create(item=item, member=member, reason=reason, at=now, by=by)
        after = {"член совета": member.full_name}
        record(
            Deed.MEMBER_RECUSED,
            thing=item,
            by=by,
            now=now,
            cycle=item.cycle,
            reason=reason,
            after=after,
        )
    return made


def close_ballot(*, ballot: Ballot, by: Person | None, now: datetime) -> Ballot:
    """Ends the ballot and computes its outcome, once; an adopted decision is numbered and frozen.

    Refusals: ``ballot_closed``, ``poll_by_itself``.
    """
    with transaction.atomic():
        session = _open(ballot.item.session)
        if session.kind == Session.Kind.POLL:
            raise Refusal(
                "Письменный опрос завершается сам, в назначенное время.", kind="poll_by_itself"
            )
        return close(ballot, session, by=by, now=now)


def close_poll(*, session: Session, by: Person | None, now: datetime) -> Session:
    """Ends a poll whose time is over, or on which everybody has voted, with all its ballots.

    Refusals: ``poll_not_over``, ``session_not_open``.
    """
    with transaction.atomic():
        held = _open(session)
        ballots = list(_ballots(held))
        if held.ends_at and now < held.ends_at and any(map(_awaited, ballots)):
            raise Refusal(
                "Опрос ещё идёт: проголосовали не все.",
                kind="poll_not_over",
                cure="Он завершится сам в назначенное время.",
            )
        for ballot in ballots:
            close(ballot, held, by=by, now=now)
        return finish(session=held, by=by, now=now)


def close_due_polls(*, now: datetime) -> list[Session]:
    """Ends every poll whose time is over; each is ended once, however often this is called."""
    due = Session.objects.filter(
        kind=Session.Kind.POLL, status=Session.Status.OPEN, ends_at__lte=now
    )
    closed = []
    for session in due.order_by("ends_at"):
        try:
            closed.append(close_poll(session=session, by=None, now=now))
        except Refusal as refusal:  # another worker has just ended it
            if refusal.kind != "session_not_open":
                raise
    return closed


def _open(session: Session) -> Session:
    """The session, locked, while it is going on."""
    held = Session.objects.select_for_update(no_key=True, of=["self"])
    found = held.select_related("council", "cycle", "presiding").get(pk=session.pk)
    if found.status != Session.Status.OPEN:
        raise Refusal(
            f"{found}: {found.get_status_display()}.",
            kind="session_not_open",
            cure="Обновите страницу.",
        )
    return found


def _alone(session: Session, item: AgendaItem) -> None:
    """A session considers one item at a time."""
    busy = session.items.filter(status__in=(_I.DISCUSSED, _I.VOTING)).exclude(pk=item.pk).first()
    if busy:
        raise Refusal(
            f"Совет рассматривает другой вопрос: «{busy}».",
            kind="other_item",
            cure="Сначала закончите его.",
        )


def _change(vote: Vote, wanted: VoteChoice, *, by: Person | None, now: datetime) -> Vote:
    held = Vote.objects.select_for_update(no_key=True, of=["self"]).select_related(
        "member", "ballot__item"
    )
    vote = held.get(pk=vote.pk)
    own = vote.member.person_id
    if own and vote.by_id == own and (by is None or by.pk != own):
        raise Refusal(
            f"{vote.member} уже проголосовал сам.",
            kind="voted_himself",
            cure="Его голос может изменить только он.",
        )
    before = {"голос": vote.get_choice_display()}
    vote.choice, vote.at, vote.by = wanted, now, by
    vote.save(update_fields=["choice", "at", "by"])
    after = {"член совета": vote.member.full_name, "голос": wanted.label}
    record(
        Deed.VOTE_CHANGED,
        thing=vote.ballot,
        by=by,
        now=now,
        cycle=vote.ballot.item.cycle,
        before=before,
        after=after,
    )
    return vote


def _ballots(session: Session) -> Any:
    open_ones = Ballot.objects.filter(item__session=session, status=Ballot.Status.OPEN)
    return open_ones.select_related("item").order_by("item__order")


def _awaited(ballot: Ballot) -> bool:
    """Whether somebody may still vote."""
    asked = ballot.item.session.attendance.count()
    return ballot.votes.count() + ballot.item.recusals.count() < asked


def _refusals() -> Mapping[str, Refusal]:
    """Name of what the database guards → what people are told; made anew each time."""
    return {
        "vote_while_open": closed_already(),
        "vote_of_the_present": Refusal(
            "Вы не отмечены среди участвующих в заседании.",
            kind="absent",
            cure="Скажите секретарю, что вы здесь, и проголосуйте снова.",
        ),
        "vote_not_of_the_recused": Refusal(
            "По этому вопросу взят самоотвод: голосовать нельзя.", kind="recused"
        ),
        "vote_in_its_way": Refusal(
            "Порядок голосования другой.", kind="other_way", cure="Откройте страницу заново."
        ),
        "vote_unchanged": Refusal(
            "Голос уже подан, изменить его нельзя.",
            kind="voted_already",
            cure="Так решено в правилах совета.",
        ),
        "voted_once": Refusal(
            "Вы уже проголосовали.", kind="voted_already", cure="Тайный голос изменить нельзя."
        ),
        "recusal_before_voting": Refusal(
            "Голос уже подан: взять самоотвод можно только до него.", kind="voted_already"
        ),
        "recusal_before_the_end": Refusal("Вопрос уже решён.", kind="item_decided"),
        "recusal_once": Refusal("Самоотвод уже взят.", kind="recused"),
        "ballot_one_open_of_item": Refusal(
            "Голосование уже идёт.", kind="ballot_open", cure="Обновите страницу."
        ),
    }
