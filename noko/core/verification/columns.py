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
from noko.core.tables.text import lowered

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

LABELS = ("year", "region", "municipality", "type", "rank_scope", "n_ranked")
"""Fields that only describe a row."""

FIRST_OF_SEVERAL = (*LABELS, "organisation", "S_max")
"""Of two such columns the first is taken."""

NEEDED = "K1…K5 и S (среднее пяти критериев) или G1…G4 и S (сумма четырёх групп)"

_OTHER_SENSE = re.compile(
    r"\b(мест[оа]|ранг|рейтинг|rank|place|уров\w*|level|средн\w*|mean|avg|доля|max\w*|максимум)\b"
)
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_CODE = re.compile(r"([a-zкг])\s?(\d{1,2})(?!\d|[.,]\d)(?:[\s.,:;()–—-].*)?")
_NUMBERED = re.compile(r"(?:критерий|группа)\s*№?\s*(\d{1,2})\b.*|(\d{1,2})\s+(?:критерий|группа)")
_IS_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\s*\d+)?\s*%?")
_ORGANISATION = re.compile(r"(?:наименование|название)\b.*\b(?:организац|учрежден|д?оо\b|школ)")
_LATIN = str.maketrans("кг", "kg")
_LONG_ENOUGH = 12
"""A header of fewer letters is taken for a criterion only if it is its whole name."""


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


def normal(header: str) -> str:
    """A header in lower case, one space between words, «е» for «ё», no closing punctuation."""
    return " ".join(lowered(header).split()).strip(" .,:;*\"'«»")


def speaks(headers: Sequence[str], relations: Sequence[Relation]) -> int:
    """How many headers name a total or criteria; 0 for a title or a line of data.

    A total alone makes a header only among texts: «Итого» also begins lines of sums.
    """
    names = [name for header in headers if (name := normal(header))]
    criteria = max(
        len({_by_code(name, r) or _by_name(name, r) for name in names} - {None}) for r in relations
    )
    total = any(_field(name, None) == "S" for name in names)
    if criteria + total > 1:
        return criteria + total
    texts = len(names) > 1 and not any(_IS_NUMBER.fullmatch(name) for name in names)
    return criteria + total if texts else 0


def recognised(
    headers: Sequence[str], relations: Sequence[Relation], *, place: Place
) -> Columns | None:
    """The columns of the header line ``headers``; None when it is no header of such a table.

    Refusals: ``two_regimes``, ``ambiguous_edition``, ``duplicate_column``.
    """
    names = [normal(header) for header in headers]
    relation = _relation(names, relations, place)
    found: dict[str, int] = {}
    for number, name in enumerate(names):
        field = _field(name, relation)
        if field is None or (field in found and field in FIRST_OF_SEVERAL):
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


def _relation(names: Sequence[str], relations: Sequence[Relation], place: Place) -> Relation | None:
    """The edition that most headers speak of; None when no criterion is among them."""
    matches = {r: {_by_code(name, r) for name in names} - {None} for r in relations}
    used = [relation for relation in relations if matches[relation]]
    if len({_stem(relation) for relation in used}) > 1:
        raise two_regimes(place, used)
    if not used:
        matches = {r: {_by_name(name, r) for name in names} - {None} for r in relations}
        used = [relation for relation in relations if matches[relation]]
    most = max((len(matches[relation]) for relation in used), default=0)
    best = [relation for relation in used if len(matches[relation]) == most]
    if len({(r.weights, r.maxima, r.total_maximum) for r in best}) > 1:
        raise Refusal(
            "По заголовкам не видно, по какой методике посчитана таблица: подходят редакции "
            f"{', '.join(relation.code for relation in best)}.",
            kind="ambiguous_edition",
            cure="Назовите редакцию ключом --edition.",
            place=place,
        )
    return best[0] if best else None


def two_regimes(place: Place, relations: Sequence[Relation | None]) -> Refusal:
    """The refusal of a table whose totals are computed in two ways."""
    known = [f"{r.keys[0]}…{r.keys[-1]}" for r in relations if r is not None]
    kinds = " и ".join(dict.fromkeys(known))
    return Refusal(
        f"В таблице есть столбцы двух порядков: {kinds}.",
        kind="two_regimes",
        cure="Разделите таблицу: итог в этих порядках считается по-разному.",
        place=place,
    )


def _stem(relation: Relation) -> str:
    return relation.keys[0].rstrip("0123456789")


def _field(name: str, relation: Relation | None) -> str | None:
    plain = _BRACKETS.sub("", name)
    for field, words in WORDS.items():
        if name in words or plain in words:
            return field
    if _ORGANISATION.match(plain):
        return "organisation"
    if relation is None:
        return None
    return _by_code(name, relation) or _by_name(name, relation)


def _by_code(name: str, relation: Relation) -> str | None:
    """«k1», «к1. открытость», «к 1 (до 100 баллов)» → K1; «к1.2» and «к1_level» → None."""
    match = _CODE.fullmatch(name)
    if match is None or _OTHER_SENSE.search(_BRACKETS.sub("", name)):
        return None
    key = f"{match[1].translate(_LATIN)}{match[2]}".upper()
    return key if key in relation.keys else None


def _by_name(name: str, relation: Relation) -> str | None:
    """«критерий 2», «2 группа», the name of a criterion or a clear beginning of it."""
    plain = _BRACKETS.sub("", name)
    if not plain or _OTHER_SENSE.search(plain):
        return None
    match = _NUMBERED.fullmatch(plain)
    if match:
        number = int(match[1] or match[2])
        return relation.keys[number - 1] if 1 <= number <= len(relation.keys) else None
    for key, names in zip(relation.keys, relation.names, strict=True):
        if any(_same(plain, known) for known in names):
            return key
    return None


def _same(name: str, known: str) -> bool:
    long = len(name) >= _LONG_ENOUGH and len(known) >= _LONG_ENOUGH
    return name == known or (long and (known.startswith(name) or name.startswith(known)))


def _maxima(names: Sequence[str], relation: Relation | None) -> Mapping[str, int]:
    if relation is None:
        return {}
    forms = {
        form: key
        for key in relation.keys
        for form in (f"{key}_max".lower(), f"max_{key}_printed".lower())
    }
    return {forms[name]: number for number, name in enumerate(names) if name in forms}
