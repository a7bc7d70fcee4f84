"""What only the pages of the office need."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

from noko.core.editions import Edition
from noko.core.organisation_types import TYPE_TITLES
from noko.models import Organisation
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
