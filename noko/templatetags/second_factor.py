"""Whether the signed-in person must set up a second factor first."""

from __future__ import annotations

from typing import Any

from django import template

from noko.access import second_factor
from noko.models import Person

register = template.Library()


@register.simple_tag(takes_context=True)
def second_factor_needed(context: dict[str, Any]) -> bool:
    person = context["request"].user
    return isinstance(person, Person) and second_factor.is_missing(person)
