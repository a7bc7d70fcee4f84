"""Templates of the technical specification that stand in ``noko/rules/specifications``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from noko.core.refusal import Refusal
from noko.core.specification import SpecificationTemplate, parse_template

TEMPLATES = Path(__file__).resolve().parent.parent / "rules" / "specifications"


def template_codes() -> list[str]:
    """Codes of the templates at hand; each is the code of an edition."""
    return sorted(path.stem for path in TEMPLATES.glob("*.yaml"))


@cache
def get_template(code: str) -> SpecificationTemplate:
    """The template ``code``. Refusal ``unknown_specification_template`` lists the known ones."""
    if code not in template_codes():
        raise Refusal(
            f"Образца технического задания «{code}» нет.",
            kind="unknown_specification_template",
            cure=f"Есть образцы: {', '.join(template_codes())}.",
        )
    texts = {path.stem: path.read_text(encoding="utf-8") for path in TEMPLATES.glob("*.yaml")}
    return parse_template(code, texts)
