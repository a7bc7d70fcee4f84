"""Whose turn it is: the rule of the law, year by year, and what a list covers."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.editions import Evidence
from noko.core.frequency import (
    PROPOSED,
    Past,
    Reason,
    Turn,
    coverage,
    load,
    parse_rule,
    sentence,
    totals,
    turn,
    window,
)
from noko.core.refusal import Refusal
from noko.queries.frequency_rules import RULES, frequency_rule, frequency_rules

RULE = frequency_rule(2027)


def past(*assessed, listed=(), **facts):
    return Past(frozenset(assessed), frozenset(listed), **facts)


@pytest.mark.parametrize(
    ("known", "reason", "last", "until"),
    [
        (past(), Reason.NEVER, None, None),
        (past(opened_on=date(1998, 9, 1)), Reason.NEVER, None, 2017),
        (past(opened_on=date(2026, 9, 1)), Reason.NEVER, None, 2029),
        (past(opened_on=date(2027, 9, 1)), Reason.NEW, None, 2030),
        (past(2023), Reason.OVERDUE, 2023, 2026),
        (past(2016, 2024), Reason.DUE, 2024, 2027),
        (past(2025), Reason.NOT_DUE, 2025, 2028),
        (past(2026), Reason.NOT_DUE, 2026, 2029),
        (past(2024, 2027), Reason.ASSESSED, 2024, 2027),
        (past(2028), Reason.NEVER, None, None),
        (past(listed=[2026]), Reason.NOT_DUE, 2026, 2029),
        (past(2024, listed=[2027]), Reason.ASSESSED, 2024, 2027),
        (past(2023, status="closed"), Reason.CLOSED, 2023, 2026),
        (past(2023, status="closed", closed_on=date(2027, 1, 1)), Reason.CLOSED, 2023, 2026),
        (past(2023, status="closed", closed_on=date(2028, 1, 1)), Reason.OVERDUE, 2023, 2026),
        (past(2024, status="reorganised"), Reason.REORGANISED, 2024, 2027),
    ],
)
def test_turn_in_2027(known, reason, last, until):
    assert turn(RULE, 2027, known) == Turn(reason, last, until)


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (past(), "Сведений об оценке нет."),
        (
            past(opened_on=date(1998, 9, 1)),
            "Ещё не оценивалась, должна была быть оценена не позднее 2017 года.",
        ),
        (
            past(opened_on=date(2026, 9, 1)),
            "Ещё не оценивалась, должна быть оценена не позднее 2029 года.",
        ),
        (past(2023), "Оценена в 2023 году, снова должна была быть оценена не позднее 2026 года."),
        (past(2024), "Оценена в 2024 году, снова – не позднее 2027 года."),
        (past(2027), "В 2027 году уже оценивается: чаще одного раза в год нельзя."),
        (past(status="closed"), "Ликвидирована, в перечень не входит."),
        (past(status="reorganised"), "Реорганизована: оценивают правопреемника."),
        (
            past(opened_on=date(2027, 1, 1)),
            "Создана недавно: получателей услуг, которых можно опросить, ещё нет.",
        ),
    ],
)
def test_sentence_says_the_reason(known, text):
    assert sentence(turn(RULE, 2027, known), 2027) == text


@given(st.sets(st.integers(2014, 2026)), st.integers(2027, 2060))
def test_turn_followed_keeps_the_law(years, until):
    """Whoever is assessed whenever it is their turn is never assessed too often or too seldom."""
    assessed = set(years)
    for year in range(2027, until + 1):
        found = turn(RULE, year, Past(frozenset(assessed)))
        if found.proposed:
            assessed.add(year)
    since = sorted(year for year in assessed if year >= 2027)
    assert all(1 <= later - earlier <= 3 for earlier, later in pairwise(since))
    must = max([2027, *(year + 3 for year in years)])
    assert since[0] <= must if since else until < must


def test_coverage_of_three_years_counts_what_is_not_covered():
    pasts = {
        1: past(2025),
        2: past(2024),
        3: past(2024),
        4: past(),
        5: past(status="closed"),
        6: past(listed=[2026]),
    }
    rows = coverage(RULE, 2027, pasts, included=[2])
    assert window(RULE, 2027) == (2025, 2026, 2027)
    assert [(row.key, dict(row.marks), row.exempt, row.until) for row in rows] == [
        (1, {2025: "assessed"}, "", 2028),
        (2, {2027: "listed"}, "", 2030),
        (3, {}, "", 2027),
        (4, {}, "", None),
        (5, {}, "ликвидирована", None),
        (6, {2026: "listed"}, "", 2029),
    ]
    groups = {1: "А", 2: "А", 3: "А", 4: "Б", 5: "Б", 6: "Б"}
    found = totals(rows, groups)
    assert [
        (name, t.organisations, t.covered, t.exempt, t.uncovered) for name, t in found.items()
    ] == [
        ("А", 3, 2, 0, 1),
        ("Б", 3, 1, 1, 1),
    ]
    assert found["А"].by_year == {2025: 1, 2027: 1}
    assert load(rows, 2027, 3) == {2028: 2, 2029: 1, 2030: 1}


def test_rules_at_hand_say_where_they_come_from():
    assert [rule.code for rule in frequency_rules()] == ["256fz-2014", "392fz-2017"]
    now = frequency_rule(2027)
    assert (now.at_most_once_in.years, now.at_least_once_in.years) == (1, 3)
    assert now.at_least_once_in.basis.evidence is Evidence.VERBATIM
    assert now.counted.basis.evidence is Evidence.DESIGN_CHOICE
    assert frequency_rule(2016).code == "256fz-2014"


def test_rule_of_a_year_before_the_law_is_refused():
    with pytest.raises(Refusal) as refusal:
        frequency_rule(2013)
    assert refusal.value.kind == "no_frequency_rule"


def test_rule_with_a_misspelt_key_is_refused():
    text = (RULES / "392fz-2017.yaml").read_text(encoding="utf-8").replace("years: 3", "year: 3")
    with pytest.raises(Refusal) as refusal:
        parse_rule("a.yaml", text)
    assert refusal.value.kind == "broken_frequency"
    assert "at_least_once_in.year" in "\n".join(refusal.value.lines())


def test_reasons_proposed_are_those_whose_turn_it_is():
    assert {Reason.OVERDUE, Reason.DUE, Reason.NEVER} == PROPOSED
