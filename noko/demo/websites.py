"""Invented sites of the invented organisations: pages, and what is true of them.

Four ways of writing the same information (microdata, bold labels, tables, headings with prose) and
named flaws, so that the demonstration has something to find and the tests know what is there.
All texts are ours; nothing is taken from a real site.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from html import escape

from noko.demo.website_texts import Piece, Section, persons, pieces_of, sections


class Style(StrEnum):
    """How a site writes its information."""

    MICRODATA = "microdata"
    LABELS = "labels"
    TABLES = "tables"
    PROSE = "prose"


class Flaw(StrEnum):
    """What can be wrong with a site; each is made by :func:`make_site`."""

    DASHES = "dashes"
    DEAD_LINKS = "dead_links"
    HIDDEN = "hidden"
    MISSPELT = "misspelt"
    NO_GROUP = "no_group"
    WRONG_SLUG = "wrong_slug"
    WRONG_TITLE = "wrong_title"
    ARCHIVES = "archives"
    STALE = "stale"
    NO_SPECIAL = "no_special"
    NO_CONSENT = "no_consent"
    NO_FORM = "no_form"
    NORM = "norm"
    OLD_CHARSET = "old_charset"
    UNCLOSED = "unclosed"


@dataclass(frozen=True, slots=True)
class Owner:
    """The organisation whose site it is."""

    type: str
    full_name: str
    short_name: str
    founder: str
    address: str
    phone: str
    email: str
    seed: int = 0


@dataclass(slots=True)
class VirtualSite:
    """Path → bytes of every page; ``present`` and ``absent`` are codes of items."""

    pages: dict[str, bytes]
    present: set[str]
    absent: set[str]
    flaws: frozenset[Flaw]
    missing: set[str] = field(default_factory=set)


def make_site(
    owner: Owner,
    style: Style,
    *,
    on: date,
    absent: Sequence[str] = (),
    missing: Sequence[str] = (),
    flaws: Sequence[Flaw] = (),
) -> VirtualSite:
    """The site without the items ``absent`` and the subsections ``missing``, with ``flaws``."""
    return _Maker(owner, style, on, set(absent), set(missing), frozenset(flaws)).make()


@dataclass(slots=True)
class _Maker:
    owner: Owner
    style: Style
    on: date
    absent: set[str]
    missing: set[str]
    flaws: frozenset[Flaw]
    rng: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.rng = random.Random(f"{self.owner.seed}:{self.owner.short_name}")

    def make(self) -> VirtualSite:
        pages: dict[str, bytes] = {"/": self._page("Главная", self._home(), "/")}
        present: set[str] = set()
        absent: set[str] = set()
        for section in sections():
            if self.owner.type not in section.types:
                continue
            pieces = [p for p in pieces_of(section, self.owner.type, self.on) if self._shown(p)]
            codes = {piece.code for piece in pieces_of(section, self.owner.type, self.on)}
            if section.slug in self.missing:
                absent |= codes
                continue
            body = self._section(section, pieces)
            here = {piece.code for piece in pieces}
            if Flaw.NORM in self.flaws and section.slug == "objects":
                body, here = NORM_TEXT, set()
            present |= here
            absent |= codes - here
            path = f"/sveden/{self._slug(section)}"
            pages[path] = self._page(self._title(section), body, path)
        written = frozenset(present)
        for one, others in SAME.items():
            if one in written:
                present |= others & absent
                absent -= others
        pages["/sveden"] = self._page("Сведения об образовательной организации", "", "/sveden")
        if (
            self.style is Style.MICRODATA
            and {"education.students", "education.foreign_students"} & present
        ):
            # one name of microdata stands for both
            present |= {"education.students", "education.foreign_students"} & absent
            absent -= {"education.students", "education.foreign_students"}
        return VirtualSite(pages, present, absent, self.flaws, self.missing)

    def _shown(self, piece: Piece) -> bool:
        """Whether the information is there; a row of units without their names makes no sense."""
        nameless = piece.code.startswith("struct.") and "struct.names" in self.absent
        return piece.code not in self.absent and not nameless

    def _slug(self, section: Section) -> str:
        wrong = Flaw.WRONG_SLUG in self.flaws and section.slug == "struct"
        return "struktura" if wrong else section.slug

    def _title(self, section: Section) -> str:
        wrong = Flaw.WRONG_TITLE in self.flaws and section.slug == "paid_edu"
        return "Финансово-хозяйственная деятельность" if wrong else section.title

    def _section(self, section: Section, pieces: list[Piece]) -> str:
        parts = [self._piece(piece) for piece in pieces if not piece.table]
        body = self._wrap(parts)
        for table in dict.fromkeys(piece.table for piece in pieces if piece.table):
            body += self._table(table, [piece for piece in pieces if piece.table == table])
        return body + self._empty(section)

    def _empty(self, section: Section) -> str:
        """Absent items that still have their label: with a dash, or as a link to nowhere."""
        if not {Flaw.DASHES, Flaw.DEAD_LINKS} & self.flaws:
            return ""
        gone = [p for p in pieces_of(section, self.owner.type, self.on) if p.code in self.absent]
        lines = []
        for piece in gone:
            if piece.file:
                lines.append(f'<p><a href="#">{escape(piece.label)}</a></p>')
            elif not piece.table:
                lines.append(f"<p><b>{escape(piece.label)}:</b> –</p>")
        return "".join(lines)

    def _value(self, piece: Piece) -> str:
        return piece.text.format(
            full_name=self.owner.full_name,
            short_name=self.owner.short_name,
            founder=self.owner.founder,
            address=self.owner.address,
            phone=self.owner.phone,
            email=self.owner.email,
            year=self.on.year - (4 if Flaw.STALE in self.flaws else 0),
            founded=1950 + self.owner.seed % 60,
        ).replace("PERSON", self.rng.choice(persons()))

    def _piece(self, piece: Piece) -> str:
        value = escape(self._value(piece), quote=False)
        label = escape(piece.label)
        if piece.file:
            return self._file(piece, value)
        if self.style is Style.MICRODATA:
            return f"<p>{label}: {self._marked(piece, value)}</p>"
        if self.style is Style.LABELS:
            return f"<p><b>{label}:</b> {value}</p>"
        if self.style is Style.TABLES:
            return f"<tr><td>{label}</td><td>{value}</td></tr>"
        return f"<h3>{label}</h3><p>{value}</p>"

    def _file(self, piece: Piece, value: str) -> str:
        kind = "rar" if Flaw.ARCHIVES in self.flaws and piece.code.endswith("charter") else "pdf"
        href = f"/files/{piece.code.replace('.', '_')}.{kind}"
        mark = ""
        if self.style is Style.MICRODATA and piece.markup:
            group, _, name = piece.markup.rpartition(">")
            mark = f' itemprop="{name}"'
            if group:
                return f'<div itemprop="{group}"><a{mark} href="{href}">{value}</a></div>'
        link = f'<a{mark} href="{href}">{value}</a>'
        if self.style is Style.TABLES:
            return f'<tr><td>{escape(piece.label)}</td><td><a href="{href}">скачать</a></td></tr>'
        if self.style is Style.PROSE:
            return f'<h4>{escape(piece.label)}</h4><p><a href="{href}">Открыть</a></p>'
        return f"<p>{link}</p>"

    def _marked(self, piece: Piece, value: str) -> str:
        if not piece.markup:
            return value
        group, _, name = piece.markup.rpartition(">")
        if Flaw.MISSPELT in self.flaws and name == "regDate":
            name = "regdate"
        hidden = (
            ' style="display: none"' if Flaw.HIDDEN in self.flaws and name == "shortName" else ""
        )
        tag = f'<span itemprop="{name}"{hidden}>{value}</span>'
        if hidden:
            tag += f" {value}"
        if group and Flaw.NO_GROUP not in self.flaws:
            return f'<span itemprop="{group}">{tag}</span>'
        return tag

    def _wrap(self, parts: list[str]) -> str:
        if self.style is not Style.TABLES:
            return "".join(parts)
        rows = "".join(parts)
        return f"<table>{rows}</table>" if rows else ""

    def _table(self, name: str, pieces: list[Piece]) -> str:
        """A table of several rows, a column for each piece; people are drawn by the seed."""
        if self.style is Style.PROSE and len(pieces) == 1:
            value = escape(self._value(pieces[0]), quote=False)
            return f"<h3>{escape(pieces[0].label)}</h3><p>{value}</p>"
        marked = self.style is Style.MICRODATA
        head = "".join(f"<th>{escape(piece.label)}</th>" for piece in pieces)
        rows = "".join(self._row(pieces, marked) for _ in range(2))
        return f"<h3>{escape(name)}</h3><table><tr>{head}</tr>{rows}</table>"

    def _row(self, pieces: list[Piece], marked: bool) -> str:
        group = pieces[0].markup.partition(">")[0]
        mark = (
            f' itemprop="{group}"' if marked and group and Flaw.NO_GROUP not in self.flaws else ""
        )
        cells = []
        for piece in pieces:
            name = piece.markup.rpartition(">")[2]
            prop = f' itemprop="{name}"' if marked and name else ""
            value = self._value(piece)
            inner = escape(value, quote=False)
            if piece.file:
                inner = f'<a href="/files/{name or "file"}.pdf">{inner}</a>'
            cells.append(f"<td{prop}>{inner}</td>")
        return f"<tr{mark}>{''.join(cells)}</tr>"

    def _home(self) -> str:
        return (
            f"<p>{escape(self.owner.full_name)} приглашает на день открытых дверей.</p>"
            f'<p><a href="/faq">Часто задаваемые вопросы</a></p>{self._form()}'
        )

    def _form(self) -> str:
        if Flaw.NO_FORM in self.flaws:
            return ""
        consent = "Согласие на обработку персональных данных"
        tick = "" if Flaw.NO_CONSENT in self.flaws else f'<input type="checkbox"> {consent}'
        return (
            '<form action="/feedback" method="post"><p>Обратная связь</p>Имя <input name="name">'
            f' Сообщение <textarea name="text"></textarea> {tick}<button>Отправить</button></form>'
        )

    def _page(self, title: str, body: str, path: str) -> bytes:
        special = "" if Flaw.NO_SPECIAL in self.flaws else SPECIAL
        menu = "".join(self._menu())
        close = "" if Flaw.UNCLOSED in self.flaws else "</div></body></html>"
        charset = "windows-1251" if Flaw.OLD_CHARSET in self.flaws else "utf-8"
        text = (
            f'<!DOCTYPE html><html lang="ru"><head><meta charset="{charset}">'
            f"<title>{escape(title)} – {escape(self.owner.short_name)}</title></head><body>"
            f"<header>{special}</header><nav><ul>{menu}</ul></nav>"
            f"<div><h1>{escape(title)}</h1>{body}<footer>© {escape(self.owner.short_name)}</footer>"
            f"{close}"
        )
        return text.encode(charset, errors="xmlcharrefreplace")

    def _menu(self) -> Iterator[str]:
        yield '<li><a href="/">Главная</a></li><li><a href="/sveden">Сведения</a></li>'
        for section in sections():
            if self.owner.type in section.types and section.slug not in self.missing:
                slug = self._slug(section)
                yield f'<li><a href="/sveden/{slug}">{escape(section.title)}</a></li>'


SAME = {
    "objects.hostel": {"grants.hostel", "grants.hostel_places"},
    "grants.hostel": {"objects.hostel", "grants.hostel_places"},
    "education.programme": {"education.programmes"},
}
"""What is told with the first of them: the same fact asked for in two places."""
SPECIAL = '<a itemprop="copy" href="/?special=1">Версия для слабовидящих</a>'
NORM_TEXT = (
    "<p>Подраздел должен содержать информацию о материально-техническом обеспечении, в том числе "
    "о библиотеках, объектах спорта, средствах обучения и воспитания.</p>"
)
