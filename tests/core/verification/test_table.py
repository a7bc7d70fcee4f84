"""Reading people's published tables: columns, numbers, what is refused."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from noko.core.refusal import Refusal
from noko.core.verification.checking import verify
from noko.core.verification.columns import relation_of
from noko.core.verification.rows import Verdict
from noko.core.verification.table import read_published
from noko.queries.edition import get_edition
from tests.core.verification.published import (
    HEADER_344N,
    HEADER_1547,
    cells_table,
    relations,
    report_of,
    sheet_of,
    table_of,
)


def refused(*lines: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        table_of(*lines)
    return caught.value


@pytest.mark.parametrize(
    "header",
    [
        "Наименование организации;К1;К2;К3;К4;К5;Итоговый балл",
        "Организация;Критерий 1;Критерий 2;Критерий 3;Критерий 4;Критерий 5;Итого",
        "Название организации;1 критерий;2 критерий;3 критерий;4 критерий;5 критерий;ИТОГ",
        "Наименование ОО;1 критерий;2 критерий;3 критерий;4 критерий;5 критерий;ИТОГ",
        "ОО;К1. Открытость;К2. Комфортность;К3 (макс. 100 баллов);К 4;К5;Итоговый показатель",
        "Учреждение;Открытость и доступность информации;Комфортность условий;"
        "Доступность для инвалидов;Доброжелательность, вежливость;"
        "Удовлетворённость условиями;Общий балл",
    ],
)
def test_read_published_understands_russian_headers(header: str):
    table = table_of(header, "Школа № 3;98,4;91,5;60;97,2;96;88,62")
    assert table.relation.code == "344n-2018"
    row = table.rows[0]
    assert row.organisation == "Школа № 3"
    assert list(row.criteria) == ["K1", "K2", "K3", "K4", "K5"]
    assert row.criteria["K3"] == 60
    assert row.total == Decimal("88.62")


def test_read_published_ignores_other_columns():
    table = table_of(
        "№ п/п;org;K1;K1_level;I1.1;K1 место;max_K2_printed;K2;K3;K4;K5;S;S_level;примечание",
        "7;Школа;98,4;отлично;97;3;70;91,5;60;97,2;96;88,62;отлично;—",
    )
    assert table.rows[0].criteria["K1"] == Decimal("98.4")
    assert table.notes == (
        "Напечатан максимум K2 — 70, а по методике он 100. На проверку это не влияет.",
    )


def test_read_published_takes_codes_of_indicators_for_headers():
    table = table_of(
        "rank;org;K1;K2;K3;K4;K5;S;level;1.1;1.2",
        "1;Школа;98,4;91,5;60;97,2;96;88,62;отлично;97;100",
    )
    assert table.rows[0].total == Decimal("88.62")


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("111, 83", "111.83"),
        ("111.83", "111.83"),
        ("111,830", "111.830"),
        (" 111,83 ", "111.83"),
        ("111,83 балла", "111.83"),
        ("111", "111"),
    ],
)
def test_read_published_number_keeps_its_decimals(cell: str, value: str):
    total = table_of(HEADER_1547, f"Школа;36;34;19;22;{cell}").rows[0].total
    assert str(total) == value


@pytest.mark.parametrize("cell", ["97,2 %", "97,2%", "97,2"])
def test_read_published_takes_percent_of_a_hundred(cell: str):
    table = table_of(HEADER_344N, f"Школа;{cell};91,5;60;97,2;96;")
    assert table.rows[0].criteria["K1"] == Decimal("97.2")


@pytest.mark.parametrize("cell", ["", "-", "–", "—", "нет данных", "н/д", "Нет"])
def test_read_published_absent_value(cell: str):
    assert "K1" not in table_of(HEADER_344N, f"Школа;{cell};91,5;60;97,2;96;86").rows[0].criteria


def test_read_published_names_every_cell_that_is_no_number():
    refusal = refused(
        HEADER_344N, "Школа № 1;около 90;91,5;60;97,2;96;86", "Школа № 2;90;91,5;60;9O;96;86"
    )
    assert refusal.kind == "unreadable_number"
    assert [str(problem) for problem in refusal.problems] == [
        "Файл «итоги.csv», строка 2, столбец «B: K1»: стоит «около 90»: это не число."
        " Исправьте на число или оставьте ячейку пустой.",
        "Файл «итоги.csv», строка 3, столбец «E: K4»: стоит «9O»: это не число."
        " Исправьте на число или оставьте ячейку пустой.",
    ]


def test_read_published_refuses_percent_of_points():
    refusal = refused(HEADER_1547, "Школа;90,3 %;34;19;22;111,83")
    assert refusal.kind == "unreadable_number"
    assert "строка 2, столбец «B: G1»" in str(refusal)
    assert "это проценты, а нужны баллы" in str(refusal)


def test_read_published_refuses_decimal_commas_that_split_cells():
    refusal = refused(HEADER_344N, "Школа;98;4;91;5;60;97;2")
    assert refusal.kind == "unreadable_number"
    assert "Ячеек больше, чем столбцов в заголовке (7)." in str(refusal)


def test_read_published_refuses_decimal_commas_hidden_by_empty_cells_at_the_end():
    refusal = refused(
        HEADER_344N + ";level;rank",
        "Школа № 1;98;91;60;97;96;88;;",
        "Школа № 2;98;4;91;60;97;96;88;;",
    )
    assert refusal.kind == "unreadable_number"
    assert [problem.place.row for problem in refusal.problems] == [3]


def test_read_published_allows_a_separator_at_the_end_of_every_line():
    table = table_of(HEADER_344N, "Школа № 1;98;91;60;97;96;88;", "Школа № 2;98;91;60;97;96;88;")
    assert len(table.rows) == 2


def test_read_published_refuses_a_place_that_is_no_place():
    assert "это не место" in str(refused("org;S;rank", "Школа;98;первое"))


def test_read_published_refuses_two_regimes():
    refusal = refused("org;K1;K2;K3;K4;K5;G1;S", "Школа;98;91;60;97;96;36;88")
    assert refusal.kind == "two_regimes"
    assert "K1…K5 и G1…G4" in str(refusal) or "G1…G4 и K1…K5" in str(refusal)


def test_read_published_refuses_two_columns_of_one_criterion():
    refusal = refused("org;K1;К1;K3;K4;K5;S", "Школа;98;91;60;97;96;88")
    assert refusal.kind == "duplicate_column"
    assert "«K1» и «К1»" in str(refusal)


@pytest.mark.parametrize(
    "lines",
    [
        ("territory;n;excellent;good;good_pct", "TOTAL;7187;0;26;0,4", "Area;218;0;0;"),
        ("name;type;municipality", "Детский сад «Ивушка»;ДОО;г. Белореченск"),
        ("inn;ogrn;full_name", "7700000000;1027700000000;Школа"),
    ],
)
def test_read_published_refuses_another_table_and_says_what_is_needed(lines: Sequence[str]):
    refusal = refused(*lines)
    assert refusal.kind == "missing_column"
    assert "Нужны столбцы K1…K5 и S (среднее пяти критериев) или G1…G4 и S" in str(refusal)
    assert f"«{lines[0].split(';')[0]}»" in str(refusal)


def test_read_published_criteria_by_number_alone_may_be_of_two_editions():
    lines = ("org;Критерий 1;Критерий 2;Критерий 3;Критерий 4;Итог", "Школа;36;34;18;22;110")
    refusal = refused(*lines)
    assert refusal.kind == "ambiguous_edition"
    assert "--edition" in str(refusal)
    chosen = read_published([sheet_of(*lines)], [relation_of(get_edition("1547-2014"))])
    assert verify(chosen).rows[0].verdict is Verdict.EXACT


def test_read_published_skips_titles_and_numbers_of_columns():
    table = table_of(
        "Итоги независимой оценки;;;;;;",
        "за 2031 год;;;;;;",
        HEADER_344N,
        "1;2;3;4;5;6;7",
        ";;;;;;",
        "Школа;98,4;91,5;60;97,2;96;88,62",
    )
    assert [row.number for row in table.rows] == [6]


def test_read_published_numbers_of_a_spreadsheet_take_the_usual_decimals_of_their_column():
    table = cells_table(
        [
            ["org", "K1", "K2", "K3", "K4", "K5", "S"],
            ["Школа № 1", 98.4, 91.5, 60.0, 97.2, 96.0, 88.62],
            ["Школа № 2", 100.0, 100.0, 62, 100.0, 100.0, 92.4],
            ["Школа № 3", 90, 90, 50, 90, 90, "82,0"],
            ["Среднее", 96.13, 93.83, 57.33, 95.73, 95.33, 87.673],
        ]
    )
    assert [str(row.total) for row in table.rows] == ["88.62", "92.40", "82.0", "87.673"]
    # One cell of three has a decimal: the other two may well be rounded to whole numbers.
    assert [str(row.criteria["K1"]) for row in table.rows] == ["98.4", "100", "90", "96.13"]
    assert [str(row.criteria["K3"]) for row in table.rows] == ["60", "62", "50", "57.33"]
    verdicts = [row.verdict for row in verify(table).rows]
    assert verdicts == [Verdict.EXACT] * 3 + [Verdict.CONSISTENT]


def test_read_published_precise_mean_does_not_sharpen_the_lines_above_it():
    # 62.857 is shown as 62.9: with the mean's two decimals it would be taken for 62.90.
    rows: list[list[object]] = [["org", "K1", "K2", "K3", "K4", "K5", "S"]]
    rows += [[f"Школа № {n}", 90.0, 90.0, 62.9, 90.0, 90.0, 84.57] for n in range(3)]
    rows.append(["Среднее по организациям", 90.0, 90.0, 62.86, 90.0, 90.0, 84.57])
    report = verify(cells_table(rows))
    assert str(report.table.rows[0].criteria["K3"]) == "62.9"
    assert report.findings == 0


def test_read_published_spreadsheet_noise_is_not_printed():
    table = cells_table([["org", "K1", "S"], ["Школа", 0.1 + 0.2, 93.33333333333333]])
    assert str(table.rows[0].criteria["K1"]) == "0.3"
    assert str(table.rows[0].total) == "93.3333333333333"


def test_read_published_formula_error_is_named():
    with pytest.raises(Refusal) as caught:
        cells_table([["org", "K1", "S"], ["Школа", 90.0, "#DIV/0!"]])
    assert "#ДЕЛ/0!" in str(caught.value)
    assert "столбец «C: S»" in str(caught.value)


@pytest.mark.parametrize(
    ("lines", "limit"),
    [
        (("org;S", "Корпус;154"), 160),
        (("org;S;S_max", "Корпус;154;160"), 160),
        (("org;S;S_max", "Школа;94;100"), 100),
    ],
)
def test_read_published_totals_only(lines: Sequence[str], limit: int):
    table = table_of(*lines)
    assert table.relation is None
    assert table.total_limit == limit
    assert [row.verdict for row in verify(table).rows] == [Verdict.UNCHECKED]


def test_verify_totals_only_beyond_any_scale():
    assert report_of("org;S", "Корпус;160,5").rows[0].verdict is Verdict.OUT_OF_RANGE
    assert report_of("org;S;S_max", "Школа;154;100").rows[0].verdict is Verdict.OUT_OF_RANGE


def test_read_published_knows_all_editions():
    assert [relation.code for relation in relations()] == ["1547-2014", "344n-2018"]
