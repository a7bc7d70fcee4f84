"""The inspector of sites on pages of real sites: how often it is right, and how fast.

The pages are somebody's and not kept here; ``NOKO_SITE_PAGES`` names their folder, with a folder
for each site of ``website_labels.yaml``. Without it the measurement of accuracy says that it was
left out. What counts is what a school suffers from: an item called absent that is there
(precision), an item absent that nobody noticed (recall).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from selectolax.lexbor import LexborHTMLParser

from noko.core.websites.decoding import decode_page
from noko.core.websites.findings import Inspection
from noko.core.websites.inspection import inspect
from noko.core.websites.page import Page
from noko.core.websites.rules import SiteType
from noko.core.websites.site import Site
from noko.exchange.saved_pages import read_saved
from noko.queries.website_rules import get_regime

LABELS = Path(__file__).with_name("website_labels.yaml")
DESCRIBED = Path(__file__).with_name("website_described.yaml")
DAY = date(2025, 3, 3)
INVENTED = 12
"""Invented sites whose pages are read and judged for speed."""
SETTING = "NOKO_SITE_PAGES"


def pages_folder() -> Path | None:
    """The folder of pages that was named, if it is there."""
    folder = Path(os.environ.get(SETTING, "") or "-")
    return folder if folder.is_dir() else None


def run() -> list[list[str]]:
    """Rows of the table of accuracy, or one row that says why there is none."""
    folder = pages_folder()
    if folder is None:
        return [["left out", f"no folder of pages: set {SETTING}", "", "", ""]]
    labels = yaml.safe_load(LABELS.read_text(encoding="utf-8"))["sites"]
    return [_row(half, folder, labels) for half in ("tune", "test")]


def _row(half: str, folder: Path, labels: dict[str, Any]) -> list[str]:
    pairs: Counter[tuple[str, str]] = Counter()
    pages = seconds = 0.0
    for name, site in labels.items():
        if site["half"] != half:
            continue
        inspection, spent = inspected(folder / name, site)
        pages, seconds = pages + len(inspection.pages), seconds + spent
        pairs.update((truth, got) for _, truth, got in compared(site, inspection))
    said = sum(count for (_, got), count in pairs.items() if got == "absent")
    there = sum(count for (truth, _), count in pairs.items() if truth == "absent")
    right = pairs["absent", "absent"]
    items = sum(pairs.values())
    return [
        half,
        f"{items} items on {pages:.0f} pages",
        f"{right / said:.3f} ({right} of {said})",
        f"{right / there:.3f} ({right} of {there})",
        f"{pages / seconds:.0f}",
    ]


def inspected(folder: Path, site: dict[str, Any]) -> tuple[Inspection, float]:
    """The inspection of a labelled site and the processor seconds of the best of three runs."""
    saved = read_saved([folder])
    regime = get_regime(site["regime"])
    given = Site(saved.pages, SiteType(site["type"]), site["day"], facts=site["facts"])
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        inspection = inspect(given, regime)
        best = min(best, time.process_time() - start)
    return inspection, best


def compared(site: dict[str, Any], inspection: Inspection) -> Iterator[tuple[str, str, str]]:
    """(item, what a person found, what the inspector says) of every item that is not doubtful."""
    got = {finding.item.code: finding.status.value for finding in inspection.findings}
    for truth, codes in site["labels"].items():
        for code in codes if truth != "doubtful" else ():
            yield code, truth, got[code]


def speed() -> list[list[str]]:
    """Rows: pages of which sites, bytes of one, pages a second read and judged on one processor,
    how many times longer that takes than selectolax alone needs for their trees.
    """
    invented = [list(_invented(number)) for number in range(1, INVENTED + 1)]
    rows = [_speed("invented, with the ballast of real ones", "1493-2023", "general", invented)]
    folder = pages_folder()
    labels = yaml.safe_load(LABELS.read_text(encoding="utf-8"))["sites"] if folder else {}
    for name, site in labels.items():
        pages = read_saved([(folder or Path()) / name]).pages
        rows.append(_speed(name, site["regime"], site["type"], [pages]))
    return rows


def _invented(number: int) -> Iterator[Page]:
    from benchmarks.virtual_sites import FURTHER, further, pages_of

    for path, body in pages_of(number, DAY).items():
        yield Page(f"http://school.example{path}", body)
    for slug, count in FURTHER.items():
        for n in range(1, count + 1):
            yield Page(f"http://school.example/sveden/{slug}/{n}", further(n))


def _speed(title: str, code: str, kind: str, sites: list[list[Page]]) -> list[str]:
    regime = get_regime(code)
    given = [Site(pages, SiteType(kind), DAY, whole=True) for pages in sites]
    pages = [page for one in sites for page in one]
    judged = _best(lambda: [inspect(site, regime) for site in given])
    parsed = _best(lambda: [LexborHTMLParser(decode_page(p.content, p.charset)) for p in pages])
    size = sum(len(page.content) for page in pages) / len(pages) / 1000
    return [title, f"{len(pages)}", f"{size:.0f}", f"{len(pages) / judged:.0f}",
            f"{judged / parsed:.0f}"]  # fmt: skip


def _best(work: Callable[[], object]) -> float:
    """Processor seconds of the best of three runs."""
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


def described() -> list[list[str]]:
    """Rows: site, what a person described on its pages, how the inspector tells it."""
    folder = pages_folder()
    if folder is None:
        return [["left out", f"no folder of pages: set {SETTING}", ""]]
    labels = yaml.safe_load(LABELS.read_text(encoding="utf-8"))["sites"]
    told = yaml.safe_load(DESCRIBED.read_text(encoding="utf-8"))["described"]
    seen = {name: inspected(folder / name, site)[0] for name, site in labels.items()}
    return [[one["site"], one["what"], _told(one, seen[one["site"]])] for one in told]


def _told(one: dict[str, Any], inspection: Inspection) -> str:
    """How the inspector tells what was described, or NOT FOUND."""
    if "cannot" in one:
        return f"cannot be seen: {one['cannot']}"
    if "item" in one:
        finding = inspection.finding(one["item"])
        return f"{finding.status} by {finding.seen}" if finding.evidence else "NOT FOUND"
    if "special" in one:
        version = inspection.special_version
        return f"version found: {version.excerpt}" if version else "NOT FOUND"
    if "official" in one:
        count = sum(finding.official for finding in inspection.findings)
        return f"{count} items" if count >= one["official"] else f"NOT FOUND: {count}"
    if "subsections" in one:
        count = sum(bool(part.pages) for part in inspection.subsections)
        return f"{count} with pages" if count >= one["subsections"] else f"NOT FOUND: {count}"
    found = [
        defect
        for defect in inspection.defects
        if defect.kind == one["kind"]
        and defect.subject == one.get("subject", defect.subject)
        and defect.page == one.get("page", defect.page)
    ]
    enough = len(found) >= one.get("least", 1)
    return f"{one['kind']}, {len(found)}" if enough else f"NOT FOUND: {len(found)}"


def mistakes(folder: Path) -> Iterator[str]:
    """Every item of the labelled sites that comes out otherwise than a person found."""
    labels = yaml.safe_load(LABELS.read_text(encoding="utf-8"))["sites"]
    for name, site in labels.items():
        inspection, _ = inspected(folder / name, site)
        for code, truth, got in compared(site, inspection):
            if truth != got and "absent" in (truth, got):
                yield f"{name} ({site['half']}), {code}: {truth}, but said {got}"


if __name__ == "__main__":
    for row in [*run(), *speed(), *described()]:
        print(" | ".join(row))
    found = pages_folder()
    for line in mistakes(found) if found else ():
        print(line)
