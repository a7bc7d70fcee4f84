"""What an invented operator hands over for one wave, and the mistakes in its first delivery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from noko.core.dataset import ABSENT, Mark
from noko.core.editions import Edition
from noko.demo.inspection import Figures, counted, invent_inspection
from noko.demo.region import GENERAL, PRESCHOOL, Invented
from noko.demo.survey import Survey, invent_survey
from noko.demo.waves import Assessed, assessed

LOST_SHEETS = 46
_UNSEEN = ("stand_02", "stand_03", "stand_11")


@dataclass(frozen=True, slots=True, eq=False)
class Collected:
    """A wave with its survey and inspection; ``figures`` by organisation id."""

    year: int
    edition: Edition
    wave: tuple[Assessed, ...]
    figures: Mapping[str, Figures]
    marks: tuple[Mark, ...]
    survey: Survey


@dataclass(frozen=True, slots=True)
class Mistake:
    """Who lost paper questionnaires and whose stand was not seen in the first delivery."""

    school: Invented
    kindergarten: Invented


def collect(year: int, edition: Edition, organisations: Sequence[Invented]) -> Collected:
    """The right data of the wave of ``year``."""
    sample = edition.sample
    wave = assessed(year, organisations, share=float(sample.share), maximum=sample.maximum)
    figures, marks = invent_inspection(edition, year, wave)
    return Collected(year, edition, wave, figures, tuple(marks), invent_survey(edition, year, wave))


def mistake_in(collected: Collected) -> Mistake:
    """The same school and the same kindergarten each time: middling ones, so that places move."""

    def middling(kind: str, least: int) -> Invented:
        found = [
            item.organisation
            for item in collected.wave
            if item.organisation.type == kind
            and item.respondents >= least
            and not item.organisation.exemplary
        ]
        return sorted(found, key=lambda item: (item.warmth, item.number))[len(found) // 2]

    return Mistake(middling(GENERAL, 3 * LOST_SHEETS), middling(PRESCHOOL, 20))


def first_delivery(collected: Collected, mistake: Mistake) -> Collected:
    """The data as they were first published: sheets missing, a stand not seen."""
    numbers = {item.organisation.id: number for number, item in enumerate(collected.wave)}
    of_school = np.flatnonzero(collected.survey.index == numbers[mistake.school.id])
    kept = np.ones(len(collected.survey.index), dtype=bool)
    kept[of_school[-LOST_SHEETS:]] = False
    survey = Survey(
        collected.survey.index[kept],
        {question: answer[kept] for question, answer in collected.survey.answers.items()},
    )
    code = mistake.kindergarten.id
    marks = tuple(
        replace(mark, mark=ABSENT) if mark.organisation == code and mark.item in _UNSEEN else mark
        for mark in collected.marks
    )
    own = counted(collected.edition, [mark for mark in marks if mark.organisation == code])
    figures = {**collected.figures, code: {**collected.figures[code], **own}}
    wave = tuple(
        replace(item, respondents=item.respondents - LOST_SHEETS)
        if item.organisation == mistake.school
        else item
        for item in collected.wave
    )
    return replace(collected, wave=wave, figures=figures, marks=marks, survey=survey)
