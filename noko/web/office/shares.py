"""Shares as the office shows them: a number of a number, a percentage, and a bar."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; ``percent`` in whole percent, None of nothing."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        if not self.whole:
            return None
        whole_percent = (200 * self.part + self.whole) // (2 * self.whole)
        # Not quite all is not all, and not quite none is not none.
        if self.part < self.whole:
            whole_percent = min(whole_percent, 99)
        return max(whole_percent, 1) if self.part else whole_percent


def share_of(part: int | None, whole: int | None) -> Share:
    return Share(part or 0, whole or 0)
