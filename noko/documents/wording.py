"""Words of documents: names with initials, cases, dates, sums of money.

Cases come from a dictionary (pymorphy3). A word that it does not know, or whose case it cannot
make, stays as it was written: a document must never invent a name.
"""

from __future__ import annotations

import re
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from noko.templatetags.russian import SPACE, THIN_SPACE, long_date, plural

__all__ = ["INVENTED", "Case", "inflected", "initials", "long_date", "money", "name_in"]

INVENTED = "Данные вымышлены."
"""Stands on every document about a demonstration."""


class Case(StrEnum):
    """Cases by their question: кого, кому, кем, о ком."""

    GENITIVE = "gent"
    DATIVE = "datv"
    INSTRUMENTAL = "ablt"
    PREPOSITIONAL = "loct"


def initials(full_name: str, *, before: bool = True) -> str:
    """«О. П. Лебедева» (``before``) or «Лебедева О. П.» from «Лебедева Ольга Павловна»."""
    surname, *rest = full_name.split() or [""]
    letters = SPACE.join(f"{word[0].upper()}." for word in rest)
    parts = (letters, surname) if before else (surname, letters)
    return SPACE.join(part for part in parts if part)


def money(value: Decimal) -> str:
    """A sum in roubles: «1 250 000 рублей 00 копеек». Exact; no more than two decimals."""
    hundredths = value * 100
    if hundredths != int(hundredths):
        raise ValueError(f"{value} has parts of a kopeck")
    roubles, kopecks = divmod(int(hundredths), 100)
    digits = f"{roubles:,}".replace(",", THIN_SPACE)
    rouble = plural(roubles, "рубль,рубля,рублей")
    kopeck = plural(kopecks, "копейка,копейки,копеек")
    return f"{digits}{SPACE}{rouble} {kopecks:02d}{SPACE}{kopeck}"


def inflected(phrase: str, case: Case) -> str:
    """The head of a phrase in another case: «председателю общественного совета».

    The head is the first noun with the adjectives before it that agree with it; what follows
    depends on it and does not change. Spelling with capitals is kept.
    """
    words = re.split(r"(\s+)", phrase)
    before: Any = None
    for place, word in enumerate(words):
        found = _nominative(word, before)
        if found is None and before is not None and word.strip():
            break
        if found is None:
            continue
        form = found.inflect({str(case)})
        words[place] = _cased(word, form.word) if form else word
        if "NOUN" in found.tag:
            break
        before = found
    return "".join(words)


def name_in(full_name: str, case: Case) -> str:
    """A person's name in another case: «Лебедевой Ольге Павловне».

    The gender is that of the patronymic, or of the given name; without either nothing changes.
    """
    words = full_name.split()
    gender = _gender(words)
    if not gender:
        return full_name
    return " ".join(_name_word(word, case, gender) for word in words)


def _nominative(word: str, before: Any) -> Any:
    """What the word is in the nominative, agreeing with the adjective before it; None if it is
    not, so that «обязанности» in «исполняющая обязанности» stays."""
    for item in _parsed(word):
        if "nomn" in item.tag and (before is None or _agree(before.tag, item.tag)):
            return item
    return None


def _agree(one: Any, other: Any) -> bool:
    if one.number != other.number:
        return False
    return one.number == "plur" or one.gender == other.gender


_NAME_TAGS = ("Surn", "Name", "Patr")


def _gender(words: list[str]) -> str:
    """Of the patronymic, or else of a name that does not stand first: surnames come first."""
    for kind, places in (("Patr", words), ("Name", words[1:])):
        for word in places:
            for item in _parsed(word):
                if kind in item.tag and "nomn" in item.tag and item.tag.gender:
                    return str(item.tag.gender)
    return ""


def _name_word(word: str, case: Case, gender: str) -> str:
    for item in _parsed(word):
        named = any(kind in item.tag for kind in _NAME_TAGS)
        if named and {"nomn", "sing", gender} in item.tag:
            form = item.inflect({str(case), "sing"})
            return _cased(word, form.word) if form else word
    return word


def _cased(pattern: str, word: str) -> str:
    """The spelling of ``pattern`` given to ``word``: СОВЕТ → СОВЕТА, Совет → Совета."""
    if pattern.isupper() and len(pattern) > 1:
        return word.upper()
    if "-" in pattern and pattern.count("-") == word.count("-"):
        pairs = zip(pattern.split("-"), word.split("-"), strict=True)
        return "-".join(_cased(one, other) for one, other in pairs)
    return word[:1].upper() + word[1:] if pattern[:1].isupper() else word


def _parsed(word: str) -> list[Any]:
    return list(_morphology().parse(word)) if word.strip() else []


@cache
def _morphology() -> Any:
    """The dictionary: a tenth of a second and some memory, so only where a case is asked for."""
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang="ru")
