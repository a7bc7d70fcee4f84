"""The inspector of sites on pages of real sites: how often it is right, and how fast.

The pages are somebody's and not kept here; their folder is given as an argument or in
``NOKO_SITE_PAGES``, with a folder for each site of ``website_labels.yaml``. Without it the
measurement of accuracy says that it was left out. What counts is what a school suffers from: an
item called absent that is there (precision), an item absent that nobody noticed (recall).
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from noko.core.websites.findings import Inspection
from noko.core.websites.inspection import inspect
from noko.core.websites.rules import SiteType
from noko.core.websites.site import Site
from noko.exchange.saved_pages import read_saved
from noko.queries.website_rules import get_regime

LABELS = Path(__file__).with_name("website_labels.yaml")
SETTING = "NOKO_SITE_PAGES"


def pages_folder() -> Path | None:
    """The folder of pages that was named, if it is there."""
    named = sys.argv[1] if len(sys.argv) > 1 else ""
    folder = Path(named or os.environ.get(SETTING, "") or "-")
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


def mistakes(folder: Path) -> Iterator[str]:
    """Every item of the labelled sites that comes out otherwise than a person found."""
    labels = yaml.safe_load(LABELS.read_text(encoding="utf-8"))["sites"]
    for name, site in labels.items():
        inspection, _ = inspected(folder / name, site)
        for code, truth, got in compared(site, inspection):
            if truth != got and "absent" in (truth, got):
                yield f"{name} ({site['half']}), {code}: {truth}, but said {got}"


if __name__ == "__main__":
    for row in run():
        print(" | ".join(row))
    found = pages_folder()
    for line in mistakes(found) if found else ():
        print(line)
