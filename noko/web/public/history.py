"""Totals of an organisation by year, as simple charts; scales are never mixed on one axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from noko.models import OrganisationScore
from noko.queries.edition import get_edition
from noko.templatetags.russian import score as score_text

WIDTH, HEIGHT = 560, 170
LEFT, RIGHT, TOP, BOTTOM = 40, 40, 28, 30


@dataclass(frozen=True, slots=True)
class Dot:
    x: str
    y: str
    label_y: str
    year: int
    text: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One chart: years of one edition, from 0 to its largest total."""

    title: str
    maximum: int
    dots: list[Dot]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def line(self) -> str:
        return " ".join(f"{dot.x},{dot.y}" for dot in self.dots)


def panels(results: Iterable[OrganisationScore]) -> list[Panel]:
    """A panel for every edition with at least two rated years, the oldest edition first."""
    rated = [item for item in results if item.total is not None]
    rated.sort(key=lambda item: item.calculation.cycle.year)
    drawn = []
    for code, group in groupby(rated, key=lambda item: item.calculation.cycle.edition):
        years = list(group)
        if len(years) > 1:
            drawn.append(_panel(code, years))
    return drawn


def _panel(code: str, years: list[OrganisationScore]) -> Panel:
    edition = get_edition(code)
    maximum = edition.total.maximum
    first = years[0].calculation.cycle.year
    span = years[-1].calculation.cycle.year - first or 1
    dots = []
    for item in years:
        year = item.calculation.cycle.year
        x = LEFT + 30 + (WIDTH - LEFT - RIGHT - 60) * (year - first) / span
        y = HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * float((item.total or Decimal(0)) / maximum)
        # The number stands above its dot, below it where the top line would cross it.
        label = y + 20 if y < TOP + 16 else y - 10
        dots.append(Dot(f"{x:.1f}", f"{y:.1f}", f"{label:.1f}", year, score_text(item.total)))
    return Panel(edition.short, maximum, dots)
