"""The walk from a total down to the counts, as nested <details>.

Written in Python and not as a template that includes itself: there are fifty steps on every
organisation's page, and a release renders a thousand such pages in seconds this way.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from noko.templatetags.russian import score

register = template.Library()

NOTHING = mark_safe("")
NAMED = {"criterion": "Критерий", "indicator": "Показатель"}


@register.simple_tag
def explanation(step: dict[str, Any], shorts: Mapping[str, str]) -> SafeString:
    """The tree of ``core.scoring.explanation`` (as plain values), the total open.

    ``shorts``: short names of criteria and indicators by code; the official name stands inside.
    """
    return _step(step, shorts, opened=True)


def anchor_of(step: dict[str, Any]) -> str:
    """The address of a step on its page: s-total, s-1, s-1-3."""
    return "s-total" if step["kind"] == "total" else f"s-{step['code'].replace('.', '-')}"


def _step(step: dict[str, Any], shorts: Mapping[str, str], *, opened: bool = False) -> SafeString:
    anchor = anchor_of(step)
    code = "" if step["kind"] == "total" else f"{step['code']}. "
    return format_html(
        '<details class="step" id="{}"{}><summary><span class="step__name">{}{}</span>'
        '<span class="step__value">{}</span></summary>'
        '<div class="step__body">{}{}{}{}</div></details>',
        anchor,
        mark_safe(" open") if opened else NOTHING,
        code,
        shorts.get(step["code"], step["name"]),
        _value(step),
        _facts(step),
        _notes(step),
        _inputs([child for child in step.get("steps", ()) if child["kind"] == "input"], anchor),
        format_html_join(
            "", "{}", ((_step(c, shorts),) for c in step.get("steps", ()) if c["kind"] != "input")
        ),
    )


def _value(step: dict[str, Any]) -> SafeString:
    if step.get("value") is None:
        return mark_safe("<span>нет данных</span>")
    return format_html("{} <span>из {}</span>", score(step["value"]), step.get("maximum", ""))


def _facts(step: dict[str, Any]) -> SafeString:
    """Formula, the same with the figures, what rounding did, where the rule stands."""
    substitution = step.get("substitution", "")
    if substitution and step.get("exact"):
        substitution = f"{substitution} = {step['exact']}"
    rounding = step.get("rounding", "")
    if rounding:
        rounding = f"{score(step.get('value'))} – {rounding}, половина вверх"
    rows = (
        (NAMED.get(step["kind"], ""), step["name"] if step["kind"] in NAMED else ""),
        ("Формула", step.get("formula", "")),
        ("С числами", substitution),
        ("Округление", rounding),
        ("Основание", _basis(step)),
    )
    return format_html(
        '<dl class="facts formula">{}</dl>',
        format_html_join("", "<dt>{}</dt><dd>{}</dd>", (row for row in rows if row[1])),
    )


def _basis(step: dict[str, Any]) -> SafeString | str:
    act = step.get("act", "")
    if not act:
        return ""
    where = f"{act}, {step['point']}" if step.get("point") else act
    return format_html('{} <span class="soft">({})</span>', where, step.get("evidence", ""))


def _notes(step: dict[str, Any]) -> SafeString:
    notes = step.get("notes", ())
    if not notes:
        return NOTHING
    items = format_html_join("", "<li>{}</li>", ((note,) for note in notes))
    return format_html('<ul class="step__notes">{}</ul>', items)


def _inputs(steps: list[dict[str, Any]], anchor: str) -> SafeString:
    """The figures an indicator comes from, each with an address of its own."""
    if not steps:
        return NOTHING
    rows = format_html_join(
        "",
        '<tr class="step__input" id="{}-{}"><th scope="row">{}</th><td>{}</td>'
        '<td class="number">{}</td></tr>',
        (
            (anchor, number, _capital(step["name"]), step["code"], score(step["value"]))
            for number, step in enumerate(steps, start=1)
        ),
    )
    return format_html(
        '<table class="table table--inputs"><caption class="visually-hidden">Исходные числа'
        '</caption><thead><tr><th scope="col">Исходное число</th><th scope="col">В формуле</th>'
        '<th scope="col" class="number">Значение</th></tr></thead><tbody>{}</tbody></table>',
        rows,
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
