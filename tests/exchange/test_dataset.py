"""The frozen data set: the same data, the same bytes; whatever was touched is noticed."""

import json
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from noko.core.dataset import ABSENT, NOT_APPLICABLE, PRESENT, Mark, Organisation
from noko.core.refusal import Refusal
from noko.exchange.answers import answers_frame
from noko.exchange.dataset import (
    Package,
    package_counts,
    package_marks,
    package_survey,
    read_package,
    write_package,
    zip_package,
)
from noko.queries.edition import get_edition

EDITION = get_edition("344n-2018")
IDS = ["o1", "o2", "o3"]
NAMES = ["Школа № 1", "Детский сад «Ёлочка»", "Лицей"]
ORGANISATIONS = [
    Organisation(key, name, "general", "Заречный район", recipients=100)
    for key, name in zip(IDS, NAMES, strict=True)
]
FOUND = {"I_stand": 9, "N_stand": 11, "I_site": 40, "N_site": 45, "C_dist": 4, "C_comf": 5,
         "C_org": 3, "C_usl": 3}  # fmt: skip
INSPECTION = dict.fromkeys(IDS, FOUND)
MARKS = [Mark("o1", "stand", "режим", PRESENT), Mark("o1", "stand", "лицензия", ABSENT),
         Mark("o1", "stand", "интернат", NOT_APPLICABLE)]  # fmt: skip


def answers(seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    columns = {
        question.id: rng.integers(-1, 2, 60).astype(np.int8)
        for question in EDITION.questionnaire.closed
    }
    return answers_frame(IDS[:2], rng.integers(0, 2, 60), columns)


def written(folder: Path, **changes: Any) -> Package:
    given: dict[str, Any] = {
        "edition": EDITION,
        "title": "Проба",
        "created_on": date(2026, 11, 23),
        "organisations": ORGANISATIONS,
        "inspection": INSPECTION,
        "answers": answers(),
        "marks": MARKS,
    }
    return write_package(folder, **{**given, **changes})


def files(folder: Path) -> dict[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_package_is_the_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    one = written(tmp_path / "one")
    mixed = answers().sample(fraction=1, shuffle=True, seed=7)
    other = written(tmp_path / "two", answers=mixed, organisations=ORGANISATIONS[::-1])
    assert other.digest == one.digest
    assert files(tmp_path / "two") == files(tmp_path / "one")
    zip_package(tmp_path / "one", tmp_path / "one.zip")
    zip_package(tmp_path / "two", tmp_path / "two.zip")
    assert (tmp_path / "two.zip").read_bytes() == (tmp_path / "one.zip").read_bytes()


def test_package_gives_the_counts_it_was_made_from_out_of_a_folder_and_a_zip(
    tmp_path: Path,
) -> None:
    written(tmp_path / "one")
    zip_package(tmp_path / "one", tmp_path / "one.zip")
    frame = answers()
    for path in (tmp_path / "one", tmp_path / "one.zip"):
        counts = package_counts(read_package(path))
        assert counts.organisations == ("Детский сад «Ёлочка»", "Лицей", "Школа № 1")
        assert counts.types == ("general",) * 3
        assert counts.value("I_stand", 0) == 9
        expected = frame.filter(pl.col("organisation") == "o2")
        assert counts.value("A_all", 0) == expected["q15"].count()
        assert counts.value("U_all", 0) == expected["q15"].sum()
        assert counts.value("A_all", 1) == 0
        survey = package_survey(read_package(path))
        assert survey.respondents.tolist()[1] == 0
        assert int(survey.respondents.sum()) == 60
        assert package_marks(read_package(path)) == tuple(MARKS)


def test_answers_in_parts_give_the_same_rows_and_always_the_same_bytes(tmp_path: Path) -> None:
    parts = [answers().filter(pl.col("organisation") == key) for key in IDS]
    whole = written(tmp_path / "whole").answers
    one = written(tmp_path / "one", answers=iter(parts))
    two = written(tmp_path / "two", answers=iter([pl.concat(parts[:2]), parts[2]]))
    assert isinstance(whole, Path)
    assert isinstance(one.answers, Path)
    assert pl.read_parquet(one.answers).equals(pl.read_parquet(whole))
    assert one.digest == two.digest
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_answers_in_parts_out_of_order_are_not_written(tmp_path: Path) -> None:
    parts = [answers().filter(pl.col("organisation") == key) for key in ("o2", "o1")]
    with pytest.raises(ValueError, match="order of organisations"):
        written(tmp_path / "one", answers=iter(parts))
    assert list(tmp_path.iterdir()) == []


def test_rows_of_answers_tell_nothing_of_the_order_of_arrival(tmp_path: Path) -> None:
    extra = answers().with_columns(time=pl.int_range(pl.len()), q16=pl.lit("текст"), q18=pl.lit(40))
    package = written(tmp_path / "one", answers=extra)
    assert isinstance(package.answers, Path)
    kept = pl.read_parquet(package.answers)
    closed = [question.id for question in EDITION.questionnaire.closed]
    assert kept.columns == ["organisation", *closed]
    assert kept.equals(kept.sort("organisation", *closed))


def test_ready_counts_make_a_package_without_questionnaires(tmp_path: Path) -> None:
    earlier = get_edition("1547-2014")
    given = {item.symbol: 1 for item in earlier.inputs if item.collected == "survey"}
    percents = [item.symbol for item in earlier.inputs if item.kind == "percent"]
    given[percents[0]] = Fraction(195, 2)
    survey = dict.fromkeys(IDS, given)
    written(tmp_path / "one", edition=earlier, inspection={}, survey=survey, answers=None, marks=())
    package = read_package(tmp_path / "one")
    assert package.answers is None
    assert package_counts(package).value(percents[0], 2) == Fraction(195, 2)


def test_existing_folder_is_left_alone(tmp_path: Path) -> None:
    before = written(tmp_path / "one")
    with pytest.raises(Refusal) as caught:
        written(tmp_path / "one", title="Другое")
    assert caught.value.kind == "package_exists"
    assert read_package(tmp_path / "one").digest == before.digest


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"organisations": []}, "no_organisations"),
        ({"organisations": [*ORGANISATIONS, ORGANISATIONS[0]]}, "duplicate_organisation"),
        ({"organisations": ORGANISATIONS[:1]}, "unknown_organisation"),
        ({"answers": answers().drop("q15")}, "missing_column"),
        ({"answers": answers().with_columns(q15=pl.lit(2))}, "bad_answers"),
        ({"answers": answers().with_columns(q15=pl.lit(300))}, "bad_answers"),
        ({"answers": answers().with_columns(organisation=pl.lit("o9"))}, "unknown_organisation"),
    ],
)
def test_refused_data_leave_nothing_behind(
    tmp_path: Path, changes: dict[str, Any], kind: str
) -> None:
    with pytest.raises(Refusal) as caught:
        written(tmp_path / "one", **changes)
    assert caught.value.kind == kind
    assert list(tmp_path.iterdir()) == []


def test_changed_file_is_named_with_both_digests(tmp_path: Path) -> None:
    written(tmp_path / "one")
    path = tmp_path / "one" / "inspection.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("o1,9", "o1,8"), encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        read_package(tmp_path / "one")
    assert caught.value.kind == "digest_mismatch"
    assert caught.value.problem.place.file == "inspection.csv"
    assert caught.value.problem.message.count("SHA-256") == 1


def test_truncated_and_absent_files_are_named(tmp_path: Path) -> None:
    written(tmp_path / "one")
    path = tmp_path / "one" / "answers.parquet"
    path.write_bytes(path.read_bytes()[:-10])
    with pytest.raises(Refusal) as caught:
        read_package(tmp_path / "one")
    assert (caught.value.kind, caught.value.problem.place.file) == ("digest_mismatch", path.name)
    path.unlink()
    with pytest.raises(Refusal) as caught:
        read_package(tmp_path / "one")
    assert (caught.value.kind, caught.value.problem.place.file) == ("missing_resource", path.name)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda body: body["noko"].update(format=99), "newer_package"),
        (lambda body: body["noko"]["edition"].update(digest="0" * 64), "edition_changed"),
        (lambda body: body.pop("noko"), "broken_package"),
        (lambda body: body["resources"][0].update(path="../organisations.csv"), "broken_package"),
        (lambda body: body["resources"][0].update(path="/etc/passwd"), "broken_package"),
        (lambda body: body["resources"].pop(0), "broken_package"),
        (lambda body: body["resources"][0].update(hash="md5:1"), "broken_package"),
    ],
)
def test_descriptor_that_does_not_fit_is_refused(tmp_path: Path, change: Any, kind: str) -> None:
    written(tmp_path / "one")
    path = tmp_path / "one" / "datapackage.json"
    body = json.loads(path.read_text(encoding="utf-8"))
    change(body)
    path.write_text(json.dumps(body), encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        read_package(tmp_path / "one")
    assert caught.value.kind == kind


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("не архив", encoding="utf-8")
    for name in ("empty", "text.zip", "absent"):
        with pytest.raises(Refusal) as caught:
            read_package(tmp_path / name)
        assert caught.value.kind == "no_package"
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("readme.txt", "")
    with pytest.raises(Refusal) as caught:
        read_package(tmp_path / "other.zip")
    assert caught.value.kind == "broken_package"


def test_every_table_has_the_columns_of_its_schema(tmp_path: Path) -> None:
    written(tmp_path / "one")
    body = json.loads((tmp_path / "one" / "datapackage.json").read_text(encoding="utf-8"))
    described = {item["path"]: item for item in body["resources"]}
    for path, item in described.items():
        if "schema" not in item:
            continue
        names = [column["name"] for column in item["schema"]["fields"]]
        read = pl.read_parquet if path.endswith(".parquet") else pl.read_csv
        assert read(tmp_path / "one" / path).columns == names
    assert {item["name"] for item in body["resources"]} >= {"organisations", "answers"}
    assert all(
        (tmp_path / "one" / path).stat().st_size == described[path]["bytes"] for path in described
    )
