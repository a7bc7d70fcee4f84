"""A printed term cut into tokens, and the reader that walks over them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from noko.core.planning.term_words import (
    MONTH_NUMBERS,
    NUMBERS,
    ORDINAL_STEMS,
    ROMAN_NUMBERS,
    UNITS,
)
from noko.core.planning.terms import Unit
from noko.core.tables.text import lowered

_TOKEN = re.compile(
    r"""(?P<iso>\b(?P<iy>\d{4})-(?P<im>\d\d)-(?P<id>\d\d)\b)
      | (?P<date>\b(?P<d>\d{1,2})\.(?P<m>\d{1,2})(?:\.(?P<y>\d{4}|\d\d))?(?!\d))
      | (?P<number>\d+)(?:-?(?P<suffix>го|ый|ой|ое|ая|ую|й|я|е|х|ти|му|м)\b)?(?=\D|$)
      | (?P<word>[^\W\d_]+)
      | (?P<dash>[-–—−‑‒])
      | (?P<comma>,)
      | (?P<other>[^\s.])
    """,
    re.VERBOSE,
)
_ROMAN_LOOK_ALIKE = str.maketrans({"і": "i", "х": "x"})
CENTURY = 2000
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Token:
    """``kind``: date, number, word, other; ``start`` is its place in the printed text."""

    kind: str
    text: str
    start: int
    value: int = 0
    date: tuple[int, int, int | None] | None = None


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a term; full stops are left out, every dash is «-»."""
    found = []
    for match in _TOKEN.finditer(text):
        start = match.start()
        if match["iso"]:
            of = (int(match["id"]), int(match["im"]), int(match["iy"]))
            found.append(Token("date", match[0], start, date=of))
        elif match["date"]:
            year = int(match["y"]) if match["y"] else None
            full = year + CENTURY if year is not None and year < 100 else year
            of_date = (int(match["d"]), int(match["m"]), full)
            found.append(Token("date", match[0], start, date=of_date))
        elif match["number"]:
            found.append(Token("number", match[0], start, int(match["number"])))
        elif match["dash"]:
            found.append(Token("other", "-", start))
        else:
            found.append(Token("word" if match["word"] else "other", lowered(match[0]), start))
    return tuple(found)


class Reader:
    """Walks over the tokens; each ``take`` moves on only when it finds what it looks for."""

    def __init__(self, text: str, all_tokens: Sequence[Token], year: int) -> None:
        self.text, self.all, self.year = text, all_tokens, year
        self.at = 0

    @property
    def ended(self) -> bool:
        return self.at >= len(self.all)

    def _next(self) -> Token | None:
        return None if self.ended else self.all[self.at]

    def peek(self, *words: str) -> bool:
        token = self._next()
        return token is not None and token.text in words

    def take(self, kind: str) -> Token | None:
        token = self._next()
        if token is None or token.kind != kind:
            return None
        self.at += 1
        return token

    def word(self, word: str) -> bool:
        if not self.peek(word):
            return False
        self.at += 1
        return True

    def stem(self, stem: str) -> bool:
        """A word that begins with ``stem``."""
        token = self._next()
        if token is None or not token.text.startswith(stem):
            return False
        self.at += 1
        return True

    def phrase(self, *phrases: str) -> str:
        """The first of the phrases that stands here; commas in the text do not matter."""
        for phrase in phrases:
            at = self.at
            for word in phrase.replace(",", "").split():
                while at < len(self.all) and self.all[at].text == "," and at > self.at:
                    at += 1
                if at >= len(self.all) or self.all[at].text != word:
                    break
                at += 1
            else:
                self.at = at
                return phrase
        return ""

    def one_of(self, table: Mapping[str, Value]) -> Value | None:
        token = self._next()
        if token is None or token.text not in table:
            return None
        self.at += 1
        return table[token.text]

    def number(self) -> int | None:
        token = self.take("number")
        return None if token is None else token.value

    def quantity(self) -> int | None:
        """«3», «3-х», «трех»."""
        found = self.one_of(NUMBERS)
        return self.number() if found is None else found

    def ordinal(self) -> int | None:
        """«1», «2-й», «II», «третьей»."""
        token = self._next()
        if token is None:
            return None
        roman = ROMAN_NUMBERS.get(token.text.translate(_ROMAN_LOOK_ALIKE))
        named = next((n for stem, n in ORDINAL_STEMS.items() if token.text.startswith(stem)), None)
        value = token.value if token.kind == "number" else roman or named
        if value is None:
            return None
        self.at += 1
        return value

    def month(self) -> int | None:
        return self.one_of(MONTH_NUMBERS)

    def unit(self) -> Unit | None:
        return self.one_of(UNITS)

    def year_mark(self) -> int | None:
        """«2016», «2016г.», «2016 года» after a date or a month; the word alone is passed over."""
        at = self.at
        token = self.take("number")
        if token is not None and token.value < 1000:
            self.at = at
            return None
        self.phrase("года", "год", "году", "гг", "г")
        return token.value if token else None

    def rest(self, start: int | None = None) -> str:
        """Everything that is left (or from token ``start``), as printed; then nothing is left."""
        first = self.at if start is None else start
        self.at = len(self.all)
        return self.text[self.all[first].start :].strip(" .,;") if first < len(self.all) else ""
