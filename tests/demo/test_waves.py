from collections import Counter

import numpy as np
import pytest

from noko.core.editions import Edition
from noko.demo.inspection import counted, invent_inspection
from noko.demo.region import build_region
from noko.demo.survey import EMPTY, Survey, invent_survey
from noko.demo.waves import Assessed, assessed, calendar
from noko.queries.edition import get_edition

REGION = build_region()
CALENDAR = calendar(REGION)


def wave(year: int) -> tuple[Edition, tuple[Assessed, ...]]:
    edition = get_edition("1547-2014" if year < 2018 else "344n-2018")
    sample = edition.sample
    return edition, assessed(
        year, CALENDAR[year], share=float(sample.share), maximum=sample.maximum
    )


def test_everybody_is_assessed_as_often_as_the_law_wants() -> None:
    recent = Counter(item.id for year in (2024, 2025, 2026) for item in CALENDAR[year])
    ever = Counter(item.id for organisations in CALENDAR.values() for item in organisations)
    assert len(recent) == 300
    assert min(ever.values()) == 2
    for organisations in CALENDAR.values():
        assert len({item.id for item in organisations}) == len(organisations)


def test_waves_have_130_to_200_organisations() -> None:
    assert {year: 130 <= len(those) <= 200 for year, those in CALENDAR.items()} == dict.fromkeys(
        (2016, 2024, 2025, 2026), True
    )


@pytest.mark.parametrize("year", [2016, 2024, 2025, 2026])
def test_nobody_answers_more_often_than_there_are_recipients(year: int) -> None:
    _, organisations = wave(year)
    assert all(8 <= item.respondents <= min(600, item.recipients) for item in organisations)


def test_some_kindergartens_rest_on_twelve_parents() -> None:
    _, organisations = wave(2026)
    assert sum(item.respondents <= 12 for item in organisations) >= 3


def survey_of(year: int) -> tuple[Edition, tuple[Assessed, ...], Survey]:
    edition, organisations = wave(year)
    return edition, organisations, invent_survey(edition, year, organisations)


def test_survey_is_the_same_for_the_same_seed() -> None:
    _, _, first = survey_of(2026)
    _, _, second = survey_of(2026)
    assert first.index.tobytes() == second.index.tobytes()
    assert {key: value.tobytes() for key, value in first.answers.items()} == {
        key: value.tobytes() for key, value in second.answers.items()
    }


def test_filters_have_the_shares_that_surveys_have() -> None:
    _, _, survey = survey_of(2026)
    shares = {key: survey.answers[key].mean() for key in ("q1", "q3", "q7", "q11")}
    expected = {"q1": 0.75, "q3": 0.80, "q7": 0.06, "q11": 0.55}
    assert all(abs(shares[key] - share) < 0.03 for key, share in expected.items())


def test_nobody_answers_a_question_that_was_not_asked() -> None:
    edition, _, survey = survey_of(2026)
    for question in edition.questionnaire.closed:
        if question.show_if:
            skipped = survey.answers[question.show_if.question] != question.show_if.answer
            assert (survey.answers[question.id][skipped] == EMPTY).all()


def test_answers_of_one_respondent_are_alike() -> None:
    _, _, survey = survey_of(2026)
    first, second = survey.answers["q9"], survey.answers["q15"]
    both = (first != EMPTY) & (second != EMPTY)
    assert np.corrcoef(first[both], second[both])[0, 1] > 0.15


def test_some_organisations_have_no_disabled_respondents() -> None:
    _, organisations, survey = survey_of(2026)
    asked = np.bincount(survey.index, weights=survey.answers["q7"], minlength=len(organisations))
    assert (asked == 0).sum() >= 5


def test_answers_of_2016_are_levels() -> None:
    edition, _, survey = survey_of(2016)
    assert sorted(survey.answers) == [question.id for question in edition.questionnaire.closed]
    assert set(np.unique(survey.answers["q31"])) == {EMPTY, 1, 2, 3, 4, 5}


def test_inspection_counts_are_the_counts_of_its_marks() -> None:
    edition, organisations = wave(2026)
    figures, marks = invent_inspection(edition, 2026, organisations)
    for item in organisations[:20]:
        code = item.organisation.id
        own = counted(edition, [mark for mark in marks if mark.organisation == code])
        assert figures[code] == own | {
            "no_site": int(not item.organisation.has_site),
            "historic_building": int(item.organisation.historic),
        }


def test_organisation_without_a_site_has_nothing_on_it() -> None:
    edition, organisations = wave(2026)
    figures, _ = invent_inspection(edition, 2026, organisations)
    survey = invent_survey(edition, 2026, organisations)
    [(number, without)] = [
        (n, item) for n, item in enumerate(organisations) if not item.organisation.has_site
    ]
    found = figures[without.organisation.id]
    assert (found["I_site"], found["C_dist"], found["no_site"]) == (0, 0, 1)
    assert survey.answers["q3"][survey.index == number].sum() == 0


def test_points_of_2016_are_halves_between_0_and_10() -> None:
    edition, organisations = wave(2016)
    figures, marks = invent_inspection(edition, 2016, organisations)
    assert marks == []
    values = [value for row in figures.values() for value in row.values() if value is not None]
    assert all(0 <= value <= 10 and (2 * value).denominator == 1 for value in values)
