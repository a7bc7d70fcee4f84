"""XML of strangers, read piece by piece: no entities, no network, flat memory, Russian errors.

A document type is refused before anything in it is expanded, so an entity bomb never goes off.
Elements that are finished are taken off the tree at once, however many there are. Errors of
libxml2 are told in Russian with the row of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import IO, Any

from lxml import etree

from noko.core.refusal import Place, Refusal

CURE = "Выгрузите файл заново и загрузите снова. Ничего не сохранено."
LONGEST_PIECE = 64 * 1024
DEEPEST = 100
SIGN = b"<!DOCTYPE"
WARNING = 1
"""The level of an entry of lxml's log that is no error."""

Event = tuple[str, Any]
"""``start`` or ``end`` and the element; a finished element keeps its texts until the next event."""

Logged = Callable[[int, Any], None]
"""Called with the row and an entry of lxml's log, as violations of a schema are met."""


def events(
    stream: IO[bytes],
    *,
    name: str,
    schema: Any = None,
    logged: Logged | None = None,
) -> Iterator[Event]:
    """Starts and ends of elements, in the order of the file.

    ``schema``: an ``XMLSchema``; what violates it is told to ``logged`` and does not stop the
    reading. With a schema faults of the XML itself may go unnoticed: read without one first.
    Refusals: ``broken_xml`` with the row, ``xml_doctype``.
    """
    # The limits of libxml2 are off for the sake of attached documents: there is no document type
    # to expand, and the depth is watched here.
    parser = etree.XMLPullParser(
        events=("start", "end"),
        schema=schema,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    log = _Log(parser, logged)
    depth, before = 0, b""
    try:
        for row, piece in _pieces(stream):
            if not depth:
                before = (before + piece)[-LONGEST_PIECE - 2 * len(SIGN) :]
                _refuse_doctype(before, name)
            parser.feed(piece)
            log.look(row)
            # After some faults libxml2 would quietly begin a new document.
            if (fault := log.fault()) is not None:
                raise _broken(fault.message, fault.line, name)
            for event, element in parser.read_events():
                depth += 1 if event == "start" else -1
                _refuse_depth(depth, row, name)
                yield event, element
                if event == "end":
                    _take_off(element)
        parser.close()
    except etree.XMLSyntaxError as error:
        # With a schema, what is only invalid ends here too: it has been told already.
        fault = log.fault()
        if fault is not None:
            raise _broken(fault.message, fault.line, name) from None
        if schema is None:
            raise _broken(error.msg or "", error.lineno, name) from None


class _Log:
    """What the parser writes down, told once each, with the row that was being read."""

    def __init__(self, parser: Any, logged: Logged | None) -> None:
        self.parser = parser
        self.logged = logged
        self.told = 0

    def look(self, row: int) -> None:
        if self.logged is None:
            return
        entries = self.parser.feed_error_log
        if len(entries) > self.told:
            for entry in list(entries)[self.told :]:
                self.logged(row, entry)
            self.told = len(entries)

    def fault(self) -> Any:
        """The first error that is not about the schema; None when there is none."""
        entries = self.parser.feed_error_log
        if not entries:
            return None
        return next(
            (e for e in entries if e.level > WARNING and not e.type_name.startswith("SCHEMA")), None
        )


def _pieces(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Rows of the file with their numbers from 1; a very long row comes in parts."""
    row = 1
    while piece := stream.readline(LONGEST_PIECE):
        yield row, piece
        row += piece.endswith((b"\n", b"\n\x00"))


def _refuse_doctype(head: bytes, name: str) -> None:
    """``head``: what stands before the first element, whatever its encoding."""
    if SIGN in head.replace(b"\x00", b"").upper():
        raise Refusal(
            "В файле есть описание типа документа (DOCTYPE): в пакетах bus.gov.ru его не бывает.",
            kind="xml_doctype",
            cure="Возьмите файл с сайта без изменений. Ничего не сохранено.",
            place=Place(file=name),
        )


def _refuse_depth(depth: int, row: int, name: str) -> None:
    if depth > DEEPEST:
        raise Refusal(
            "Файл не читается как XML: элементы вложены слишком глубоко.",
            kind="broken_xml",
            cure=CURE,
            place=Place(file=name, row=row),
        )


def _take_off(element: Any) -> None:
    """Frees a finished element and those before it: only the way to the root stays."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def local(tag: object) -> str:
    """The name of an element without its namespace."""
    return str(tag).rpartition("}")[2]


def namespace(tag: object) -> str:
    return str(tag)[1:].rpartition("}")[0] if str(tag).startswith("{") else ""


_MESSAGES: tuple[tuple[str, str], ...] = (
    (r"Opening and ending tag mismatch: (\S+) line (\d+) and (\S+)",
     r"элемент «\1», открытый в строке \2, закрыт как «\3»"),
    (r"Premature end of data in tag (\S+) line (\d+)",
     r"файл обрывается внутри элемента «\1», открытого в строке \2"),
    (r"Document is empty|no element found", "в файле нет ни одного элемента"),
    (r"Start tag expected", "файл начинается не с элемента XML"),
    (r"Extra content at the end", "после конца документа есть ещё что-то"),
    (r"not proper UTF-8|Invalid bytes in character encoding|input conversion failed",
     "буквы записаны не в той кодировке, которая названа в начале файла"),
    (r"Unsupported encoding:? ?(\S*)", r"кодировка \1 не поддерживается"),
    (r"Excessive depth", "элементы вложены слишком глубоко"),
    (r"Entity '(\S+)' not defined", r"сущность «&\1;» не объявлена"),
    (r"Namespace prefix (\S+)", r"пространство имён «\1» не объявлено"),
    (r"EntityRef: no name|EntityRef: expecting", "знак «&» записан не как «&amp;»"),
    (r"Entity", "в файле есть сущности, которых в пакетах bus.gov.ru не бывает"),
    (r"AttValue|attributes construct|Specification mandates value",
     "атрибут записан с ошибкой"),
    (r"Couldn't find end of Start Tag (\S+)", r"элемент «\1» не закончен"),
)  # fmt: skip


def in_russian(message: str) -> str:
    """What libxml2 says, in Russian; a message that is not known stands as it is."""
    plain = re.sub(r", line \d+(, column \d+)?$", "", message).strip()
    for pattern, text in _MESSAGES:
        if found := re.search(pattern, plain):
            return found.expand(text) if "\\" in text else text
    return plain


def _broken(message: str, row: int | None, name: str) -> Refusal:
    return Refusal(
        f"Файл не читается как XML: {in_russian(message)}.",
        kind="broken_xml",
        cure=CURE,
        place=Place(file=name, row=row or None),
    )
