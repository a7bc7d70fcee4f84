"""What is looked for beside the section: the plan that follows an assessment (activity 3.2).

It may stand anywhere on the site: as a document with its name, or as a page with its heading. A
plan of earlier years is not the one that is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from noko.core.websites.addresses import joined
from noko.core.websites.findings import Evidence, Finding, Reason, Seen, Status
from noko.core.websites.page import Failure, FailureReason, Line, Link, PageContent
from noko.core.websites.patterns import fold
from noko.core.websites.rules import Item
from noko.core.websites.searching import EXCERPT
from noko.core.websites.sections import leads_to_page, normal_address, same_site
from noko.core.websites.site import ReadSite
from noko.core.websites.values import newest_year

HEADING_LEVELS = range(1, 8)
NEAR = 4
"""Lines below a heading of which one must say something."""
REPORTS = ("отчет", "информац", "справк", "сведени")
"""A report on a plan is not the plan."""
SILENT = frozenset(FailureReason) - {FailureReason.MISSING}


@dataclass(frozen=True, slots=True)
class _Doubt:
    reason: Reason
    failure: Failure | None = None
    note: str = ""


def judge_beside(read: ReadSite, item: Item) -> Finding:
    """The verdict on one item that may stand anywhere on the site."""
    if read.site.type not in item.types or not item.in_force(read.site.on):
        return Finding(item, Status.NOT_APPLICABLE)
    seen = list(_seen(read, item))
    oldest = read.site.on.year - item.fresh if item.fresh is not None else 0
    timely = [evidence for evidence, year in seen if year is None or year >= oldest]
    looked_at = tuple(address for address, page in read.pages.items() if _tells(read, page.content))
    if timely:
        return Finding(item, Status.FOUND, Seen.TEXT, tuple(timely[:1]), looked_at=looked_at)
    if item.condition and read.site.facts.get(item.condition) is False:
        return Finding(item, Status.NOT_APPLICABLE, looked_at=looked_at)
    doubt = _doubt(read, item)
    if doubt is not None:
        return Finding(
            item,
            Status.UNCHECKED,
            reason=doubt.reason,
            failure=doubt.failure,
            looked_at=looked_at,
            note=doubt.note,
        )
    note = "ни документа, ни страницы с таким названием на прочитанных страницах нет"
    if seen:
        note = f"есть только план прошлых лет: «{seen[0][0].excerpt}»"
    return Finding(item, Status.ABSENT, looked_at=looked_at, note=note)


def _seen(read: ReadSite, item: Item) -> Iterator[tuple[Evidence, int | None]]:
    """Everything that is called such a plan, with the newest year that its name has."""
    for page in read.pages.values():
        if page.not_found:
            continue
        content = page.content
        for line in content.lines:
            if line.hidden or not _named(item, line.folded):
                continue
            link = next((one for one in line.links if one.alive and not one.hidden), None)
            if link is not None:
                yield _evidence(content, line, f"ссылка «{link.text[:80]}»"), newest_year(line.text)
            elif line.level in HEADING_LEVELS and _says_more(content, line):
                place = f"под заголовком «{line.text[:80]}», строка {line.number + 1}"
                yield _evidence(content, line, place), newest_year(line.text)


def _named(item: Item, folded: str) -> bool:
    sign = item.sign
    found = sign.documents.find(folded) or sign.labels.find(folded)
    if found is None or sign.unless.find(folded):
        return False
    return not folded.lstrip(" «\"'").startswith(REPORTS)


def _says_more(content: PageContent, heading: Line) -> bool:
    """Whether something stands below a heading: a table's cell or a sentence."""
    following = (line for line in content.lines if line.number > heading.number)
    below = [line for line, _ in zip(following, range(NEAR), strict=False)]
    return any(
        line.text and not line.frame and not line.hidden and not line.level for line in below
    )


def _evidence(content: PageContent, line: Line, place: str) -> Evidence:
    return Evidence(
        content.address, place, line.text[:EXCERPT], markup=False, by=line.text[:EXCERPT]
    )


def _tells(read: ReadSite, content: PageContent) -> bool:
    """A page about the assessment: by its title or a heading."""
    words = read.regime.site.assessment
    heads = [fold(content.title)]
    heads += [line.folded for line in content.lines if 0 < line.level <= 3 and not line.frame]
    return any(words.find(head) for head in heads)


def _doubt(read: ReadSite, item: Item) -> _Doubt | None:
    """Why a plan that was not seen is not simply absent."""
    failures = [failure for failure in read.site.failures if failure.reason in SILENT]
    if not read.pages:
        if failures:
            return _Doubt(Reason.FAILURE, failures[0])
        return _Doubt(Reason.PAGE_NOT_GIVEN)
    if all(page.not_found for page in read.pages.values()):
        return _Doubt(Reason.SITE_ANSWERS_NOT_FOUND)
    if all(page.drawn_by_script for page in read.pages.values()):
        return _Doubt(Reason.NEEDS_JAVASCRIPT)
    for address in _unread(read):
        return _Doubt(Reason.PAGE_NOT_READ, note=address)
    if item.condition and item.condition not in read.site.facts:
        return _Doubt(Reason.CONDITION_UNKNOWN, note=read.regime.conditions[item.condition])
    if not read.site.whole:
        return _Doubt(Reason.PAGE_NOT_GIVEN)
    return None


def _unread(read: ReadSite) -> Iterator[str]:
    """Pages about the assessment that the site names and that were not read."""
    words = read.regime.site.assessment
    for page in read.pages.values():
        for link in page.content.links:
            if words.find(fold(link.text)) and _leads_on(page.content, link):
                address = joined(page.content.base, link.href)
                if normal_address(address) not in read.read_addresses:
                    yield address


def _leads_on(content: PageContent, link: Link) -> bool:
    return leads_to_page(link) and same_site(content.address, link.href or "")
