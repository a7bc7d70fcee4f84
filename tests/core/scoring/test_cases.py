"""Every worked case of every edition."""

from typing import Any

import pytest

from noko.core.scoring.cases import expectation, run_case
from noko.queries.edition import edition_codes, get_edition, worked_cases

CASES = [(code, case) for code in edition_codes() for case in worked_cases(code)]


@pytest.mark.parametrize(("code", "case"), CASES, ids=[f"{c}: {k['name']}" for c, k in CASES])
def test_case_gives_what_it_says(code: str, case: dict[str, Any]) -> None:
    assert run_case(get_edition(code), case) == expectation(case)


def test_every_edition_has_cases() -> None:
    assert {code for code, _ in CASES} == set(edition_codes())


def test_every_choice_of_every_policy_has_a_case() -> None:
    for code in edition_codes():
        edition = get_edition(code)
        shown = {
            (policy, choice)
            for case in worked_cases(code)
            for policy, choice in case.get("policies", {}).items()
        }
        unseen = {
            (policy.code, choice.code)
            for policy in edition.policies
            for choice in policy.choices
            if choice.code != policy.default
        } - shown
        assert unseen <= {
            ("nothing_applicable", "zero"),  # tested in test_scores.py
            ("skipped_question", "filter_yes"),  # tested with the answers
            ("no_respondents", "zero"),
            ("no_respondents", "not_rated"),
        }
