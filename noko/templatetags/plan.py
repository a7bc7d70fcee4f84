"""What only the pages of plans need."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from noko.core.planning.logic import Finding
from noko.queries.plan import PlanView, Row
from noko.web.plan_pictures import STATES

register = template.Library()


@register.filter
def state(row: Row) -> str:
    """The state of a status tag."""
    return STATES[row.status]


@register.filter
def lookup(table: Mapping[str, str], key: str) -> str:
    """A word by its code; the code where there is none."""
    return table.get(key, key)


@register.filter
def choices(finding: Finding) -> list[str]:
    """What may be chosen for a finding: each proposed term, or the one name of a body."""
    values = [change.value for change in finding.changes]
    return values if finding.changes[0].field == "term" else values[:1]


@register.simple_tag
def activity_link(view: PlanView, number: str) -> SafeString | str:
    """A link to the activity of this number, or the number where there is none."""
    for row in view.rows:
        if row.activity.number == number:
            address = reverse("office:activity", args=[row.activity.pk])
            return format_html('<a href="{}">{}</a>', address, number)
    return number
