"""What the counting query gives, checked and put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from noko.core.answers.counting import BAD, KEY, RESPONDENTS, contradictions
from noko.core.editions import Edition
from noko.core.refusal import Problem, Refusal

Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SurveyCounts:
    """Counts of the survey part, one entry per organisation, sorted by its name.

    ``columns``: symbol → counts, in the order of the edition's inputs; ``respondents``: rows;
    ``contradictory``: question → answers given although its condition does not hold (they are
    not counted anywhere else).
    """

    organisations: tuple[str, ...]
    columns: Mapping[str, Whole]
    respondents: Whole
    contradictory: Mapping[str, Whole]

    def __len__(self) -> int:
        return len(self.organisations)

    def taken(self, positions: Sequence[int], names: Sequence[str]) -> SurveyCounts:
        """The rows at ``positions`` under ``names``; -1: nobody answered about it."""
        index = np.asarray(positions, dtype=np.int64)
        known = index >= 0

        def pick(values: Whole) -> Whole:
            picked = values[np.where(known, index, 0)] if len(values) else np.zeros_like(index)
            return np.where(known, picked, 0)

        return SurveyCounts(
            tuple(names),
            {symbol: pick(values) for symbol, values in self.columns.items()},
            pick(self.respondents),
            {question: pick(values) for question, values in self.contradictory.items()},
        )


def survey_counts(table: pl.DataFrame, edition: Edition) -> SurveyCounts:
    """The rows of the counting query as :class:`SurveyCounts`.

    Refusals: ``no_answers`` (not one row), ``no_organisation`` (rows that name none). Bad
    answers are the caller's to look for, see :func:`number_of_bad`.
    """
    if not table.height:
        raise Refusal(
            "В файле нет ни одной анкеты.", kind="no_answers", cure="Добавьте строки с ответами."
        )
    nameless = table.filter(pl.col(KEY).is_null() | (pl.col(KEY).cast(pl.String) == ""))
    if nameless.height:
        raise Refusal(
            f"Не указана организация; таких строк – {int(nameless[RESPONDENTS].sum())}.",
            kind="no_organisation",
            cure=f"Заполните столбец «{KEY}» или удалите эти строки.",
        )
    ordered = table.sort(KEY)
    symbols = [item.symbol for item in edition.inputs if item.symbol in table.columns]
    return SurveyCounts(
        tuple(ordered[KEY].cast(pl.String).to_list()),
        {symbol: _whole(ordered, symbol) for symbol in symbols},
        _whole(ordered, RESPONDENTS),
        {
            question: _whole(ordered, f"contradictory:{question}")
            for question in contradictions(edition)
        },
    )


def _whole(table: pl.DataFrame, name: str) -> Whole:
    return table[name].cast(pl.Int64).to_numpy()


def number_of_bad(table: pl.DataFrame) -> int:
    """How many answers cannot be, of all organisations and questions."""
    return int(table.select(pl.sum_horizontal(pl.col(f"^{BAD}.*$").sum())).item())


def bad_answers(problems: Sequence[Problem], number: int) -> Refusal:
    """The refusal that names organisation, question, value and number of the bad answers."""
    return Refusal(
        f"В анкетах есть недопустимые ответы, всего – {number}. Ничего не сохранено.",
        kind="bad_answers",
        cure="Исправьте их и повторите.",
        problems=problems,
    )
