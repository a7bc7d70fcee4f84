"""A delivery beside the contract: what is missing, organisation by organisation."""

from dataclasses import replace
from datetime import date

import pytest

from noko.core.acceptance import Delivered, Demand, Lack, Received, Required, compare
from noko.core.acceptance_file import demand_bytes, parse_demand
from noko.core.refusal import Refusal
from noko.core.specification import Check
from noko.queries.edition import get_edition

EDITION = get_edition("344n-2018")
SYMBOLS = frozenset(item.symbol for item in EDITION.inputs if not item.optional)
CODES = tuple(indicator.code for indicator in EDITION.indicators)
SCHOOL = Required(
    "Школа № 1", "Город Лугов", "general", "7707083893", "", 40, inspection=True, indicators=CODES
)
FULL = Received("МБОУ СОШ № 1", "Город Лугов", "7707083893", "", 40, SYMBOLS, frozenset())
DEMAND = Demand(
    "Контракт № 14",
    EDITION.code,
    EDITION.digest,
    date(2027, 9, 15),
    {"answers": "ответы", "inspection": "величины осмотра", "report": "отчёт"},
    (SCHOOL,),
    {Check.QUESTIONNAIRES: ("5.1",)},
)
DELIVERY = Delivered(
    EDITION.code,
    EDITION.digest,
    frozenset({"answers", "inspection", "marks"}),
    (FULL,),
    date(2027, 9, 15),
)
BY_HAND = Lack(Check.FORMATS, "проверьте сами: отчёт", grave=False)


def compared(received=FULL, demand=DEMAND, **changes):
    organisations = (received,) if received else ()
    return compare(demand, replace(DELIVERY, organisations=organisations, **changes), EDITION)


def lacks(received):
    return [lack.text for lack in compared(received).rows[0].lacks]


def test_delivery_that_has_everything_is_complete():
    found = compared()
    assert found.complete
    assert (found.rows[0].lacks, found.general, found.strangers) == ((), (BY_HAND,), ())


def test_delivery_without_the_organisation():
    found = compared(None)
    assert [lack.text for lack in found.rows[0].lacks] == ["нет в данных"]
    assert found.incomplete == found.rows


def test_delivery_short_of_questionnaires_says_how_many():
    assert lacks(replace(FULL, respondents=34)) == ["анкет 34 из 40, не хватает 6"]
    assert lacks(replace(FULL, respondents=41)) == []


def test_delivery_without_an_inspection_names_its_figures_once():
    known = frozenset(i.symbol for i in EDITION.inputs if i.collected == "survey")
    assert lacks(replace(FULL, known=known)) == [
        "осмотр: нет величин (Истенд, Инорм-стенд, Исайт, Инорм-сайт, Сдист, Скомф, Соргдост,"
        " Суслугдост)"
    ]


def test_delivery_with_part_of_the_inspection():
    assert lacks(replace(FULL, known=SYMBOLS - {"C_comf"})) == ["осмотр: нет величин (Скомф)"]


def test_delivery_without_any_answers_lacks_every_indicator_of_the_survey():
    empty = frozenset(i.symbol for i in EDITION.inputs if i.collected == "survey")
    found = compared(replace(FULL, respondents=0, zero=empty)).rows[0].lacks
    assert [lack.text for lack in found] == [
        "анкет 0 из 40, не хватает 40",
        *(
            f"показатель {code}: нет ответов"
            for code in ("1.3", "2.3", "3.3", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3")
        ),
    ]


def test_delivery_where_nobody_is_disabled_is_only_to_be_known():
    found = compared(replace(FULL, zero=frozenset({"A_inv", "U_inv"})))
    text = "показатель 3.3: на вопрос-фильтр никто не ответил «да»"
    assert found.rows[0].lacks == (Lack(Check.INDICATORS, text, grave=False),)
    assert found.complete


def test_delivery_with_one_half_of_an_indicator_has_it():
    assert lacks(replace(FULL, zero=frozenset({"A_site", "U_site"}))) == []


def test_delivery_by_another_edition_and_late():
    found = compared(edition="1547-2014", on=date(2027, 9, 18))
    assert [lack.text for lack in found.general if lack.grave] == [
        "данные собраны по редакции 1547-2014, контракт – по 344n-2018",
        "данные переданы позже срока, дней: 3",
    ]
    assert not found.complete
    other = compared(edition_digest="0" * 64).general[0]
    assert other.text == "данные собраны по другому тексту той же редакции методики"


def test_delivery_lacks_a_format():
    texts = [lack.text for lack in compared(formats=frozenset({"inspection"})).general]
    assert texts == ["не передано: ответы", "проверьте сами: отчёт"]


def test_delivery_strangers_are_named_and_each_is_taken_once():
    twin = replace(FULL, inn="")
    found = compare(DEMAND, replace(DELIVERY, organisations=(FULL, twin)), EDITION)
    assert found.strangers == ("МБОУ СОШ № 1",)


@pytest.mark.parametrize(
    ("required", "received"),
    [
        ({"inn": "7707083893"}, {"inn": "7707083893", "name": "Другое", "municipality": ""}),
        ({"inn": "", "ogrn": "1027700132195"}, {"inn": "", "ogrn": "1027700132195", "name": "Д"}),
        ({"inn": ""}, {"inn": "", "name": "школа №1", "municipality": "город Лугов"}),
    ],
)
def test_delivery_is_joined_by_inn_ogrn_or_name(required, received):
    demand = replace(DEMAND, organisations=(replace(SCHOOL, **required),))
    assert compared(replace(FULL, **received), demand).complete


def test_delivery_same_name_elsewhere_is_another_organisation():
    demand = replace(DEMAND, organisations=(replace(SCHOOL, inn=""),))
    found = compared(replace(FULL, inn="", name="Школа № 1", municipality="Район"), demand)
    assert [lack.text for lack in found.rows[0].lacks] == ["нет в данных"]
    assert found.strangers == ("Школа № 1",)


def test_delivery_of_percentages_by_the_edition_of_2014():
    edition = get_edition("1547-2014")
    given = frozenset(i.symbol for i in edition.inputs if i.kind in ("points", "percent"))
    required = replace(SCHOOL, indicators=tuple(i.code for i in edition.indicators))
    demand = replace(
        DEMAND, edition=edition.code, edition_digest=edition.digest, organisations=(required,)
    )
    delivery = replace(DELIVERY, edition=edition.code, edition_digest=edition.digest)
    whole = compare(demand, replace(delivery, organisations=(replace(FULL, known=given),)), edition)
    assert whole.complete
    part = replace(FULL, known=given - {"p31"})
    found = compare(demand, replace(delivery, organisations=(part,)), edition)
    assert [lack.text for lack in found.rows[0].lacks] == ["показатель 3.1: нет ответов"]


def test_demand_as_a_file_is_the_same_again():
    written = demand_bytes(DEMAND)
    assert parse_demand(written, file="priemka.json") == DEMAND
    assert demand_bytes(parse_demand(written, file="priemka.json")) == written


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (('"questionnaires": 40', '"questionnaires": "40"'), "organisations[0].questionnaires"),
        (('"questionnaires": 40', '"questionnaires": -1'), "organisations[0].questionnaires"),
        (('"questionnaires": 40', '"questionnaires": true'), "organisations[0].questionnaires"),
        (('"due_on": "2027-09-15"', '"due_on": "15.09.2027"'), "due_on"),
        (('"contract"', '"contrakt"'), "contract"),
        (('"inspection": true', '"inspection": 1'), "organisations[0].inspection"),
        (('"noko_acceptance": 1', '"noko_acceptance": null'), "noko_acceptance"),
    ],
)
def test_demand_with_a_mistake_names_the_key(change, key):
    text = demand_bytes(DEMAND).decode()
    assert change[0] in text
    with pytest.raises(Refusal) as refusal:
        parse_demand(text.replace(*change).encode(), file="priemka.json")
    assert (refusal.value.kind, refusal.value.problem.place.key) == ("broken_contract", key)


@pytest.mark.parametrize("data", [b"", b"[]", b"\xff\xfe", b"{}", b"null"])
def test_demand_that_is_none_is_refused(data):
    with pytest.raises(Refusal) as refusal:
        parse_demand(data, file="priemka.json")
    assert refusal.value.kind == "broken_contract"


def test_demand_of_a_later_version_is_refused():
    text = demand_bytes(DEMAND).replace(b'"noko_acceptance": 1', b'"noko_acceptance": 2')
    with pytest.raises(Refusal) as refusal:
        parse_demand(text, file="priemka.json")
    assert refusal.value.kind == "newer_contract"
