"""How a refusal reads."""

import pytest

from noko.core.refusal import Place, Problem, Refusal, with_inner_quotes


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("без кавычек", "без кавычек"),
        ("«Лицей»", "«Лицей»"),
        ("«Детский сад «Ёлочка»» и «Лицей»", "«Детский сад „Ёлочка“» и «Лицей»"),
        ("«а «б «в» г» д»", "«а „б „в“ г“ д»"),
        ("«не закрыто", "«не закрыто"),
    ],
)
def test_quotes_inside_quotes_are_the_inner_ones(text: str, written: str) -> None:
    assert with_inner_quotes(text) == written


def test_problem_reads_from_place_to_cure() -> None:
    place = Place(file="а.xlsx", sheet="Лист", row=3, column="B")
    problem = Problem("стоит «Сад «Ёлочка»».", "Исправьте.", place)
    assert str(problem) == (
        "Файл «а.xlsx», лист «Лист», строка 3, столбец «B»: стоит «Сад „Ёлочка“». Исправьте."
    )


def test_refusal_shows_the_first_problems_and_how_many_are_left() -> None:
    refusal = Refusal("Плохо.", kind="bad", problems=[Problem(f"№ {n}.") for n in range(23)])
    assert refusal.lines() == [
        "Плохо.",
        *(f"№ {n}." for n in range(20)),
        "И ещё таких замечаний: 3.",
    ]
