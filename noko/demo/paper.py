"""A pile of paper that two clerks of the operator are typing: some sheets are in, one differs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from noko.actions import batch as batches
from noko.actions import sheet as sheets
from noko.core.answers.double_entry import Reading
from noko.models import Batch, Person, Wave
from noko.queries.response import form_of_wave

SHEETS = 8
BOTH, DIFFERS, ONCE = (1, 2, 3), 4, (5, 6)
"""Sheets that two have read alike, one that they have not, and those that wait for the second."""


def type_some_paper(wave: Wave, people: Mapping[str, Person], now: datetime) -> Batch:
    """At one of the organisations that lag behind."""
    first, second = people["operator_clerk"], people["operator_manager"]
    place = wave.places.order_by("organisation__sort_key")[3]
    day = now.date() - timedelta(days=1)
    pile = batches.begin(place=place, sheets=SHEETS, day=day, by=first, now=now)
    yes = {item.id: 1 for item in form_of_wave(wave).closed}
    readings = [Reading({**yes, "q16": "Нужна стоянка для велосипедов.", "q17": 2, "q18": 38})]
    readings += [Reading({**yes, "q15": 0, "q17": 1, "q18": 41}), Reading({**yes, "q18": 29})]
    for sheet in (*BOTH, DIFFERS, *ONCE):
        reading = readings[sheet % len(readings)]
        _type(pile, sheet, reading, first, now)
        if sheet in BOTH:
            _type(pile, sheet, reading, second, now)
    _type(pile, DIFFERS, Reading({**yes, "q6": 0, "q17": 1, "q18": 47}), second, now)
    return pile


def _type(pile: Batch, sheet: int, reading: Reading, by: Person, now: datetime) -> None:
    sheets.type_sheet(batch=pile, sheet=sheet, reading=reading, numbered=True, by=by, now=now)
