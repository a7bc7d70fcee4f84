"""A file put in the place of another is told so; a file that lacks a column is told which."""

import pytest

from noko.core.refusal import Refusal
from noko.core.tables.roles import read_as, read_list, role_of
from noko.core.tables.sheet import Sheet
from noko.demo.examples import ANSWERS, INSPECTION, LIST, example_files
from noko.demo.region import build_region
from noko.exchange.files import read_sheets
from noko.queries.edition import get_edition

EDITION = get_edition("344n-2018")
SYMBOLS = [item.symbol for item in EDITION.inputs if not item.optional]


@pytest.fixture(scope="module")
def files() -> dict[str, list[Sheet]]:
    made = example_files(build_region(), EDITION)
    counts = Sheet("c.csv", "", [["organisation", *SYMBOLS], ["Школа", *[1] * len(SYMBOLS)]])
    return {
        "answers": read_sheets(made[ANSWERS], name="ankety.xlsx"),
        "inspection": read_sheets(made[INSPECTION], name="osmotr.xlsx"),
        "organisations": read_sheets(made[LIST], name="perechen.xlsx"),
        "counts": [counts],
    }


def test_role_of_every_kind_of_file_is_told(files: dict[str, list[Sheet]]) -> None:
    assert {role: role_of(sheets, EDITION) for role, sheets in files.items()} == {
        role: role for role in files
    }
    assert role_of([Sheet("x.csv", "", [["Кто", "Сколько"], ["Школа", 1]])], EDITION) == ""


@pytest.mark.parametrize(
    ("given", "wanted", "message"),
    [
        ("inspection", "answers", "Похоже, это таблица осмотра, а здесь нужны анкеты."),
        ("answers", "inspection", "Похоже, это анкеты, а здесь нужна таблица осмотра."),
        ("organisations", "answers", "Похоже, это перечень организаций, а здесь нужны анкеты."),
        ("answers", "counts", "Похоже, это анкеты, а здесь нужны готовые количества."),
        ("inspection", "counts", "Похоже, это таблица осмотра, а здесь нужны готовые количества."),
    ],
)
def test_file_in_the_place_of_another_is_refused_by_what_it_is(
    files: dict[str, list[Sheet]], given: str, wanted: str, message: str
) -> None:
    with pytest.raises(Refusal) as found:
        read_as(wanted, files[given], EDITION)
    assert (found.value.kind, found.value.problem.message) == ("another_role", message)
    assert found.value.problem.place.file == files[given][0].file


def test_file_of_its_role_that_lacks_a_column_is_told_which(files: dict[str, list[Sheet]]) -> None:
    (sheet,) = files["answers"]
    short = Sheet(sheet.file, sheet.name, [row[:-1] for row in sheet.rows])
    with pytest.raises(Refusal) as found:
        read_as("answers", [short], EDITION)
    assert found.value.kind == "missing_column"


def test_list_is_read_and_what_is_plainly_no_list_is_refused(
    files: dict[str, list[Sheet]],
) -> None:
    editions = [get_edition(code) for code in ("1547-2014", "344n-2018")]
    assert len(read_list(files["organisations"], editions).rows) == 22
    short = Sheet("s.csv", "", [["Название", "Тип"], ["Школа № 1", "школа"]])
    assert [row.full_name for row in read_list([short], editions).rows] == ["Школа № 1"]
    with pytest.raises(Refusal) as found:
        read_list(files["answers"], editions)
    assert found.value.problem.message == "Похоже, это анкеты, а здесь нужен перечень организаций."
