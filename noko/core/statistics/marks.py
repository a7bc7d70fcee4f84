"""Marks that an answer gets when it comes, from how it came and never from what it says.

They go with the answer into its box, so that two people can leave marked answers out without
anybody knowing whose they are. The thresholds are our own choice (statistics: repeat device, burst,
speed) and no rule of an act; a mark removes nothing by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import IntFlag


class Mark(IntFlag):
    """Bits; the values are kept in the database."""

    REPEAT = 1
    """The same device has answered about this organisation before."""
    DENSE = 2
    """More than :data:`DENSE_ABOVE` answers about the organisation in ten minutes before it."""
    FAST = 4
    """Filled in within a quarter of the usual time."""
    CONFIRMED = 8
    """Came with a one-time code of a paper slip: nothing unusual, the contrary."""


DENSE_ABOVE = 20
WINDOW = timedelta(minutes=10)
FAST_SHARE = 4
SECONDS_FOR_A_QUESTION = 5
"""What reading and answering a question takes while the usual pace of a wave is not known yet."""

PACES = (15, 30, 60, 90, 120, 180, 240, 360, 600, 1200, 3600)
"""Upper ends, in seconds, of the classes that the time of filling in is kept in."""


def window_of(moment: datetime) -> str:
    """The ten minutes of ``moment`` (in UTC) as text."""
    minute = moment.minute - moment.minute % 10
    return f"{moment:%Y-%m-%d %H}:{minute:02}"


def pace_of(seconds: int) -> int:
    """The class of a time: its upper end, the last one for anything longer."""
    return next((end for end in PACES if seconds <= end), PACES[-1])


def is_fast(seconds: int, questions: int, usual: int | None) -> bool:
    """Whether ``seconds`` is less than a quarter of ``usual`` (or of reading time, where None)."""
    expected = usual if usual is not None else questions * SECONDS_FOR_A_QUESTION
    return seconds * FAST_SHARE < expected
