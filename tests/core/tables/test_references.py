"""Rows that name one organisation by what they have, and rows of which nobody can say whose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.refusal import Refusal
from noko.core.tables.cells import Reading
from noko.core.tables.names import Reference
from noko.core.tables.references import read_references
from noko.core.tables.sheet import Sheet, Table

HEADERS = ("Организация", "Муниципалитет", "ИНН", "ОГРН")
COLUMNS = {"organisation": 0, "municipality": 1, "inn": 2, "ogrn": 3}
INN, OTHER_INN, OGRN = "7707083893", "0100000011", "1027700132195"


def read(*rows: tuple[str, str, str]) -> tuple[tuple[Reference, ...], list[int]]:
    """Organisations and the position of each row's; a row is name, municipality, INN."""
    table = Table(Sheet("а.xlsx", "Л", [HEADERS, *((*row, "") for row in rows)]), 0, HEADERS)
    reading = Reading(table)
    found, index = read_references(reading, range(1, len(rows) + 1), COLUMNS)
    reading.close("Не принято.")
    return found, index.tolist()


def refused(*rows: tuple[str, str, str]) -> list[str]:
    with pytest.raises(Refusal) as found:
        read(*rows)
    return [str(problem) for problem in found.value.problems]


def test_rows_without_inn_belong_to_the_organisation_of_their_name() -> None:
    found, index = read(
        ("Школа № 1", "", ""), ("школа №1", "", INN), ("Лицей", "", ""), ("Школа № 1", "Лугов", "")
    )
    assert index == [0, 0, 1, 0]
    assert found == (Reference("Школа № 1", "Лугов", INN), Reference("Лицей"))


def test_inn_with_its_zero_dropped_is_the_same_inn() -> None:
    found, index = read(("Сад", "", "100000011"), ("Сад", "", OTHER_INN), ("Сад", "", ""))
    assert (found, index) == ((Reference("Сад", "", OTHER_INN),), [0, 0, 0])


def test_organisations_of_one_name_with_different_numbers_stay_two() -> None:
    found, index = read(("Сад", "", INN), ("Сад", "", OTHER_INN), ("Сад", "", INN))
    assert (found, index) == (
        (Reference("Сад", "", INN), Reference("Сад", "", OTHER_INN)),
        [0, 1, 0],
    )


def test_row_that_may_speak_of_two_organisations_is_refused_by_name() -> None:
    rows = [("Сад № 5", "", INN), ("Сад № 5", "", OTHER_INN), ("Сад №5", "", "")]
    assert refused(*rows) == [
        "Файл «а.xlsx», лист «Л», строка 4, столбец «C: ИНН»: не указан ИНН, а организаций с"
        f" названием «Сад №5» несколько: {OTHER_INN}, {INN}. Впишите его в эту строку."
    ]


def test_row_without_municipality_is_refused_where_two_have_the_name() -> None:
    rows = [("Сад № 5", "Лугов", ""), ("Сад № 5", "Сосны", ""), ("Сад № 5", "", "")]
    assert refused(*rows) == [
        "Файл «а.xlsx», лист «Л», строка 4, столбец «B: Муниципалитет»: не указан муниципалитет, а"
        " организаций с названием «Сад № 5» несколько: лугов, сосны. Впишите его в эту строку."
    ]


def test_number_of_one_row_tells_which_of_two_municipalities_is_meant() -> None:
    found, index = read(
        ("Сад", "Лугов", INN), ("Сад", "Сосны", OTHER_INN), ("Сад", "", INN), ("Сад", "Сосны", "")
    )
    assert index == [0, 1, 0, 1]
    assert found == (Reference("Сад", "Лугов", INN), Reference("Сад", "Сосны", OTHER_INN))


def test_wrong_number_and_missing_name_are_named_with_their_cells() -> None:
    assert refused(("Сад", "", "123"), (" ", "", "")) == [
        "Файл «а.xlsx», лист «Л», строка 2, столбец «C: ИНН»: ИНН «123» – не 10 и не 12 цифр."
        " Проверьте номер по ЕГРЮЛ.",
        "Файл «а.xlsx», лист «Л», строка 3, столбец «A: Организация»: не указана организация."
        " Впишите её название или удалите строку.",
    ]


WORDS = st.sampled_from(["", "Лугов", "Сосны"])
NUMBERS = st.sampled_from(["", INN, OTHER_INN])
NAMES = st.sampled_from(["Сад", "САД.", "Лицей"])


@given(st.lists(st.tuples(NAMES, WORDS, NUMBERS), min_size=1, max_size=8), st.randoms())
def test_order_of_rows_changes_neither_organisations_nor_refusal(rows, random) -> None:
    mixed = random.sample(rows, len(rows))

    def groups(given_rows):
        try:
            found, index = read(*given_rows)
        except Refusal as refusal:
            return len(refusal.problems)
        own = [(found[i].municipality, found[i].inn) for i in index]
        return sorted(zip(given_rows, own, strict=True))

    assert groups(rows) == groups(mixed)


@given(st.lists(st.tuples(NAMES, WORDS, NUMBERS), min_size=1, max_size=8))
def test_rows_of_one_organisation_never_contradict_each_other(rows) -> None:
    try:
        found, index = read(*rows)
    except Refusal:
        return
    for (_, municipality, inn), place in zip(rows, index, strict=True):
        assert municipality in ("", found[place].municipality)
        assert inn in ("", found[place].inn)
    keys = [(item.name.casefold().rstrip("."), item.municipality, item.inn) for item in found]
    assert len(set(keys)) == len(keys)
