"""Persons, bodies and roles of one cell are told apart."""

import pytest

from noko.core.planning.bodies import Wordings, wordings
from noko.core.planning.people import Who, split_responsible


def named(text: str) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.name, one.note) for one in split_responsible(text)]


def bodies(text: str) -> list[str]:
    return [one.name for one in split_responsible(text) if one.kind is Who.BODY]


def persons(text: str) -> list[str]:
    return [one.name for one in split_responsible(text) if one.kind is Who.PERSON]


def test_people_of_one_line_without_signs_between_them() -> None:
    assert named("Общественный совет Петрова Т.П. Иванова О. А. Сидорова-Белая Г.А.") == [
        ("body", "Общественный совет", ""),
        ("person", "Петрова Т.П.", ""),
        ("person", "Иванова О.А.", ""),
        ("person", "Сидорова-Белая Г.А.", ""),
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Организация – оператор", ["Организация – оператор"]),
        ("отдел анализа, прогнозирования и\nмониторинга", None),
        (
            "отдел комплексного анализа, прогнозирования и мониторинга",
            ["отдел комплексного анализа, прогнозирования и мониторинга"],
        ),
        (
            "Управление образования и науки ЦОПКРО Общественный совет",
            ["Управление образования и науки", "ЦОПКРО", "Общественный совет"],
        ),
        (
            "Министерство образования Заречной области, организация-оператор",
            ["Министерство образования Заречной области", "организация-оператор"],
        ),
        (
            "Отдел общего образования Управления образования",
            ["Отдел общего образования Управления образования"],
        ),
        ("Секретарь процедуры\nПресс-служба", ["Секретарь процедуры", "Пресс-служба"]),
        (
            "Совет; оператор, образовательные организации",
            ["Совет", "оператор", "образовательные организации"],
        ),
        ("", []),
    ],
)
def test_bodies_stay_whole_and_apart(text: str, names: list[str] | None) -> None:
    if names is None:
        assert len(bodies(text)) == 2  # a line end parts what a person must then put together
    else:
        assert bodies(text) == names


def test_persons_in_other_writings_and_with_positions() -> None:
    assert persons("И.О. Петров, Иванова Мария Петровна") == [
        "И.О. Петров",
        "Иванова Мария Петровна",
    ]
    assert named("начальник отдела Иванов И.И., ведущий специалист Петрова А.А.") == [
        ("person", "Иванов И.И.", "начальник отдела"),
        ("person", "Петрова А.А.", "ведущий специалист"),
    ]
    assert named("Иванов И.И. (начальник отдела); Общественный совет") == [
        ("person", "Иванов И.И.", "начальник отдела"),
        ("body", "Общественный совет", ""),
    ]


def test_the_same_in_another_case_or_dash_is_one() -> None:
    assert bodies("Организация – оператор; организация-оператор") == ["Организация – оператор"]


def alike(*cells: str) -> list[Wordings]:
    rows = [(str(n), split_responsible(cell)) for n, cell in enumerate(cells, start=1)]
    return list(wordings(rows))


def test_wordings_of_one_body_are_found_with_their_rows() -> None:
    assert alike(
        "Управление образования и науки", "Управление образования", "Управление образования и науки"
    ) == [Wordings("Управление образования и науки", ("1", "3"), "Управление образования", ("2",))]


def test_wordings_of_one_person_are_found() -> None:
    assert alike("Ермилова О.А.", "Ермилова О.В.") == [
        Wordings("Ермилова О.А.", ("1",), "Ермилова О.В.", ("2",))
    ]
    assert alike("Котельникова Т.П.", "Котельнкова Т.П.") == [
        Wordings("Котельникова Т.П.", ("1",), "Котельнкова Т.П.", ("2",))
    ]


def test_wordings_of_different_ones_are_left_alone() -> None:
    assert alike("Общественный совет", "Организация-оператор", "Иванов И.И.", "Петров И.И.") == []
    assert alike("Образовательные организации", "образовательные  организации") == []
