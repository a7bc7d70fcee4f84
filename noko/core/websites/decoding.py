"""Bytes of a page to text: what is declared is believed only when the bytes bear it out."""

from __future__ import annotations

import codecs
import re

DECLARED = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w\-]{2,40})""", re.IGNORECASE)
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
HEAD = 4096
FRONT_MATTER = re.compile(r"\A\s*---\r?\n(.{0,4000}?)\r?\n---\r?\n", re.DOTALL)


def decode_page(content: bytes, charset: str = "") -> str:
    """The text of a page. ``charset`` is what the server named.

    UTF-8 that is valid, or nearly, wins over a wrong declaration; what is declared comes next;
    then Windows-1251, the usual one of old Russian sites. Bytes that fit nothing become "\ufffd".
    """
    for mark, name in BOMS:
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    text = _strictly(content, "utf-8")
    if text is not None or _mostly_utf8(content):
        return text if text is not None else content.decode("utf-8", errors="replace")
    found = DECLARED.search(content[:HEAD])
    for name in (charset, found[1].decode("ascii") if found else "", "windows-1251"):
        text = _strictly(content, name)
        if text is not None:
            return text
    return content.decode("windows-1251", errors="replace")


def _strictly(content: bytes, name: str) -> str | None:
    if not name:
        return None
    try:
        return content.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None


def _mostly_utf8(content: bytes) -> bool:
    """Whether a few broken bytes spoil an otherwise good UTF-8 (a page cut in the middle)."""
    sample = content[:200_000].decode("utf-8", errors="replace")
    broken = sample.count("\ufffd")
    return broken * 50 < sum(char > "\u007f" for char in sample)


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The YAML head of a source of a static site and the text without it."""
    found = FRONT_MATTER.match(text)
    if not found:
        return {}, text
    pairs = (line.partition(":") for line in found[1].splitlines())
    head = {key.strip(): value.strip() for key, colon, value in pairs if colon}
    return head, text[found.end() :]
