"""What only the pages of the office need."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from noko.core.editions import EVIDENCE_TITLES, Edition, Evidence
from noko.core.organisation_types import TYPE_TITLES
from noko.documents.wording import money
from noko.models import Organisation
from noko.templatetags.components import tag
from noko.web.wording import TYPE_SHORT

register = template.Library()


@register.filter
def allows(may: Mapping[str, bool], permission: str) -> bool:
    """Whether ``may`` of the page holds the permission ("rating_calculate")."""
    return may.get(permission, False)


@register.filter
def rounding_title(edition: Edition, code: str) -> str:
    """The title of a rounding policy by its code."""
    return edition.rounding(code).title


@register.filter
def type_short(code: str) -> str:
    """«дошкольная»: the type of one organisation, where it stands beside other words."""
    return TYPE_SHORT.get(code, code)


@register.filter
def in_words(value: object, key: str) -> object:
    """A value of the registry as people read it: codes of types and states become words."""
    choices: Mapping[str, object] = {}
    if key == "type":
        choices = TYPE_TITLES
    elif key == "status":
        choices = dict(Organisation.Status.choices)
    return choices.get(str(value), value)


@register.simple_tag
def basis_words(basis: Mapping[str, str], edition: Edition) -> str:
    """What a clause rests on: «Приказ Минтруда России от 30.10.2018 № 675н. 40 % получателей …»."""
    act = edition.act_by_id.get(basis["act"])
    words = [f"{act.short if act else basis['act']}, {basis['point']}".removesuffix(", ")]
    words += [basis["note"]] if basis.get("note") else []
    return " ".join(f"{text[:1].upper()}{text[1:]}." for text in words)


@register.simple_tag
def evidence_mark(basis: Mapping[str, str]) -> SafeString | str:
    """A mark for what was not compared with the act; nothing for the rest."""
    evidence = Evidence(basis["evidence"])
    return "" if evidence.verified else tag("warning", EVIDENCE_TITLES[evidence])


@register.filter
def roubles(value: Decimal) -> str:
    """«1 250 000 рублей 00 копеек»."""
    return money(value)
