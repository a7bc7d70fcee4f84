"""Worked votes: what the rules of a council make of them, written so that anybody can read them."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from noko.core.council import Result, Tally, Turnout, outcome
from noko.core.council_rules import Chosen, CouncilRules
from noko.core.editions import Rule


class Given(Rule):
    members: int
    present: int
    recused: int = 0
    votes_for: int = Field(0, alias="for")
    against: int = 0
    abstained: int = 0
    chair: Literal["for", "against", "abstained"] | None = None
    round: int = 1


class Case(Rule):
    """``choices``: what a regulation chooses, key of the rule → option."""

    name: str
    rules: str
    question: str
    choices: dict[str, str] = {}
    given: Given
    expected: Result


def run(case: Case, rules: CouncilRules) -> Result:
    """What the vote of the case ends with under the rules."""
    chosen: dict[str, Chosen] = {
        key: {"choice": code, "point": "пример"} for key, code in case.choices.items()
    }
    rules.check(chosen)
    given = case.given
    found = outcome(
        rules.voting(case.question, chosen),
        Tally(given.votes_for, given.against, given.abstained),
        Turnout(given.members, given.present, given.recused),
        round=given.round,
        chair=given.chair,
    )
    return found.result


def parse_cases(loaded: Any) -> list[Case]:
    """The cases of a YAML list that has been read."""
    return [Case.model_validate(item) for item in loaded]
