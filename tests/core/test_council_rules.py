"""Rule sets of the council: read whole, refused with the place of every fault."""

from datetime import date

import pytest

from noko.core.council_rules import parse_council_rules
from noko.core.editions import Evidence
from noko.core.refusal import Refusal
from noko.queries.council_rules import RULES, get_rules, rules_for

NAME = "392fz-2017.yaml"
TEXT = (RULES / NAME).read_text(encoding="utf-8")


def refusal_of(text):
    with pytest.raises(Refusal) as caught:
        parse_council_rules(NAME, text)
    return caught.value


def test_rules_every_rule_has_a_basis_and_says_how_well_it_is_established():
    rules = get_rules("392fz-2017")
    unverified = [item.text for item in rules.statements if not item.basis.evidence.verified]
    assert unverified == ["Члены совета работают на общественных началах."]
    assert rules.minimum.basis.evidence is Evidence.RETOLD
    assert {part.basis.evidence for part in rules.parts({})} == {Evidence.DESIGN_CHOICE}
    assert not get_rules("256fz-2014").minimum.basis.evidence.verified


def test_rules_of_a_day_are_those_of_the_law_in_force():
    assert rules_for(date(2016, 5, 1)).code == "256fz-2014"
    assert rules_for(date(2026, 5, 1)).code == "392fz-2017"
    assert rules_for(date(2010, 1, 1)).code == "256fz-2014"


@pytest.mark.parametrize(
    ("before", "after", "message", "key"),
    [
        ("short: ", "shrt: ", "ключ не известен", "shrt"),
        ('share: "1/2"', "share: 0.5", "число пишется в кавычках", "share"),
        ("value: 5", "value: 0", "число слишком мало", "minimum"),
        ("choice: more_than_half", "choice: most", "нет среди вариантов правила quorum", ""),
        ("how: again", "how: lottery", "такого значения нет", "ties"),
        ("code: procedural", "code: ordinary", "виды вопросов повторяются", ""),
    ],
)
def test_rules_fault_is_named_by_file_and_key(before, after, message, key):
    found = refusal_of(TEXT.replace(before, after, 1))
    assert found.kind == "broken_council_rules"
    said = [(str(problem), problem.place) for problem in found.problems]
    assert any(message in text and place.file == NAME and key in place.key for text, place in said)


def test_rules_that_are_no_yaml_name_the_row():
    found = refusal_of("code: [1,\nx")
    assert (found.kind, found.problem.place.file) == ("broken_council_rules", NAME)


def test_rules_regulation_chooses_with_its_point():
    rules = get_rules("392fz-2017")
    voting = rules.voting("ordinary", {"quorum": {"choice": "two_thirds", "point": "п. 4.2"}})
    assert (voting.quorum.code, voting.bases["quorum"].point) == ("two_thirds", "п. 4.2")
    assert voting.bases["majority"].evidence is Evidence.DESIGN_CHOICE


@pytest.mark.parametrize(
    ("choices", "kind"),
    [
        ({"sunday": {"choice": "half", "point": "п. 1"}}, "unknown_rule"),
        ({"quorum": {"choice": "all", "point": "п. 1"}}, "unknown_choice"),
        ({"quorum": {"choice": "half", "point": " "}}, "choice_without_point"),
    ],
)
def test_rules_choice_of_a_regulation_is_checked(choices, kind):
    with pytest.raises(Refusal) as caught:
        get_rules("392fz-2017").check(choices)
    assert caught.value.kind == kind


def test_rules_unknown_question_lists_the_known_ones():
    with pytest.raises(Refusal, match="ordinary, procedural, personal, regulation"):
        get_rules("392fz-2017").voting("lottery", {})


def test_rules_unknown_set_lists_the_known_ones():
    with pytest.raises(Refusal, match="256fz-2014, 392fz-2017"):
        get_rules("1-fz")
