"""The calculation against an independent one, and properties that no data may break."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noko.core.editions import Edition
from noko.core.refusal import Refusal
from noko.core.scoring.counts import Counts, counts_from_columns
from noko.core.scoring.places import all_places
from noko.core.scoring.publishing import published
from noko.core.scoring.ratio import Ratio
from noko.core.scoring.scores import Scores, Settings, score
from noko.queries.edition import get_edition
from tests.core.scoring import naive
from tests.core.scoring.strategies import PAIRS, many, organisation_counts

EDITION = get_edition("344n-2018")
ROUNDINGS = ("indicator_integer", "stepwise_2", "exact_then_2")
SCHOOL = {
    **{"I_stand": 12, "N_stand": 14, "I_site": 49, "N_site": 53, "C_dist": 3, "C_comf": 5},
    **{"C_org": 2, "C_usl": 3, "U_stand": 171, "A_stand": 184, "U_site": 188, "A_site": 203},
    **{"U_comf": 229, "A_comf": 247, "U_inv": 5, "A_inv": 7, "U_first": 238, "A_first": 247},
    **{"U_service": 241, "A_service": 247, "U_dist": 119, "A_dist": 126, "U_rec": 226},
    **{"A_rec": 247, "U_org": 231, "A_org": 247, "U_all": 233, "A_all": 247},
}


def counts_of(rows: list[dict[str, int]], **groups: list[str]) -> Counts:
    names = [f"Организация {number}" for number in range(len(rows))]
    return counts_from_columns(
        names, {symbol: [row[symbol] for row in rows] for symbol in rows[0]}, **groups
    )


def scores_of(rows: list[dict[str, int]], rounding: str = "", edition: Edition = EDITION) -> Scores:
    return score(edition, counts_of(rows), Settings(rounding=rounding))


@given(many(), st.sampled_from(ROUNDINGS))
def test_scores_equal_the_obvious_calculation(rows: list[dict[str, int]], rounding: str) -> None:
    scores = scores_of(rows, rounding)
    for index, row in enumerate(rows):
        expected = naive.total(row, rounding)
        text = scores.total.text(index)
        assert (None if text is None else Fraction(text)) == expected


@given(many(), st.sampled_from(ROUNDINGS))
def test_criteria_are_carried_on_as_the_policy_says(
    rows: list[dict[str, int]], rounding: str
) -> None:
    scores = scores_of(rows, rounding)
    for index, row in enumerate(rows):
        found = {
            code: values.used.at(index) if values.known[index] else None
            for code, values in scores.criteria.items()
        }
        assert found == naive.criteria(row, rounding)


@given(organisation_counts(least_asked=1), st.sampled_from(PAIRS), st.sampled_from(ROUNDINGS))
def test_one_more_satisfied_answer_never_lowers_the_total(
    row: dict[str, int], pair: str, rounding: str
) -> None:
    if row[f"U_{pair}"] == row[f"A_{pair}"]:
        row = {**row, f"U_{pair}": row[f"U_{pair}"] - 1}
    better = {**row, f"U_{pair}": row[f"U_{pair}"] + 1}
    scores = scores_of([row, better], rounding)
    assert scores.total.published[1] >= scores.total.published[0]


@given(many(least=2), st.randoms())
def test_order_of_rows_changes_nothing(rows: list[dict[str, int]], random: object) -> None:
    order = list(range(len(rows)))
    random.shuffle(order)  # type: ignore[attr-defined]
    counts = counts_of(rows)
    shuffled = counts_from_columns(
        [counts.organisations[i] for i in order],
        {symbol: [rows[i][symbol] for i in order] for symbol in rows[0]},
    )
    assert published(score(EDITION, shuffled)) == published(score(EDITION, counts))


@given(many())
def test_policies_differ_by_rounding_only(rows: list[dict[str, int]]) -> None:
    exact = scores_of(rows, "exact_then_2")
    for rounding, most in (("indicator_integer", Fraction(1, 2)), ("stepwise_2", Fraction(1, 50))):
        other = scores_of(rows, rounding)
        for index in np.flatnonzero(exact.total.known):
            gap = other.total.exact.at(int(index)) - exact.total.exact.at(int(index))
            assert abs(gap) <= most
            for code, values in exact.indicators.items():
                if values.known[index]:
                    same = other.indicators[code].exact.at(int(index))
                    assert values.exact.at(int(index)) == same


@given(many(), st.sampled_from(ROUNDINGS))
def test_total_lies_between_smallest_and_largest_criterion(
    rows: list[dict[str, int]], rounding: str
) -> None:
    scores = scores_of(rows, rounding)
    for index in np.flatnonzero(scores.total.known):
        used = [values.used.at(int(index)) for values in scores.criteria.values()]
        assert min(used) <= scores.total.exact.at(int(index)) <= max(used)


@given(many())
def test_recalculation_gives_the_same(rows: list[dict[str, int]]) -> None:
    assert published(scores_of(rows)) == published(scores_of(rows))


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 10**30), st.integers(1, 10**20)), min_size=1), st.data())
def test_ratio_rounds_half_up_at_any_size(
    values: list[tuple[int, int]], data: st.DataObject
) -> None:
    decimals = data.draw(st.integers(0, 2))
    ratio = Ratio(
        np.array([n % (d * 100) for n, d in values], dtype=object),
        np.array([d for _, d in values], dtype=object),
    )
    expected = [
        int(naive.half_up(ratio.at(i), decimals) * 10**decimals) for i in range(len(values))
    ]
    assert ratio.half_up(decimals).tolist() == expected


def test_nothing_applicable_leaves_the_other_half() -> None:
    row = {**SCHOOL, "I_stand": 0, "N_stand": 0}
    assert scores_of([row]).indicators["1.1"].text(0) == "92"
    zero = Settings(policies={"nothing_applicable": "zero"})
    assert score(EDITION, counts_of([row]), zero).indicators["1.1"].text(0) == "46"


def test_nobody_answered_anything_leaves_no_total() -> None:
    row = {**SCHOOL, **{f"{letter}_{pair}": 0 for pair in PAIRS for letter in "UA"}}
    scores = scores_of([row])
    assert scores.criteria["4"].text(0) is None
    assert scores.total.text(0) is None
    assert published(scores)["results"][0]["place"] is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"U_stand": 185}, "«Организация 0»: U_stand = 185 больше, чем A_stand = 184."),
        ({"A_inv": 0, "U_inv": 2}, "U_inv = 2, хотя A_inv = 0: отвечать было некому."),
        ({"C_comf": -1}, "«Организация 0», C_comf = -1: число отрицательное."),
        ({"I_site": 54}, "«Организация 0»: I_site = 54 больше, чем N_site = 53."),
        ({"C_org": Fraction(1, 2)}, "«Организация 0», C_org = 0,5: количество должно быть целым."),
        ({"A_all": None}, "«Организация 0»: нет значения A_all (ответили об условиях в целом)."),
        ({"no_site": 1}, "«Организация 0»: отмечено, что сайта нет, но I_site = 49."),
    ],
)
def test_inconsistent_counts_are_refused_by_name(change: dict[str, int], sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        scores_of([{**SCHOOL, **change}])
    assert refused.value.kind == "inconsistent_counts"
    assert sentence in "\n".join(refused.value.lines())


def test_a_missing_column_is_named() -> None:
    row = {symbol: value for symbol, value in SCHOOL.items() if symbol != "U_rec"}
    with pytest.raises(Refusal) as refused:
        scores_of([row])
    assert refused.value.kind == "missing_column"
    assert "U_rec (готовы рекомендовать)" in str(refused.value)


def test_an_organisation_twice_is_refused() -> None:
    counts = counts_from_columns(["Школа", "Школа"], {k: [v, v] for k, v in SCHOOL.items()})
    with pytest.raises(Refusal) as refused:
        score(EDITION, counts)
    assert refused.value.kind == "duplicate_organisation"
    assert "«Школа» встречается дважды: 1-я и 2-я по порядку" in refused.value.lines()[1]


def test_no_organisations_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        score(EDITION, counts_from_columns([], {symbol: [] for symbol in SCHOOL}))
    assert refused.value.kind == "no_organisations"


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        (Settings(rounding="to_the_stars"), "unknown_rounding"),
        (Settings(policies={"disabled_absent": "invent"}), "unknown_policy"),
        (Settings(policies={"weather": "zero"}), "unknown_policy"),
        (Settings(ties="olympic"), "unknown_ties"),
    ],
)
def test_unknown_settings_are_refused(wrong: Settings, kind: str) -> None:
    with pytest.raises(Refusal) as refused:
        score(EDITION, counts_of([SCHOOL]), wrong)
    assert refused.value.kind == kind


def test_places_share_by_the_named_rule() -> None:
    rows = [{**SCHOOL, "C_org": equipment} for equipment in (5, 3, 3, 1)]
    for ties, expected in (("competition", [1, 2, 2, 4]), ("dense", [1, 2, 2, 3])):
        scores = score(EDITION, counts_of(rows), Settings(ties=ties))
        assert all_places(scores)["all"]["total"].place.tolist() == expected


def test_places_are_counted_within_their_scope() -> None:
    rows = [{**SCHOOL, "C_org": equipment} for equipment in (5, 4, 3, 2)]
    counts = counts_of(
        rows,
        types=["school", "garden", "school", "garden"],
        municipalities=["Северный", "Северный", "Южный", "Южный"],
    )
    places = all_places(score(EDITION, counts))
    found = {scope: by_key["total"].place.tolist() for scope, by_key in places.items()}
    assert found == {
        "all": [1, 2, 3, 4],
        "type": [1, 1, 2, 2],
        "municipality": [1, 2, 1, 2],
        "type_municipality": [1, 1, 1, 1],
    }
    assert places["type"]["total"].among.tolist() == [2, 2, 2, 2]
    assert places["all"]["3"].place.tolist() == [1, 2, 3, 4]
    assert places["all"]["4"].place.tolist() == [1, 1, 1, 1]


def test_not_rated_organisations_take_no_place() -> None:
    nobody = {**SCHOOL, **{f"{letter}_{pair}": 0 for pair in PAIRS for letter in "UA"}}
    places = all_places(scores_of([nobody, SCHOOL]))["all"]["total"]
    assert places.place.tolist() == [0, 1]
    assert places.among.tolist() == [0, 1]
