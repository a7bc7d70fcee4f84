"""Names of organisations brought to keys: pure typography, and legal forms written in full.

``typographic_key`` joins what differs by quotes, dots, spaces, dashes, capitals, ё and the number
sign only: the same name, with certainty. ``name_key`` also writes legal forms and kinds of school
as their abbreviations («муниципальное бюджетное общеобразовательное учреждение» → «мбоу»): names
with one ``name_key`` are proposed as one organisation and confirmed by a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from noko.core.tables.text import lowered

_NUMBER_SIGN = re.compile(r"(?:№|#|(?<!\w)n[o°º]?\.?|(?<!\w)номер)\s*(?=\d)")
_WORD = re.compile(r"№|\w+")
_DIGITS_LETTERS = re.compile(r"(?<=\d)(?=[а-яa-z]{2})|(?<=[а-яa-z])(?=\d)")
_NUMBER = re.compile(r"0*(\d+[а-я]?)")
_FORM_WITH_TAIL = re.compile(r"([а-я]{1,8}у)(дод|до|дпо|нпо|спо|впо|во)")


@dataclass(frozen=True, slots=True)
class Reference:
    """How a file names an organisation; all but the name may be empty."""

    name: str
    municipality: str = ""
    inn: str = ""
    ogrn: str = ""


@lru_cache(maxsize=100_000)
def typographic_key(name: str) -> str:
    """The name without what a typist may vary: quotes, dots, dashes, spaces, case, ё, №."""
    text = _NUMBER_SIGN.sub(" № ", lowered(name).replace("_", " "))
    return " ".join(_WORD.findall(text))


FORM_WORDS = {
    "федеральное": "ф",
    "областное": "о",
    "краевое": "к",
    "республиканское": "р",
    "государственное": "г",
    "муниципальное": "м",
    "городское": "г",
    "районное": "р",
    "частное": "ч",
    "негосударственное": "н",
    "некоммерческое": "н",
    "бюджетное": "б",
    "автономное": "а",
    "казенное": "к",
    "дошкольное": "д",
    "общеобразовательное": "о",
    "образовательное": "о",
    "профессиональное": "п",
    "учреждение": "у",
    "организация": "о",
}
"""Words of a legal form and their letters in its abbreviation."""

_REGIONAL = re.compile(r"[а-я]+(?:ское|цкое)")

PHRASES: tuple[tuple[str, str], ...] = (
    ("дополнительного профессионального образования", "дпо"),
    ("начального профессионального образования", "нпо"),
    ("среднего профессионального образования", "спо"),
    ("высшего профессионального образования", "впо"),
    ("дополнительного образования детей", "дод"),
    ("дополнительного образования", "до"),
    ("высшего образования", "во"),
    ("средняя общеобразовательная школа", "сош"),
    ("основная общеобразовательная школа", "оош"),
    ("начальная общеобразовательная школа", "нош"),
    ("вечерняя сменная общеобразовательная школа", "всош"),
    ("средняя школа", "сш"),
    ("основная школа", "ош"),
    ("начальная школа", "нш"),
    ("детско юношеская спортивная школа", "дюсш"),
    ("детская школа искусств", "дши"),
    ("детская музыкальная школа", "дмш"),
    ("детская художественная школа", "дхш"),
    ("центр развития ребенка", "црр"),
    ("центр детского творчества", "цдт"),
    ("дом детского творчества", "ддт"),
    ("профессиональное училище", "пу"),
    ("детский сад", "дс"),
    ("д с", "дс"),
    ("имени", "им"),
    ("село", "с"),
    ("поселок", "п"),
    ("пос", "п"),
    ("деревня", "д"),
    ("станция", "ст"),
    ("город", "г"),
    ("города", "г"),
    ("района", "р н"),
    ("район", "р н"),
    ("области", "обл"),
    ("область", "обл"),
)
"""Kinds of organisation and of settlement: in full, and as they are abbreviated."""

_BY_FIRST_WORD: dict[str, list[tuple[list[str], list[str]]]] = {}
for _full, _short in sorted(PHRASES, key=lambda pair: -len(pair[0])):
    _BY_FIRST_WORD.setdefault(_full.split()[0], []).append((_full.split(), _short.split()))

KINDS = {
    "сош", "оош", "нош", "всош", "сш", "ош", "нш", "дюсш", "дши", "дмш", "дхш", "црр", "цдт",
    "ддт", "пу", "дс", "школа", "гимназия", "лицей", "интернат", "колледж", "техникум", "центр",
}  # fmt: skip
"""Words that say what kind of organisation it is, not which one."""


@lru_cache(maxsize=100_000)
def name_key(name: str) -> str:
    """The typographic key with legal forms and kinds abbreviated and the number sign left out."""
    text = _DIGITS_LETTERS.sub(" ", typographic_key(name))
    return " ".join(_phrases(_forms([word for word in text.split() if word != "№"])))


def _forms(words: list[str]) -> list[str]:
    """«муниципальное бюджетное общеобразовательное учреждение» → «мбоу», wherever it stands."""
    result: list[str] = []
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and words[end] in FORM_WORDS:
            end += 1
        run = words[index:end]
        joined = _FORM_WITH_TAIL.fullmatch(words[index])
        if "учреждение" in run or "организация" in run[1:]:
            regional = result.pop() if result and _REGIONAL.fullmatch(result[-1]) else ""
            result.append(regional[:1] + "".join(FORM_WORDS[word] for word in run))
            index = end
            continue
        if joined and is_form(joined[1]):
            result.extend(joined.groups())
        else:
            result.append(words[index])
        index += 1
    return result


def _phrases(words: list[str]) -> list[str]:
    result: list[str] = []
    index = 0
    while index < len(words):
        for full, short in _BY_FIRST_WORD.get(words[index], ()):
            if words[index : index + len(full)] == full:
                result.extend(short)
                index += len(full)
                break
        else:
            result.append(words[index])
            index += 1
    return result


@dataclass(frozen=True, slots=True)
class Parts:
    """A name taken apart: its legal form, kinds, numbers, and the words of its own."""

    key: str
    form: str
    kinds: frozenset[str]
    numbers: tuple[str, ...]
    own: tuple[str, ...]


_FORM_TAILS = {"до", "дод", "дпо", "нпо", "спо", "впо", "во"}


@lru_cache(maxsize=100_000)
def parts_of(name: str) -> Parts:
    key = name_key(name)
    words = key.split()
    form = next((word for word in words if is_form(word)), "")
    rest = [word for word in words if word != form]
    found = [_NUMBER.fullmatch(word) for word in rest]
    numbers = tuple(sorted(match[1] for match in found if match))
    kinds = frozenset(word for word in rest if word in KINDS)
    own = tuple(
        word
        for word in rest
        if not _NUMBER.fullmatch(word) and word not in KINDS and word not in _FORM_TAILS
    )
    return Parts(key, form, kinds, numbers, own)


_KNOWN_ENDS = ("оу", "бу", "ау", "ку")


def is_form(word: str) -> bool:
    """True for the abbreviation of a legal form: мбоу, мкдоу, тогбоу, гбу, чоу …"""
    return (
        2 < len(word) <= 9
        and word.endswith(_KNOWN_ENDS)
        and not set(word) - set("абгдикмнопрстуфхч")
    )
