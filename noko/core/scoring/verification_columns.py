"""Which column of a published table is which, and by which edition its totals are computed.

Tables come from many publishers: a criterion may be headed «K1», «К1», «Критерий 1. Открытость»
or by its name alone. A header counts only when it is certain; everything else is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from noko.core.editions import Edition
from noko.core.refusal import Place, Refusal

WORDS: Mapping[str, tuple[str, ...]] = {
    "organisation": (
        "org", "organisation", "organization", "name", "организация", "учреждение", "оо",
        "наименование", "наименование организации", "название", "название организации",
        "образовательная организация", "образовательное учреждение",
        "наименование образовательной организации", "наименование учреждения",
    ),
    "S": (
        "s", "total", "итог", "итого", "итоговый балл", "итоговый показатель", "итоговая оценка",
        "итоговое значение", "итоговое значение показателя", "общий балл", "общая оценка",
        "общая сумма баллов", "сумма баллов", "всего баллов", "суммарный балл",
        "интегральный показатель", "интегральная оценка", "итоговый балл организации",
    ),
    "rank": (
        "rank", "place", "место", "место в рейтинге", "ранг", "рейтинг", "рейтинговое место",
    ),
    "published_group_mean": (
        "published_group_mean", "среднее по группе", "средний балл по группе",
        "среднее значение по группе",
    ),
    "year": ("year", "год"),
    "region": ("region", "регион", "субъект", "субъект рф", "субъект российской федерации"),
    "municipality": (
        "municipality", "муниципалитет", "муниципальное образование", "район",
        "муниципальный район",
    ),
    "type": ("type", "тип", "тип организации", "вид", "вид организации"),
    "rank_scope": ("rank_scope", "масштаб места", "место среди"),
    "n_ranked": ("n_ranked", "among", "всего организаций", "всего в рейтинге"),
    "S_max": ("s_max", "max_s_printed", "максимум", "максимальный балл"),
}  # fmt: skip
"""Field → headers that mean it, in lower case with «е» for «ё»."""

NEEDED = "К1…К5 и S (среднее пяти критериев) или G1…G4 и S (сумма четырёх групп)"

_OTHER_SENSE = re.compile(
    r"\b(мест[оа]|ранг|рейтинг|rank|place|уров\w*|level|средн\w*|mean|avg|доля|max|макс\w*)\b"
)
_BRACKET_OF_SCALE = re.compile(r"\([^()]*(?:max|макс|балл)[^()]*\)")
_CODE = re.compile(r"([a-z])\s?(\d{1,2})(?:\s*[.,:;()–—-].*|\s.*)?", re.DOTALL)
_NUMBERED = re.compile(r"(?:(?:критерий|группа)\s*№?\s*(\d{1,2})|(\d{1,2})\s+(?:критерий|группа))\b.*")


@dataclass(frozen=True, slots=True)
class Relation:
    """S = Σ weights[i] × criterion i, as the edition ``code`` says.

    ``names[i]`` are the normalised full and short name of criterion i.
    """

    code: str
    keys: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]
    weights: tuple[Fraction, ...]
    maxima: tuple[int, ...]
    total_maximum: int


def relation_of(edition: Edition) -> Relation:
    """How the total of ``edition`` follows from its criteria."""
    criteria = edition.criteria
    return Relation(
        edition.code,
        tuple(item.key for item in criteria),
        tuple((normal(item.name), normal(item.short)) for item in criteria),
        tuple(item.weight for item in criteria),
        tuple(item.maximum for item in criteria),
        edition.total.maximum,
    )


@dataclass(frozen=True, slots=True)
class Columns:
    """Field or criterion key → column number; ``relation`` is None in a table of totals only.

    ``maxima`` are columns in which the publisher prints the maximum of a criterion.
    """

    relation: Relation | None
    at: Mapping[str, int]
    maxima: Mapping[str, int]


def normal(header: object) -> str:
    """A header in lower case, one space between words, «е» for «ё», no closing punctuation."""
    text = "" if header is None else str(header)
    text = " ".join(text.casefold().replace("ё", "е").split())
    return text.strip(" .,:;*\"'«»")


def recognised(
    headers: Sequence[object], relations: Sequence[Relation], *, place: Place
) -> Columns | None:
    """The columns of the header line ``headers``; None when it is no header of such a table.

    Refusals: ``two_regimes``, ``ambiguous_edition``, ``duplicate_column``.
    """
    names = [normal(header) for header in headers]
    relation = _relation(names, relations, place)
    found: dict[str, int] = {}
    for number, name in enumerate(names):
        field = _field(name, relation)
        if field is None:
            continue
        if field in found:
            raise Refusal(
                f"Два столбца означают одно и то же ({field}): «{headers[found[field]]}»"
                f" и «{headers[number]}».",
                kind="duplicate_column",
                cure="Оставьте один из них.",
                place=place,
            )
        found[field] = number
    if relation is None and "S" not in found:
        return None
    return Columns(relation, found, _maxima(names, relation))


def _relation(
    names: Sequence[str], relations: Sequence[Relation], place: Place
) -> Relation | None:
    by_code = _largest({r: _count(names, lambda name, r=r: _by_code(name, r)) for r in relations})
    if len({relation.keys for relation in by_code}) > 1 or _mixed(names, relations):
        raise Refusal(
            "В таблице есть столбцы двух порядков: "
            + " и ".join(f"{r.keys[0]}…{r.keys[-1]}" for r in relations if _any_code(names, r))
            + ".",
            kind="two_regimes",
            cure="Разделите таблицу: итог в них считается по-разному.",
            place=place,
        )
    chosen = by_code or _largest(
        {r: _count(names, lambda name, r=r: _by_name(name, r)) for r in relations}
    )
    if len(chosen) > 1:
        raise Refusal(
            "По заголовкам не видно, по какой методике посчитана таблица: подходят редакции "
            + ", ".join(relation.code for relation in chosen)
            + ".",
            kind="ambiguous_edition",
            cure="Назовите редакцию ключом --edition.",
            place=place,
        )
    return chosen[0] if chosen else None


def _largest(counts: Mapping[Relation, int]) -> list[Relation]:
    most = max(counts.values(), default=0)
    return [relation for relation, count in counts.items() if count == most and most]


def _count(names: Sequence[str], meaning: object) -> int:
    assert callable(meaning)
    return len({meaning(name) for name in names} - {None})


def _any_code(names: Sequence[str], relation: Relation) -> bool:
    return any(_by_code(name, relation) for name in names)


def _mixed(names: Sequence[str], relations: Sequence[Relation]) -> bool:
    return len({relation.keys for relation in relations if _any_code(names, relation)}) > 1


def _field(name: str, relation: Relation | None) -> str | None:
    for field, words in WORDS.items():
        if name in words:
            return field
    if relation is None:
        return None
    return _by_code(name, relation) or _by_name(name, relation)
