"""Templates of the annual plan that stand in ``noko/rules/plans``."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

from noko.core.planning.template import PlanTemplate, parse_template
from noko.core.refusal import Refusal
from noko.queries.edition import get_edition

TEMPLATES = Path(__file__).resolve().parent.parent / "rules" / "plans"
LATEST = "344n-2018"


def template_codes() -> list[str]:
    """Codes of the templates at hand; each is the code of an edition."""
    return sorted(path.stem for path in TEMPLATES.glob("*.yaml"))


@cache
def get_template(code: str = LATEST) -> PlanTemplate:
    """The template ``code``. Refusal ``unknown_template`` lists the known ones."""
    if code not in template_codes():
        raise Refusal(
            f"Шаблона плана «{code}» нет.",
            kind="unknown_template",
            cure=f"Укажите один из: {', '.join(template_codes())}.",
        )
    texts = {path.stem: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.yaml")}
    return parse_template(code, texts)


def template_for(year: int) -> PlanTemplate:
    """The template of the edition in force at the end of ``year``; before all, the earliest."""
    codes = sorted(template_codes(), key=lambda code: get_edition(code).valid_from)
    begun = [code for code in codes if get_edition(code).valid_from <= date(year, 12, 31)]
    return get_template(begun[-1] if begun else codes[0])
