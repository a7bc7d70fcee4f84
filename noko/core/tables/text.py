"""Texts and numbers as people type them, brought to one form for comparison."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import lru_cache

LOOK_ALIKE = dict(zip("aceopxykmhtb", "асеорхукмнтв", strict=True))
"""Latin letters that a reader takes for Cyrillic ones, in lower case."""

_TO_CYRILLIC = str.maketrans(LOOK_ALIKE)
_TO_LATIN = str.maketrans({cyrillic: latin for latin, cyrillic in LOOK_ALIKE.items()})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_MIXED = re.compile(r"\w*(?:[a-z][а-я]|[а-я][a-z])\w*")
_WORD = re.compile(r"\w+")
_YES_NO_HINT = re.compile(r"\(\s*да\s*/\s*нет\s*\)|\[\s*да\s*/\s*нет\s*\]")
_NUMBERING = re.compile(r"^\s*(?:вопрос\s*)?(?:№\s*)?\d{1,2}\s*[.):]\s*(?=\D)")


@lru_cache(maxsize=1024)
def lowered(text: str) -> str:
    """Small letters, ё as е, nothing invisible, Latin look-alikes in Cyrillic words mended."""
    text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text)).casefold().replace("ё", "е")
    if text.isascii():
        return text
    return _MIXED.sub(lambda found: found[0].translate(_TO_CYRILLIC), text)


def plain(text: str) -> str:
    """A header or an answer for comparison: words only, without numbering and «(Да/Нет)»."""
    text = _NUMBERING.sub("", _YES_NO_HINT.sub(" ", lowered(text)))
    return " ".join(_WORD.findall(text.replace("_", " ")))


def symbol_key(text: str) -> str:
    """A symbol (``C_dist``, «Истенд») for comparison; Cyrillic look-alikes count as Latin."""
    return re.sub(r"[\s._-]+", "", _INVISIBLE.sub("", text).casefold()).translate(_TO_LATIN)


def stems(text: str) -> list[str]:
    """Words of a ``plain`` text cut to six letters: Russian endings do not matter."""
    return [word[:6] for word in text.split() if len(word) > 1 or word.isdigit()]


def common_share(left: Iterable[str], right: Iterable[str]) -> float:
    """Dice's share of common members: 2·|A∩B| / (|A|+|B|), 0..1."""
    a, b = set(left), set(right)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


# --- numbers ----------------------------------------------------------------------------------

_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u2009\u202f](?=\d{3}(?:\D|$))")
_AFTER_COMMA = re.compile(r"(?<=\d)\s*([,.])\s+(?=\d)")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


def number(value: object) -> Decimal | None:
    """The exact number in a cell: decimal comma or point, thin spaces, «111, 83»; None if empty.

    A spreadsheet's float is taken to the 15 digits that it shows. ``ValueError`` for the rest.
    """
    if value is None or isinstance(value, bool):
        if value is None:
            return None
        raise ValueError
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return _decimal(f"{value:.15g}")
    if not isinstance(value, str):
        raise ValueError
    text = value.strip().replace("\u2212", "-")
    if not text:
        return None
    text = _AFTER_COMMA.sub(r"\1", _SPACES.sub("", text))
    if not _NUMBER.fullmatch(text):
        raise ValueError
    return _decimal(text.replace(",", "."))


def _decimal(text: str) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise ValueError from None
    if not found.is_finite():
        raise ValueError
    return found
