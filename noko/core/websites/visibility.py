"""What a visitor sees: hidden tags, spoilers that open at a click, and the frame around a page."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

HIDING_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])",
    re.IGNORECASE,
)
HIDING_CLASSES = {"d-none", "hidden", "visually-hidden", "sr-only", "invisible"}
SPOILER_CLASSES = re.compile(
    r"collaps|accord|spoiler|toggle|tab-?pane|tab-?content|slide|drop|panel"
)
CONTROLS = "a[href^='#'],[data-target],[data-bs-target],[aria-controls],[data-toggle]"
CONTROL_KEYS = ("data-target", "data-bs-target", "aria-controls", "href")
FRAME_TAGS = {"nav", "footer", "header", "aside"}
FRAME_ROLES = {"navigation", "contentinfo", "banner", "search", "menu"}
FRAME_NAMES = {
    "menu", "mainmenu", "main-menu", "topmenu", "top-menu", "leftmenu", "nav", "navbar",
    "navigation", "breadcrumb", "breadcrumbs", "footer", "header", "sidebar", "site-header",
    "site-footer",
}  # fmt: skip


class Visibility:
    """Answers for the tags of one page."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        self._opened: set[str] = set()
        for node in tree.css(CONTROLS):
            attributes = node.attributes
            for key in CONTROL_KEYS:
                self._opened.add((attributes.get(key) or "").lstrip("#"))
        self._opened.discard("")

    def hides(self, node: LexborNode, attributes: dict[str, str | None]) -> bool:
        """Whether the tag hides what is in it for good: a spoiler does not."""
        style = attributes.get("style")
        classes = attributes.get("class") or ""
        hiding = (
            "hidden" in attributes
            or (style is not None and HIDING_STYLE.search(style) is not None)
            or not HIDING_CLASSES.isdisjoint(classes.split())
        )
        return hiding and not self._is_spoiler(node, attributes, classes)

    def _is_spoiler(
        self, node: LexborNode, attributes: dict[str, str | None], classes: str
    ) -> bool:
        if attributes.get("itemprop") is not None:
            return False
        if (attributes.get("id") or "") in self._opened or SPOILER_CLASSES.search(classes.lower()):
            return True
        before = node.prev
        while before is not None and (before.tag or "").startswith(("-", "_")):
            before = before.prev
        if before is None:
            return False
        if before.tag in ("button", "summary"):
            return True
        links = [before] if before.tag == "a" else before.css("a,button")
        return any(_is_control(link) for link in links)

    @staticmethod
    def frames(tag: str, attributes: dict[str, str | None]) -> bool:
        """Whether the tag belongs to the frame of the site: menu, head, foot."""
        if tag in FRAME_TAGS or (attributes.get("role") or "") in FRAME_ROLES:
            return True
        if tag in ("body", "html", "main", "article") or "class" not in attributes:
            return (attributes.get("id") or "").lower() in FRAME_NAMES and tag not in (
                "body",
                "html",
            )
        words = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower().split()
        return not FRAME_NAMES.isdisjoint(words)


def _is_control(node: LexborNode) -> bool:
    attributes = node.attributes
    href = attributes.get("href")
    return node.tag == "button" or href is None or href.startswith(("#", "javascript:"))
