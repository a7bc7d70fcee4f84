"""Which moves of a session, of an item and of a decision exist, and the one way to make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.db import models

from noko.core.refusal import Refusal
from noko.models import AgendaItem, Decision, Session

_S = Session.Status
_I = AgendaItem.Status
_D = Decision.Status

SESSION_MOVES: Mapping[str, frozenset[str]] = {
    _S.INVITED: frozenset({_S.PLANNED, _S.INVITED}),
    _S.OPEN: frozenset({_S.PLANNED, _S.INVITED}),
    _S.NOT_HELD: frozenset({_S.PLANNED, _S.INVITED}),
    _S.CANCELLED: frozenset({_S.PLANNED, _S.INVITED}),
    _S.CLOSED: frozenset({_S.OPEN}),
    _S.SIGNED: frozenset({_S.CLOSED}),
}
"""Status → from which ones a session comes to it."""

ITEM_MOVES: Mapping[str, frozenset[str]] = {
    _I.DISCUSSED: frozenset({_I.WAITING}),
    _I.VOTING: frozenset({_I.WAITING, _I.DISCUSSED, _I.TIED}),
    _I.TIED: frozenset({_I.VOTING}),
    _I.ADOPTED: frozenset({_I.VOTING}),
    _I.REJECTED: frozenset({_I.VOTING, _I.TIED}),
    _I.NOTED: frozenset({_I.WAITING, _I.DISCUSSED}),
    _I.WITHDRAWN: frozenset({_I.WAITING, _I.DISCUSSED, _I.TIED}),
}
DECISION_MOVES: Mapping[str, frozenset[str]] = {
    _D.SIGNED: frozenset({_D.ADOPTED}),
    _D.PUBLISHED: frozenset({_D.SIGNED}),
}

BEFORE_OPENING = (_S.PLANNED, _S.INVITED)
AGENDA_OPEN = (_S.PLANNED, _S.INVITED, _S.OPEN)
UNDECIDED = (_I.WAITING, _I.DISCUSSED, _I.VOTING, _I.TIED)

_MOVES: Mapping[type[models.Model], Mapping[str, frozenset[str]]] = {
    Session: SESSION_MOVES,
    AgendaItem: ITEM_MOVES,
    Decision: DECISION_MOVES,
}
Thing = TypeVar("Thing", Session, AgendaItem, Decision)


def move(thing: Thing, to: str, **changes: Any) -> Thing:
    """Moves the status by a conditional update: of two people at once one succeeds.

    Refusal ``moved_already`` says in what state the thing is now.
    """
    kind = type(thing)
    found = kind.objects.filter(pk=thing.pk, status__in=_MOVES[kind][to])
    done = found.update(status=to, **changes)
    thing.refresh_from_db()
    if not done:
        raise Refusal(
            f"{thing}: {thing.get_status_display()}.",
            kind="moved_already",
            cure="Обновите страницу: состояние изменилось.",
        )
    return thing


def locked_session(session: Session, allowed: Sequence[str]) -> Session:
    """The session, alone with it until the transaction ends."""
    held = Session.objects.select_for_update(no_key=True, of=["self"]).select_related(
        "council", "cycle"
    )
    found = held.get(pk=session.pk)
    if found.status not in allowed:
        raise Refusal(
            f"{found}: {found.get_status_display()}.",
            kind="moved_already",
            cure="Обновите страницу: состояние изменилось.",
        )
    return found
