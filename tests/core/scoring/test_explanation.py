"""The walk from a total to the counts."""

from hypothesis import given

from noko.core.scoring.explanation import Step, explain
from noko.core.scoring.scores import score
from noko.queries.edition import get_edition
from tests.core.scoring.strategies import organisation_counts
from tests.core.scoring.test_scores import EDITION, SCHOOL, counts_of, scores_of


def step(tree: Step, *codes: str) -> Step:
    for code in codes:
        tree = next(item for item in tree.steps if item.code == code)
    return tree


def test_walk_reaches_counts_and_the_act() -> None:
    tree = explain(scores_of([SCHOOL]), 0)
    assert (tree.value, tree.substitution) == ("86.84", "(90,9 + 96,5 + 57,3 + 96,4 + 93,1) / 5")
    criterion = step(tree, "3")
    assert (criterion.value, criterion.substitution) == ("57.3", "0,3 × 40 + 0,4 × 60 + 0,3 × 71")
    indicator = step(criterion, "3.3")
    assert indicator.substitution == "100 × 5 / 7"
    assert (indicator.exact, indicator.rounding) == ("71,428571…", "округлено до целого")
    assert indicator.act == "приказ Минтруда России от 31.05.2018 № 344н"
    assert indicator.point == "показатель 3.3"
    assert [(item.code, item.value) for item in indicator.steps] == [("Удост", "5"), ("Чинв", "7")]


def test_a_left_out_indicator_is_said_with_its_policy() -> None:
    criterion = step(explain(scores_of([{**SCHOOL, "U_inv": 0, "A_inv": 0}]), 0), "3")
    assert criterion.substitution == "(0,3 × 40 + 0,4 × 60) / 0,7"
    assert criterion.notes == (
        "Показатель 3.3 исключён: среди опрошенных нет инвалидов – показатель 3.3 исключается: "
        "К3 = (0,3 × П3.1 + 0,4 × П3.2) / 0,7.",
    )
    assert criterion.rounding == "показано до десятых, дальше идёт точное значение"


def test_a_half_without_answers_is_said() -> None:
    indicator = step(explain(scores_of([{**SCHOOL, "U_stand": 0, "A_stand": 0}]), 0), "1", "1.3")
    assert indicator.substitution == "100 × 188 / 203"
    assert indicator.notes[0].startswith("Обращались к стендам и ответили: 0, поэтому половина")


def test_2014_edition_explains_percentages_by_counts() -> None:
    edition = get_edition("1547-2014")
    points = {f"p{code}": 10 for code in (11, 12, 13, 14, 21, 22, 23, 24, 25, 26, 27)}
    row = {**points, "U_31": 85, "A_31": 90, "p32": 90, "p41": 80, "p42": 80, "p43": 80}
    criterion = step(explain(score(edition, counts_of([row])), 0), "3")
    assert criterion.substitution == "94,44 / 10 + 90 / 10"
    assert [(i.code, i.value) for i in step(criterion, "3.1").steps] == [
        ("П3.1", "94.444444…"),
        ("U_31", "85"),
        ("A_31", "90"),
    ]


@given(organisation_counts())
def test_every_published_number_is_in_the_tree(row: dict[str, int]) -> None:
    scores = scores_of([row])
    tree = explain(scores, 0)
    assert tree.value == scores.total.text(0)
    for criterion in EDITION.criteria:
        node = step(tree, criterion.code)
        assert node.value == scores.criteria[criterion.code].text(0)
        for indicator in criterion.indicators:
            assert step(node, indicator.code).value == scores.indicators[indicator.code].text(0)


def test_the_total_is_rounded_and_goes_nowhere() -> None:
    tree = explain(scores_of([{**SCHOOL, "U_inv": 0, "A_inv": 0}]), 0)
    assert (tree.value, tree.exact) == ("85.67", "85,665714…")
    assert tree.rounding == "округлено до сотых"
