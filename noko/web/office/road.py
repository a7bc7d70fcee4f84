"""What comes before the data of a cycle: the stages that its page shows above them.

Every subject has a function ``cycle → stage`` in its own module and names it in :data:`BEFORE`;
a stage is an item of ``components/timeline.html`` made by :func:`stage`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from noko.models import Cycle

Stage = dict[str, Any]


def stage(
    title: str, state: str = "", word: str = "", text: str = "", *, url: str = "", link: str = ""
) -> Stage:
    """``state``: done, underway, warning, overdue or empty; ``word`` says it, ``text`` explains."""
    return {
        "title": title,
        "state": state,
        "word": word,
        "text": text,
        "url": url,
        "link": link,
    }


BEFORE: tuple[Callable[[Cycle], Stage | None], ...] = ()
"""Plan, council, list, specification, waves: in the order of the yearly cycle, one line each."""


def stages_before(cycle: Cycle) -> list[Stage]:
    """The stages that this installation knows; None leaves one out."""
    found = (of_cycle(cycle) for of_cycle in BEFORE)
    return [item for item in found if item is not None]
