"""How much text a document of a site holds: a scan without text cannot be searched or copied.

Strangers' documents are measured in a process of their own (:mod:`noko.exchange.document_reader`):
nothing here bounds the time or the memory that a hostile one takes.
"""

from __future__ import annotations

import io
import logging
import zipfile
from typing import Any

from noko.core.websites.page import Document

MOST_PAGES = 30
"""Pages of a PDF that are looked at: a scan shows itself at once."""
LARGEST_XML = 20_000_000
ZIPPED = ("docx", "odt", "xlsx", "ods")
ENOUGH_TEXT = 20
"""Characters of text on all pages together below which a PDF is pictures only."""


def measure(address: str, content: bytes) -> Document:
    """The document with the length of its text, None where its kind is not read or it is broken."""
    kind = kind_of(address, content)
    if kind == "pdf":
        return _pdf(address, content)
    if kind in ZIPPED:
        return Document(address, kind, len(content), _zipped_text(content))
    return Document(address, kind, len(content))


def kind_of(address: str, content: bytes) -> str:
    """The kind of a document by its first bytes, else by the ending of its address."""
    if content.startswith(b"%PDF"):
        return "pdf"
    return address.rpartition(".")[2].lower()[:10]


def _pdf(address: str, content: bytes) -> Document:
    """Pages, pictures and text of a PDF; a broken one has an unknown length."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    length = images = 0
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        pages = len(reader.pages)
        for page in reader.pages[:MOST_PAGES]:
            length += len((page.extract_text() or "").strip())
            images += _pictures(page)
            if length >= ENOUGH_TEXT:
                break
    except Exception:  # A broken PDF breaks the reader in any way: its length is unknown.
        return Document(address, "pdf", len(content))
    text = length if length >= ENOUGH_TEXT else 0
    return Document(address, "pdf", len(content), text, pages, images)


def _pictures(page: Any) -> int:
    """Pictures that a page names, without unpacking them."""
    objects = (page.get("/Resources") or {}).get("/XObject")
    return len(objects) if objects is not None else 0


def _zipped_text(content: bytes) -> int | None:
    """Characters of text in an office document, by its main XML; None for a broken archive."""
    from lxml import etree

    names = ("word/document.xml", "content.xml", "xl/sharedStrings.xml")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            name = next((name for name in names if name in archive.namelist()), None)
            if name is None or archive.getinfo(name).file_size > LARGEST_XML:
                return None
            parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
            root = etree.fromstring(archive.read(name), parser)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, RuntimeError, NotImplementedError):
        return None
    return len("".join(root.itertext()).strip())
