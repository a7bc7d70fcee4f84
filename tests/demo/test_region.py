from collections import Counter

from noko.demo import SEED
from noko.demo.identifiers import inn, ogrn
from noko.demo.region import build_region

REGION = build_region()


def test_region_is_the_same_for_the_same_seed() -> None:
    assert build_region() == REGION
    assert build_region(SEED + 1) != REGION


def test_region_has_300_organisations_of_four_types_in_30_municipalities() -> None:
    assert Counter(item.type for item in REGION) == {
        "preschool": 130,
        "general": 117,
        "supplementary": 41,
        "vocational": 12,
    }
    assert len({item.municipality for item in REGION}) == 30


def test_names_numbers_and_sites_do_not_repeat() -> None:
    for field in ("id", "full_name", "short_name", "inn", "ogrn"):
        assert len({getattr(item, field) for item in REGION}) == 300
    sites = [item.site for item in REGION if item.site]
    assert len(sites) == len(set(sites)) == 299


def test_sites_stand_under_the_reserved_domain() -> None:
    assert all(item.site.endswith(".example") for item in REGION if item.site)


def test_inn_has_the_region_that_nobody_has_and_a_right_control_digit() -> None:
    for item in REGION:
        digits = [int(digit) for digit in item.inn]
        weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
        total = sum(weight * digit for weight, digit in zip(weights, digits[:9], strict=True))
        assert (item.inn[:2], len(item.inn), digits[9]) == ("99", 10, total % 11 % 10)


def test_ogrn_has_the_region_that_nobody_has_and_a_right_control_digit() -> None:
    for item in REGION:
        assert (item.ogrn[3:5], len(item.ogrn)) == ("99", 13)
        assert int(item.ogrn[:12]) % 11 % 10 == int(item.ogrn[12])


def test_control_digits_of_known_shapes() -> None:
    assert inn(1) == "9901000010"
    assert ogrn(2012, 1) == "1129900000010"


def test_sizes_are_those_of_such_organisations() -> None:
    limits = {"preschool": (28, 350), "general": (30, 1500), "supplementary": (100, 2500)}
    for kind, (least, most) in limits.items():
        sizes = [item.recipients for item in REGION if item.type == kind]
        assert least <= min(sizes) <= max(sizes) <= most


def test_one_organisation_has_no_site_and_one_stands_in_a_historic_building() -> None:
    assert [item.site for item in REGION if not item.has_site] == [""]
    assert sum(item.historic for item in REGION) == 1
