"""What only the pages of waves need."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()

HEIGHT = 80


@register.simple_tag
def day_bars(days: Mapping[date, int], length: int) -> SafeString:
    """A bar for each day of a wave of ``length`` days; the table beside it says the same."""
    highest = max(days.values(), default=0) or 1
    bars = format_html_join(
        "",
        '<rect x="{}" y="{}" width="8" height="{}"/>',
        (
            (place * 10 + 1, HEIGHT - number * HEIGHT // highest, number * HEIGHT // highest)
            for place, number in enumerate(days.values())
        ),
    )
    width = max(len(days), length, 14) * 10
    return format_html(
        '<svg class="day-bars" viewBox="0 0 {} {}" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>",
        width,
        HEIGHT,
        bars,
    )


@register.simple_tag
def filled(percent: int | None) -> SafeString:
    """A thin bar of what has been reached; the number stands beside it."""
    return format_html(
        '<svg class="filled" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="6"/><rect class="fill" width="{}" height="6"/>'
        "</svg>",
        min(100, percent or 0),
    )
