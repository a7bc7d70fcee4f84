"""Rules about bus.gov.ru that stand in ``noko/rules/busgov``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from noko.core.tables.busgov import KindRules, parse_kinds
from noko.core.tables.busgov_rules import MonitoringRules, parse_monitoring

RULES = Path(__file__).resolve().parent.parent / "rules" / "busgov"
KINDS = RULES / "kinds.yaml"
MONITORING = RULES / "monitoring.yaml"


@cache
def get_kinds() -> KindRules:
    """How types of organisations are recognised in packets."""
    return parse_kinds(KINDS.name, KINDS.read_text(encoding="utf-8"))


@cache
def get_monitoring() -> MonitoringRules:
    """What the monitor looks at."""
    return parse_monitoring(MONITORING.name, MONITORING.read_text(encoding="utf-8"))
