"""Templates of the technical specification and the fields of its clauses."""

import pytest

from noko.core.editions import Evidence
from noko.core.refusal import Refusal
from noko.core.specification import (
    FIELDS,
    Check,
    Piece,
    filled,
    parse_template,
    pieces,
    unknown_fields,
)
from noko.queries.edition import edition_codes, get_edition
from noko.queries.specification_template import get_template, template_codes

TEXT = """
code: own
edition: 344n-2018
title: "Задание на {год} год"
basis: {act: practice, evidence: unverified_plausible}
formats: [{code: answers, title: "ответы"}]
sections:
  - number: "1"
    title: "Цель"
    clauses:
      - {code: aim, text: "В {год} году.", basis: {act: noko, evidence: design_choice}}
      - {code: list, text: "В {организаций}.", basis: {act: noko, evidence: design_choice}}
"""


def test_template_is_there_for_every_edition():
    assert template_codes() == edition_codes()
    for code in template_codes():
        template = get_template(code)
        assert template.edition == code
        known = {act.id for act in get_edition(code).acts}
        strange = {c.basis.act for c in template.clauses} - known
        assert strange <= {"ПП 638 от 31.05.2018"}


@pytest.mark.parametrize("code", template_codes())
def test_template_asks_for_every_check_and_marks_what_is_not_verified(code):
    template = get_template(code)
    assert {check for clause in template.clauses for check in clause.checks} == set(Check)
    assert template.basis.evidence is Evidence.UNVERIFIED_PLAUSIBLE
    assert [section.number for section in template.sections] == [str(n) for n in range(1, 12)]


def test_template_of_2014_names_no_later_act():
    texts = " ".join(clause.text for clause in get_template("1547-2014").clauses)
    acts = {clause.basis.act for clause in get_template("1547-2014").clauses}
    assert "675" not in texts
    assert not acts & {"law-392", "order-114", "order-344n", "order-675n", "recommendations"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("{организаций}", "{организация}"), "list: поля «организация» нет"),
        (("code: list", "code: aim"), "коды пунктов повторяются"),
        (("evidence: unverified_plausible", "evidence: sure"), "такого значения нет"),
        (("basis: {act: noko, evidence: design_choice}", ""), "ключа нет"),
        (("code: own\n", "code: own\nshape: round\n"), "ключ не известен"),
    ],
)
def test_template_with_a_mistake_is_refused_by_name(change, said):
    with pytest.raises(Refusal) as refusal:
        parse_template("own", {"own": TEXT.replace(*change)})
    assert refusal.value.kind == "broken_specification"
    assert any(said in line for line in refusal.value.lines())


def test_template_changes_only_clauses_of_its_base():
    texts = {
        "own": TEXT,
        "next": 'based_on: own\ncode: next\nclauses: [{code: aim, text: "Иначе."}]',
    }
    assert [clause.text for clause in parse_template("next", texts).clauses] == [
        "Иначе.",
        "В {организаций}.",
    ]
    with pytest.raises(Refusal) as refusal:
        parse_template("next", texts | {"next": "based_on: own\nclauses: [{code: none, text: А}]"})
    assert "none" in str(refusal.value)
    with pytest.raises(Refusal):
        parse_template("next", {"next": "based_on: nothing"})


FACTS = {"год": "2027", "организаций": "121 организации"}


def test_fields_are_filled_and_known_by_their_name():
    assert pieces("В {год} году в {организаций}.", FACTS) == [
        Piece("В "),
        Piece("2027", "год"),
        Piece(" году в "),
        Piece("121 организации", "организаций"),
        Piece("."),
    ]


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("без полей", []),
        ("{год} и {год}", []),
        ("{организация} {год} {x}", ["организация", "x"]),
        ("{{год}}", []),
        ("{}", []),
        ("{\n}", []),
        ("фигурная { скобка", []),
    ],
)
def test_unknown_fields_are_named_once(text, unknown):
    assert unknown_fields(text) == unknown


def test_filling_touches_nothing_else():
    assert filled("{{год}} {неизвестное} }{", FACTS) == "{2027} {неизвестное} }{"
    assert filled("{год}", {"год": "{организаций}", **{"организаций": "нет"}}) == "{организаций}"
    assert filled("", FACTS) == ""


def test_filling_leaves_one_full_stop_behind_a_date():
    facts = {"год": "2027 г."}
    assert filled("До {год}. Потом {год}, в {год}..", facts) == (
        "До 2027 г. Потом 2027 г., в 2027 г.."
    )


def test_every_field_has_its_words():
    assert all(FIELDS.values())
