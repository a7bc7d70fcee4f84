"""The language of text signs."""

import pytest

from noko.core.websites.patterns import Patterns, compile_pattern, fold


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("дат* создан*", "Дата создания школы", True),
        ("дат* создан*", "создание и дата", False),
        ("дат* .. создан*", "дата (год) первого создания", True),
        ("дат* .. создан*", "дата раз два три четыре пять шесть семь создания", False),
        ("дат* ... создан*", "дата раз два три четыре пять шесть семь создания", True),
        ("(правил*|порядок*) .. прием*", "Правила приёма", True),
        ("не (имеет*|веду*)", "не ведутся", True),
        ("нет", "интернет", False),
        ("нет", "сетей нет.", True),
        ("(основн*)? .. *образовательн* программ*", "общеобразовательная программа", True),
        (
            "(основн*)? .. *образовательн* программ*",
            "основная новая образовательная программа",
            True,
        ),
        ("учебн* план*", "учебные планы", True),
        ("e-mail", "E-mail: a@b.ru", True),
        ("тел", "телефон", False),
        ("п*", "а п.3", True),
    ],
)
def test_pattern_matches(pattern, text, matches):
    assert bool(Patterns((pattern,)).find(fold(text))) is matches


@pytest.mark.parametrize("bad", ["", "..", "а ..", ".. а", "(а (б))", "(а .. б)"])
def test_pattern_bad_is_refused(bad):
    with pytest.raises(ValueError, match="образ"):
        compile_pattern(bad)


def test_patterns_none_find_nothing():
    assert Patterns().find("что угодно") is None
