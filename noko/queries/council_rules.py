"""Rule sets of the council that stand in ``noko/rules/councils``."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from noko.core.council_cases import Case, parse_cases
from noko.core.council_rules import CouncilRules, VotingRule, parse_council_rules
from noko.core.refusal import Refusal

if TYPE_CHECKING:
    from noko.models import Council

RULES = Path(__file__).resolve().parent.parent / "rules" / "councils"


def rule_codes() -> list[str]:
    """Codes of the rule sets at hand, the oldest law first."""
    codes = [path.stem for path in RULES.glob("*.yaml")]
    return sorted(codes, key=lambda code: get_rules(code).valid_from)


@cache
def get_rules(code: str) -> CouncilRules:
    """The rule set ``code``. Refusals ``unknown_council_rules``, ``broken_council_rules``."""
    known = sorted(path.stem for path in RULES.glob("*.yaml"))
    if code not in known:
        raise Refusal(
            f"Набора правил совета «{code}» нет.",
            kind="unknown_council_rules",
            cure=f"Укажите один из: {', '.join(known)}.",
        )
    return parse_council_rules(f"{code}.yaml", (RULES / f"{code}.yaml").read_text("utf-8"))


def rules_for(day: date) -> CouncilRules:
    """The rule set in force on ``day``; before all of them, the earliest."""
    codes = rule_codes()
    begun = [code for code in codes if get_rules(code).valid_from <= day]
    return get_rules(begun[-1] if begun else codes[0])


def rules_of(council: Council) -> CouncilRules:
    """The rule set that the council has pinned."""
    return get_rules(council.rules)


def voting_rule(council: Council, question: str) -> VotingRule:
    """By what a question of this kind is decided in the council."""
    return rules_of(council).voting(question, council.choices)


def voting_cases() -> list[Case]:
    """The worked votes beside the rule sets."""
    cases: list[Case] = []
    for path in sorted((RULES / "cases").glob("*.yaml")):
        cases.extend(parse_cases(yaml.safe_load(path.read_text("utf-8"))))
    return cases
