"""Which names of two files are one organisation: certain pairs, proposals, and what is left.

Certain is what an identifier says, or a name equal after pure typography and met once on each
side. Everything else alike is proposed with its reason and confirmed by a person. Rows are never
joined by their order, and different numbers (№ 5 and № 15) are never alike.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from noko.core.refusal import Refusal
from noko.core.tables.columns import listed
from noko.core.tables.names import Parts, Reference, parts_of, typographic_key

PROPOSED_FROM = 0.7
"""Names at least so alike (0..1) are proposed."""

ALTERNATIVES = 0.1
"""Proposals for one name that are worse than its best by more are left out."""


@dataclass(frozen=True, slots=True)
class Pair:
    """``left`` and ``right`` are positions in the two lists; ``reason`` is a Russian phrase."""

    left: int
    right: int
    reason: str
    score: float = 1.0


@dataclass(frozen=True, slots=True)
class Matching:
    """``proposed`` may hold several pairs of a name; ``only_*`` have neither pair nor proposal."""

    left: tuple[Reference, ...]
    right: tuple[Reference, ...]
    certain: tuple[Pair, ...]
    proposed: tuple[Pair, ...]
    only_left: tuple[int, ...]
    only_right: tuple[int, ...]

    @property
    def unambiguous(self) -> tuple[Pair, ...]:
        """The proposals whose names have no other proposal on either side."""
        lefts = Counter(pair.left for pair in self.proposed)
        rights = Counter(pair.right for pair in self.proposed)
        return tuple(p for p in self.proposed if lefts[p.left] == 1 and rights[p.right] == 1)

    @property
    def complete(self) -> bool:
        """True when every name of both lists has its certain pair."""
        return not (self.proposed or self.only_left or self.only_right)


def match_names(left: Sequence[Reference | str], right: Sequence[Reference | str]) -> Matching:
    """Pairs between two lists of organisations, each met once in its list."""
    lefts, rights = _references(left), _references(right)
    certain = _by_identifier(lefts, rights)
    certain += _by_name(lefts, rights, certain)
    return _matching(lefts, rights, certain)


def _matching(
    lefts: tuple[Reference, ...], rights: tuple[Reference, ...], certain: list[Pair]
) -> Matching:
    taken_left = {pair.left for pair in certain}
    taken_right = {pair.right for pair in certain}
    free_left = [i for i in range(len(lefts)) if i not in taken_left]
    free_right = [i for i in range(len(rights)) if i not in taken_right]
    proposed = _proposals(lefts, rights, free_left, free_right)
    named_left = {pair.left for pair in proposed}
    named_right = {pair.right for pair in proposed}
    return Matching(
        lefts,
        rights,
        tuple(sorted(certain, key=lambda pair: pair.left)),
        tuple(proposed),
        tuple(i for i in free_left if i not in named_left),
        tuple(i for i in free_right if i not in named_right),
    )


def confirm(
    matching: Matching,
    *,
    same: Iterable[tuple[str, str]] = (),
    accept_proposed: bool = False,
) -> Matching:
    """The matching after a person has said which names are the same.

    ``same`` are pairs of names (left, right) as the files have them, typography aside;
    ``accept_proposed`` takes every proposal that has no rival.
    Refusal ``unknown_organisation`` when a name stands in no list or is taken already.
    """
    certain = list(matching.certain)
    for left_name, right_name in same:
        left = _position(left_name, matching.left)
        right = _position(right_name, matching.right)
        if Pair(left, right, "") in [replace(p, reason="", score=1.0) for p in certain]:
            continue
        _refuse_taken(certain, left, right, matching)
        certain.append(Pair(left, right, "подтверждено"))
    rest = _matching(matching.left, matching.right, certain)
    if not accept_proposed:
        return rest
    accepted = [replace(pair, reason=f"{pair.reason}; подтверждено") for pair in rest.unambiguous]
    return _matching(matching.left, matching.right, [*certain, *accepted])


def _position(name: str, references: Sequence[Reference]) -> int:
    key = typographic_key(name)
    found = [i for i, item in enumerate(references) if typographic_key(item.name) == key]
    if len(found) == 1:
        return found[0]
    if found:
        message = f"Название «{name}» встречается несколько раз."
    else:
        message = f"Организации «{name}» нет в файле."
    raise Refusal(
        message,
        kind="unknown_organisation",
        cure=f"Названия в файле: {listed([item.name for item in references])}.",
    )


def _refuse_taken(certain: Sequence[Pair], left: int, right: int, matching: Matching) -> None:
    for pair in certain:
        if pair.left == left or pair.right == right:
            raise Refusal(
                f"«{matching.left[left].name}» и «{matching.right[right].name}» нельзя считать"
                f" одной организацией: «{matching.left[pair.left].name}» уже соответствует"
                f" «{matching.right[pair.right].name}».",
                kind="unknown_organisation",
                cure="Уберите лишнее подтверждение.",
            )


def _references(items: Sequence[Reference | str]) -> tuple[Reference, ...]:
    return tuple(Reference(item) if isinstance(item, str) else item for item in items)


def _by_identifier(lefts: Sequence[Reference], rights: Sequence[Reference]) -> list[Pair]:
    """Pairs with one OGRN or INN, each met once on its side; branches share one and need names."""
    pairs: dict[int, Pair] = {}
    taken: set[int] = set()
    for field, title in (("ogrn", "ОГРН"), ("inn", "ИНН")):
        left_by, right_by = _once(lefts, field), _once(rights, field)
        for value, left in left_by.items():
            right = right_by.get(value)
            if right is None or left in pairs or right in taken:
                continue
            if _contradict(lefts[left], rights[right]):
                continue
            pairs[left] = Pair(left, right, f"совпадает {title}")
            taken.add(right)
    return list(pairs.values())


def _once(references: Sequence[Reference], field: str) -> dict[str, int]:
    values = [getattr(item, field) for item in references]
    counts = Counter(values)
    return {value: i for i, value in enumerate(values) if value and counts[value] == 1}


def _contradict(left: Reference, right: Reference) -> bool:
    """True when both have an identifier of one kind and they differ."""
    return bool(
        (left.ogrn and right.ogrn and left.ogrn != right.ogrn)
        or (left.inn and right.inn and left.inn != right.inn)
    )


def _by_name(
    lefts: Sequence[Reference], rights: Sequence[Reference], known: Sequence[Pair]
) -> list[Pair]:
    """Pairs equal after typography. Two equal names of a side are told apart by municipality."""
    taken_left = {pair.left for pair in known}
    taken_right = {pair.right for pair in known}
    groups: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i, item in enumerate(lefts):
        if i not in taken_left:
            groups[typographic_key(item.name)][0].append(i)
    for i, item in enumerate(rights):
        if i not in taken_right:
            groups[typographic_key(item.name)][1].append(i)
    pairs = []
    for left_group, right_group in groups.values():
        for left in left_group:
            partners = [r for r in right_group if _may_be_one(lefts[left], rights[r])]
            if len(partners) != 1:
                continue
            back = [i for i in left_group if _may_be_one(lefts[i], rights[partners[0]])]
            if back == [left]:
                pairs.append(Pair(left, partners[0], "совпадает название"))
    return pairs


def _may_be_one(left: Reference, right: Reference) -> bool:
    return not _contradict(left, right) and same_municipality(left.municipality, right.municipality)


_MUNICIPALITY_WORDS = {
    "г", "го", "мр", "мо", "р", "н", "город", "района", "район", "муниципальный", "муниципального",
    "муниципальное", "образование", "округ", "округа", "городской", "городского", "область",
}  # fmt: skip


def same_municipality(left: str, right: str) -> bool:
    """False when both are given and have no word of their own in common."""
    a, b = (
        {word[:5] for word in typographic_key(name).split() if word not in _MUNICIPALITY_WORDS}
        for name in (left, right)
    )
    return not a or not b or bool(a & b)


# --- proposals --------------------------------------------------------------------------------


def _proposals(
    lefts: Sequence[Reference],
    rights: Sequence[Reference],
    free_left: Sequence[int],
    free_right: Sequence[int],
) -> list[Pair]:
    index: dict[str, list[int]] = defaultdict(list)
    for right in free_right:
        for key in index_keys(parts_of(rights[right].name)):
            index[key].append(right)
    found = []
    for left in free_left:
        keys = index_keys(parts_of(lefts[left].name))
        candidates = sorted({right for key in keys for right in index.get(key, ())})
        found += _best_of(left, candidates, lefts, rights)
    return sorted(found, key=lambda pair: (pair.left, -pair.score, pair.right))


def _best_of(
    left: int,
    candidates: Iterable[int],
    lefts: Sequence[Reference],
    rights: Sequence[Reference],
) -> list[Pair]:
    pairs = []
    for right in candidates:
        if not _may_be_one(lefts[left], rights[right]):
            continue
        likeness = alike(parts_of(lefts[left].name), parts_of(rights[right].name))
        if likeness is not None:
            pairs.append(Pair(left, right, likeness[1], likeness[0]))
            if typographic_key(lefts[left].name) == typographic_key(rights[right].name):
                pairs[-1] = Pair(left, right, "название одно, но встречается несколько раз")
    best = max((pair.score for pair in pairs), default=0.0)
    return [pair for pair in pairs if best - pair.score <= ALTERNATIVES]


def index_keys(parts: Parts) -> set[str]:
    """Names that are alike have at least one of these in common."""
    keys = {word[:4] for word in own_words(parts)} | {word[-4:] for word in own_words(parts)}
    return keys | ({"№" + " ".join(parts.numbers)} if parts.numbers else set())


_FILLERS = {
    "им", "обл", "ст", "на", "по", "для", "вида", "муниципального", "муниципальный",
    "муниципальное", "округа", "округ", "городского", "городской", "образования", "города",
    "общеразвивающего", "комбинированного", "компенсирующего", "россии", "российской",
}  # fmt: skip


def own_words(parts: Parts) -> tuple[str, ...]:
    """The words that tell this organisation from others: no initials, no words of address."""
    return tuple(word for word in parts.own if len(word) > 1 and word not in _FILLERS)


_GENERAL = {"сош", "оош", "нош", "сш", "ош", "нш", "школа", "лицей", "гимназия"}


def kinds_agree(left: Parts, right: Parts) -> bool:
    """«школа» agrees with every kind of school, no kind with any; «лицей» not with «гимназия»."""
    a, b = left.kinds, right.kinds
    if not a or not b or a <= b or b <= a:
        return True
    generic = {"школа"}
    return (a == generic and b <= _GENERAL) or (b == generic and a <= _GENERAL)


def alike(left: Parts, right: Parts) -> tuple[float, str] | None:
    """Score 0.7..1 and the reason, or None for names that cannot be one organisation's."""
    if left.numbers and right.numbers and left.numbers != right.numbers:
        return None
    if left.key == right.key:
        return 1.0, "правовая форма или вид написаны по-разному"
    own = _own_share(own_words(left), own_words(right))
    score, reason = _base(left, right, own)
    if not kinds_agree(left, right):
        score, reason = score - 0.15 if own == 1 else 0.0, "отличается вид организации"
    if left.form and right.form and left.form != right.form:
        score, reason = score - 0.1, f"{reason}; отличается правовая форма"
    return (round(score, 2), reason) if score >= PROPOSED_FROM else None


def _base(left: Parts, right: Parts, own: float | None) -> tuple[float, str]:
    numbers = bool(left.numbers) and left.numbers == right.numbers
    if own is None:
        both = not own_words(left) and not own_words(right)
        if not numbers or not (left.kinds and right.kinds):
            return 0.0, ""
        if both:
            return 0.92, "совпадают вид и номер"
        return 0.8, "совпадают вид и номер, собственное название есть только в одном файле"
    if left.numbers != right.numbers:
        return (0.85 if own == 1 else 0.0), "номер указан только в одном файле"
    if own == 1:
        return 0.95, "совпадает собственное название"
    if _contained(own_words(left), own_words(right)):
        return max(own, 0.78), "одно название входит в другое"
    return own, "похожее название"


def _own_share(left: Sequence[str], right: Sequence[str]) -> float | None:
    """Share of common words, misprints and endings forgiven; None when a side has none."""
    if not left or not right:
        return None
    rest = list(right)
    common = 0
    for word in left:
        match = next((other for other in rest if _one_word(word, other)), None)
        if match is not None:
            rest.remove(match)
            common += 1
    return 2 * common / (len(left) + len(right))


def _contained(left: Sequence[str], right: Sequence[str]) -> bool:
    return set(left) <= set(right) or set(right) <= set(left)


def _one_word(left: str, right: str) -> bool:
    if left == right:
        return True
    if min(len(left), len(right)) < 5:
        return False
    return SequenceMatcher(None, left, right, autojunk=False).ratio() >= 0.84
