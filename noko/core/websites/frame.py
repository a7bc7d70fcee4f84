"""What of a page counts: without menus, what every page repeats, and retellings of the norm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from noko.core.websites.page import Line, PageContent
from noko.core.websites.rules import Regime
from noko.core.websites.sections import bare, titles_of
from noko.core.websites.values import is_negative

ENOUGH_PAGES = 3
REPEATED_SHARE = 0.6
LONG_ENOUGH = 15


def repeated_lines(contents: Sequence[PageContent], regime: Regime) -> set[str]:
    """Texts that most pages of a site carry: its head, menu and foot.

    A refusal («отсутствует …») may well stand on many pages and is no frame.
    """
    if len(contents) < ENOUGH_PAGES:
        return set()
    counted: Counter[str] = Counter()
    for content in contents:
        counted.update({key for line in content.lines if len(key := _key(line)) >= LONG_ENOUGH})
    least = max(ENOUGH_PAGES, int(len(contents) * REPEATED_SHARE))
    return {
        text
        for text, count in counted.items()
        if count >= least and not is_negative(text, regime.words)
    }


def _key(line: Line) -> str:
    return line.folded


def content_lines(
    content: PageContent, regime: Regime, repeated: set[str]
) -> tuple[list[Line], list[Line]]:
    """The lines that count, and those that only retell the norm.

    Titles of subsections, wherever they stand, are no information.
    """
    titles = titles_of(regime)
    counting, norms = [], []
    for line in content.lines:
        if line.hidden or line.frame or _key(line) in repeated or _is_title(line, titles):
            continue
        if regime.words.norms.find(line.folded):
            norms.append(line)
        else:
            counting.append(line)
    return counting, norms


def _is_title(line: Line, titles: dict[str, str]) -> bool:
    linked = len(line.links) == 1 and line.links[0].text == line.text
    return (line.level > 0 or linked) and bare(line.text) in titles
