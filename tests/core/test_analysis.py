"""What the analytical report says, held against counting by hand."""

from fractions import Fraction

from noko.core.analysis import analyse
from noko.core.dataset import Mark
from noko.core.scoring.places import all_places
from noko.core.scoring.scores import score
from noko.queries.edition import get_edition
from tests.small_cycle import EDITION, NAMES, counts_of

IDS = ("o1", "o2", "o3")
MARKS = (
    Mark("o1", "comfort", "своё условие", "absent"),
    Mark("o2", "comfort", "своё условие", "present"),
    Mark("o3", "comfort", "своё условие", "not_applicable"),
    Mark("o1", "channels", "phone", "present"),
    Mark("o2", "channels", "phone", "absent"),
    Mark("o3", "channels", "phone", "absent"),
)


def analysis(marks=MARKS):
    scores = score(get_edition(EDITION), counts_of())
    return scores, analyse(
        scores,
        all_places(scores),
        ids=IDS,
        marks=marks,
        recipients=[100, None, 4000],
        respondents=[40, 33, 80],
    )


def test_analysis_ranges_and_means_of_a_criterion():
    scores, found = analysis()
    for view in found.criteria:
        texts = [scores.criteria[view.code].text(index) for index in range(3)]
        values = [Fraction(text) for text in texts]
        assert (Fraction(view.lowest), Fraction(view.highest)) == (min(values), max(values))
        assert abs(Fraction(view.mean) - sum(values) / 3) <= Fraction(1, 200)
        assert [line.place for line in view.upper] == sorted(line.place for line in view.upper)
        assert {line.name for line in (*view.upper, *view.lower)} == set(NAMES)


def test_analysis_lowest_criteria_come_first():
    _, found = analysis()
    shares = [Fraction(view.mean) / view.maximum for view in found.criteria]
    lowest = [Fraction(view.mean) / view.maximum for view in found.lowest_criteria]
    assert lowest == sorted(shares)[:3]


def test_analysis_groups_count_their_organisations():
    _, found = analysis()
    assert [(view.title, view.organisations) for view in found.types] == [
        ("general", 1),
        ("preschool", 2),
    ]
    assert [(view.title, view.organisations) for view in found.municipalities] == [
        ("Город Лугов", 1),
        ("Заречный район", 2),
    ]


def test_analysis_frequent_items_are_counted_where_they_apply():
    _, found = analysis()
    assert found.frequent == (
        ("Дистанционные способы обратной связи", "абонентский номер телефона", 2, 3),
        ("Комфортные условия", "своё условие", 1, 2),
    )


def test_analysis_shortcomings_are_absent_items_and_low_indicators():
    scores, found = analysis()
    assert found.shortcomings[0].absent == (("Комфортные условия", ("своё условие",)),)
    for index, shortcomings in enumerate(found.shortcomings):
        low = {
            item.code
            for item in found.edition.indicators
            if Fraction(scores.indicators[item.code].text(index) or 1000)
            < Fraction(9, 10) * item.maximum
        }
        assert {code for code, *_ in shortcomings.low} == low


def test_analysis_without_marks_names_no_items():
    _, found = analysis(())
    assert (found.frequent, [item.absent for item in found.shortcomings]) == ((), [(), (), ()])


def test_analysis_sample_says_what_was_required():
    _, found = analysis()
    assert [(item.required, item.respondents) for item in found.sample] == [
        (40, 40),
        (None, 33),
        (600, 80),
    ]
