"""``noko aggregate`` and what it gives to ``noko score``."""

import csv
import json
from pathlib import Path

import pytest

from noko.commands.main import run
from noko.queries.edition import get_edition

IDS = [question.id for question in get_edition("344n-2018").questionnaire.closed]


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Two respondents of a school, one of a kindergarten that used nothing."""
    path = tmp_path / "answers.csv"
    rows = [
        ["Школа", *("1" for _ in IDS)],
        ["Школа", "0", "", "1", "0", *("0" for _ in IDS[4:])],
        ["Сад", "0", "", "0", "", "1", "0", "", "1", "1", "0", "", "1", "1", "1"],
    ]
    with path.open("w", encoding="cp1251", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["organisation", *IDS])
        writer.writerows(rows)
    return path


def test_aggregate_gives_the_survey_part_of_counts(answers: Path, tmp_path: Path) -> None:
    out = tmp_path / "counts.csv"
    assert run(["aggregate", str(answers), "--edition", "344n-2018", "--out", str(out)]) == 0
    garden, school = list(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert (garden["organisation"], school["organisation"]) == ("Сад", "Школа")
    assert (school["A_stand"], school["U_stand"]) == ("1", "1")
    assert (school["A_site"], school["U_site"]) == ("2", "1")
    assert (garden["A_stand"], garden["A_inv"], garden["A_comf"]) == ("0", "0", "1")
    assert (school["respondents"], garden["respondents"]) == ("2", "1")


def test_counts_with_inspection_are_scored(answers: Path, tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    run(["aggregate", str(answers), "--edition", "344n-2018", "--out", str(counts)])
    rows = list(csv.DictReader(counts.read_text("utf-8").splitlines()))
    inspected = {"I_stand": 14, "N_stand": 14, "I_site": 50, "N_site": 50}
    inspected |= {"C_dist": 4, "C_comf": 5, "C_org": 5, "C_usl": 5}
    with counts.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*rows[0], *inspected])
        writer.writeheader()
        writer.writerows({**row, **inspected} for row in rows)
    out = tmp_path / "rating.json"
    command = ["score", str(counts), "--edition", "344n-2018", "--format", "json"]
    assert run([*command, "--out", str(out)]) == 0
    result = json.loads(out.read_text("utf-8"))
    by_name = {row["organisation"]: row for row in result["results"]}
    assert by_name["Школа"]["indicators"]["1.3"] == "75"
    assert by_name["Школа"]["indicators"]["5.1"] == "50"
    assert by_name["Сад"]["indicators"]["1.3"] is None
    assert by_name["Сад"]["criteria"]["1"] == "100.0"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--edition", "344n-2099"], "Редакции методики «344n-2099» нет."),
        (["--edition", "344n-2018", "--engine", "abacus"], "Вычислителя «abacus» нет."),
    ],
)
def test_wrong_choices_end_with_2(
    answers: Path, arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["aggregate", str(answers), *arguments]) == 2
    assert says in capsys.readouterr().err
