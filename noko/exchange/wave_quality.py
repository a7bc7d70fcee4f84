"""What leaving answers out would change: the score of their organisation with and without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from noko.core.answers.slip import columns_of
from noko.core.editions import Edition
from noko.core.scoring.counts import counts_from_columns
from noko.models import AnswerBox, Wave, WaveOrganisation
from noko.queries.edition import get_edition
from noko.queries.response import form_of_wave
from noko.queries.wave_closing import inspection_of

WITH, WITHOUT = 0, 1


@dataclass(frozen=True, slots=True)
class Selection:
    """Answers of an organisation: with ``marks`` (0: any), on ``day`` (None: any), of ``pattern``
    ("": any)."""

    place: WaveOrganisation
    marks: int = 0
    day: Any = None
    pattern: str = ""

    def takes(self, box: AnswerBox) -> bool:
        """Whether answers of the box may belong to it."""
        marked = box.marks & self.marks == self.marks
        return marked and (self.day is None or box.day == self.day)


@dataclass(frozen=True, slots=True)
class Effect:
    """``total``: (with, without), None where there is no inspection yet; ``indicators``: short name
    → (with, without) of those that the survey alone decides and that change."""

    total: tuple[str, str] | None
    indicators: Sequence[tuple[str, str, str]]

    def as_dict(self) -> dict[str, Any]:
        return {
            "total": list(self.total) if self.total else None,
            "indicators": [list(item) for item in self.indicators],
        }


def effects(wave: Wave, selections: Sequence[Selection]) -> list[Effect]:
    """For every selection what the figures of its organisation are with and without it."""
    if not selections:
        return []
    from noko.core.scoring.scores import score

    edition = get_edition(wave.cycle.edition)
    inspected = inspection_of(wave).figures
    rows = [_with_and_without(item) for item in selections]
    columns = _survey_columns(wave, edition, [pattern for pair in rows for pattern in pair])
    owners = [f"o{item.place.organisation_id}" for item in selections for _ in (WITH, WITHOUT)]
    for item in edition.inputs:
        if item.collected == "inspection":
            columns[item.symbol] = [
                inspected.get(owner, {}).get(item.symbol, 0 if not item.optional else None)
                for owner in owners
            ]
    names = [f"{number}" for number in range(len(owners))]
    scores = score(edition, counts_from_columns(names, columns))
    survey = _survey_indicators(edition)
    found = []
    for number, owner in enumerate(owners[::2]):
        before, after = 2 * number, 2 * number + 1
        changed = [
            (name, one, other)
            for code, name in survey
            if (one := scores.indicators[code].text(before) or "–")
            != (other := scores.indicators[code].text(after) or "–")
        ]
        total = scores.total
        whole = (total.text(before) or "–", total.text(after) or "–")
        found.append(Effect(whole if owner in inspected else None, changed))
    return found


def _with_and_without(selection: Selection) -> tuple[Counter[str], Counter[str]]:
    whole: Counter[str] = Counter()
    rest: Counter[str] = Counter()
    for box in selection.place.boxes.all():
        whole.update(box.answers)
        taken = selection.takes(box)
        rest.update(
            {
                pattern: number
                for pattern, number in box.answers.items()
                if not taken or (selection.pattern and pattern != selection.pattern)
            }
        )
    return whole, rest


def _survey_columns(
    wave: Wave, edition: Edition, rows: Sequence[Mapping[str, int]]
) -> dict[str, Any]:
    """Counts of the survey part, one entry for each multiset of patterns."""
    import narwhals as nw

    from noko.core.answers.counting import counted
    from noko.core.answers.results import survey_counts
    from noko.exchange.answers import answers_frame

    patterns = [pattern for row in rows for pattern in row]
    numbers = [number for row in rows for number in row.values()]
    if not patterns:
        survey = [item.symbol for item in edition.inputs if item.collected == "survey"]
        return {symbol: [0] * len(rows) for symbol in survey}
    keys = [f"{place:06}" for place in range(len(rows))]
    index = np.repeat(np.arange(len(rows)), [sum(row.values()) for row in rows])
    closed = [question.id for question in edition.questionnaire.closed]
    columns = columns_of(form_of_wave(wave), patterns, numbers)
    frame = answers_frame(keys, index, {name: columns[name] for name in closed})
    table = counted(nw.from_native(frame.lazy()), edition).to_native().collect()
    found = survey_counts(table, edition)
    place = {key: number for number, key in enumerate(found.organisations)}
    taken = found.taken([place.get(key, -1) for key in keys], keys)
    return {symbol: values.tolist() for symbol, values in taken.columns.items()}


def _survey_indicators(edition: Edition) -> list[tuple[str, str]]:
    """Codes and short names of the indicators that only the survey feeds."""
    survey = {item.symbol for item in edition.inputs if item.collected == "survey"}
    return [
        (indicator.code, indicator.short)
        for indicator in edition.indicators
        if set(indicator.formula.inputs) <= survey
    ]
