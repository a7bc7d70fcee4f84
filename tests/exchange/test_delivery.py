"""What a data package delivers."""

from datetime import date

from noko.exchange.delivery import delivered
from noko.queries.edition import get_edition
from tests.exchange.test_dataset import IDS, answers, written

EDITION = get_edition("344n-2018")


def by_name(found):
    return {item.name: item for item in found.organisations}


def test_delivery_of_questionnaires_counts_people(tmp_path):
    package = written(tmp_path / "package")
    found = delivered(package, on=date(2026, 11, 23))
    assert (found.edition, found.edition_digest) == (EDITION.code, EDITION.digest)
    assert found.formats == {"answers", "inspection", "marks"}
    of_first = answers().filter(organisation=IDS[0]).height
    asked = {name: item.respondents for name, item in by_name(found).items()}
    assert asked == {"Школа № 1": of_first, "Детский сад «Ёлочка»": 60 - of_first, "Лицей": 0}
    lyceum = by_name(found)["Лицей"]
    inspected = {item.symbol for item in EDITION.inputs if item.collected == "inspection"}
    assert {"I_stand", "C_usl"} <= lyceum.known & inspected
    assert {"A_all", "U_all"} <= lyceum.zero


def test_delivery_of_counts_takes_the_most_answered_question(tmp_path):
    pairs = [item.symbol for item in EDITION.inputs if item.collected == "survey"]
    survey = {key: dict.fromkeys(pairs, 3) | {"A_all": 7, "A_inv": 0, "U_inv": 0} for key in IDS}
    found = delivered(written(tmp_path / "package", answers=None, survey=survey))
    assert [item.respondents for item in found.organisations] == [7, 7, 7]
    assert found.formats == {"survey", "inspection", "marks"}
    assert {item.zero for item in found.organisations} == {frozenset({"A_inv", "U_inv"})}
