"""Charts of documents: plain, labelled directly, the same bytes each time, made without a network.

Every chart has its table beside it in the document; a chart alone says nothing that the table
does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

INK, SOFT, ACCENT = "#1b1f24", "#6b7280", "#0b5d63"
FONT = "Liberation Serif, Libertinus Serif, Times New Roman, serif"
WIDTH = 520
SHARPNESS = 2.5
"""Pixels of the picture for each point of the drawing: sharp on paper."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing in two forms, and what it shows in words (for those who do not see it)."""

    svg: bytes
    png: bytes
    alt: str


def bars(rows: Sequence[tuple[str, float, str]], *, maximum: float, alt: str) -> Chart:
    """Horizontal bars from zero to ``maximum``: (label, value, how the value is written)."""
    import altair as alt_

    data = alt_.Data(values=[{"n": n, "v": v, "t": t} for n, v, t in rows])
    order = [name for name, _, _ in rows]
    y = alt_.Y("n:N", sort=order, title=None)
    x = alt_.X("v:Q", scale=alt_.Scale(domain=[0, maximum]), title=None)
    bar = alt_.Chart(data).mark_bar(color=ACCENT, height=13).encode(x=x, y=y)
    text = alt_.Chart(data).mark_text(align="left", dx=4, color=INK)
    chart = bar + text.encode(x=x, y=y, text="t:N")
    return _drawn(chart.properties(width=WIDTH - 190, height=24 * len(rows)), alt)


def columns(rows: Sequence[tuple[str, int]], *, title: str, alt: str) -> Chart:
    """Columns of a distribution: (interval, how many)."""
    import altair as alt_

    data = alt_.Data(values=[{"n": n, "v": v} for n, v in rows])
    x = alt_.X("n:N", sort=[name for name, _ in rows], title=title, axis=alt_.Axis(labelAngle=0))
    y = alt_.Y("v:Q", title=None, axis=None)
    bar = alt_.Chart(data).mark_bar(color=ACCENT).encode(x=x, y=y)
    text = alt_.Chart(data).mark_text(dy=-7, color=INK).encode(x=x, y=y, text="v:Q")
    return _drawn((bar + text).properties(width=WIDTH - 60, height=150), alt)


def _drawn(chart: Any, alt: str) -> Chart:
    import vl_convert

    styled = chart.configure(font=FONT, background="white").configure_axis(
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        labelColor=INK,
        titleColor=SOFT,
        labelLimit=180,
        grid=False,
        domainColor=SOFT,
        tickColor=SOFT,
    )
    styled = styled.configure_text(fontSize=12).configure_view(stroke=None)
    described = styled.to_json(indent=None)
    svg: str = vl_convert.vegalite_to_svg(described)
    png: bytes = vl_convert.vegalite_to_png(described, scale=SHARPNESS)
    return Chart(svg.encode(), png, alt)
