"""Answers, inspection and list of organisations put together, organisation by organisation.

Certain pairs are joined, likely ones only when a person has confirmed them; what stands in one
file only is named and stops the work unless only complete organisations are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from noko.core.refusal import Problem, Refusal
from noko.core.tables.matching import Matching, confirm, match_names
from noko.core.tables.names import Reference, typographic_key


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person said about names: ``same`` pairs in any order of files, or all proposals."""

    same: tuple[tuple[str, str], ...] = ()
    accept_proposed: bool = False
    only_complete: bool = False


@dataclass(frozen=True, slots=True)
class Joined:
    """One organisation of the result: positions in the files (``listed`` None without a list)."""

    name: str
    answers: int
    inspection: int
    listed: int | None = None


def join(
    answers: Sequence[Reference],
    inspection: Sequence[Reference],
    listed: Sequence[Reference] | None,
    confirmed: Confirmed,
) -> list[Joined]:
    """The organisations that stand in every file, in the order of the inspection.

    The name is the list's where there is one, else the inspection's. Refusals:
    ``names_to_confirm``, ``in_one_file_only``, ``unknown_organisation``, ``nothing_in_common``.
    """
    _refuse_unknown(confirmed.same, [answers, inspection, listed or ()])
    first = _matched(answers, inspection, confirmed, ("анкетах", "таблице осмотра"))
    partner = {pair.right: pair.left for pair in first.certain}
    joined = [
        Joined(item.name, partner[position], position)
        for position, item in enumerate(inspection)
        if position in partner
    ]
    if listed is not None:
        joined = _with_list(joined, inspection, listed, confirmed)
    if not joined:
        raise Refusal(
            "В файлах нет ни одной общей организации.",
            kind="nothing_in_common",
            cure="Проверьте, что файлы относятся к одной и той же оценке.",
        )
    return joined


def _with_list(
    joined: Sequence[Joined],
    inspection: Sequence[Reference],
    listed: Sequence[Reference],
    confirmed: Confirmed,
) -> list[Joined]:
    inspected = [inspection[item.inspection] for item in joined]
    matching = _matched(inspected, listed, confirmed, ("данных", "перечне"))
    found = {pair.left: pair.right for pair in matching.certain}
    return [
        Joined(listed[found[i]].name, item.answers, item.inspection, found[i])
        for i, item in enumerate(joined)
        if i in found
    ]


def _matched(
    left: Sequence[Reference],
    right: Sequence[Reference],
    confirmed: Confirmed,
    files: tuple[str, str],
) -> Matching:
    matching = confirm(
        match_names(left, right),
        same=list(_own_pairs(confirmed.same, left, right)),
        accept_proposed=confirmed.accept_proposed,
    )
    if matching.proposed:
        raise _to_confirm(matching)
    if (matching.only_left or matching.only_right) and not confirmed.only_complete:
        raise _in_one_file(matching, files)
    return matching


def _own_pairs(
    same: Iterable[tuple[str, str]], left: Sequence[Reference], right: Sequence[Reference]
) -> Iterable[tuple[str, str]]:
    """The confirmed pairs that speak of these two files, turned left to right."""
    lefts = {typographic_key(item.name) for item in left}
    rights = {typographic_key(item.name) for item in right}
    for first, second in same:
        one, other = typographic_key(first), typographic_key(second)
        if one in lefts and other in rights:
            yield first, second
        elif other in lefts and one in rights:
            yield second, first


def _refuse_unknown(same: Iterable[tuple[str, str]], files: Sequence[Sequence[Reference]]) -> None:
    known = {typographic_key(item.name) for file in files for item in file}
    for pair in same:
        for name in pair:
            if typographic_key(name) not in known:
                raise Refusal(
                    f"Организации «{name}» нет ни в одном файле.",
                    kind="unknown_organisation",
                    cure="Перепишите название так, как оно стоит в файле.",
                )


def _to_confirm(matching: Matching) -> Refusal:
    problems = [
        Problem(
            f"«{matching.left[pair.left].name}» и «{matching.right[pair.right].name}»:"
            f" {pair.reason}.",
        )
        for pair in matching.proposed
    ]
    return Refusal(
        "Похоже, что это одни и те же организации под разными названиями. Ничего не сохранено.",
        kind="names_to_confirm",
        cure="Подтвердите каждую пару или исправьте названия.",
        problems=problems,
    )


def _in_one_file(matching: Matching, files: tuple[str, str]) -> Refusal:
    problems = [
        Problem(f"«{matching.left[i].name}» есть только в {files[0]}.") for i in matching.only_left
    ]
    problems += [
        Problem(f"«{matching.right[i].name}» есть только в {files[1]}.")
        for i in matching.only_right
    ]
    return Refusal(
        "Не все организации есть в каждом файле. Ничего не сохранено.",
        kind="in_one_file_only",
        cure="Добавьте недостающие данные или рассчитайте только полные организации.",
        problems=problems,
    )
