"""Cells of another system's file: an answer as its words or number, the day of a moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from noko.core.answers.form import Asked, Form
from noko.core.answers.slip import read_given
from noko.core.tables.cells import yes_no
from noko.core.tables.sheet import error_in, is_empty, shortened, shown
from noko.core.tables.text import number, plain

YES_OR_NO = {0, 1}
CONTEXT = ("nothing_answered", "hidden_answer")
"""Flaws that one answer by itself cannot have."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a cell."""

    text: str


Reader = Callable[[object], object]
"""A cell → what it holds, None where it is empty, or :class:`Wrong`."""


def reader_of(form: Form, asked: Asked, forms: Sequence[Form]) -> Reader:
    """How cells of a question are read. ``forms``: the languages whose words may stand there."""
    labels: dict[str, int] = {}
    for other in forms:
        for option in other.by_id[asked.id].options:
            labels.setdefault(plain(option.label), option.value)
            labels.setdefault(plain(option.label.split(",")[0]), option.value)

    def read(cell: object) -> object:
        if is_empty(cell):
            return None
        if error := error_in(cell):
            return Wrong(f"ошибка формулы {error}")
        value = _value(asked, labels, cell)
        if value is None:
            return Wrong(f"стоит «{shortened(shown(cell), 40)}», такого ответа нет")
        flaws = [f for f in read_given(form, {asked.id: value}).flaws if f.kind not in CONTEXT]
        return Wrong(flaws[0].message) if flaws else value

    return read


def _value(asked: Asked, labels: Mapping[str, int], cell: object) -> int | str | None:
    if asked.kind == "text":
        return cell if isinstance(cell, str) else shown(cell)
    if asked.kind == "choice" and {option.value for option in asked.options} == YES_OR_NO:
        found = yes_no(cell)
        if found is not None and found >= 0:
            return found
    if asked.kind == "choice" and isinstance(cell, str) and plain(cell) in labels:
        return labels[plain(cell)]
    return _whole(cell)


def _whole(cell: object) -> int | None:
    try:
        found = number(cell)
    except ValueError:
        return None
    whole = found is not None and found == found.to_integral_value() and abs(found) < 1000
    return int(found) if found is not None and whole else None


_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class Period:
    """The days that an answer of a wave may be of, both included."""

    first: date
    last: date

    def read(self, cell: object) -> object:
        """The day of a moment: a date of a spreadsheet, «2026-10-01 10:00», «01.10.2026 …»."""
        if is_empty(cell):
            return None
        found = _day(cell)
        if found is None:
            return Wrong(f"стоит «{shortened(shown(cell), 40)}», а ожидается дата")
        if not self.first <= found <= self.last:
            return Wrong(
                f"день {found:%d.%m.%Y} вне волны (с {self.first:%d.%m.%Y} по {self.last:%d.%m.%Y})"
            )
        return found


def _day(cell: object) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    if found := _YEAR_FIRST.match(text):
        year, month, day = map(int, found.groups())
    elif found := _DAY_FIRST.match(text):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
