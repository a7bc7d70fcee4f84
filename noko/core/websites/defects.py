"""What a site should mend beside missing information."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from noko.core.websites.addresses import joined, parts_of
from noko.core.websites.defects_markup import markup_defects
from noko.core.websites.findings import Defect, DefectKind, Evidence, Finding, Status
from noko.core.websites.page import FailureReason, Link
from noko.core.websites.patterns import fold
from noko.core.websites.rules import Item, Subsection
from noko.core.websites.sections import bare, normal_address, segments, slugs_of, titles_of
from noko.core.websites.site import ReadPage, ReadSite
from noko.core.websites.values import newest_year

PICTURES = ("jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff")
ARCHIVES = ("zip", "rar", "7z")
FEW_FIELDS = 2
LITTLE_TEXT = 250


def find_defects(
    read: ReadSite, findings: tuple[Finding, ...], special: Evidence | None
) -> Iterator[Defect]:
    """All defects, in the order of subsections, then those of the whole site."""
    for subsection in read.regime.subsections:
        for content in read.placement.all_of(subsection.code):
            page = read.pages[content.address]
            yield from markup_defects(page, subsection.slug, read.regime)
            yield from _page_defects(page, subsection, read)
            yield from _document_defects(page, subsection, read)
            yield from _stale(page, subsection, read)
        yield from _address_defects(subsection, read)
        if _is_missing(subsection, read):
            yield Defect(
                DefectKind.MISSING_SUBSECTION, "", subsection.title, _address(subsection, read)
            )
    for content in read.placement.others:
        yield from markup_defects(read.pages[content.address], None, read.regime)
    yield from _wrong_places(findings, read)
    yield from _broken_links(read)
    yield from _site_defects(read, special)


def _address(subsection: Subsection, read: ReadSite) -> str:
    return f"/{read.regime.section.path}/{subsection.slug}"


def _is_missing(subsection: Subsection, read: ReadSite) -> bool:
    if not read.site.whole or read.placement.pages[subsection.code]:
        return False
    if read.site.type not in subsection.types or not read.pages:
        return False
    return all(
        failure.reason is FailureReason.MISSING
        for failure in read.site.failures
        if segments(failure.address)[-1:] and segments(failure.address)[-1] == subsection.slug
    )


def _page_defects(page: ReadPage, subsection: Subsection, read: ReadSite) -> Iterator[Defect]:
    content = page.content
    titles = titles_of(read.regime)
    heads = [line.text for line in content.lines if 0 < line.level <= 3 and not line.frame]
    named = [titles[bare(head)] for head in heads if bare(head) in titles]
    if named and subsection.code not in named:
        wrong = next(head for head in heads if bare(head) in titles)
        yield Defect(DefectKind.WRONG_TITLE, content.address, wrong, subsection.title)
    little = sum(len(line.text) for line in page.reading.lines) < LITTLE_TEXT
    if page.norms and little:
        excerpt = max((line.text for line in page.norms), key=len)[:200]
        yield Defect(DefectKind.NORM_INSTEAD, content.address, subsection.title, excerpt=excerpt)
    if page.drawn_by_script:
        yield Defect(DefectKind.NEEDS_JAVASCRIPT, content.address, subsection.title)
    if content.cut:
        yield Defect(DefectKind.PAGE_CUT, content.address, subsection.title)


def _document_defects(page: ReadPage, subsection: Subsection, read: ReadSite) -> Iterator[Defect]:
    rules = read.regime.documents
    documents = {normal_address(one.address): one for one in read.site.documents}
    for link in page.content.links:
        if link.frame or link.hidden or link.line not in page.reading.around:
            continue
        place = f"ссылка «{link.text[:80]}»"
        item = _item_of(link, subsection)
        if not link.alive:
            if item and link.href is not None and not link.dead:
                yield _of_link(DefectKind.EMPTY_LINK, page, link, place, item)
            continue
        kind = parts_of(link.href or "").path.rpartition(".")[2].lower()
        wrong = kind in (*PICTURES, *ARCHIVES) or (kind in FILE_KINDS and kind not in rules.kinds)
        if kind in FILE_KINDS and (wrong if rules.kinds else kind in (*PICTURES, *ARCHIVES)):
            yield _of_link(
                DefectKind.DOCUMENT_KIND, page, link, place, item, ", ".join(rules.kinds)
            )
        document = documents.get(normal_address(joined(page.content.base, link.href)))
        if document is None:
            continue
        limit = rules.maximum_megabytes
        if limit and document.size > limit * 1_000_000:
            size = f"{document.size / 1_000_000:.0f} Мб"
            yield _of_link(DefectKind.DOCUMENT_SIZE, page, link, place, item, f"{limit} Мб", size)
        if document.scanned:
            yield _of_link(DefectKind.SCAN_WITHOUT_TEXT, page, link, place, item)


FILE_KINDS = ("pdf", "doc", "docx", "xls", "xlsx", "odt", "ods", "rtf", *PICTURES, *ARCHIVES)


def _of_link(
    kind: DefectKind,
    page: ReadPage,
    link: Link,
    place: str,
    item: str,
    right: str = "",
    excerpt: str = "",
) -> Defect:
    subject = unquote(link.href or "")[:200]
    return Defect(
        kind, page.content.address, subject, right, place, excerpt or link.text[:80], item
    )


def _item_of(link: Link, subsection: Subsection) -> str:
    """The item that the link's text names, or an empty string."""
    folded = fold(link.text)
    for item in subsection.items:
        if item.sign.documents.find(folded):
            return item.code
    return ""


def _stale(page: ReadPage, subsection: Subsection, read: ReadSite) -> Iterator[Defect]:
    for item in subsection.items:
        if item.fresh is None:
            continue
        texts = list(_texts_of(item, page))
        years = [year for text in texts if (year := newest_year(text)) is not None]
        newest = max(years, default=None)
        if newest is not None and newest < read.site.on.year - item.fresh:
            excerpt = next(text for text in texts if newest_year(text) == newest)[:120]
            yield Defect(
                DefectKind.STALE_DATE,
                page.content.address,
                str(newest),
                str(read.site.on.year - item.fresh),
                excerpt=excerpt,
                item=item.code,
            )


def _texts_of(item: Item, page: ReadPage) -> Iterator[str]:
    """Texts that name the item: links, and lines under its heading."""
    for link in page.content.links:
        if link.line in page.reading.around and item.sign.documents.find(fold(link.text)):
            yield link.text
    for statement in page.reading.statements:
        if item.sign.labels.find(statement.label) and not item.sign.unless.find(statement.label):
            yield statement.rest
            yield from (line.text for line in statement.lines[:20])


def _address_defects(subsection: Subsection, read: ReadSite) -> Iterator[Defect]:
    """Other words than the right slug in the page's own address or in the menu's."""
    right = _address(subsection, read)
    seen: set[str] = set()
    for content in read.placement.pages[subsection.code]:
        words = segments(content.address)
        if words and not _is_right(words, subsection):
            seen.add(words[-1])
            yield Defect(DefectKind.WRONG_ADDRESS, content.address, words[-1], right)
    if read.placement.pages[subsection.code] and not seen:
        return
    for content, link in read.placement.menu.get(subsection.code, ()):
        words = [word for word in segments(link.href or "") if word not in (".", "..")]
        if words and not _is_right(words, subsection) and words[-1] not in seen:
            seen.add(words[-1])
            place = f"ссылка «{link.text[:80]}»"
            yield Defect(DefectKind.WRONG_ADDRESS, content.address, words[-1], right, place)


def _is_right(words: list[str], subsection: Subsection) -> bool:
    return any(word in slugs_of(subsection) for word in words[-2:])


def _wrong_places(findings: tuple[Finding, ...], read: ReadSite) -> Iterator[Defect]:
    for finding in findings:
        if finding.status is Status.FOUND and finding.elsewhere and finding.looked_at:
            first = finding.evidence[0]
            own = read.regime.subsection_of[finding.item.code].title
            yield Defect(
                DefectKind.WRONG_PLACE,
                first.page,
                finding.item.name,
                own,
                first.place,
                first.excerpt,
                finding.item.code,
            )


def _broken_links(read: ReadSite) -> Iterator[Defect]:
    """Links to addresses that were asked for and are not there."""
    details = {normal_address(failure.address): failure.detail for failure in read.site.failures}
    for page in read.pages.values():
        for link in page.content.links:
            if link.dead and not link.frame and link.line in page.reading.around:
                address = normal_address(joined(page.content.base, link.href))
                place = f"ссылка «{link.text[:80]}»"
                detail = details.get(address, "")
                yield _of_link(DefectKind.BROKEN_LINK, page, link, place, "", excerpt=detail)


def _site_defects(read: ReadSite, special: Evidence | None) -> Iterator[Defect]:
    if special is None and read.pages:
        yield Defect(DefectKind.NO_SPECIAL_VERSION, "")
    forms = [(page, form) for page in read.pages.values() for form in page.content.forms]
    consent = read.regime.site.consent
    if read.site.whole and read.pages and not any(form.message for _, form in forms):
        yield Defect(DefectKind.NO_FEEDBACK_FORM, "")
    seen = set()
    for page, form in forms:
        personal = form.message or form.fields >= FEW_FIELDS
        if personal and not consent.find(fold(form.text)) and form.text not in seen:
            seen.add(form.text)
            place = f"форма, строка {form.line + 1}"
            yield Defect(
                DefectKind.FORM_WITHOUT_CONSENT,
                page.content.address,
                place=place,
                excerpt=" ".join(form.text.split())[:120],
            )
    for page in read.pages.values():
        if page.not_found:
            yield Defect(DefectKind.SOFT_NOT_FOUND, page.content.address, page.content.title)
