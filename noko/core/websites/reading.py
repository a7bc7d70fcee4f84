"""A page read into lines, links, tables, forms and marked tags, in one pass over its tree.

The tree comes from lexbor, which reads HTML as browsers do, so broken pages are no special case.
The walk keeps no recursion: ten thousand nested tags are only a long way down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from noko.core.websites.addresses import joined
from noko.core.websites.decoding import decode_page, front_matter
from noko.core.websites.page import (
    LARGEST_PAGE,
    LONGEST_LINE,
    MOST_LINES,
    MOST_MARKED,
    Form,
    Line,
    Link,
    Marked,
    Page,
    PageContent,
)
from noko.core.websites.patterns import fold
from noko.core.websites.tables import TableBuilder
from noko.core.websites.visibility import Visibility

SKIPPED = {"script", "style", "noscript", "template", "svg", "object", "math", "select"}
BLOCKS = {
    "p", "div", "li", "ul", "ol", "tr", "table", "tbody", "thead", "td", "th", "h1", "h2", "h3",
    "h4", "h5", "h6", "dt", "dd", "dl", "section", "article", "main", "header", "footer", "nav",
    "aside", "form", "fieldset", "legend", "blockquote", "pre", "hr", "br", "caption", "figure",
    "figcaption", "address", "details", "summary", "option", "center", "body", "label", "textarea",
}  # fmt: skip
HEADINGS = {f"h{level}": level for level in range(1, 7)}
BOLD = {"b", "strong", "th", "dt", "legend", "summary", "caption"}
SPACES = re.compile(r"\s+")
NEAREST_MARKED = 8
"""How many marked tags around a text take it in: a page of nested itemprops stays linear."""


def read_page(page: Page) -> PageContent:
    """The page as its visitor and its marked tags show it."""
    cut = len(page.content) > LARGEST_PAGE
    text = decode_page(page.content[:LARGEST_PAGE], page.charset)
    head, text = front_matter(text)
    content = PageContent(page.address, cut=cut, title=head.get("title", ""))
    content.base = page.base or page.address
    tree = LexborHTMLParser(text)
    root = tree.root
    if root is not None:
        _Reader(content, Visibility(tree)).walk(root)
    return content


@dataclass(slots=True)
class _Piece:
    text: str
    bold: bool


@dataclass(slots=True)
class _Open:
    """What must be undone when a tag closes."""

    tag: str
    hidden: bool = False
    frame: bool = False
    bold: bool = False
    marked: int = 0
    link: bool = False
    form: Form | None = None


@dataclass(slots=True)
class _Reader:
    content: PageContent
    visibility: Visibility
    hidden: int = 0
    frame: int = 0
    bold: int = 0
    level: int = 0
    pieces: list[_Piece] = field(default_factory=list)
    waiting: list[Link] = field(default_factory=list)
    images: int = 0
    marked: list[int] = field(default_factory=list)
    link: Link | None = None
    link_placed: bool = False
    forms: list[Form] = field(default_factory=list)
    tables: TableBuilder = field(default_factory=TableBuilder)
    in_title: bool = False

    def walk(self, root: LexborNode) -> None:
        """Enters and leaves every node in document order."""
        path: list[_Open] = []
        node: LexborNode | None = root
        while node is not None:
            opened = self._enter(node)
            child = node.child if opened is not None else None
            if child is not None and opened is not None:
                path.append(opened)
                node = child
                continue
            if opened is not None:
                self._leave(opened)
            while node is not None and node.next is None:
                node = node.parent
                if path:
                    self._leave(path.pop())
            node = node.next if node is not None else None
        self._flush()
        self.content.tables = self.tables.finished

    def _enter(self, node: LexborNode) -> _Open | None:
        """What opens with ``node``; None for a text or a tag that is not entered."""
        tag = node.tag or ""
        if tag == "-text":
            self._text(node.text_content or "")
            return None
        if tag in SKIPPED or tag.startswith(("-", "_", "!")):
            self.content.scripts += tag == "script"
            return None
        if tag == "head":
            return _Open(tag)
        attributes = node.attributes
        opened = _Open(tag)
        self._structure(tag, attributes)
        self._look(node, tag, attributes, opened)
        self._mark(tag, attributes, opened)
        self._content(tag, attributes, opened)
        return opened

    def _structure(self, tag: str, attributes: dict[str, str | None]) -> None:
        if tag in BLOCKS:
            self._flush()
        if tag in HEADINGS:
            self.level = HEADINGS[tag]
        elif tag == "table":
            self.tables.open_table(len(self.content.lines), self.frame > 0, self.hidden > 0)
        elif tag == "tr":
            self.tables.open_row()
        elif tag in ("td", "th"):
            self.tables.open_cell(tag == "th", attributes)
        elif tag == "title":
            self.in_title = True

    def _look(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None], opened: _Open
    ) -> None:
        if self.visibility.hides(node, attributes):
            opened.hidden = True
            self.hidden += 1
        if self.visibility.frames(tag, attributes):
            opened.frame = True
            self.frame += 1
        if tag in BOLD or tag in HEADINGS or "font-weight: bold" in (attributes.get("style") or ""):
            opened.bold = True
            self.bold += 1

    def _mark(self, tag: str, attributes: dict[str, str | None], opened: _Open) -> None:
        for attribute in ("itemtype", "itemprop"):
            written = attributes.get(attribute)
            if written is None or len(self.content.marked) >= MOST_MARKED:
                continue
            if attribute == "itemtype" and "obrnadzor" not in written:
                if "schema.org" not in written:
                    continue
                self._add_marked(Marked("", written, attribute, tag, -1, foreign=True), opened)
                continue
            name = written.strip().rstrip("/").rpartition("/")[2] if attribute == "itemtype" else ""
            self._add_marked(Marked(name or written.strip(), written, attribute, tag, -1), opened)

    def _add_marked(self, marked: Marked, opened: _Open) -> None:
        around = self.marked[-1] if self.marked else -1
        marked.parent = around
        marked.foreign = marked.foreign or (around >= 0 and self.content.marked[around].foreign)
        marked.hidden = self.hidden > 0
        marked.line = len(self.content.lines)
        self.marked.append(len(self.content.marked))
        self.content.marked.append(marked)
        opened.marked += 1

    def _content(self, tag: str, attributes: dict[str, str | None], opened: _Open) -> None:
        if tag == "a":
            self.link = Link("", attributes.get("href"), frame=self.frame > 0)
            self.link.hidden = self.hidden > 0
            self.link_placed = False
            opened.link = True
            for number in self.marked[-NEAREST_MARKED:]:
                self.content.marked[number].links.append(self.link)
        elif tag == "img":
            self._image(attributes)
        elif tag == "form":
            opened.form = Form(len(self.content.lines), False, 0, "", False)
            self.forms.append(opened.form)
        elif tag in ("input", "textarea"):
            self._field(tag, attributes)
        elif tag == "base" and attributes.get("href"):
            self.content.base = joined(self.content.base, attributes["href"]) or self.content.base
        elif tag == "meta" and (attributes.get("http-equiv") or "").lower() == "refresh":
            self.content.refresh = (attributes.get("content") or "").partition("=")[2].strip("'\" ")

    def _image(self, attributes: dict[str, str | None]) -> None:
        self.images += 1
        self.content.images += 1
        for number in self.marked[-NEAREST_MARKED:]:
            self.content.marked[number].images += 1
        if self.link is not None and not self.link.text:
            self.link.text = (attributes.get("alt") or attributes.get("title") or "").strip()

    def _field(self, tag: str, attributes: dict[str, str | None]) -> None:
        kind = (attributes.get("type") or "text").lower()
        for form in self.forms[-1:]:
            form.message = form.message or tag == "textarea"
            form.checkbox = form.checkbox or kind == "checkbox"
            form.fields += kind not in ("hidden", "submit", "button", "image", "reset")
            form.text += f" {attributes.get('placeholder') or ''} {attributes.get('title') or ''}"

    def _text(self, text: str) -> None:
        if self.in_title:
            self.content.title = (self.content.title or SPACES.sub(" ", text).strip())[:300]
            return
        if not text.strip():
            if self.pieces and text:
                self.pieces.append(_Piece(" ", self.pieces[-1].bold))
            return
        if not self.hidden:
            self.pieces.append(_Piece(text, self.bold > 0))
        if self.link is not None:
            self.link.text += text
        self._text_of_marked(text)
        for form in self.forms[-1:]:
            form.text += text[:LONGEST_LINE]

    def _text_of_marked(self, text: str) -> None:
        """Visible text belongs to all tags around; hidden text to the hidden tag itself."""
        if not self.hidden:
            for number in self.marked[-NEAREST_MARKED:]:
                marked = self.content.marked[number]
                if len(marked.text) < LONGEST_LINE:
                    marked.text += text
        elif self.marked and self.content.marked[self.marked[-1]].hidden:
            self.content.marked[self.marked[-1]].text += text[:LONGEST_LINE]

    def _leave(self, opened: _Open) -> None:
        tag = opened.tag
        if opened.link:
            self._leave_link()
        if opened.form is not None:
            self.content.forms.append(self.forms.pop())
        if tag in BLOCKS:
            self._flush()
        if tag in HEADINGS:
            self.level = 0
        elif tag in ("td", "th"):
            self.tables.close_cell()
        elif tag == "table":
            self.tables.close_table()
        elif tag == "title":
            self.in_title = False
        self.hidden -= opened.hidden
        self.frame -= opened.frame
        self.bold -= opened.bold
        for _ in range(opened.marked):
            marked = self.content.marked[self.marked.pop()]
            marked.text = SPACES.sub(" ", marked.text).strip()
        if opened.marked and tag not in BLOCKS:
            self.pieces.append(_Piece(" ", False))

    def _leave_link(self) -> None:
        if self.link is not None:
            self.link.text = SPACES.sub(" ", self.link.text).strip()[:LONGEST_LINE]
            if not self.link_placed:
                self.waiting.append(self.link)
            self.link = None

    def _flush(self) -> None:
        """Ends the line that is being collected."""
        for number in self.marked[-NEAREST_MARKED:]:
            self.content.marked[number].text += " "
        pieces, links, images = self.pieces, self.waiting, self.images
        if self.link is not None and pieces and not self.link_placed:
            links.append(self.link)  # a block inside the link
            self.link_placed = True
        if not pieces and not links and not images:
            return
        self.pieces, self.waiting, self.images = [], [], 0
        if len(self.content.lines) >= MOST_LINES:
            self.content.cut = True
            return
        text = SPACES.sub(" ", "".join(piece.text for piece in pieces)).strip()
        if len(text) > LONGEST_LINE:
            text, self.content.cut = text[:LONGEST_LINE], True
        number = len(self.content.lines)
        line = Line(number, text, fold(text), self._level(pieces, text), _lead(pieces))
        line.links, line.images = tuple(links), images
        line.frame, line.hidden = self.frame > 0, self.hidden > 0
        for link in links:
            link.line = number
        line.cell = self.tables.take(line)
        self.content.lines.append(line)
        self.content.links.extend(links)

    def _level(self, pieces: list[_Piece], text: str) -> int:
        if self.level:
            return self.level
        if not text:
            return 0
        if self.tables.inside:
            return 0
        if all(piece.bold or not piece.text.strip() for piece in pieces):
            return 7
        return 8 if text.endswith(":") and len(text) < 300 else 0


def _lead(pieces: list[_Piece]) -> str:
    """The bold beginning of a line: all of it where all is bold."""
    words = []
    for piece in pieces:
        if not piece.bold and piece.text.strip():
            break
        words.append(piece.text)
    return SPACES.sub(" ", "".join(words)).strip()
