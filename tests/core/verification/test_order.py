"""Group means and places of published tables. All organisations and numbers are invented."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

import pytest

from noko.core.verification.order import Break, Ties
from noko.core.verification.rows import Verdict
from noko.core.verification.words import list_note, mean_note
from tests.core.verification.published import report_of

MEANS = "org;municipality;S;published_group_mean"


def placed(*pairs: str) -> tuple[str, ...]:
    return ("org;S;rank", *(f"Школа № {n};{pair}" for n, pair in enumerate(pairs, 1)))


def test_verify_group_mean_exact():
    report = report_of(
        MEANS,
        "Школа № 1;Заречный район;88,14;85,12",
        "Школа № 2;Заречный район;85,36;85,12",
        "Школа № 3;Заречный район;81,86;85,12",
    )
    (mean,) = report.means
    assert mean.verdict is Verdict.EXACT
    assert mean.size == 3
    assert mean.computed == Fraction("85.12")
    assert mean.labels == {"municipality": "Заречный район"}
    assert mean_note(mean) == "По 3 итогам среднее равно 85,12."


def test_verify_group_mean_truncated_says_the_right_value():
    report = report_of(
        MEANS,
        "Школа № 1;Заречный район;88,14;85,76",
        "Школа № 2;Заречный район;85,36;85,76",
        "Школа № 3;Заречный район;83,80;85,76",
    )
    (mean,) = report.means
    assert mean.verdict is Verdict.TRUNCATED
    assert mean.right == Decimal("85.77")
    assert report.findings == 1
    assert mean_note(mean) == (
        "По 3 итогам среднее равно 85,766667. Лишние знаки отброшены, а не округлены. Верно 85,77."
    )


def test_verify_group_mean_of_other_lines():
    (mean,) = report_of(
        MEANS, "Школа № 1;Заречный район;88,14;91,02", "Школа № 2;Заречный район;85,36;91,02"
    ).means
    assert mean.verdict is Verdict.INCONSISTENT
    assert mean.right == Decimal("86.75")
    assert mean.difference == Decimal("4.27")
    assert mean_note(mean) == (
        "По 2 итогам среднее равно 86,75; напечатанное больше на 4,27."
        " Либо это ошибка, либо среднее считали по другим строкам."
    )


def test_verify_group_mean_of_unrounded_totals_is_said_to_be_possible():
    (mean,) = report_of(MEANS, "Школа № 1;;88;86,9", "Школа № 2;;85;86,9").means
    assert mean.verdict is Verdict.INCONSISTENT
    assert mean.unrounded_fits
    assert mean_note(mean) == (
        "По 2 итогам среднее равно 86,5; напечатанное больше на 0,4."
        " Так могло получиться, если среднее считали по неокруглённым итогам."
    )


def test_verify_group_mean_with_a_line_without_total():
    report = report_of(MEANS, "Школа № 1;;88;86,9", "Школа № 2;;85;86,9", "Школа № 3;;;86,9")
    (mean,) = report.means
    assert mean.verdict is Verdict.INCOMPLETE
    assert report.findings == 0
    assert mean_note(mean) == (
        "По 2 итогам среднее равно 86,5, но в 1 строке итога нет; напечатанное возможно."
    )


def test_verify_group_means_by_municipality():
    means = report_of(
        MEANS,
        "Школа № 1;Заречный район;88;87",
        "Школа № 2;Лесной район;80;81",
        "Школа № 3;Заречный район;86;87",
        "Школа № 4;Лесной район;82;81",
        "Средний балл;область;84;81",
    ).means
    assert [(m.labels["municipality"], m.size, m.verdict) for m in means] == [
        ("Заречный район", 2, Verdict.EXACT),
        ("Лесной район", 2, Verdict.EXACT),
    ]


@pytest.mark.parametrize(
    ("lines", "ties"),
    [
        (placed("98,4;1", "97;2", "95,5;3"), Ties.NONE),
        (placed("98,4;1", "97;2", "97;2", "95,5;4"), Ties.COMPETITION),
        (placed("98,4;1", "97;2", "97;2", "95,5;3"), Ties.DENSE),
        (placed("98,4;1", "97;2", "97;3", "95,5;4"), Ties.SEQUENTIAL),
        (placed("98,4;1", "97;2", "97;2"), Ties.SHARED),
        (placed("98,4;1", "97;2", "97;2", "95;7"), Ties.SHARED),
        (placed("98,4;1", "97;2", "97;2", "95;4", "95;5"), Ties.MIXED),
        (placed("98,4;1", "97;2-3", "97;2-3", "95,5;4"), Ties.COMPETITION),
        (placed("97;19", "95,5;36"), Ties.NONE),
        (placed("98,4;1-е место", "97;2 из 140"), Ties.NONE),
    ],
)
def test_verify_places_follow_totals(lines: Sequence[str], ties: Ties):
    report = report_of(*lines)
    (found,) = report.lists
    assert found.ties is ties
    assert found.breaks == ()
    assert report.findings == 0
    assert list_note(found).startswith("Места идут по убыванию итогов.")


def test_verify_places_against_totals():
    report = report_of(*placed("97;1", "98,4;2", "95,5;3"))
    (found,) = report.lists
    assert [item.kind for item in found.breaks] == [Break.ORDER]
    assert report.findings == 1
    assert list_note(found) == (
        "Строки 2 и 3: у «Школа № 1» (97) место 1, а у «Школа № 2» (98,4) — 2, хотя итог больше."
    )


def test_verify_one_place_beside_two_totals():
    (found,) = report_of(*placed("98,4;1", "97;1", "95,5;3")).lists
    assert [item.kind for item in found.breaks] == [Break.SHARED]
    assert list_note(found) == (
        "Строки 3 и 2: у «Школа № 2» (97) и «Школа № 1» (98,4) одно место 1, а итоги разные."
    )


def test_verify_places_of_totals_printed_less_precisely():
    # 98 may be 98.4 rounded: nothing contradicts.
    assert report_of(*placed("98;1", "98,4;2")).findings == 0
    assert report_of(*placed("98,0;1", "98,4;2")).findings == 1


def test_verify_place_beyond_the_list():
    report = report_of("org;S;rank;n_ranked", "Школа № 1;98,4;37;36", "Школа № 2;97;0;36")
    (found,) = report.lists
    assert [item.kind for item in found.breaks] == [Break.BEYOND, Break.BEYOND, Break.ORDER]
    assert "у «Школа № 1» (98,4) место 37, а в списке 36. Такого места нет." in list_note(found)


def test_verify_places_of_different_lists_are_not_compared():
    report = report_of(
        "org;year;region;S;rank",
        "Школа № 1;2031;Заречная область;94;36",
        "Школа № 2;2032;Заречная область;90;1",
        "Школа № 3;2032;Лесной край;98;8",
    )
    assert [found.size for found in report.lists] == [1, 1, 1]
    assert report.findings == 0


def test_verify_places_counted_within_municipalities():
    header = "org;municipality;S;rank"
    apart = (
        "Школа № 1;Заречный район;94;1",
        "Школа № 2;Заречный район;90;2",
        "Школа № 3;Лесной район;88;1",
        "Школа № 4;Лесной район;80;2",
    )
    report = report_of(header, *apart)
    assert [found.labels for found in report.lists] == [
        {"municipality": "Заречный район"},
        {"municipality": "Лесной район"},
    ]
    assert report.findings == 0
    wrong = report_of(header, *apart[:3], "Школа № 4;Лесной район;89;2")
    assert wrong.findings > 0


def test_verify_mean_row_has_no_place_of_its_own():
    report = report_of("org;S;rank", "Средний балл;80;1", "Школа № 1;98;1", "Школа № 2;97;2")
    assert [found.size for found in report.lists] == [2]
