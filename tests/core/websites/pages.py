"""Pages written for the tests: one subsection with a body, under any of the regimes."""

from __future__ import annotations

from datetime import date

from noko.core.websites.findings import Inspection
from noko.core.websites.inspection import inspect
from noko.core.websites.page import Document, Failure, Page
from noko.core.websites.rules import Regime, SiteType
from noko.core.websites.site import Site
from noko.queries.website_rules import get_regime

HOST = "https://school.example"
DAYS = {
    "785-2014": date(2016, 9, 4),
    "831-2020": date(2023, 3, 1),
    "1493-2023": date(2025, 3, 3),
}


def page(slug: str, body: str, *, title: str = "", path: str = "") -> Page:
    """A page of the section: its title as a heading, then ``body``."""
    heading = f"<h1>{title}</h1>" if title else ""
    text = f"<!DOCTYPE html><html><body><main>{heading}{body}</main></body></html>"
    return Page(f"{HOST}{path or f'/sveden/{slug}'}", text.encode())


def check(
    *pages: Page,
    regime: str | Regime = "1493-2023",
    kind: SiteType = SiteType.GENERAL,
    on: date | None = None,
    whole: bool = False,
    facts: dict[str, bool] | None = None,
    failures: tuple[Failure, ...] = (),
    documents: tuple[Document, ...] = (),
) -> Inspection:
    """The inspection of a few pages."""
    rules = get_regime(regime) if isinstance(regime, str) else regime
    day = on or DAYS[rules.code]
    site = Site(pages, kind, day, documents, failures, facts or {}, whole)
    return inspect(site, rules)


def verdict(body: str, code: str, *, regime: str = "1493-2023", **more: object) -> str:
    """The status of one item when its own page has ``body``."""
    rules = get_regime(regime)
    slug = rules.subsection_of[code].slug
    result = check(page(slug, body), regime=regime, **more)  # type: ignore[arg-type]
    return result.finding(code).status.value
