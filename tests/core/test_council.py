"""Quorum and outcome of a vote: the arithmetic of every rule."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noko.core.council import Result, Tally, Turnout, decision_digest, needed, outcome, quorum
from noko.core.council_cases import run
from noko.core.council_rules import VotingRule
from noko.queries.council_rules import get_rules, rule_codes, voting_cases

RULES = get_rules("392fz-2017")
MAJORITIES = [option.code for option in RULES.majorities]
TIES = [option.code for option in RULES.ties]


def rule(majority="present", tie="chair", quorum_code="more_than_half", recusal="out_of_majority"):
    choices = {
        "ordinary.majority": {"choice": majority, "point": "п. 1"},
        "ordinary.tie": {"choice": tie, "point": "п. 2"},
        "quorum": {"choice": quorum_code, "point": "п. 3"},
        "recusal": {"choice": recusal, "point": "п. 4"},
    }
    return RULES.voting("ordinary", choices)


@pytest.mark.parametrize(
    ("base", "share", "strict", "expected"),
    [
        (7, Fraction(1, 2), True, 4),
        (8, Fraction(1, 2), True, 5),
        (7, Fraction(1, 2), False, 4),
        (8, Fraction(1, 2), False, 4),
        (7, Fraction(2, 3), False, 5),
        (6, Fraction(2, 3), False, 4),
        (9, Fraction(2, 3), False, 6),
        (0, Fraction(1, 2), False, 1),
        (0, Fraction(1, 2), True, 1),
    ],
)
def test_council_share_needs_so_many(base, share, strict, expected):
    assert needed(base, share, strict=strict) == expected


@given(
    st.integers(0, 200),
    st.fractions(Fraction(1, 9), Fraction(1), max_denominator=9),
    st.booleans(),
)
def test_council_share_is_the_smallest_number_that_is_enough(base, share, strict):
    enough = needed(base, share, strict=strict)

    def satisfies(count):
        return count > share * base if strict else count >= share * base

    assert (satisfies(enough), enough >= 1) == (True, True)
    assert enough == 1 or not satisfies(enough - 1)


def test_council_quorum_says_what_is_needed():
    reached = quorum(RULES.quorums[0], Turnout(members=7, present=4))
    assert str(reached) == (
        "Кворум – более половины членов совета: нужно не меньше 4 из 7, участвуют 4. Кворум есть."
    )
    assert quorum(RULES.quorums[0], Turnout(members=7, present=3)).reached is False
    assert quorum(RULES.quorums[0], Turnout(members=8, present=4)).reached is False


def test_council_recused_count_for_the_quorum_as_the_rule_says():
    turnout = Turnout(members=7, present=4, recused=1)
    votes = Tally(3, 0, 0)
    assert outcome(rule(), votes, turnout).result is Result.ADOPTED
    assert outcome(rule(recusal="out_of_both"), votes, turnout).result is Result.NO_QUORUM
    assert outcome(rule(recusal="counted"), votes, turnout).result is Result.ADOPTED
    assert outcome(rule(recusal="counted"), Tally(2, 1, 0), turnout).result is Result.REJECTED
    assert outcome(rule(), Tally(2, 1, 0), turnout).result is Result.ADOPTED


@pytest.mark.parametrize(
    ("majority", "votes", "turnout", "expected"),
    [
        ("present", Tally(4, 3, 0), Turnout(7, 7), Result.ADOPTED),
        ("present", Tally(3, 2, 2), Turnout(7, 7), Result.REJECTED),
        ("voted", Tally(3, 2, 2), Turnout(7, 7), Result.ADOPTED),
        ("voted", Tally(0, 0, 5), Turnout(7, 5), Result.REJECTED),
        ("members", Tally(3, 1, 0), Turnout(7, 4), Result.REJECTED),
        ("members", Tally(4, 0, 0), Turnout(7, 4), Result.ADOPTED),
        ("two_thirds_present", Tally(4, 1, 1), Turnout(7, 6), Result.ADOPTED),
        ("two_thirds_present", Tally(4, 3, 0), Turnout(7, 7), Result.REJECTED),
        ("two_thirds_members", Tally(5, 0, 0), Turnout(7, 5), Result.ADOPTED),
        ("two_thirds_members", Tally(4, 0, 0), Turnout(7, 4), Result.REJECTED),
    ],
)
def test_council_outcome_of_a_majority(majority, votes, turnout, expected):
    assert outcome(rule(majority), votes, turnout).result is expected


@pytest.mark.parametrize(
    ("tie", "chair", "round", "expected", "said"),
    [
        ("chair", "for", 1, Result.ADOPTED, "он «за»: 3 + 1 = 4."),
        ("chair", "against", 1, Result.REJECTED, "он «против»."),
        ("chair", "abstained", 1, Result.REJECTED, "он воздержался."),
        ("chair", None, 1, Result.REJECTED, "его голос не известен."),
        ("rejected", "for", 1, Result.REJECTED, "При равенстве голосов решение не принято."),
        ("again", "for", 1, Result.TIED, "голосуют ещё раз."),
        ("again", "for", 2, Result.REJECTED, "равенство осталось."),
    ],
)
@pytest.mark.parametrize("majority", ["present", "voted", "members"])
def test_council_tie_is_decided_by_every_rule(majority, tie, chair, round, expected, said):
    found = outcome(rule(majority, tie), Tally(3, 3, 0), Turnout(7, 6), round=round, chair=chair)
    assert found.result is expected
    assert said in " ".join(found.explanation)


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("majority", ["two_thirds_present", "two_thirds_members"])
def test_council_share_of_two_thirds_knows_no_tie(majority, tie):
    found = outcome(rule(majority, tie), Tally(3, 3, 0), Turnout(7, 6), chair="for")
    assert (found.result, found.explanation[-1]) == (Result.REJECTED, "Решение не принято.")


def test_council_casting_vote_does_not_make_up_for_those_who_abstained():
    found = outcome(rule(), Tally(2, 2, 3), Turnout(7, 7), chair="for")
    assert found.result is Result.REJECTED
    assert found.explanation[-2:] == (
        "Решает голос председательствующего, он «за»: 2 + 1 = 3, а нужно 4.",
        "Решение не принято.",
    )


def test_council_outcome_explains_itself():
    found = outcome(rule(), Tally(3, 1, 1), Turnout(7, 6, 1))
    assert found.explanation == (
        "Кворум – более половины членов совета: нужно не меньше 4 из 7, участвуют 6. Кворум есть.",
        "Взяли самоотвод: 1 (считается в кворуме, но не в большинстве).",
        "Нужно простое большинство участвующих в заседании: «за» не меньше 3. Подано: «за» – 3, "
        "«против» – 1, воздержались – 1.",
        "Решение принято.",
    )


@st.composite
def ballots(draw):
    members = draw(st.integers(1, 30))
    present = draw(st.integers(0, members))
    recused = draw(st.integers(0, present))
    left = present - recused
    votes_for = draw(st.integers(0, left))
    against = draw(st.integers(0, left - votes_for))
    abstained = draw(st.integers(0, left - votes_for - against))
    return Tally(votes_for, against, abstained), Turnout(members, present, recused)


rules_drawn = st.builds(
    rule,
    st.sampled_from(MAJORITIES),
    st.sampled_from(TIES),
    st.sampled_from([option.code for option in RULES.quorums]),
    st.sampled_from([option.code for option in RULES.recusals]),
)
chairs = st.sampled_from(["for", "against", "abstained", None])


@given(ballots(), rules_drawn, chairs, st.integers(1, 2))
def test_council_outcome_is_lawful(ballot, held, chair, round):
    votes, turnout = ballot
    found = outcome(held, votes, turnout, round=round, chair=chair).result
    if found is Result.ADOPTED:
        assert votes.votes_for >= 1
        assert votes.votes_for > votes.votes_against or (
            votes.votes_for == votes.votes_against and chair == "for"
        )
    if found is Result.TIED:
        assert (votes.votes_for == votes.votes_against, round) == (True, 1)


@given(ballots(), rules_drawn, chairs)
def test_council_one_more_vote_for_never_harms(ballot, held, chair):
    votes, turnout = ballot
    if votes.votes_against == 0:
        return
    better = Tally(votes.votes_for + 1, votes.votes_against - 1, votes.votes_abstained)
    order = [Result.NO_QUORUM, Result.REJECTED, Result.TIED, Result.ADOPTED]
    before = outcome(held, votes, turnout, chair=chair).result
    after = outcome(held, better, turnout, chair=chair).result
    assert order.index(after) >= order.index(before)


@given(ballots(), rules_drawn, chairs)
def test_council_rule_kept_with_a_ballot_gives_the_same_outcome(ballot, held, chair):
    votes, turnout = ballot
    kept = VotingRule.model_validate(held.model_dump(mode="json"))
    assert outcome(kept, votes, turnout, chair=chair) == outcome(held, votes, turnout, chair=chair)


def test_council_digest_of_a_decision_covers_everything():
    whole = {
        "council": "Совет",
        "number": 3,
        "adopted_on": date(2026, 11, 23),
        "title": "О перечне",
        "text": "Утвердить.",
        "annexes": [{"name": "перечень.docx", "sha256": "a" * 64, "bytes": 5}],
    }
    changes = [
        {"council": "Другой"},
        {"number": 4},
        {"adopted_on": date(2026, 11, 24)},
        {"title": "О плане"},
        {"text": "Отклонить."},
        {"annexes": []},
        {"annexes": [{"name": "другой.docx", "sha256": "a" * 64}]},
        {"annexes": [{"name": "перечень.docx", "sha256": "b" * 64}]},
    ]
    digests = {decision_digest(**{**whole, **change}) for change in [{}, *changes]}
    assert len(digests) == len(changes) + 1
    assert decision_digest(**whole) in digests


def test_council_rule_sets_are_read():
    assert rule_codes() == ["256fz-2014", "392fz-2017"]
    assert [get_rules(code).minimum.value for code in rule_codes()] == [5, 5]
    assert get_rules("256fz-2014").term_years is None
    assert get_rules("392fz-2017").term_years.value == 3


@pytest.mark.parametrize("case", voting_cases(), ids=lambda case: case.name)
def test_council_worked_vote(case):
    assert run(case, get_rules(case.rules)) == case.expected


def test_council_worked_votes_show_every_result_and_rule_set():
    cases = voting_cases()
    assert {case.expected for case in cases} == set(Result)
    assert {case.rules for case in cases} == set(rule_codes())
