"""Where a rule stands and how well that is known."""

from __future__ import annotations

from fractions import Fraction

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from noko.core.editions import EVIDENCE_TITLES, Basis, Edition, Evidence
from noko.templatetags.components import tag
from noko.templatetags.russian import SPACE, share

register = template.Library()


@register.simple_tag
def act(basis: Basis, edition: Edition) -> str:
    """«Приказ … № 344н, показатель 1.1»."""
    short = edition.act_by_id[basis.act].short
    text = f"{short}, {basis.point}" if basis.point else short
    return text[:1].upper() + text[1:]


@register.simple_tag
def evidence(label: Evidence) -> SafeString:
    """The evidence label in Russian; what was not compared with the act is marked."""
    title = EVIDENCE_TITLES[label]
    if label.verified:
        return format_html('<span class="evidence">({})</span>', title)
    return tag("warning", title)


@register.filter
def percent(value: Fraction) -> str:
    """A share of one as percent: 0.4 → «40 %»."""
    return f"{share(value * 100)}{SPACE}%"
