"""Rules of frequency that stand in ``noko/rules/frequency``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from noko.core.frequency import FrequencyRule, parse_rule, rule_of
from noko.core.refusal import Refusal

RULES = Path(__file__).resolve().parent.parent / "rules" / "frequency"


@cache
def frequency_rules() -> tuple[FrequencyRule, ...]:
    """All of them, the oldest first."""
    rules = [
        parse_rule(path.name, path.read_text(encoding="utf-8")) for path in RULES.glob("*.yaml")
    ]
    return tuple(sorted(rules, key=lambda rule: rule.valid_from))


def frequency_rule(year: int) -> FrequencyRule:
    """The rule in force in ``year``. Refusal ``no_frequency_rule``."""
    return rule_of(frequency_rules(), year)


def rule_named(code: str) -> FrequencyRule:
    """The rule that a list was drawn up by. Refusal ``no_frequency_rule``."""
    for rule in frequency_rules():
        if rule.code == code:
            return rule
    raise Refusal(
        f"Правила периодичности «{code}» нет.",
        kind="no_frequency_rule",
        cure="Верните его файл в папку правил.",
    )
