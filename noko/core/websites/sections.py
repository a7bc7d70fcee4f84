"""Which page is which subsection: by its address first, then by its title, then by the menu."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from noko.core.websites.addresses import joined, parts_of
from noko.core.websites.page import Link, PageContent
from noko.core.websites.patterns import fold
from noko.core.websites.rules import Regime, Subsection

INDEX_NAMES = {"index", "default", "main", ""}
PAGE_ENDINGS = ("html", "htm", "php", "aspx", "asp", "shtml", "xhtml", "jsp")
FILE_ENDINGS = (
    "pdf", "doc", "docx", "xls", "xlsx", "odt", "ods", "rtf", "ppt", "pptx", "zip", "rar", "7z",
    "jpg", "jpeg", "png", "gif", "bmp", "tif", "tiff", "txt", "sig", "mp4", "mp3", "djvu", "csv",
)  # fmt: skip
NOT_WORDS = re.compile(r"[^\w]+")


@dataclass(slots=True)
class Placement:
    """The pages of every subsection (by code), and what the menu says of its address."""

    pages: dict[str, list[PageContent]] = field(default_factory=dict)
    by_address: dict[str, str] = field(default_factory=dict)
    menu: dict[str, list[tuple[PageContent, Link]]] = field(default_factory=dict)
    others: list[PageContent] = field(default_factory=list)
    further: dict[str, list[PageContent]] = field(default_factory=dict)

    def all_of(self, code: str) -> list[PageContent]:
        """The subsection's own pages and those that it goes on to."""
        return [*self.pages[code], *self.further.get(code, ())]


def place_pages(contents: Sequence[PageContent], regime: Regime) -> Placement:
    """Sorts pages into subsections. A page that is none of them stays among the others."""
    placement = Placement(pages={sub.code: [] for sub in regime.subsections})
    titles = titles_of(regime)
    for content in contents:
        for link in content.links:
            code = titles.get(bare(link.text))
            if code and link.alive:
                placement.menu.setdefault(code, []).append((content, link))
    named = _addresses_in_menu(placement)
    for content in contents:
        found = (
            subsection_of_address(content.address, regime)
            or subsection_of_title(content, titles)
            or named.get(normal_address(content.address))
        )
        if found:
            placement.pages[found].append(content)
            placement.by_address[content.address] = found
        else:
            placement.others.append(content)
    _continue(placement, regime)
    return placement


def _continue(placement: Placement, regime: Regime) -> None:
    """Other pages that a subsection's page names as its continuation belong to it."""
    others = {normal_address(content.address): content for content in placement.others}
    for subsection in regime.subsections if others else ():
        for content in placement.pages[subsection.code]:
            for link in content.links:
                if not goes_on(link, content, subsection):
                    continue
                found = others.pop(normal_address(joined(content.base, link.href)), None)
                if found is not None:
                    placement.further.setdefault(subsection.code, []).append(found)
    placement.others = list(others.values())


def goes_on(link: Link, content: PageContent, subsection: Subsection) -> bool:
    """Whether a link leads to more of the subsection: by its name, or marked ``addRef``."""
    if link.frame or not link.alive:
        return False
    return bool(subsection.follow.find(fold(link.text))) or any(
        link is other for mark in content.marked if mark.name == "addRef" for other in mark.links
    )


def _addresses_in_menu(placement: Placement) -> dict[str, str]:
    return {
        normal_address(joined(content.base, link.href)): code
        for code, links in placement.menu.items()
        for content, link in links
    }


def titles_of(regime: Regime) -> dict[str, str]:
    """Bare title → code of its subsection."""
    return {bare(title): sub.code for sub in regime.subsections for title in sub.all_titles}


def bare(text: str) -> str:
    """Words alone, for comparing titles."""
    return " ".join(NOT_WORDS.sub(" ", fold(text)).split())


def segments(address: str) -> list[str]:
    """The words of a path without endings and index names, in order."""
    path = unquote(parts_of(address.replace("\\", "/").partition("@")[0]).path)
    words = []
    for part in path.split("/"):
        name, dot, ending = part.rpartition(".")
        word = name if dot and ending.lower() in PAGE_ENDINGS else part
        if word.lower() not in INDEX_NAMES:
            words.append(word)
    return words


def subsection_of_address(address: str, regime: Regime) -> str | None:
    """The subsection by the last word of a path that is a slug in any letter case."""
    slugs = {slug.lower(): sub.code for sub in regime.subsections for slug in slugs_of(sub)}
    words = [word.lower() for word in segments(address)]
    section = regime.section.path
    if section in words:
        after = words[len(words) - words[::-1].index(section) :]
        return slugs.get(after[0]) if after else None
    return slugs.get(words[-1]) if words else None


def slugs_of(subsection: Subsection) -> tuple[str, ...]:
    return (subsection.slug, *subsection.other_slugs)


def subsection_of_title(content: PageContent, titles: dict[str, str]) -> str | None:
    """The subsection whose title is a heading of the page or the page's own title."""
    heads = [line.text for line in content.lines if 0 < line.level <= 3 and not line.hidden]
    heads.append(re.split(r"\s[|–—]\s|\s-\s", content.title)[0])
    found = [titles[bare(head)] for head in heads if bare(head) in titles]
    return found[0] if len(set(found)) == 1 else None


def normal_address(address: str) -> str:
    """An address for comparing: without fragment, scheme, index name and ending."""
    parts = parts_of(address)
    return "/".join([parts.netloc.lower().removeprefix("www."), *segments(parts.path), parts.query])


def leads_to_page(link: Link) -> bool:
    """Whether a link goes to a page of the same site rather than to a file or elsewhere."""
    href = (link.href or "").strip()
    if not link.alive or href.startswith(("mailto:", "tel:", "data:")):
        return False
    parts = parts_of(href)
    ending = parts.path.rpartition(".")[2].lower()
    return ending not in FILE_ENDINGS


def same_site(page: str, href: str) -> bool:
    """Whether ``href`` on ``page`` stays on its host; for saved files any relative address does."""
    host = parts_of(href).netloc.lower().removeprefix("www.")
    return not host or host == parts_of(page).netloc.lower().removeprefix("www.")


def unread_links(
    content: PageContent, read: set[str], lines: set[int], wanted: Callable[[Link], bool]
) -> Iterator[str]:
    """Addresses of wanted links of the content to pages of the site that were not read."""
    for link in content.links:
        href = (link.href or "").strip()
        if link.frame or link.line not in lines or not wanted(link) or not leads_to_page(link):
            continue
        if not same_site(content.address, href):
            continue
        address = joined(content.base, href)
        if normal_address(address) not in read and href not in (".", "./"):
            yield address
