"""Verdicts on single lines of published tables. All organisations and numbers are invented."""

from decimal import Decimal
from fractions import Fraction

import pytest

from noko.core.verification.interval import Interval, exact_text
from noko.core.verification.rows import Verdict
from noko.core.verification.words import conclusion, row_note
from tests.core.verification.published import HEADER_344N, report_of, row_344n, row_1547


@pytest.mark.parametrize(
    ("numbers", "computed"),
    [
        ("98,4;91,5;60;97,2;96;88,62", "88.62"),
        ("98,4;91,5;60;97,2;96;88,6", "88.62"),
        ("98,4;91,5;60;97,2;96;89", "88.62"),
        ("100;100;62;100;100;92,4", "92.4"),
        # Half up, not half to even: 88.625 is printed 88.63.
        ("98,425;91,5;60;97,2;96;88,63", "88.625"),
        ("0;0;0;0;0;0", "0"),
        ("100;100;100;100;100;100,00", "100"),
    ],
)
def test_verify_row_exact(numbers: str, computed: str):
    row = row_344n(numbers)
    assert row.verdict is Verdict.EXACT
    assert row.computed == Fraction(computed)
    assert row_note(row) == ""


def test_verify_row_of_sums_exact():
    row = row_1547("35,21;41,08;17,5;26,33;120,12")
    assert row.verdict is Verdict.EXACT
    assert row.interval == Interval(Fraction("120.055"), Fraction("120.185"), high_open=True)


def test_verify_integer_criteria_beside_two_decimals_are_consistent():
    row = row_344n("97;88;54;93;91;84,97")
    assert row.verdict is Verdict.CONSISTENT
    assert row.computed == Fraction("84.6")
    assert row.interval == Interval(Fraction("84.1"), Fraction("85.1"), high_open=True)
    assert row_note(row) == (
        "По напечатанным критериям — 84,6, с учётом их округления возможно от 84,10 до 85,10."
    )


def test_verify_row_open_end_of_rounding_is_not_reached():
    # Unrounded criteria stay below 97.5, 88.5 …: their mean stays below 85.1.
    assert row_344n("97;88;54;93;91;85,09").verdict is Verdict.CONSISTENT
    row = row_344n("97;88;54;93;91;85,10")
    assert row.verdict is Verdict.CONSISTENT  # 85.095 … is printed 85.10
    row = row_344n("97;88;54;93;91;85,11")
    assert row.verdict is Verdict.INCONSISTENT


def test_verify_scale_limits_what_rounding_may_hide():
    # 100 hides nothing above 100, so that the mean is 100 at most.
    assert row_344n("100;100;100;100;99;99,9").verdict is Verdict.CONSISTENT
    row = row_344n("100;100;100;100;99;99,95")
    assert row.verdict is Verdict.INCONSISTENT
    assert row.difference == Decimal("0.05")


def test_verify_row_inconsistent_by_so_much():
    row = row_344n("98,4;91,5;60;97,2;96;89,62")
    assert row.verdict is Verdict.INCONSISTENT
    assert (row.allowed.low, row.allowed.high) == (Decimal("88.39"), Decimal("88.85"))
    assert row.difference == Decimal("0.77")
    assert row_note(row) == (
        "Критерии дают от 88,39 до 88,85, напечатано 89,62: больше возможного на 0,77."
    )
    low = row_344n("98,40;91,50;60,00;97,20;96,00;88,6000")
    assert low.verdict is Verdict.INCONSISTENT
    assert low.difference == Decimal("-0.0150")
    assert row_note(low).endswith("меньше возможного на 0,0150.")


def test_verify_sum_of_groups_inconsistent():
    row = row_1547("35,21;41,08;17,5;26,33;121")
    assert row.verdict is Verdict.INCONSISTENT
    assert row.difference == Decimal("1")
    assert row_note(row) == "Критерии дают только 120, напечатано 121: больше возможного на 1."


def test_verify_row_that_only_truncation_explains():
    row = row_344n("98,4;91,5;60;97,2;96,2;88")
    assert row.verdict is Verdict.TRUNCATED
    assert row.computed == Fraction("88.66")
    assert row.right == Decimal("89")
    assert row_note(row) == "Лишние знаки отброшены, а не округлены. Верно 89."


def test_verify_truncated_total_beside_integer_criteria():
    # Integer criteria allow 83.9 and more; 83 can only be a truncated 83.9….
    row = row_344n("100;100;22;100;100;83")
    assert row.verdict is Verdict.TRUNCATED
    assert row.right == Decimal("84")


def test_verify_truncation_is_not_assumed_where_rounding_explains():
    row = row_344n("98,43;91,51;60,02;97,27;96,00;88,64")
    assert row.computed == Fraction("88.646")
    assert row.verdict is Verdict.CONSISTENT
    assert row.right is None


def test_verify_row_that_truncated_criteria_would_explain():
    row = row_344n("97;88;54;93;91;85,40")
    assert row.verdict is Verdict.INCONSISTENT
    assert row.truncated_criteria
    assert row_note(row).endswith(
        "Сошлось бы, только если знаки критериев отброшены, а не округлены."
    )
    assert not row_344n("97;88;54;93;91;86,00").truncated_criteria


def test_verify_missing_criterion_is_solved_for():
    row = row_344n("97;88;;93;91;84,60")
    assert row.verdict is Verdict.INCOMPLETE
    assert row.missing.needed == Fraction(54)
    assert row.missing.each["K3"] == Interval(
        Fraction("51.975"), Fraction("56.025"), low_open=True, high_open=True
    )
    assert row_note(row) == (
        "Не напечатан K3. По остальным он равен 54 (с учётом округления от 51,975 до 56,025)."
    )


def test_verify_missing_criteria_forced_to_the_maximum():
    row = row_344n("100;99;51;;;90,00")
    assert row.verdict is Verdict.INCOMPLETE
    assert row.missing.needed == 200
    assert row.missing.forced
    assert row.missing.sum == Interval(Fraction("198.975"), Fraction(200), low_open=True)
    assert row.missing.each["K4"] == Interval(Fraction("98.975"), Fraction(100), low_open=True)
    assert row_note(row) == (
        "Не напечатаны K4 и K5. В сумме они дают 200, то есть каждый равен 100"
        " (с учётом округления от 198,975 до 200)."
    )


def test_verify_missing_criteria_of_a_sum():
    row = row_1547("35,21;;17,5;;120,12")
    assert row.verdict is Verdict.INCOMPLETE
    assert row.missing.limit == 100
    assert row.missing.needed == Fraction("67.41")
    assert row.missing.each["G4"] == Interval(
        Fraction(0), Fraction(30)
    )  # G2 may be anything from 37.41 to 67.41


def test_verify_one_printed_criterion_leaves_the_sum_of_four():
    row = row_344n(";;81;;;87,44")
    assert row.verdict is Verdict.INCOMPLETE
    assert row.missing.keys == ("K1", "K2", "K4", "K5")
    assert row.missing.needed == Fraction("356.2")
    assert not row.missing.forced


def test_verify_missing_criterion_that_cannot_be():
    row = row_344n("97;88;;93;91;99,50")
    assert row.verdict is Verdict.INFEASIBLE
    assert row.missing.needed == Fraction("128.5")
    assert row.missing.sum.empty
    assert row.allowed.high == Decimal("94.20")
    assert row.difference == Decimal("5.30")
    assert row_note(row) == (
        "Не напечатан K3. Чтобы итог сошёлся, он должен быть равен 128,5, а шкала — от 0 до 100."
        " Критерии дают от 73,40 до 94,20, напечатано 99,50: больше возможного на 5,30."
    )


def test_verify_missing_criterion_that_only_truncation_allows():
    row = row_344n("100,00;100,00;;100,00;98,40;79")
    assert row.computed is None
    assert row.verdict is Verdict.TRUNCATED
    assert row.right == Decimal(80)


def test_verify_row_without_total_gets_one():
    row = row_344n("98,4;91,5;60;97,2;96;")
    assert row.verdict is Verdict.UNCHECKED
    assert row_note(row) == (
        "Итог не напечатан. По критериям он равен 88,62 (с учётом округления от 88,39 до 88,85)."
    )


def test_verify_row_without_total_and_criterion_gets_bounds():
    row = row_344n("96,1;84,5;44;90,3;нет данных;-")
    assert row.verdict is Verdict.UNCHECKED
    assert row_note(row) == (
        "Не напечатан K5. Итог тоже не напечатан; он может быть от 62,85 до 83,11."
    )


def test_verify_row_with_total_only():
    row = row_344n(";;;;;87,44")
    assert row.verdict is Verdict.UNCHECKED
    assert row_note(row) == "Критериев в строке нет: итог сверить не с чем."


@pytest.mark.parametrize(
    ("numbers", "note"),
    [
        ("104,2;90;50;90;90;84", "K1 = 104,2, а шкала — от 0 до 100."),
        ("90;-3;50;90;90;84", "K2 = −3, а шкала — от 0 до 100."),
        ("90;90;50;90;90;101", "S = 101, а шкала — от 0 до 100."),
        (";;;;;100,01", "S = 100,01, а шкала — от 0 до 100."),
    ],
)
def test_verify_number_outside_the_scale(numbers: str, note: str):
    row = row_344n(numbers)
    assert row.verdict is Verdict.OUT_OF_RANGE
    assert row_note(row) == note


def test_verify_every_group_has_its_own_scale():
    row = row_1547("40,5;70,5;20,5;30,5;162")
    assert row.verdict is Verdict.OUT_OF_RANGE
    assert [(item.key, item.maximum) for item in row.outside] == [
        ("G1", 40),
        ("G2", 70),
        ("G3", 20),
        ("G4", 30),
        ("S", 160),
    ]
    assert row_1547("40;70;20;30;160").verdict is Verdict.EXACT


def test_verify_mean_row_of_a_region_obeys_the_same_relation():
    report = report_of(
        HEADER_344N + ";место",
        "Средний балл по области;98,12;94,33;47,05;97,4;96,9;86,76;-",
        "Детский сад «Ивушка»;100;100;62;100;100;92,4;7",
    )
    assert [row.verdict for row in report.rows] == [Verdict.EXACT, Verdict.EXACT]
    assert report.rows[0].row.mean
    assert report.findings == 0
    assert conclusion(report) == "В таблице 2 строки. Замечаний нет."


def test_verify_counts_findings():
    report = report_of(
        HEADER_344N,
        "Школа № 1;98,4;91,5;60;97,2;96;88,62",
        "Школа № 2;98,4;91,5;60;97,2;96,2;88",
        "Школа № 3;98,4;91,5;60;97,2;96;90,62",
    )
    assert report.findings == 2
    assert conclusion(report) == "В таблице 3 строки. Найдено 2 замечания."


def test_exact_text_is_exact_where_a_decimal_exists():
    assert exact_text(Fraction(7, 8)) == "0.875"
    assert exact_text(Fraction(587, 7)) == "83.857143"
    assert exact_text(Fraction(-1, 20)) == "-0.05"
    assert exact_text(Decimal("86.10")) == "86.10"
