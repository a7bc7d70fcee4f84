"""Names, cases, sums of money."""

from decimal import Decimal

import pytest

from noko.documents.wording import Case, inflected, initials, money, name_in


@pytest.mark.parametrize(
    ("name", "genitive", "dative"),
    [
        ("Лебедева Ольга Павловна", "Лебедевой Ольги Павловны", "Лебедевой Ольге Павловне"),
        ("Громов Пётр Ильич", "Громова Петра Ильича", "Громову Петру Ильичу"),
        (
            "Шевченко Тарас Григорьевич",
            "Шевченко Тараса Григорьевича",
            "Шевченко Тарасу Григорьевичу",
        ),
        ("Черных Мария Ивановна", "Черных Марии Ивановны", "Черных Марии Ивановне"),
        (
            "Петров-Водкин Кузьма Сергеевич",
            "Петрова-Водкина Кузьмы Сергеевича",
            "Петрову-Водкину Кузьме Сергеевичу",
        ),
        ("Ким Анна", "Ким Анны", "Ким Анне"),
        ("Щщщ Ыыы", "Щщщ Ыыы", "Щщщ Ыыы"),
        ("", "", ""),
    ],
)
def test_name_stands_in_its_case(name, genitive, dative):
    assert (name_in(name, Case.GENITIVE), name_in(name, Case.DATIVE)) == (genitive, dative)


@pytest.mark.parametrize(
    ("phrase", "case", "expected"),
    [
        ("председатель общественного совета", Case.DATIVE, "председателю общественного совета"),
        (
            "Общественный совет при министерстве",
            Case.GENITIVE,
            "Общественного совета при министерстве",
        ),
        ("решение общественного совета", Case.INSTRUMENTAL, "решением общественного совета"),
        ("члены общественного совета", Case.DATIVE, "членам общественного совета"),
        ("исполняющая обязанности", Case.DATIVE, "исполняющей обязанности"),
        ("главный бухгалтер-экономист", Case.DATIVE, "главному бухгалтеру-экономисту"),
        ("ООО «Пространство»", Case.GENITIVE, "ООО «Пространство»"),
        ("", Case.GENITIVE, ""),
    ],
)
def test_phrase_changes_its_head_alone(phrase, case, expected):
    assert inflected(phrase, case) == expected


def test_initials_do_not_part_from_the_surname():
    assert initials("Лебедева Ольга Павловна") == "О.\xa0П.\xa0Лебедева"
    assert initials("Лебедева Ольга Павловна", before=False) == "Лебедева\xa0О.\xa0П."
    assert initials("Лебедева") == "Лебедева"
    assert initials("") == ""


def test_money_is_exact_and_in_words_that_agree():
    assert money(Decimal("1250000")) == "1\u202f250\u202f000\xa0рублей 00\xa0копеек"
    assert money(Decimal("1.21")) == "1\xa0рубль 21\xa0копейка"
    assert money(Decimal("0.02")) == "0\xa0рублей 02\xa0копейки"
    with pytest.raises(ValueError, match="kopeck"):
        money(Decimal("0.001"))
