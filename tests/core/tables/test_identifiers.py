"""INN, OGRN, KPP and sites as registers really hold them."""

import pytest

from noko.core.tables.identifiers import (
    inn_is_valid,
    mend_inn,
    mend_kpp,
    mend_ogrn,
    mend_site,
    ogrn_is_valid,
)


def test_inn_control_digits_of_ten_and_twelve():
    assert inn_is_valid("7707083893")
    assert not inn_is_valid("7707083894")
    assert inn_is_valid("500100732259")
    assert not inn_is_valid("500100732258")


@pytest.mark.parametrize(
    "text", ["", "0000000000", "77070838", "770708389а", "７７０７０８３８９３"]
)
def test_inn_of_another_shape_is_invalid(text):
    assert not inn_is_valid(text)


def test_ogrn_control_digit_of_thirteen_and_fifteen():
    assert ogrn_is_valid("1027700132195")
    assert not ogrn_is_valid("1027700132196")
    assert ogrn_is_valid("304500116000157")
    assert not ogrn_is_valid("304500116000158")


def test_mend_inn_restores_the_zero_that_a_spreadsheet_dropped():
    assert inn_is_valid("0100000011")
    mended = mend_inn("100000011")
    assert (mended.value, mended.error) == ("0100000011", "")
    assert mended.note == "восстановлен ноль в начале ИНН"


def test_mend_inn_says_why_it_is_not_accepted():
    assert mend_inn("7707083894").error == "у ИНН «7707083894» не сходится контрольная цифра."
    assert mend_inn("12345").error == "ИНН «12345» – не 10 и не 12 цифр."
    assert mend_inn("").error == ""


def test_mend_ogrn_leaves_out_spaces():
    assert mend_ogrn("1 027 700 132 195").value == "1027700132195"


def test_mend_kpp_empty_is_lawful_and_short_is_named():
    assert mend_kpp("") == mend_kpp("  ")
    assert mend_kpp("770701001").value == "770701001"
    assert mend_kpp("77070100").value == "077070100"
    assert mend_kpp("77").error == "КПП «77» – не 9 знаков."


@pytest.mark.parametrize(
    ("given", "value"),
    [
        ("30school.example.ru", "http://30school.example.ru"),
        ("WWW pu99.example.ru", "http://www.pu99.example.ru"),
        ("http://школа12.образование.рф/", "http://школа12.образование.рф/"),
        ("HTTPS://School.Example.RU/News", "https://school.example.ru/News"),
        ("http:/school.example.ru", "http://school.example.ru"),
        ("нет", ""),
        ("", ""),
    ],
)
def test_mend_site_writes_what_is_certain(given, value):
    mended = mend_site(given)
    assert (mended.value, mended.error) == (value, "")


@pytest.mark.parametrize("given", ["school@example.ru", "wwwШкола.ru", "см. на странице отдела"])
def test_mend_site_keeps_aside_what_is_not_an_address(given):
    mended = mend_site(given)
    assert (mended.value, mended.kept) == ("", given)
    assert given in mended.error
