"""Addresses as people write them, and networks that must never be visited."""

import pytest

from noko.core.websites.addresses import clean, home_address, is_public, shown


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("школа5.рф", "https://xn--5-7sb3aeo2d.xn--p1ai/"),
        ("http://School5.RU", "http://school5.ru/"),
        ("https://школа5.рф/новости?день=1", None),
        ("www.school5.ru/", "https://www.school5.ru/"),
        (" «school5.ru» ", "https://school5.ru/"),
        ("school5.ru, vk.com/school5", "https://school5.ru/"),
        ("http://school5.ru:8080/site/", "http://school5.ru:8080/site/"),
        ("https://sh5.gosweb.example/", "https://sh5.gosweb.example/"),
    ],
)
def test_home_address_is_read(written, address):
    found = home_address(written)
    if address is None:
        assert found is not None
        assert found.isascii()
        assert shown(found).startswith("https://школа5.рф/")
    else:
        assert found == address


@pytest.mark.parametrize("written", ["", "-", "нет", " – ", "отсутствует"])
def test_home_address_of_none_is_none(written):
    assert home_address(written) is None


@pytest.mark.parametrize(
    "written",
    ["сайт школы", "http://", "ftp://school.ru", "https://a:b@school.ru", "school", "http://[::1"],
)
def test_home_address_bad_is_refused(written):
    with pytest.raises(ValueError, match="не читается"):
        home_address(written)


@pytest.mark.parametrize(
    ("address", "base", "found"),
    [
        ("../b#c", "http://a.example/x/y", "http://a.example/b"),
        ("//b.example/c", "https://a.example/", "https://b.example/c"),
        ("mailto:a@b.ru", "https://a.example/", None),
        ("javascript:alert(1)", "https://a.example/", None),
        ("http://[bad", "https://a.example/", None),
        ("http://a.example:99999/", "", None),
        ("/" + "x" * 3000, "https://a.example/", None),
        ("файл один.pdf", "https://a.example/", "https://a.example/%D1%84%D0%B0%D0%B9%D0%BB%20%D0%BE%D0%B4%D0%B8%D0%BD.pdf"),
    ],
)  # fmt: skip
def test_address_is_cleaned(address, base, found):
    assert clean(address, base) == found


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("95.173.136.70", True),
        ("2a02:6b8::1", True),
        ("127.0.0.1", False),
        ("127.8.8.8", False),
        ("10.0.0.1", False),
        ("172.16.3.4", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104 (an example)
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:0001::", False),
        ("64:ff9b::7f00:1", False),
        ("не адрес", False),
    ],
)
def test_address_is_public(address, public):
    assert is_public(address) is public
