"""Answers counted on one machine and on a cluster, against counting by hand."""

import importlib.util
import shutil
from io import BytesIO
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.answers.results import SurveyCounts
from noko.core.editions import Edition
from noko.core.refusal import Refusal
from noko.exchange.answers import count_file, count_parquet
from noko.queries.edition import get_edition

EDITION = get_edition("344n-2018")
OLD = get_edition("1547-2014")
CLOSED = EDITION.questionnaire.closed
Row = dict[str, int | str | None]


def naive(rows: list[Row], edition: Edition, by_filter: bool = False) -> dict[str, dict[str, int]]:
    """Counts written the obvious way: row by row, question by question."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        counts = found.setdefault(str(row["organisation"]), {"respondents": 0})
        counts["respondents"] += 1
        for question in edition.questionnaire.closed:
            if not question.asked or not question.satisfied:
                continue
            condition = question.show_if
            shown = condition is None or row[condition.question] == condition.answer
            answer = row[question.id]
            asked = shown and (by_filter or answer is not None)
            counts[question.asked] = counts.get(question.asked, 0) + asked
            satisfied = shown and answer in question.positive
            counts[question.satisfied] = counts.get(question.satisfied, 0) + satisfied
    return found


def as_dicts(counts: SurveyCounts) -> dict[str, dict[str, int]]:
    return {
        name: {"respondents": int(counts.respondents[i])}
        | {symbol: int(values[i]) for symbol, values in counts.columns.items()}
        for i, name in enumerate(counts.organisations)
    }


def answers(edition: Edition) -> st.SearchStrategy[list[Row]]:
    low, high = (0, 1) if edition is EDITION else (1, 5)
    answer = st.none() | st.integers(low, high)
    row = st.fixed_dictionaries(
        {
            "organisation": st.sampled_from(["Сад № 1", "Школа № 2", "Лицей"]),
            **{question.id: answer for question in edition.questionnaire.closed},
        }
    )
    return st.lists(row, min_size=1, max_size=40)


def written(rows: list[Row], edition: Edition, path: Path) -> Path:
    schema = {"organisation": pl.String} | {q.id: pl.Int8 for q in edition.questionnaire.closed}
    pl.DataFrame(rows, schema=schema).write_parquet(path)
    return path


@given(answers(EDITION), st.booleans())
def test_counts_equal_counting_by_hand(rows: list[Row], by_filter: bool) -> None:
    buffer = BytesIO()
    schema = {"organisation": pl.String} | {q.id: pl.Int8 for q in EDITION.questionnaire.closed}
    pl.DataFrame(rows, schema=schema).write_parquet(buffer)
    skipped = "filter_yes" if by_filter else "answered"
    counts = count_parquet(buffer.getvalue(), EDITION, skipped=skipped)
    assert as_dicts(counts) == naive(rows, EDITION, by_filter)


@given(answers(OLD))
def test_levels_of_2016_count_the_two_best_as_positive(rows: list[Row]) -> None:
    buffer = BytesIO()
    schema = {"organisation": pl.String} | {q.id: pl.Int8 for q in OLD.questionnaire.closed}
    pl.DataFrame(rows, schema=schema).write_parquet(buffer)
    assert as_dicts(count_parquet(buffer.getvalue(), OLD)) == naive(rows, OLD)


def many_rows(size: int, edition: Edition) -> list[Row]:
    random = np.random.default_rng(7)
    rows: list[Row] = []
    for number in range(size):
        row: Row = {"organisation": f"Организация {number * 7 % 23}"}
        for question in edition.questionnaire.closed:
            drawn = (
                int(random.integers(-1, 2)) if edition is EDITION else int(random.integers(0, 6))
            )
            row[question.id] = None if drawn < (0 if edition is EDITION else 1) else drawn
        rows.append(row)
    return rows


@pytest.mark.spark
@pytest.mark.skipif(not shutil.which("java"), reason="no Java on this machine")
@pytest.mark.skipif(not importlib.util.find_spec("pyspark"), reason="PySpark is not installed")
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("edition", [EDITION, OLD], ids=["344n", "1547"])
@pytest.mark.parametrize("skipped", ["", "filter_yes"])
def test_cluster_gives_the_same_counts(tmp_path: Path, edition: Edition, skipped: str) -> None:
    if skipped and "skipped_question" not in edition.policy_by_code:
        skipped = ""
    path = written(many_rows(3000, edition), edition, tmp_path / "answers.parquet")
    on_machine = count_file(path, edition, skipped=skipped)
    on_cluster = count_file(path, edition, engine="spark", skipped=skipped)
    assert as_dicts(on_cluster) == as_dicts(on_machine)
    assert as_dicts(on_machine) == naive(many_rows(3000, edition), edition, skipped != "")


def test_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    rows = many_rows(2000, EDITION)
    together = sorted(rows, key=lambda row: str(row["organisation"]))
    first = count_file(written(rows, EDITION, tmp_path / "mixed.parquet"), EDITION)
    second = count_file(written(together, EDITION, tmp_path / "sorted.parquet"), EDITION)
    assert as_dicts(first) == as_dicts(second)


def test_archive_that_is_out_of_order_only_at_its_end_is_counted_the_same() -> None:
    long = 120_000  # longer than the head by which the order is judged first
    names = ["а"] * long + ["б"] * long + ["а"] * 3
    ones = {question.id: pl.repeat(1, len(names), dtype=pl.Int8, eager=True) for question in CLOSED}
    buffer = BytesIO()
    pl.DataFrame({"organisation": names, **ones}).write_parquet(buffer)
    counts = count_parquet(buffer.getvalue(), EDITION)
    assert dict(zip(counts.organisations, counts.respondents.tolist(), strict=True)) == {
        "а": long + 3,
        "б": long,
    }
    assert counts.columns["U_all"].tolist() == [long + 3, long]


def test_archive_in_order_with_nameless_rows_is_refused() -> None:
    ones = {question.id: pl.Series([1, 1, 1], dtype=pl.Int8) for question in CLOSED}
    for names in ([None, "а", "б"], ["а", "б", None]):
        buffer = BytesIO()
        pl.DataFrame({"organisation": names, **ones}).write_parquet(buffer)
        with pytest.raises(Refusal) as refusal:
            count_parquet(buffer.getvalue(), EDITION)
        assert refusal.value.problem.message == "Не указана организация; таких строк – 1."


def test_a_truncated_parquet_is_refused(tmp_path: Path) -> None:
    path = written(many_rows(500, EDITION), EDITION, tmp_path / "answers.parquet")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(Refusal) as refusal:
        count_file(path, EDITION)
    assert refusal.value.kind == "broken_parquet"
    assert "answers.parquet" in str(refusal.value)


def test_an_impossible_answer_is_named_with_its_organisation(tmp_path: Path) -> None:
    rows = many_rows(50, EDITION)
    rows[3]["q1"] = 7
    path = written(rows, EDITION, tmp_path / "answers.parquet")
    with pytest.raises(Refusal) as refusal:
        count_file(path, EDITION)
    assert refusal.value.kind == "bad_answers"
    said = "\n".join(refusal.value.lines())
    assert f"«{rows[3]['organisation']}»" in said
    assert "столбец «q1»" in said


def test_a_missing_question_is_named_with_what_the_file_has(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    ids = [q.id for q in EDITION.questionnaire.closed if q.id != "q15"] + ["q5"]
    path.write_text(
        "organisation," + ",".join(ids) + "\nСад," + ",".join("1" for _ in ids), "utf-8"
    )
    with pytest.raises(Refusal) as refusal:
        count_file(path, EDITION)
    assert refusal.value.kind == "missing_column"
    assert "q15" in str(refusal.value)
    assert "нет вопросов: q5" in str(refusal.value)
