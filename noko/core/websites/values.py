"""Whether what stands after a label is information: "отсутствует" is, a dash is not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from noko.core.websites.patterns import fold
from noko.core.websites.rules import Kind, ValueWords

SHORT = 260
"""A refusal ("отсутствует") must be most of what is said: in a long text it is about something."""
WORD = re.compile(r"[^\W_]+")
LABEL_ALONE = re.compile(r"[^:]{2,300}:[\W_]*")
"""«Филиалы: –»: a label with nothing after it."""
EMAIL = re.compile(r"[\w.+\-]{1,64}\s?(?:@|\(at\)|\[at\]|собака)\s?[\w\-]{1,63}\.[\w.\-]{2,}")
ALONE = re.compile(
    r"(?:\+7|(?<!\d)8)[\s(\-–]*\d{3,5}[\s)\-–]*\d[\d\s\-–]{3,9}\d|\(\d{3,5}\)[\s\-–]*\d[\d\s\-–]{3,8}\d|"
    r"(?<!\d)\d{1,3}[\-–]\d\d[\-–]\d\d(?!\d)"
)
"""A telephone that is known as one without a label."""
PHONE = re.compile(r"\d(?:[\s()\-–.]*\d){4,14}")
YEAR = re.compile(r"(?<!\d)(?:1[789]|20)\d\d(?!\d)")
ADDRESS = re.compile(
    r"\d{6}|\d.*[а-я]|(?<![а-я])(?:ул|улица|г|город|пос|поселок|село|с|д|деревня|станица|проспект|"
    r"пр-т|пер|район|область|край|республика)(?![а-я])"
)
PERSON = re.compile(
    r"[А-ЯЁ][а-яё\-]+\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+|[А-ЯЁ][а-яё\-]+\s+[А-ЯЁ]\.\s?[А-ЯЁ]?\.?|"
    r"[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё\-]+"
)


@dataclass(frozen=True, slots=True)
class Value:
    """``filled``: there is information; ``negative``: it says that there is none to give."""

    filled: bool
    negative: bool = False


NOTHING = Value(False)


def judge(text: str, words: ValueWords) -> Value:
    """Whether ``text`` says anything at all, and whether it is a refusal."""
    folded = fold(text).strip()
    if not WORD.search(folded) or LABEL_ALONE.fullmatch(folded):
        return NOTHING
    bare = " ".join(WORD.findall(folded))
    if bare in words.placeholders or words.empty.find(folded):
        return NOTHING
    return Value(True, is_negative(folded, words))


def is_negative(folded: str, words: ValueWords) -> bool:
    return len(folded) <= SHORT and words.negative.find(folded) is not None


def fits(text: str, kind: Kind) -> bool:
    """Whether a filled ``text`` can be a value of ``kind``; documents are judged by their links."""
    if kind == "email":
        return EMAIL.search(fold(text)) is not None
    if kind == "phone":
        return PHONE.search(EMAIL.sub(" ", text)) is not None
    if kind == "date":
        return YEAR.search(text) is not None
    if kind == "address":
        return ADDRESS.search(fold(text)) is not None
    if kind == "person":
        return PERSON.search(text) is not None
    if kind == "number":
        return any(char.isdigit() for char in text)
    return True


def known_alone(text: str, kind: Kind) -> bool:
    """Whether a text without any label is a value of ``kind``."""
    return ALONE.search(text) is not None if kind == "phone" else fits(text, kind)


def newest_year(text: str) -> int | None:
    """The newest year that is named in ``text``: «на 2025/26 учебный год» gives 2026."""
    years = [int(found[0]) for found in YEAR.finditer(text)]
    for found in re.finditer(r"(?<!\d)(20\d\d)\s?[-/–]\s?(\d\d)(?!\d)", text):
        if (int(found[1]) + 1) % 100 == int(found[2]):
            years.append(int(found[1]) + 1)
    return max(years, default=None)
