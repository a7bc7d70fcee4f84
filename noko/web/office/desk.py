"""What a person's first page is made of: what waits for them, what is late, what has changed.

Every subject has a function ``(person, now) → tasks`` in its own module and names it in
:data:`noko.web.office.start.SOURCES`; a source gives only what this person may act on or see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from noko.models import Person


class Group(StrEnum):
    WAITING = "waiting"
    LATE = "late"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Task:
    """One line: a status (``state`` of :func:`noko.templatetags.components.tag` and its ``word``),
    a link with its title, and a soft note under it."""

    group: Group
    state: str
    word: str
    title: str
    address: str
    note: str = ""


Source = Callable[[Person, datetime], Iterable[Task]]
