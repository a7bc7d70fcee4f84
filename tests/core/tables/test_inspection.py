"""Checklist sheets of operators and ready counts."""

from decimal import Decimal

import pytest

from noko.core.refusal import Refusal
from noko.core.tables.counts import read_counts
from noko.core.tables.inspection import read_inspection
from noko.core.tables.sheet import Sheet
from noko.queries.edition import get_edition

EDITION = get_edition("344n-2018")
HEADERS = [
    "Наименование организации или П/Н по списку",
    "Размещено на СТЕНДЕ [режим работы]",
    "Размещено на СТЕНДЕ [общежитие]",
    "Размещено на САЙТЕ [документы]",
    "Размещено на САЙТЕ [образование]",
    "Отметьте функционирующие дистанционные способы взаимодействия [телефон]",
    "Отметьте функционирующие дистанционные способы взаимодействия [раздел на официальном сайте]",
    "Укажите количество комфортных условий",
    "Укажите количество условий оборудования среды [пандус]",
    "Укажите количество условий доступности организации [Брайль]",
]
ROW = ["Школа № 1", 1, "", "1", 0, 1, 1, 4, 1, 0]


def read(*rows, headers=HEADERS):
    return read_inspection([Sheet("осмотр.xlsx", "Лист1", [headers, *rows])], EDITION)


def test_inspection_items_become_counts_and_marks():
    (row,) = read(ROW).rows
    assert row.counts == {
        "I_stand": 1, "N_stand": 1, "I_site": 1, "N_site": 2,
        "C_dist": 2, "C_comf": 4, "C_org": 1, "C_usl": 0,
    }  # fmt: skip
    assert (row.organisation.name, row.row) == ("Школа № 1", 2)
    assert [(item.item, item.mark) for item in row.marks[:3]] == [
        ("режим работы", "present"),
        ("общежитие", "not_applicable"),
        ("документы", "present"),
    ]


def test_inspection_bad_mark_is_named():
    with pytest.raises(Refusal) as found:
        read(["Школа № 1", 2, *ROW[2:]])
    assert found.value.kind == "bad_cells"
    assert found.value.problems[0].place.row == 2
    assert found.value.problems[0].place.column == "B: Размещено на СТЕНДЕ [режим работы]"


def test_inspection_repeated_organisation_names_both_rows():
    with pytest.raises(Refusal) as found:
        read(ROW, ["школа №1", *ROW[1:]])
    assert found.value.kind == "duplicate_organisation"
    assert "строке 2" in str(found.value)
    assert found.value.problems[0].place.row == 3


def test_inspection_missing_checklist_is_named_with_its_signs():
    with pytest.raises(Refusal) as found:
        read(ROW[:-1], headers=HEADERS[:-1])
    assert found.value.kind == "missing_column"
    assert "(C_usl)" in str(found.value)


def test_inspection_percent_in_a_ready_count_is_refused():
    with pytest.raises(Refusal) as found:
        read([*ROW[:7], "80 %", *ROW[8:]])
    assert found.value.kind == "percent_instead_of_count"


SYMBOLS = [item.symbol for item in EDITION.inputs if not item.optional]


def counts(cells, *, headers=None):
    return read_counts(
        [Sheet("к.csv", "", [headers or ["organisation", *SYMBOLS], cells])], EDITION
    )


def test_counts_are_read_by_symbol_and_types_when_given():
    table = counts(
        ["Школа", "general", *range(len(SYMBOLS))], headers=["organisation", "type", *SYMBOLS]
    )
    assert table.types == ("general",)
    assert table.municipalities == ()
    assert table.columns[SYMBOLS[3]] == (3,)


@pytest.mark.parametrize("cell", ["97 %", 0.97, "97,5"])
def test_counts_percentages_are_refused_by_name(cell):
    with pytest.raises(Refusal) as found:
        counts(["Школа", cell, *[1] * (len(SYMBOLS) - 1)])
    assert found.value.kind == "percent_instead_of_count"


def test_counts_every_problem_is_collected():
    with pytest.raises(Refusal) as found:
        counts(["Школа", -1, "много", "1234,5", *[1] * (len(SYMBOLS) - 3)])
    assert found.value.kind == "bad_cells"
    assert [problem.place.column for problem in found.value.problems] == [
        f"B: {SYMBOLS[0]}", f"C: {SYMBOLS[1]}", f"D: {SYMBOLS[2]}",
    ]  # fmt: skip


def test_counts_missing_symbols_are_named():
    with pytest.raises(Refusal) as found:
        counts(["Школа", 1], headers=["organisation", SYMBOLS[0]])
    assert found.value.kind == "missing_column"
    assert f"({SYMBOLS[1]})" in str(found.value)


def test_counts_points_and_percentages_of_the_former_edition_are_exact():
    edition = get_edition("1547-2014")
    symbols = [item.symbol for item in edition.inputs if not item.optional]
    cells = ["Школа", *["9,25" if symbol[1] in "12" else "87,5 %" for symbol in symbols]]
    table = read_counts([Sheet("к.csv", "", [["organisation", *symbols], cells])], edition)
    assert table.columns["p11"] == (Decimal("9.25"),)
    assert table.columns["p31"] == (Decimal("87.5"),)
