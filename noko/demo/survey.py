"""Answers of invented respondents, all of a wave at once.

The chance of a good answer is a logistic function of what the question usually gets, of the
organisation's warmth, of the respondent's mood (the same in all their answers, which is why
honest questionnaires look alike) and of the year. Filters have shares of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from noko.core.editions import Edition, Question
from noko.demo import SEED
from noko.demo.waves import Assessed

EMPTY = -1

# Question → (share of "yes", how much organisations differ in it).
_FILTERS = {"q1": (0.75, 0.06), "q3": (0.80, 0.07), "q7": (0.058, 0.012), "q11": (0.55, 0.09)}
# Question → share of good answers at an ordinary organisation.
_USUAL = {
    **{"q2": 0.94, "q4": 0.92, "q6": 0.89, "q8": 0.80, "q9": 0.94, "q10": 0.95, "q12": 0.94},
    **{"q13": 0.92, "q14": 0.93, "q15": 0.93},
    **{"q31": 0.88, "q32": 0.86, "q41": 0.72, "q42": 0.82, "q43": 0.80},
}
_SITE_FILTER = "q3"
_MOOD = 2.2
_SKIPPED = 0.008
_IMPROVEMENT, _RECENT = 0.12, 2024
_EXEMPLARY, _EXEMPLARY_ONCE = 9.0, 1.8


@dataclass(frozen=True, slots=True, eq=False)
class Survey:
    """``index[i]``: position of respondent i's organisation in the wave; ``answers``: question →
    one int8 for every respondent, :data:`EMPTY` where there is none."""

    index: npt.NDArray[np.int64]
    answers: Mapping[str, npt.NDArray[np.int8]]


def invent_survey(
    edition: Edition, year: int, wave: Sequence[Assessed], seed: int = SEED
) -> Survey:
    """The questionnaires of a wave, by the edition's questions and filters."""
    rng = np.random.default_rng([seed, 4, year])
    index = np.repeat(np.arange(len(wave)), [item.respondents for item in wave])
    organisations = [item.organisation for item in wave]
    warmth = np.array([item.warmth for item in organisations]) + rng.normal(0, 0.25, len(wave))
    warmth += _IMPROVEMENT * max(0, year - _RECENT)
    now = year >= _RECENT
    warmth[[item.exemplary for item in organisations]] = _EXEMPLARY if now else _EXEMPLARY_ONCE
    feeling = warmth[index] + rng.normal(0, _MOOD, len(index))
    has_site = np.array([item.has_site for item in organisations])[index]
    answers: dict[str, npt.NDArray[np.int8]] = {}
    for question in edition.questionnaire.closed:
        if question.id in _FILTERS:
            given = _filter(rng, question.id, len(wave), index)
            answers[question.id] = (
                np.where(has_site, given, 0) if (question.id == _SITE_FILTER) else given
            )
        else:
            answers[question.id] = _scored(rng, edition, question, feeling, answers)
    return Survey(index, answers)


def _filter(
    rng: np.random.Generator, question: str, organisations: int, index: npt.NDArray[np.int64]
) -> npt.NDArray[np.int8]:
    share, spread = _FILTERS[question]
    of_organisation = np.clip(rng.normal(share, spread, organisations), 0.01, 0.99)
    return (rng.random(len(index)) < of_organisation[index]).astype(np.int8)


def _scored(
    rng: np.random.Generator,
    edition: Edition,
    question: Question,
    feeling: npt.NDArray[np.float64],
    before: Mapping[str, npt.NDArray[np.int8]],
) -> npt.NDArray[np.int8]:
    usual = _USUAL[question.id]
    # The spread of feeling flattens the curve; 1.75 puts the mean back near ``usual``.
    strength = 1.75 * np.log(usual / (1 - usual)) + feeling
    drawn = rng.logistic(size=len(feeling)) + strength
    answer = (drawn > 0).astype(np.int8)
    if question.scale == "levels":
        edges = np.array([-3.4, -1.8, 0.0, 1.9])
        answer = (1 + np.searchsorted(edges, drawn)).astype(np.int8)
    if question.show_if:
        answer[before[question.show_if.question] != question.show_if.answer] = EMPTY
    calm = feeling < _EXEMPLARY - 4
    answer[calm & (rng.random(len(answer)) < _SKIPPED)] = EMPTY
    return answer
