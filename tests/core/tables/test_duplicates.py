"""Records of the registry that may be one organisation."""

from dataclasses import replace

import pytest

from noko.core.tables.duplicates import Candidate, alike_to, likenesses
from noko.demo.region import build_region

SCHOOL = Candidate(
    1,
    "Муниципальное бюджетное общеобразовательное учреждение «Средняя школа № 5 имени Гагарина»",
    "МБОУ «СШ № 5»",
    "general",
    "Город Лугов",
    inn="7707083893",
    address="г. Лугов, ул. Мира, д. 1",
)


def same(**changes):
    return replace(SCHOOL, key=2, full_name="МБОУ СШ №5 им. Гагарина", **changes)


def reasons(*records):
    return [(item.first, item.second, item.reason) for item in likenesses([SCHOOL, *records])]


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (same(inn=""), "правовая форма или вид написаны по-разному"),
        (same(inn="7707083839"), "правовая форма или вид написаны по-разному; ИНН почти совпадает"),
        (
            same(inn="7728168971", address="г. Лугов, ул.Мира, д.1"),
            "правовая форма или вид написаны по-разному; ИНН разные, адрес один",
        ),
    ],
)
def test_likenesses_are_proposed_with_the_reason(other, reason):
    assert reasons(other) == [(1, 2, reason)]


@pytest.mark.parametrize(
    "other",
    [
        same(inn="7728168971", address="г. Лугов, ул. Садовая, д. 8"),
        same(inn="", municipality="Заречный район"),
        same(inn="", type="vocational"),
        replace(same(inn=""), full_name="МБОУ СШ № 15 им. Гагарина"),
        replace(same(inn=""), full_name="МБОУ «Лицей № 5 имени Гагарина»"),
    ],
    ids=["another INN", "elsewhere", "another type", "another number", "another kind"],
)
def test_likenesses_leave_out_what_is_another_organisation(other):
    assert reasons(other) == []


def test_likenesses_of_the_demonstration_region_are_none():
    region = build_region()
    records = [
        Candidate(i.number, i.full_name, i.short_name, i.type, i.municipality, address=i.address)
        for i in region
    ]
    assert likenesses(records) == []


def test_alike_to_puts_the_likeliest_first():
    far = replace(same(inn=""), key=3, full_name="МБОУ «Средняя школа № 5»", short_name="Школа № 5")
    found = alike_to(SCHOOL, [far, same(inn=""), SCHOOL])
    assert [(item.first, item.second) for item in found] == [(1, 2), (1, 3)]
