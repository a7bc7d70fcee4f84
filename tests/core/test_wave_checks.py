"""A wave beside its contract: which check says what."""

from datetime import date

import pytest

from noko.core.acceptance import Comparison, Lack, Required, Row
from noko.core.specification import Check
from noko.core.wave_checks import MET, UNMET, Held, Promise, results

PROMISE = Promise("ООО «Центр опросов»", date(2027, 2, 1), date(2027, 5, 31))
HELD = Held(
    operator='ООО  "Центр опросов"',
    starts_on=date(2027, 2, 1),
    ends_on=date(2027, 5, 20),
    last_on=date(2027, 5, 20),
    on=date(2027, 5, 21),
)


def row(*lacks):
    return Row(Required("Сад № 1"), None, lacks)


def unmet(found):
    return {item.code: item.unmet for item in found if not item.met}


def test_wave_that_keeps_every_promise_has_nothing_unmet():
    found = results(Comparison((row(),), (), ()), {}, PROMISE, HELD)
    assert [item.code for item in found] == list(MET) == list(UNMET)
    assert unmet(found) == {}
    assert [item.text for item in found] == list(MET.values())


def test_lacks_of_organisations_stand_at_their_check_with_the_clauses_that_ask_for_it():
    lacks = (
        Lack(Check.QUESTIONNAIRES, "анкет 1 из 2, не хватает 1"),
        Lack(Check.INDICATORS, "показатель 3.3: никто не ответил «да»", grave=False),
    )
    clauses = {Check.QUESTIONNAIRES: ("5.1", "11.1")}
    found = results(Comparison((row(*lacks),), (), ("Сад № 9",)), clauses, PROMISE, HELD)
    by_code = {item.code: item for item in found}
    assert unmet(found) == {Check.QUESTIONNAIRES: ("Сад № 1: анкет 1 из 2, не хватает 1",)}
    assert by_code[Check.QUESTIONNAIRES].clauses == ("5.1", "11.1")
    assert by_code[Check.QUESTIONNAIRES].text == "Не хватает анкет."
    assert by_code[Check.INDICATORS].notes == ("Сад № 1: показатель 3.3: никто не ответил «да»",)
    assert by_code[Check.ORGANISATIONS].notes == ("Сад № 9: нет в контракте",)


@pytest.mark.parametrize(
    ("change", "code", "text"),
    [
        ({"operator": ""}, "operator", "в контракте – ООО «Центр опросов», в волне – не назван"),
        (
            {"starts_on": date(2027, 1, 25)},
            "period",
            "волна началась 25.01.2027, в задании – с 01.02.2027",
        ),
        (
            {"last_on": date(2027, 6, 2)},
            "period",
            "последняя анкета принята 02.06.2027, в задании опрос – по 31.05.2027",
        ),
        (
            {"on": date(2027, 5, 18)},
            "period",
            "опрос объявлен по 20.05.2027, до этого дня осталось дней: 2",
        ),
    ],
)
def test_wave_held_otherwise_is_told(change, code, text):
    values = {name: getattr(HELD, name) for name in Held.__dataclass_fields__}
    found = results(Comparison((row(),), (), ()), {}, PROMISE, Held(**{**values, **change}))
    assert unmet(found) == {code: (text,)}
