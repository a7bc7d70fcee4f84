"""How types of organisations are recognised in packets of bus.gov.ru: ``noko/rules/busgov``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from noko.core.tables.busgov import KindRules, parse_kinds

KINDS = Path(__file__).resolve().parent.parent / "rules" / "busgov" / "kinds.yaml"


@cache
def get_kinds() -> KindRules:
    return parse_kinds(KINDS.name, KINDS.read_text(encoding="utf-8"))
