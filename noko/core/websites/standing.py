"""What holds of an item: the machine's finding, an expert's mark beside it, and how both move.

A mark by hand stands above the finding, is carried over to later visits and is never overwritten
by one: where a later finding says something else, the mark goes on to count and is shown to an
expert again.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from noko.core.websites.findings import Reason, Status

UNKNOWN_CONDITION = Reason.CONDITION_UNKNOWN.value
"""Not checked for want of a fact about the organisation, not for want of the page."""


class Change(StrEnum):
    """How an item differs from the visit before."""

    APPEARED = "appeared"
    DISAPPEARED = "disappeared"
    CHANGED = "changed"


CHANGE_TITLES = {
    Change.APPEARED: "появилось",
    Change.DISAPPEARED: "пропало",
    Change.CHANGED: "изменилось",
}


def counted(machine: Status | None, mark: Status | None) -> Status:
    """What counts: the mark where there is one; without both, nothing was checked."""
    return mark or machine or Status.UNCHECKED


def again(machine: Status | None, mark: Status | None, *, looked: bool) -> bool:
    """Whether an expert has to look at the mark again. ``looked``: an expert made or confirmed it
    over this visit or a later one."""
    return mark is not None and not looked and machine is not mark


def change(before: Status, after: Status) -> Change | None:
    """Information that appeared or disappeared; any other move is a change; None for none."""
    if before is after:
        return None
    moves = {
        (Status.ABSENT, Status.FOUND): Change.APPEARED,
        (Status.FOUND, Status.ABSENT): Change.DISAPPEARED,
    }
    return moves.get((before, after), Change.CHANGED)


def changes(before: Mapping[str, Status], after: Mapping[str, Status]) -> dict[str, Change]:
    """Item → how it differs; an item that only one of the visits was judged by is left out."""
    found = {code: change(before[code], now) for code, now in after.items() if code in before}
    return {code: one for code, one in found.items() if one is not None}
