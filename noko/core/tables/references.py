"""Who the rows of a file speak of: one organisation for rows that name it with what they have.

Rows agree when their names are equal after typography and neither municipality nor INN nor OGRN
contradict; a cell left empty contradicts nothing. So a row without INN belongs to the organisation
of its name, and where several are called so it is refused by name: to which one, only a person
knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from itertools import combinations

import numpy as np
import numpy.typing as npt

from noko.core.refusal import with_inner_quotes
from noko.core.tables.cells import Reading
from noko.core.tables.identifiers import mend_inn, mend_ogrn
from noko.core.tables.names import Reference, typographic_key
from noko.core.tables.sheet import error_in, shortened, text_of

Cells = tuple[object, ...]
"""Organisation, municipality, INN and OGRN as the row has them."""

_FIELDS = {
    "municipality": ("муниципалитет", "Впишите его в эту строку."),
    "inn": ("ИНН", "Впишите его в эту строку."),
    "ogrn": ("ОГРН", "Впишите его в эту строку."),
}


def read_references(
    reading: Reading, rows: Sequence[int], columns: Mapping[str, int]
) -> tuple[tuple[Reference, ...], npt.NDArray[np.int32]]:
    """Organisations of the rows in order of appearance, and the position of each row's.

    Problems: a row without a name, wrong control digits, a row that may speak of several.
    """
    parts = {key: reading.table.column_values(column, rows) for key, column in columns.items()}
    empty = [""] * len(rows)
    names = ("organisation", "municipality", "inn", "ogrn")
    raw: list[Cells] = list(zip(*(parts.get(key, empty) for key in names), strict=True))
    times = Counter(raw)
    keys = {cells: _key(cells) for cells in times}
    whole, unclear = _joined(set(keys.values()))
    positions: dict[Reference, int] = {}
    index = np.empty(len(rows), dtype=np.int32)
    for place, cells in enumerate(raw):
        index[place] = positions.setdefault(whole[keys[cells]], len(positions))
    wrong = {cells: _errors(cells, unclear.get(keys[cells], ())) for cells in times}
    for row, cells in zip(rows, raw, strict=True):
        for key, message, cure in wrong[cells]:
            reading.add(message, cure, row, columns[key])
    spellings: dict[int, Counter[Cells]] = defaultdict(Counter)
    for cells, number in times.items():
        spellings[positions[whole[keys[cells]]]][cells] = number
    return tuple(_commonest(spellings[place]) for place in range(len(positions))), index


def described(reference: Reference) -> str:
    """«Название (муниципалитет)»."""
    place = f" ({reference.municipality})" if reference.municipality else ""
    return with_inner_quotes(f"«{shortened(reference.name)}»{place}")


def _key(cells: Cells) -> Reference:
    """What the row says, without what a typist may vary."""
    name, municipality, inn, ogrn = (text_of(cell) for cell in cells)
    return Reference(
        typographic_key(name),
        typographic_key(municipality),
        mend_inn(inn).value or inn,
        mend_ogrn(ogrn).value or ogrn,
    )


def _joined(
    keys: Iterable[Reference],
) -> tuple[dict[Reference, Reference], dict[Reference, list[Reference]]]:
    """Key → the fullest key of its organisation; and the keys that fit several, with those."""
    by_name: dict[str, list[Reference]] = defaultdict(list)
    for key in keys:
        by_name[key.name].append(key)
    whole: dict[Reference, Reference] = {}
    unclear: dict[Reference, list[Reference]] = {}
    for named in by_name.values():
        organisations: list[list[Reference]] = []
        for level in _fullest_first(named):
            unclear |= _placed(level, organisations)
        for members in organisations:
            fields = zip(*(astuple(member) for member in members), strict=True)
            whole |= dict.fromkeys(members, Reference(*(max(values) for values in fields)))
    return {key: key for key in unclear} | whole, unclear


def _fullest_first(keys: Iterable[Reference]) -> list[list[Reference]]:
    """Keys by the number of filled fields: the emptier join what the fuller have made."""
    levels: dict[int, list[Reference]] = defaultdict(list)
    for key in keys:
        levels[sum(map(bool, astuple(key)))].append(key)
    return [levels[number] for number in sorted(levels, reverse=True)]


def _placed(
    level: Sequence[Reference], organisations: list[list[Reference]]
) -> dict[Reference, list[Reference]]:
    """Adds the keys to ``organisations`` or makes new ones; returns the keys that fit several."""
    unclear: dict[Reference, list[Reference]] = {}
    joining: dict[int, list[Reference]] = defaultdict(list)
    fresh = []
    for key in level:
        fits = [i for i, members in enumerate(organisations) if _agrees_with_all(key, members)]
        if len(fits) == 1:
            joining[fits[0]].append(key)
        elif fits:
            unclear[key] = [member for i in fits for member in organisations[i]]
        else:
            fresh.append(key)
    for place, keys in joining.items():
        if _agree_all(keys):
            organisations[place] += keys
        else:
            unclear |= dict.fromkeys(keys, keys)
    return unclear | _founded(fresh, organisations)


def _founded(
    keys: Sequence[Reference], organisations: list[list[Reference]]
) -> dict[Reference, list[Reference]]:
    """New organisations of keys that fit none; returns the keys between two of them."""
    if len({tuple(map(bool, astuple(key))) for key in keys}) == 1:
        organisations += [[key] for key in keys]  # all say the same fields: equal or not at all
        return {}
    unclear = {}
    founded = set()
    for key in keys:
        same = [other for other in keys if _agree(key, other)]
        if _agree_all(same):
            founded.add(frozenset(same))
        else:
            unclear[key] = same
    organisations += [list(members) for members in founded]
    return unclear


def _agrees_with_all(key: Reference, members: Iterable[Reference]) -> bool:
    return all(_agree(key, member) for member in members)


def _agree_all(keys: Sequence[Reference]) -> bool:
    return all(_agree(*pair) for pair in combinations(keys, 2))


def _agree(one: Reference, other: Reference) -> bool:
    return all(not a or not b or a == b for a, b in zip(astuple(one), astuple(other), strict=True))


def _errors(cells: Cells, same: Sequence[Reference]) -> list[tuple[str, str, str]]:
    """Field, what is wrong with it, and the cure."""
    name, municipality, inn, ogrn = (text_of(cell) for cell in cells)
    errors = []
    if error_in(cells[0]):
        errors.append(("organisation", f"в ячейке ошибка формулы {name}", "Впишите название."))
    elif not typographic_key(name):
        errors.append(
            ("organisation", "не указана организация.", "Впишите её название или удалите строку.")
        )
    for key, mended in (("inn", mend_inn(inn)), ("ogrn", mend_ogrn(ogrn))):
        if mended.error:
            errors.append((key, mended.error, "Проверьте номер по ЕГРЮЛ."))
    given = {"municipality": municipality, "inn": inn, "ogrn": ogrn}
    for key, (title, cure) in _FIELDS.items():
        others = sorted({getattr(item, key) for item in same} - {""})
        if not given[key] and len(others) > 1:
            message = f"не указан {title}, а организаций с названием «{shortened(name)}» несколько"
            errors.append((key, f"{message}: {', '.join(others)}.", cure))
    return errors


def _commonest(spellings: Counter[Cells]) -> Reference:
    """The commonest spelling of the name; of the rest, the commonest that is given."""
    name, *_ = spellings.most_common(1)[0][0]
    municipality, inn, ogrn = (
        next((text for cells, _ in spellings.most_common() if (text := text_of(cells[at]))), "")
        for at in (1, 2, 3)
    )
    return Reference(text_of(name), municipality, mend_inn(inn).value, mend_ogrn(ogrn).value)
