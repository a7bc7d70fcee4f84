"""Ways to reach the organisation, and the version of the site for the visually impaired."""

from __future__ import annotations

import re
from collections.abc import Iterator

from noko.core.websites.findings import Channel, Evidence
from noko.core.websites.page import Line, Link
from noko.core.websites.patterns import Patterns, fold
from noko.core.websites.searching import EXCERPT
from noko.core.websites.site import ReadPage, ReadSite
from noko.core.websites.values import fits

TELEPHONE = re.compile(r"(?<!\w)тел(?:ефон\w*)?(?!\w)")


def find_channels(read: ReadSite) -> dict[Channel, Evidence]:
    """The channels that the site announces, each with the first place where it does.

    Whether they work is for a person to try.
    """
    words = read.regime.site
    ways: dict[Channel, Iterator[Evidence]] = {
        Channel.PHONE: _values(read, Channel.PHONE),
        Channel.EMAIL: _values(read, Channel.EMAIL),
        Channel.ESERVICES: _services(read),
        Channel.FAQ: _named(read, words.faq),
        Channel.SURVEY: _named(read, words.survey),
    }
    found = {channel: next(way, None) for channel, way in ways.items()}
    return {channel: evidence for channel, evidence in found.items() if evidence is not None}


def find_special_version(read: ReadSite) -> Evidence | None:
    """The way to the version for the visually impaired: marked as ``copy``, or by its name."""
    for page in read.pages.values():
        for placed in page.markup.by_name.get("copy", ()):
            text = fold(placed.marked.text)
            if read.regime.site.special_version.find(text) and len(text) < EXCERPT:
                place = f'строка {placed.marked.line + 1}, itemprop="copy"'
                excerpt = placed.marked.text
                return Evidence(page.content.address, place, excerpt, True, "copy", official=True)
    return next(_named(read, read.regime.site.special_version), None)


def _values(read: ReadSite, channel: Channel) -> Iterator[Evidence]:
    kind = "phone" if channel is Channel.PHONE else "email"
    for page in read.pages.values():
        for line in page.content.lines:
            mail = kind == "email" and any((x.href or "").startswith("mailto:") for x in line.links)
            call = kind == "phone" and any((x.href or "").startswith("tel:") for x in line.links)
            if not line.hidden and (mail or call or _fits_labelled(line, kind)):
                yield _at(page, line)


def _fits_labelled(line: Line, kind: str) -> bool:
    """An address is known by its sign; a telephone needs its word, digits alone may be anything."""
    if kind == "email":
        return "@" in line.text and fits(line.text, "email")
    return TELEPHONE.search(line.folded) is not None and fits(line.text, "phone")


def _services(read: ReadSite) -> Iterator[Evidence]:
    words = read.regime.site.feedback
    for page in read.pages.values():
        for form in page.content.forms:
            if form.message:
                place = f"форма, строка {form.line + 1}"
                yield Evidence(
                    page.content.address, place, form.text.strip()[:EXCERPT], False, "форма"
                )
    yield from _named(read, words)


def _named(read: ReadSite, patterns: Patterns) -> Iterator[Evidence]:
    """Links, and lines with a link, whose text is one of the patterns."""
    for page in read.pages.values():
        for link in page.content.links:
            if not link.hidden and patterns.find(fold(link.text)) and _usable(link):
                place = f"ссылка «{link.text[:80]}»"
                yield Evidence(
                    page.content.address, place, link.text[:EXCERPT], False, link.text[:80]
                )


def _usable(link: Link) -> bool:
    """A link to somewhere, or a control that a script answers to."""
    return link.href is not None and link.href.strip() != ""


def _at(page: ReadPage, line: Line) -> Evidence:
    place = f"строка {line.number + 1}"
    return Evidence(page.content.address, place, line.text[:EXCERPT], False, line.text[:80])
