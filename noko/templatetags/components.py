"""Small pieces of pages that are drawn rather than written: icons, scales, steps of a verdict.

No inline styles anywhere: geometry stands in SVG attributes, colours in the stylesheet.
"""

from __future__ import annotations

from decimal import Decimal

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

ICONS = {
    "done": '<circle cx="12" cy="12" r="9"/><path d="m8 12.5 2.8 2.8L16.5 9"/>',
    "underway": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>',
    "warning": '<path d="M12 3.5 22 20.5H2z"/><path d="M12 10v5"/><path d="M12 17.8v.2"/>',
    "overdue": '<circle cx="12" cy="12" r="9"/><path d="M12 7v6"/><path d="M12 16.5v.2"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6"/><path d="M12 7.3v.2"/>',
    "download": '<path d="M12 4v11m-4.5-4.5L12 15l4.5-4.5"/><path d="M4 20h16"/>',
    "down": '<path d="M12 5v14m-5-5 5 5 5-5"/>',
    "up": '<path d="M12 19V5M7 10l5-5 5 5"/>',
}
DRAWN = {
    name: mark_safe(  # noqa: S308 - constants of this file
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{path}</svg>'
    )
    for name, path in ICONS.items()
}
STATES = ("done", "underway", "warning", "overdue")


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon that repeats the word beside it; readers of the page by ear do not meet it."""
    return DRAWN[name]


@register.simple_tag
def tag(state: str, word: str) -> SafeString:
    """A status: colour, icon and word. ``state``: one of ``STATES``, "notice" or "" (neutral)."""
    if state == "notice":
        return format_html('<span class="tag tag--underway">{}{}</span>', DRAWN["info"], word)
    if state not in STATES:
        return format_html('<span class="tag">{}</span>', word)
    return format_html('<span class="tag tag--{}">{}{}</span>', state, DRAWN[state], word)


@register.simple_tag
def scale(
    value: Decimal | str | None, maximum: Decimal | str | int, mean: Decimal | str | None = None
) -> SafeString:
    """A bar from 0 to ``maximum`` with an optional line at ``mean``; the number stands beside."""
    width = _percent(value, maximum)
    line: SafeString | str = ""
    if mean is not None:
        line = format_html(
            '<line class="mean" x1="{0}" x2="{0}" y1="-3" y2="13"/>', _percent(mean, maximum)
        )
    return format_html(
        '<svg class="scale" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="10"/>'
        '<rect class="fill" width="{}" height="10"/>{}</svg>',
        width,
        line,
    )


@register.simple_tag
def verdict(word: str, step: int, steps: int) -> SafeString:
    """A word with its step drawn as rising bars: readable in grey and without colour."""
    bars = format_html_join(
        "",
        '<rect {}x="{}" y="{}" width="5" height="{}"/>',
        (
            (
                mark_safe('class="on" ') if n <= step else "",
                n * 7 - 7,
                16 - n * 16 // steps,
                n * 16 // steps,
            )
            for n in range(1, steps + 1)
        ),
    )
    return format_html(
        '<span class="verdict"><svg viewBox="0 0 {} 16" aria-hidden="true">{}</svg>{}</span>',
        steps * 7 - 2,
        bars,
        word,
    )


def _percent(value: Decimal | str | None, maximum: Decimal | str | int) -> str:
    part = Decimal(value or 0) * 100 / Decimal(maximum)
    return f"{min(max(part, Decimal(0)), Decimal(100)):.2f}"
