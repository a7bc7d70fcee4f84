"""What a visit brings: pages, documents and failures, and what a page is read into."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LARGEST_PAGE = 10_000_000
"""Bytes of a page that are read; the rest is cut off, and the inspection says so."""
LONGEST_LINE = 4_000
MOST_LINES = 20_000
MOST_MARKED = 20_000


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it came: ``address`` is the URL that was asked for, or the path of a saved file;
    ``base`` is where redirects led to, for its links.
    """

    address: str
    content: bytes
    charset: str = ""
    base: str = ""
    fetched_at: datetime | None = None
    last_modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that a page links to. ``text_length`` is None where the text was not taken out.

    ``pages`` and ``images`` are counted for PDF; a scan has images and no text.
    """

    address: str
    kind: str
    size: int
    text_length: int | None = None
    pages: int = 0
    images: int = 0

    @property
    def scanned(self) -> bool:
        return self.text_length == 0 and self.kind == "pdf" and self.pages > 0


class FailureReason(StrEnum):
    """Why an address gave no page. Only :attr:`MISSING` says that there is nothing there."""

    MISSING = "missing"
    BLOCKED = "blocked"
    FORBIDDEN_BY_ROBOTS = "robots"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    NO_SUCH_HOST = "no_such_host"
    PRIVATE_ADDRESS = "private_address"
    OTHER_HOST = "other_host"
    REDIRECT_LOOP = "redirect_loop"
    TOO_LARGE = "too_large"
    BAD_CERTIFICATE = "bad_certificate"
    SERVER_ERROR = "server_error"
    NEEDS_JAVASCRIPT = "needs_javascript"
    NOT_A_PAGE = "not_a_page"
    BAD_ADDRESS = "bad_address"
    BUDGET = "budget"


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that was asked for in vain, with what exactly happened in ``detail``."""

    address: str
    reason: FailureReason
    detail: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a line stands in a table, from 0."""

    table: int
    row: int
    column: int


@dataclass(slots=True)
class Link:
    """A link of a page; ``line`` is the number of the line that it stands in, ``dead``: its
    address was asked for, and there is nothing.
    """

    text: str
    href: str | None
    line: int = 0
    frame: bool = False
    hidden: bool = False
    dead: bool = False

    @property
    def alive(self) -> bool:
        """Whether the link leads anywhere at all, by the look of its address and by trying it."""
        if self.dead:
            return False
        href = (self.href or "").strip()
        if not href or href.startswith(("#", "javascript:", "!", "about:")):
            return False
        return any(sign in href for sign in "./?:=") or href.isascii()


@dataclass(slots=True)
class Line:
    """A line as a visitor sees it. ``level``: 1–6 a heading, 7 wholly bold, 8 ends with a colon,
    0 plain text. ``lead`` is its bold beginning, all of it where all is bold.
    """

    number: int
    text: str
    folded: str
    level: int = 0
    lead: str = ""
    cell: Cell | None = None
    links: tuple[Link, ...] = ()
    images: int = 0
    frame: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Marked:
    """A tag with microdata. ``parent`` is the number of the nearest marked tag around it, or -1."""

    name: str
    written: str
    attribute: str
    tag: str
    parent: int
    line: int = 0
    text: str = ""
    links: list[Link] = field(default_factory=list)
    images: int = 0
    hidden: bool = False
    foreign: bool = False


@dataclass(slots=True)
class TableCell:
    text: str
    folded: str
    links: tuple[Link, ...]
    images: int
    line: int
    heading: bool
    columns: int = 1
    rows: int = 1


@dataclass(slots=True)
class Table:
    """``grid`` is by row and column with spans spread; ``headers`` are its first rows."""

    number: int
    line: int
    grid: list[list[TableCell]]
    header_rows: int = 0
    frame: bool = False
    hidden: bool = False


@dataclass(slots=True)
class Form:
    """``message``: it has a field for a long text; ``text`` is all that is written in it."""

    line: int
    message: bool
    fields: int
    text: str
    checkbox: bool


@dataclass(slots=True)
class PageContent:
    """A page read once; everything else works on this."""

    address: str
    title: str = ""
    lines: list[Line] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    scripts: int = 0
    images: int = 0
    refresh: str | None = None
    cut: bool = False
    base: str = ""

    @property
    def visible_length(self) -> int:
        return sum(len(line.text) for line in self.lines if not line.hidden)
