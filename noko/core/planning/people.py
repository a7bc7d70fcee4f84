"""Who is responsible: persons, bodies and roles of one cell, told apart.

A cell often names several one after another without any sign between them: «Общественный совет
Котельникова Т.П. Ермакова О.А.». Persons are known by their initials or patronymic; bodies begin
with a word that bodies begin with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from noko.core.tables.text import lowered


class Who(StrEnum):
    PERSON = "person"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Responsible:
    """``note``: the position printed before or after a person's name."""

    kind: Who
    name: str
    note: str = ""

    @property
    def key(self) -> str:
        """The same for all wordings that differ in letters, spaces and dashes only."""
        return re.sub(r"[\W_]+", "", lowered(self.name))


_SURNAME = r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
_PERSON = re.compile(
    rf"""{_SURNAME}\s+[А-ЯЁ]\.\s*[А-ЯЁ]\.                       # Фамилия И.О.
      | [А-ЯЁ]\.\s*[А-ЯЁ]\.\s*{_SURNAME}                         # И.О. Фамилия
      | {_SURNAME}\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|вна|ична|ьич|оглы|кызы)\b
    """,
    re.VERBOSE,
)

_HEADS = (
    *("администраци[яи]", "департамент", "министерств[оа]", "комитет", "управлени[ея]", "отдел"),
    *("общественн(?:ый|ые) совет", "совет", "организация", "организации", "оператор", "центр"),
    *("образовательн(?:ая|ые) организаци", "муниципальн(?:ый|ые|ое|ая)", "учредител[ьи]"),
    *("орган(?:ы)? (?:местного|управления|исполнительной)", "институт", "комиссия", "служба"),
    *("государственн(?:ое|ые|ый|ая)", "региональн(?:ый|ое|ая)", "руководител[ьи]", "секретар[ьи]"),
    *("специалист(?:ы)?", "пресс-служба", "рабочая групп", "школ[аы]", "секретариат"),
    *("координатор(?:ы)?", "члены (?:общественного )?совета", "ответственн(?:ый|ые)"),
)
_HEAD = re.compile(rf"(?:{'|'.join(_HEADS)})", re.IGNORECASE)
_POSITION = re.compile(
    r"^(?:и\.\s?о\.\s)?(?:перв\w+ )?(?:заместител|начальник|директор|консультант"
    r"|главн\w+ специалист|ведущ\w+ специалист|глава|министр|зам\.|нач\.)",
    re.IGNORECASE,
)
_GENITIVE = re.compile(r"(?:управления|администрации|министерства|организации|учреждения)\b", re.I)
"""«Отдел общего образования Управления образования» is one body."""

_ABBREVIATION = re.compile(r"\s+(?=[А-ЯЁ]{3,}\b)")
_ENDS_OPEN = re.compile(r"(?:\b(?:и|или|при|в|на|по|для|с|об?|от|[А-ЯЁ]\.)|[-–—])$", re.IGNORECASE)


def split_responsible(text: str) -> tuple[Responsible, ...]:
    """Everybody named in the cell, in order, each once."""
    found: dict[str, Responsible] = {}
    for one in _everybody(text):
        found.setdefault(one.key, one)
    return tuple(found.values())


def _everybody(text: str) -> Iterator[Responsible]:
    at = 0
    for match in _PERSON.finditer(text):
        between = text[at : match.start()]
        bodies, position = _with_position(between)
        yield from (Responsible(Who.BODY, name) for name in bodies)
        end = match.end()
        after = re.match(r"\s*(?:\(([^)]+)\)|,\s*([а-яё][^,;\n]*?)(?=[,;\n]|$))", text[end:])
        if after and not position and not _HEAD.match(after[2] or ""):
            position = " ".join((after[1] or after[2]).split())
            end += after.end()
        name = re.sub(r"\.\s+(?=[А-ЯЁ]\.)", ".", " ".join(match[0].split()))
        yield Responsible(Who.PERSON, name, position)
        at = end
    yield from (Responsible(Who.BODY, name) for name in _bodies(text[at:]))


def _with_position(text: str) -> tuple[list[str], str]:
    """Bodies before a person, and the person's position when it stands directly before the name."""
    bodies = _bodies(text)
    if bodies and _POSITION.match(bodies[-1]) and not re.search(r"[,;]\s*$", text):
        return bodies[:-1], bodies[-1]
    return bodies, ""


def _bodies(text: str) -> list[str]:
    names: list[str] = []
    for piece in re.split(r"\s*[;\n]\s*", text):
        for name in _parts(piece):
            names.extend(_by_words(name))
    return [name for name in (_clean(item) for item in names) if name]


def _parts(piece: str) -> list[str]:
    """Cut at commas before a body's first word; «прогнозирования, анализа» stays whole."""
    parts = [""]
    for part in piece.split(","):
        if parts[-1].strip() and (_begins(part.strip()) or not part.strip()):
            parts.append(part)
        else:
            parts[-1] = f"{parts[-1]},{part}" if parts[-1] else part
    return parts


def _begins(text: str) -> bool:
    return bool(_HEAD.match(text) or _POSITION.match(text) or re.match(r"[А-ЯЁ]{3,}\b", text))


def _by_words(text: str) -> list[str]:
    """Cut before a capital head word and before an abbreviation, unless the text is still open."""
    cuts = [0]
    for match in re.finditer(r"\s+(?=[А-ЯЁ])", text):
        rest = text[match.end() :]
        before = text[: match.start()].rstrip()
        if _GENITIVE.match(rest):
            continue
        starts = _HEAD.match(rest) or _ABBREVIATION.match(f" {rest}")
        if starts and before and not _ENDS_OPEN.search(before):
            cuts.append(match.end())
    return [text[a:b] for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True)]


def _clean(text: str) -> str:
    return " ".join(text.split()).strip(" ,;.–—-")
