"""The orders on organisations' sites that stand in ``noko/rules/websites``."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from noko.core.refusal import Refusal
from noko.core.websites.rule_files import SHARED_FILES, parse_regime
from noko.core.websites.rules import Regime

RULES = Path(__file__).resolve().parent.parent / "rules" / "websites"


def regime_codes() -> list[str]:
    """Codes of the regimes, the oldest first."""
    codes = [path.stem for path in RULES.glob("*.yaml") if path.name not in SHARED_FILES]
    return sorted(codes, key=lambda code: code.rpartition("-")[2])


@cache
def get_regime(code: str) -> Regime:
    """The regime ``code``. Refusal ``unknown_regime`` lists the known ones."""
    if code not in regime_codes():
        raise Refusal(
            f"Правил «{code}» нет.",
            kind="unknown_regime",
            cure=f"Укажите одни из: {', '.join(regime_codes())}.",
        )
    texts = {
        name: (RULES / name).read_text(encoding="utf-8") for name in (f"{code}.yaml", *SHARED_FILES)
    }
    return parse_regime(code, texts)


def regime_on(day: date) -> Regime:
    """The regime in force on ``day``. Refusal ``no_regime``."""
    for code in regime_codes():
        regime = get_regime(code)
        if regime.in_force(day):
            return regime
    raise Refusal(
        f"На {day:%d.%m.%Y} правила раздела сайта не описаны.",
        kind="no_regime",
        cure=f"Укажите правила явно, одни из: {', '.join(regime_codes())}.",
    )
