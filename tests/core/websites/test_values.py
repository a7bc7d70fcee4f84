"""What counts as information."""

import pytest

from noko.core.websites.values import fits, judge, known_alone, newest_year
from noko.queries.website_rules import get_regime

WORDS = get_regime("1493-2023").words


@pytest.mark.parametrize(
    ("text", "filled", "negative"),
    [
        ("1 сентября 1974 года", True, False),
        ("отсутствует", True, True),
        ("Филиалов нет", True, True),
        ("не предусмотрено", True, True),
        ("0", True, False),
        ("Платные услуги не оказываются.", True, True),
        ("", False, False),
        ("–", False, False),
        (" - ", False, False),
        ("____", False, False),
        ("…", False, False),
        ("Филиалы (при наличии): –", False, False),
        ("Телефон:", False, False),
        ("non", False, False),
        ("ссылка", False, False),
        ("Страница в разработке", False, False),
        ("Информация скоро будет размещена", False, False),
        ("Lorem ipsum dolor sit amet", False, False),
        ("Доступ в Интернет", True, False),
        ("нет, " + "но текст идёт дальше и говорит о другом " * 10, True, False),
    ],
)
def test_value_is_judged(text, filled, negative):
    value = judge(text, WORDS)
    assert (value.filled, value.negative) == (filled, negative)


@pytest.mark.parametrize(
    ("text", "kind", "yes"),
    [
        ("school5@example.org", "email", True),
        ("school5 at example", "email", False),
        ("8 (000) 123-45-67", "phone", True),
        ("31146", "phone", True),
        ("см. ниже", "phone", False),
        ("в 1974 году", "date", True),
        ("08.04.01", "date", False),
        ("Иванова Мария Петровна", "person", True),
        ("Иванова М. П.", "person", True),
        ("вакансия", "person", False),
        ("ул. Школьная, 5", "address", True),
        ("есть", "address", False),
        ("412 человек", "number", True),
        ("много", "number", False),
    ],
)
def test_value_fits_its_kind(text, kind, yes):
    assert fits(text, kind) is yes


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("123456, г. Зареченск, ул. Школьная, д. 5", False),
        ("ИНН 6800000000", False),
        ("+7 (000) 123-45-67", True),
        ("(00000) 3-11-46", True),
        ("3-11-46", True),
    ],
)
def test_telephone_without_a_label(text, yes):
    assert known_alone(text, "phone") is yes


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("Учебный план на 2025/26 учебный год", 2026),
        ("на 2016- 2017 учебный год", 2017),
        ("отчёт за 2019 год и план на 2020", 2020),
        ("приказ № 2035", 2035),
        ("без года", None),
        ("8-999-2020123", None),
    ],
)
def test_newest_year(text, year):
    assert newest_year(text) == year
