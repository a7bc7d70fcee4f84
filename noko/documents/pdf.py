"""Documents as PDF: typeset by typst, offline, with its own fonts, PDF/A-2a and PDF/UA-1."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noko.core.refusal import Refusal
from noko.documents.plain import plain
from noko.documents.templates import broken, find

if TYPE_CHECKING:
    from typst import TypstError

STANDARDS = ["a-2a", "ua-1"]
"""For an archive (ISO 19005-2, level A) and for a screen reader (ISO 14289-1)."""

MAIN, STYLE, DATA = "main.typ", "style.typ", "data.json"
MOMENT = 946_684_800
"""2000-01-01: stands in the properties of every document, so equal data give equal bytes."""


def typeset(
    template: str,
    data: Mapping[str, Any],
    *,
    folder: Path | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """The document ``template`` ("minutes") with ``data`` as PDF; the same bytes each time.

    The template reads ``data`` by ``json("data.json")``: texts stay texts, whatever stands in
    them. Pictures may lie beside the template. Nothing is fetched from anywhere.
    ``folder``: templates to try instead of the office's own. ``pictures``: file name → SVG or PNG
    that the template shows by ``image``.

    Refusals: ``broken_template`` names the line; ``templates_gone``.
    """
    import typst

    # Takes a mapping of names to files as well, which its annotations do not say.
    compiled: Callable[..., bytes] = typst.compile
    path, style = find(f"{template}.typ", folder), find(STYLE, folder)
    try:
        files = {MAIN: path.read_bytes(), STYLE: style.read_bytes()}
    except FileNotFoundError:
        raise broken(path, "Шаблона нет.", "Возьмите встроенный.") from None
    for own, text in ((path, files[MAIN]), (style, files[STYLE])):
        _refuse_packages(own, text)
    files |= pictures or {}
    files[DATA] = json.dumps(plain(data), ensure_ascii=False).encode()
    try:
        made = compiled(
            files,
            root=str(path.parent),
            format="pdf",
            ignore_system_fonts=True,
            pdf_standards=STANDARDS,
            timestamp=MOMENT,
        )
    except typst.TypstError as error:
        raise _refusal(path, style, error) from None
    return made


def _refuse_packages(path: Path, text: bytes) -> None:
    """Packages of typst come from the network: a document must not depend on it."""
    if re.search(rb'"@[a-z]+/', text):
        raise broken(
            path,
            "Шаблон просит пакет из сети.",
            "Уберите «import» с адресом «@…»: документы составляются без сети.",
        )


_WHERE = re.compile(rf"({re.escape(MAIN)}|{re.escape(STYLE)}):(\d+):\d+")


def _refusal(path: Path, style: Path, error: TypstError) -> Refusal:
    found = _WHERE.search(error.diagnostic or "")
    own = style if found and found[1] == STYLE else path
    row = int(found[2]) if found else None
    missing = re.search(r'does not contain key "([^"]+)"', error.message)
    if missing:
        return broken(
            own,
            f"Поля «{missing[1]}» у этого документа нет.",
            "Исправьте имя поля: все поля перечислены в примере данных рядом с шаблоном.",
            row=row,
        )
    return broken(own, f"Шаблон написан с ошибкой: {error.message}.", "Исправьте строку.", row=row)
