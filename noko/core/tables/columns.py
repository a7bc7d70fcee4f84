"""Columns of a person's file found by name: certain ones, similar ones for a person to confirm."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from noko.core.refusal import Refusal
from noko.core.tables.sheet import Table, letter, shortened
from noko.core.tables.text import common_share, plain, stems, symbol_key

SIMILAR = 0.6
"""Names at least so alike (0..1) are proposed."""

CLEARLY = 0.08
"""A proposal must be better than the next one by so much."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a table may hold. ``synonyms`` are other headers for it, the surest first."""

    key: str
    title: str
    synonyms: tuple[str, ...] = ()
    required: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.key, self.title, *self.synonyms)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Field ``field`` may stand in ``column`` (from 0); ``score`` 0..1 says how alike they are."""

    field: str
    column: int
    header: str
    score: float


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """Where the fields stand.

    ``columns``: certain (the name is the same, or a person chose); ``proposed``: similar, never
    used until a person confirms; ``doubled``: fields with several columns of their name;
    ``unused``: columns that nothing was found for.
    """

    columns: Mapping[str, int]
    proposed: tuple[Suggestion, ...] = ()
    doubled: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    unused: tuple[int, ...] = ()


def suggest_mapping(
    headers: Sequence[str],
    fields: Sequence[Field],
    *,
    chosen: Mapping[str, str] | None = None,
) -> ColumnMapping:
    """Columns for ``fields`` among ``headers``.

    ``chosen`` is a person's choice: field key → header, or the letter of the column.
    Refusal ``unknown_column`` when the choice names what the file has not.
    """
    columns = chosen_columns(headers, {item.key for item in fields}, chosen or {})
    doubled: dict[str, tuple[int, ...]] = {}
    keys = _positions(headers)
    for item in fields:
        if item.key in columns:
            continue
        found = _exact(item, keys, set(columns.values()))
        if len(found) == 1:
            columns[item.key] = found[0]
        elif found:
            doubled[item.key] = found
    taken = set(columns.values()) | {column for group in doubled.values() for column in group}
    free = [i for i, header in enumerate(headers) if header and i not in taken]
    open_fields = [f for f in fields if f.key not in columns and f.key not in doubled]
    return ColumnMapping(columns, tuple(_similar(open_fields, headers, free)), doubled, tuple(free))


def chosen_columns(
    headers: Sequence[str], keys: set[str], chosen: Mapping[str, str]
) -> dict[str, int]:
    """Positions of the chosen columns; keys that are not among ``keys`` are left to others."""
    names = [plain(header) for header in headers]
    found: dict[str, int] = {}
    for key, wanted in chosen.items():
        if key not in keys:
            continue
        places = [i for i, name in enumerate(names) if headers[i] and name == plain(wanted)]
        if not places:
            places = [i for i in range(len(headers)) if letter(i) == wanted.strip().upper()]
        if len(places) != 1:
            raise Refusal(
                f"Столбец «{wanted}», указанный для «{key}», "
                + ("встречается в файле несколько раз." if places else "в файле не найден."),
                kind="unknown_column",
                cure=f"В файле есть столбцы: {listed(headers)}.",
            )
        found[key] = places[0]
    return found


def _positions(headers: Sequence[str]) -> dict[str, list[int]]:
    keys: dict[str, list[int]] = {}
    for index, header in enumerate(headers):
        if header:
            for key in {plain(header), symbol_key(header)} - {""}:
                keys.setdefault(key, []).append(index)
    return keys


def _exact(item: Field, positions: Mapping[str, list[int]], taken: set[int]) -> tuple[int, ...]:
    """Columns named exactly so; the first of the names that is met decides."""
    for name in item.names:
        for key in (plain(name), symbol_key(name)):
            found = tuple(i for i in positions.get(key, ()) if i not in taken)
            if found:
                return found
    return ()


def similarity(left: str, right: str) -> float:
    """How alike two headers are, 0..1: by words without endings, or by letters."""
    a, b = plain(left), plain(right)
    if not a or not b:
        return 0.0
    by_words = common_share(stems(a), stems(b))
    return max(by_words, SequenceMatcher(None, a, b, autojunk=False).ratio())


def _similar(
    fields: Sequence[Field], headers: Sequence[str], free: Sequence[int]
) -> Iterable[Suggestion]:
    """Clear proposals only: the best column of a field that is not as good for another field."""
    scores = {
        (item.key, column): max(similarity(name, headers[column]) for name in item.names)
        for item in fields
        for column in free
    }
    for item in fields:
        ranked = sorted(((scores[item.key, c], -c) for c in free), reverse=True)
        if not ranked or ranked[0][0] < SIMILAR:
            continue
        best, column = ranked[0][0], -ranked[0][1]
        rivals = [s for s, c in ranked[1:]] + [
            scores[other.key, column] for other in fields if other.key != item.key
        ]
        if all(best - rival >= CLEARLY for rival in rivals):
            yield Suggestion(item.key, column, headers[column], round(best, 2))


def most_like(item: Field, headers: Sequence[str], columns: Iterable[int]) -> int | None:
    """The column most like ``item`` among ``columns``, None when nothing is alike at all."""
    best = max(
        ((max(similarity(n, headers[c]) for n in item.names), -c) for c in columns),
        default=(0.0, 0),
    )
    return -best[1] if best[0] >= 0.4 else None


def listed(headers: Sequence[str]) -> str:
    """Headers in quotes, the long ones shortened."""
    names = [f"«{shortened(header, 50)}»" for header in headers if header]
    rest = f" и ещё {len(names) - 30}" if len(names) > 30 else ""
    return ", ".join(names[:30]) + rest


def missing_column(
    table: Table, missing: Sequence[Field], unused: Sequence[int] | None = None
) -> Refusal:
    """What is missing, what the file has instead, and what is most like it."""
    free = range(len(table.headers)) if unused is None else unused
    names = "; ".join(f"«{shortened(item.title)}» ({item.key})" for item in missing)
    hints = []
    for item in missing:
        column = most_like(item, table.headers, free)
        if column is not None:
            hints.append(
                f"на «{item.key}» больше всего похож столбец «{table.column_title(column)}»"
            )
    like = f" Возможно, {'; '.join(hints)}." if hints else ""
    word = "столбца" if len(missing) == 1 else "столбцов"
    return Refusal(
        f"Не хватает {word}: {names}.",
        kind="missing_column",
        cure=f"В файле есть: {listed(table.headers) or 'нет ни одного заголовка'}.{like}"
        " Переименуйте или добавьте столбец и загрузите файл снова. Ничего не сохранено.",
        place=table.place(row=table.header_row),
    )


def refuse_doubled(table: Table, mapping: ColumnMapping) -> None:
    """Refusal ``ambiguous_column`` when two columns have the name of one field."""
    for key, columns in mapping.doubled.items():
        names = " и ".join(letter(column) for column in columns)
        raise Refusal(
            f"Столбец «{shortened(table.headers[columns[0]])}» встречается несколько раз: {names}.",
            kind="ambiguous_column",
            cure=f"Оставьте один столбец для «{key}» или переименуйте лишний. Ничего не сохранено.",
            place=table.place(row=table.header_row),
        )


# --- who a row speaks of ----------------------------------------------------------------------

ORGANISATION = Field(
    "organisation",
    "Организация",
    (
        "Наименование организации",
        "Наименование организации или П/Н по списку",
        "Название организации",
        "Выберите организацию",
        "Выберите образовательную организацию",
        "Наименование образовательной организации",
        "Образовательная организация",
        "Наименование учреждения",
        "Образовательное учреждение",
        "Учреждение",
        "Наименование ОО",
        "Краткое наименование",
        "Полное наименование",
        "Наименование",
        "Название",
        "name",
        "org",
        "organization",
        "v0",
    ),
    required=True,
)
MUNICIPALITY = Field(
    "municipality",
    "Муниципальное образование",
    (
        "Муниципалитет",
        "Муниципальный район",
        "Муниципальный округ",
        "Район",
        "Выберите муниципалитет",
        "Выберите муниципальное образование",
        "Выберите район",
        "Территория",
    ),
)
TYPE = Field(
    "type",
    "Тип организации",
    ("Тип", "Вид организации", "Тип образовательной организации", "Категория организации"),
)
INN = Field("inn", "ИНН", ("ИНН организации",))
OGRN = Field("ogrn", "ОГРН", ("ОГРН организации",))

REFERENCE_FIELDS = (ORGANISATION, MUNICIPALITY, INN, OGRN)
