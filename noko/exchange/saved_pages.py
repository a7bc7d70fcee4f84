"""Saved pages and files of a site on disk → what an inspection takes.

A page's address is the one that a browser wrote into it («saved from url»), else its path within
the folder. Files beside pages (PDF, DOCX …) become documents with the length of their text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from noko.core.refusal import Place, Refusal
from noko.core.websites.page import Document, Failure, FailureReason, Page
from noko.exchange.document_reader import read_document

PAGE_KINDS = {".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ""}
DOCUMENT_KINDS = {".pdf", ".docx", ".doc", ".xls", ".xlsx", ".odt", ".ods", ".rtf"}
LARGEST_FILE = 200_000_000
MOST_FILES = 5_000
SAVED_FROM = re.compile(rb"<!--\s*saved from url=\(\d+\)(\S{1,500}?)\s*-->")
LOOKS_LIKE_HTML = re.compile(
    rb"<\s*(?:!doctype|html|head|body|div|p|h[1-6]|table)\b", re.IGNORECASE
)


@dataclass(slots=True)
class SavedSite:
    """What was found on disk."""

    pages: list[Page] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def read_saved(targets: Sequence[Path]) -> SavedSite:
    """Pages and documents of files and folders, in the order of their names.

    Refusal ``no_file``, ``no_pages``, ``too_many_files``.
    """
    site = SavedSite()
    for target in targets:
        if not target.exists():
            raise Refusal(
                "Такого файла или папки нет.",
                kind="no_file",
                cure="Проверьте путь.",
                place=Place(file=str(target)),
            )
        for path, name in _files(target):
            _take(path, name, site)
    if not site.pages:
        raise Refusal(
            "Сохранённых страниц здесь нет.",
            kind="no_pages",
            cure="Нужны файлы HTML: в браузере «Сохранить как…», вид «Веб-страница».",
            place=Place(file=", ".join(str(target) for target in targets)),
        )
    return site


def _files(target: Path) -> Iterator[tuple[Path, str]]:
    if target.is_file():
        yield target, target.name
        return
    for number, path in enumerate(sorted(p for p in target.rglob("*") if p.is_file())):
        if number >= MOST_FILES:
            raise Refusal(
                f"В папке больше {MOST_FILES} файлов.",
                kind="too_many_files",
                cure="Укажите папку одного сайта.",
                place=Place(file=str(target)),
            )
        yield path, path.relative_to(target).as_posix()


def _take(path: Path, name: str, site: SavedSite) -> None:
    kind = path.suffix.lower()
    if kind not in PAGE_KINDS | DOCUMENT_KINDS:
        return
    size = path.stat().st_size
    if size > LARGEST_FILE:
        detail = f"{size // 1_000_000} Мб"
        site.failures.append(Failure(name, FailureReason.TOO_LARGE, detail))
        return
    content = path.read_bytes()
    if kind in DOCUMENT_KINDS:
        site.documents.append(read_document(name, content))
    elif kind or LOOKS_LIKE_HTML.search(content[:4096]):
        saved = SAVED_FROM.search(content[:4096])
        address = saved[1].decode("utf-8", errors="replace") if saved else name
        site.pages.append(Page(address, content))
