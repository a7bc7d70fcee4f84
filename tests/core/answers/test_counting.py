"""One expression against counting by hand: any answers, any order, both policies and editions."""

from typing import Any

import narwhals as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.answers.counting import (
    KEY,
    bad_found,
    counted,
    counted_by_runs,
    require_columns,
    stands_together,
)
from noko.core.answers.lawful import lawful_answers
from noko.core.answers.results import SurveyCounts, number_of_bad, survey_counts
from noko.core.editions import Edition
from noko.core.refusal import Refusal
from noko.queries.edition import get_edition
from tests.core.answers.naive import naive_counts

UNIFIED = get_edition("344n-2018")
EARLIER = get_edition("1547-2014")
QUESTIONS = [question.id for question in UNIFIED.questionnaire.closed]


def rows_of(edition: Edition) -> st.SearchStrategy[list[tuple[str, dict[str, int | None]]]]:
    answers = {
        question.id: st.none() | st.integers(*lawful_answers(edition, question))
        for question in edition.questionnaire.closed
    }
    organisation = st.sampled_from(["Школа № 1", "Школа № 10", "Ёлочка", "Школа № 2"])
    return st.lists(
        st.tuples(organisation, st.fixed_dictionaries(answers)), min_size=1, max_size=30
    )


def frame(edition: Edition, rows: list[tuple[str, dict[str, int | None]]]) -> pl.LazyFrame:
    names = [question.id for question in edition.questionnaire.closed]
    return pl.LazyFrame(
        [{KEY: organisation, **row} for organisation, row in rows],
        schema={KEY: pl.String, **dict.fromkeys(names, pl.Int8)},
    )


def collected(query: nw.LazyFrame, edition: Edition) -> SurveyCounts:
    return survey_counts(query.to_native().collect(engine="streaming"), edition)


def as_dict(counts: SurveyCounts) -> dict[str, dict[str, int]]:
    columns = {
        **counts.columns,
        "respondents": counts.respondents,
        **{f"contradictory:{key}": values for key, values in counts.contradictory.items()},
    }
    return {
        name: {symbol: int(values[index]) for symbol, values in columns.items()}
        for index, name in enumerate(counts.organisations)
    }


@pytest.mark.parametrize("skipped", ["answered", "filter_yes"])
@given(rows=rows_of(UNIFIED))
def test_counts_equal_counting_by_hand(skipped: str, rows: Any) -> None:
    policies = {"skipped_question": skipped}
    expected = naive_counts(UNIFIED, rows, skipped)
    answers = frame(UNIFIED, rows)
    assert (
        as_dict(collected(counted(nw.from_native(answers), UNIFIED, policies), UNIFIED)) == expected
    )
    assert as_dict(collected(counted_by_runs(answers, UNIFIED, policies), UNIFIED)) == expected


@given(rows=rows_of(EARLIER))
def test_counts_of_levels_equal_counting_by_hand(rows: Any) -> None:
    expected = naive_counts(EARLIER, rows)
    assert as_dict(collected(counted_by_runs(frame(EARLIER, rows), EARLIER), EARLIER)) == expected


@given(rows=rows_of(UNIFIED), data=st.data())
def test_counts_do_not_depend_on_the_order_of_rows(rows: Any, data: st.DataObject) -> None:
    mixed = data.draw(st.permutations(rows))
    first = as_dict(collected(counted_by_runs(frame(UNIFIED, rows), UNIFIED), UNIFIED))
    assert as_dict(collected(counted_by_runs(frame(UNIFIED, mixed), UNIFIED), UNIFIED)) == first


@given(one=rows_of(UNIFIED), other=rows_of(UNIFIED))
def test_counts_of_parts_add_up_to_those_of_the_whole(one: Any, other: Any) -> None:
    whole = naive_counts(UNIFIED, [*one, *other])
    parts = [
        as_dict(collected(counted(nw.from_native(frame(UNIFIED, part)), UNIFIED), UNIFIED))
        for part in (one, other)
    ]
    added = {
        name: {
            symbol: sum(part.get(name, {}).get(symbol, 0) for part in parts)
            for symbol in whole[name]
        }
        for name in whole
    }
    assert added == whole


@given(rows=rows_of(UNIFIED))
def test_more_satisfied_than_asked_never_comes_out(rows: Any) -> None:
    for skipped in ("answered", "filter_yes"):
        query = counted(
            nw.from_native(frame(UNIFIED, rows)), UNIFIED, {"skipped_question": skipped}
        )
        columns = collected(query, UNIFIED).columns
        for item in UNIFIED.inputs:
            if item.at_most and item.symbol in columns:
                assert (columns[item.symbol] <= columns[item.at_most]).all()


def test_counts_stand_in_the_order_of_the_edition_and_of_names() -> None:
    rows = [("б", dict.fromkeys(QUESTIONS, 1)), ("а", dict.fromkeys(QUESTIONS, 1))]
    counts = collected(counted(nw.from_native(frame(UNIFIED, rows)), UNIFIED), UNIFIED)
    assert counts.organisations == ("а", "б")
    surveyed = [item.symbol for item in UNIFIED.inputs if item.collected == "survey"]
    assert list(counts.columns) == surveyed


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series(["1", " 0 ", "", None], dtype=pl.String),
        pl.Series([1.0, 0.0, float("nan"), None], dtype=pl.Float64),
        pl.Series([True, False, None, None], dtype=pl.Boolean),
        pl.Series([1, 0, None, None], dtype=pl.UInt64),
        pl.Series(["1", "0", "", None], dtype=pl.Categorical),
    ],
)
def test_answers_of_any_kind_of_column_are_read(cells: pl.Series) -> None:
    answers = pl.LazyFrame({KEY: ["а"] * 4, **dict.fromkeys(QUESTIONS, cells)})
    counts = collected(counted(nw.from_native(answers), UNIFIED), UNIFIED)
    assert int(counts.columns["A_all"][0]) == 2
    assert int(counts.columns["U_all"][0]) == 1


def test_column_of_nothing_but_empty_cells_is_read() -> None:
    answers = pl.LazyFrame({KEY: ["а"], **dict.fromkeys(QUESTIONS, pl.Series([None]))})
    counts = collected(counted(nw.from_native(answers), UNIFIED), UNIFIED)
    assert int(counts.columns["A_all"][0]) == 0


def test_column_of_dates_is_refused() -> None:
    cells = pl.Series(["2026-01-01"]).str.to_date()
    answers = pl.LazyFrame({KEY: ["а"], **dict.fromkeys(QUESTIONS, cells)})
    with pytest.raises(Refusal) as caught:
        counted(nw.from_native(answers), UNIFIED)
    assert caught.value.kind == "bad_answers"


@pytest.mark.parametrize(
    "cells",
    [
        pl.Series([1, 2, -1, 0]),
        pl.Series(["1", "да?", "-1", "0"]),
        pl.Series([1.0, 0.5, 2.0, 0.0]),
    ],
)
def test_bad_answers_are_counted_and_found(cells: pl.Series) -> None:
    columns = {**dict.fromkeys(QUESTIONS, pl.Series([0, 0, 0, 0])), "q4": cells}
    answers = nw.from_native(pl.LazyFrame({KEY: ["а", "б", "б", "б"], **columns}))
    assert number_of_bad(counted(answers, UNIFIED).to_native().collect()) == 2
    found = bad_found(answers, UNIFIED).to_native().collect().to_dicts()
    assert [(row[KEY], row["q4"], row["q2"]) for row in found] == [("б", 2, 0)]
    assert found[0]["given:q4"] in {str(cell) for cell in cells.to_list()[1:3]}


def test_column_that_is_missing_is_named_with_the_one_most_like_it() -> None:
    columns = [KEY if name == KEY else name for name in [KEY, *QUESTIONS[:-1], "Вопрос 15"]]
    with pytest.raises(Refusal) as caught:
        require_columns(columns, UNIFIED)
    assert caught.value.kind == "missing_column"
    assert caught.value.problem.message == "Для редакции 344n-2018 не хватает столбцов: q15."
    assert "Возможно, «q15» – это столбец «Вопрос 15»." in caught.value.problem.cure


def test_form_with_the_question_that_education_does_not_ask_is_told_so() -> None:
    with pytest.raises(Refusal) as caught:
        require_columns([KEY, *(f"q{number}" for number in range(1, 15))], UNIFIED)
    assert caught.value.problem.message == "Для редакции 344n-2018 не хватает столбцов: q15."
    assert "В анкете этой редакции нет вопросов: q5." in caught.value.problem.cure


def test_rows_without_organisation_are_refused_with_their_number() -> None:
    rows = [("", dict.fromkeys(QUESTIONS, 1)), ("а", dict.fromkeys(QUESTIONS, 1))]
    with pytest.raises(Refusal) as caught:
        collected(counted(nw.from_native(frame(UNIFIED, rows)), UNIFIED), UNIFIED)
    assert caught.value.kind == "no_organisation"
    assert caught.value.problem.message == "Не указана организация; таких строк – 1."


def test_file_without_rows_is_refused() -> None:
    with pytest.raises(Refusal) as caught:
        collected(counted(nw.from_native(frame(UNIFIED, [])), UNIFIED), UNIFIED)
    assert caught.value.kind == "no_answers"


def test_rows_stand_together_only_when_organisations_change_seldom() -> None:
    assert stands_together(pl.Series(["а"] * 50 + ["б"] * 50))
    assert not stands_together(pl.Series(["а", "б"] * 50))
    assert stands_together(pl.Series([], dtype=pl.String))


def test_taken_gives_zeros_to_organisations_nobody_answered_about() -> None:
    rows = [("а", dict.fromkeys(QUESTIONS, 1)), ("б", dict.fromkeys(QUESTIONS, 0))]
    counts = collected(counted(nw.from_native(frame(UNIFIED, rows)), UNIFIED), UNIFIED)
    taken = counts.taken([1, -1, 0], ["вторая", "третья", "первая"])
    assert taken.organisations == ("вторая", "третья", "первая")
    assert taken.columns["U_all"].tolist() == [0, 0, 1]
    assert taken.respondents.tolist() == [1, 0, 1]
