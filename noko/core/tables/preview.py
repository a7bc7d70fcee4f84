"""A list of organisations against the registry: what it would add, change and leave as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from noko.core.refusal import Place, Problem
from noko.core.tables.names import name_key, typographic_key
from noko.core.tables.organisations import OrganisationRow, OrganisationsTable, Rejected

COMPARED = (
    "full_name",
    "short_name",
    "type",
    "municipality",
    "inn",
    "ogrn",
    "kpp",
    "founder",
    "address",
    "site",
    "phone",
    "email",
    "busgov_id",
    "reg_number",
    "enrolment",
    "status",
    "opened_on",
    "closed_on",
)

Value = str | int | None


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of the registry: its key and its values of ``COMPARED``.

    ``merged``: values of the records that were merged into it; a list may still name them.
    """

    key: int
    values: Mapping[str, Value]
    merged: tuple[Mapping[str, Value], ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Organisation ``key`` and what changes: field → (before, after). ``number``: the row."""

    key: int
    name: str
    fields: Mapping[str, tuple[Value, Value]]
    number: int = 0


@dataclass(frozen=True, slots=True)
class Preview:
    """``unchanged`` are keys of the registry met in the list with nothing new."""

    added: tuple[OrganisationRow, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[int, ...]
    rejected: tuple[Rejected, ...]


def compare(known: Iterable[Known], table: OrganisationsTable) -> Preview:
    """Every row of the list by OGRN, else INN, else name within its municipality.

    An empty cell changes nothing. A new organisation needs type and municipality; two rows that
    mean one organisation are rejected with the reason.
    """
    registry = Registry(known)
    added: list[OrganisationRow] = []
    changed: list[Change] = []
    unchanged: list[int] = []
    rejected = list(table.rejected)
    met: dict[int, int] = {}
    for row in table.rows:
        twin = registry.find(row)
        if twin is None:
            fault = _incomplete(row)
            rejected.extend([fault] if fault else [])
            added.extend([] if fault else [row])
        elif twin.key in met:
            rejected.append(_twice(row, met[twin.key]))
        else:
            met[twin.key] = row.number
            if fields := _differences(twin, row, table):
                name = str(twin.values["short_name"])
                changed.append(Change(twin.key, name, fields, row.number))
            else:
                unchanged.append(twin.key)
    rejected.sort(key=lambda item: item.number)
    return Preview(tuple(added), tuple(changed), tuple(unchanged), tuple(rejected))


class Registry:
    """The known organisations by every way to recognise them."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_number: dict[tuple[str, str], Known] = {}
        self.by_name: dict[tuple[str, str], list[Known]] = {}
        every = list(known)
        for item in every:
            self._add(item, item.values)
        # A number or a name that lives on belongs to who bears it, not to a merged record.
        for item in every:
            for values in item.merged:
                self._add(item, values)

    def _add(self, item: Known, values: Mapping[str, Value]) -> None:
        for field in ("ogrn", "inn"):
            if value := values[field]:
                self.by_number.setdefault((field, str(value)), item)
        place = typographic_key(str(values["municipality"] or ""))
        names = {name_key(str(values[field])) for field in ("full_name", "short_name")}
        for key in names:
            for where in {place, ""}:
                those = self.by_name.setdefault((where, key), [])
                if item not in those:
                    those.append(item)

    def find(self, row: OrganisationRow) -> Known | None:
        for field in ("ogrn", "inn"):
            value = getattr(row, field)
            if value and (field, value) in self.by_number:
                return self.by_number[field, value]
        place = typographic_key(row.municipality)
        for name in (row.full_name, row.short_name):
            found = self.by_name.get((place, name_key(name)), [])
            if len(found) == 1 and not _contradict(found[0], row):
                return found[0]
        return None


def _contradict(known: Known, row: OrganisationRow) -> bool:
    """Both have an identifier of one kind and they differ: another organisation."""
    for field in ("inn", "ogrn"):
        own = {values[field] for values in (known.values, *known.merged)} - {"", None}
        if own and getattr(row, field) and getattr(row, field) not in own:
            return True
    return False


def _differences(
    known: Known, row: OrganisationRow, table: OrganisationsTable
) -> dict[str, tuple[Value, Value]]:
    """Fields that the file has a column and a value for, and that differ.

    A value of a merged record is not news: a person has chosen between the two.
    """
    found: dict[str, tuple[Value, Value]] = {}
    for field in COMPARED:
        before, after = known.values[field], getattr(row, field)
        if field not in table.given or after in ("", None) or after == before:
            continue
        if field in table.spelt and typographic_key(str(before)) == typographic_key(str(after)):
            continue
        if after not in [values[field] for values in known.merged]:
            found[field] = (before, after)
    return found


def _incomplete(row: OrganisationRow) -> Rejected | None:
    titles = {"type": "тип", "municipality": "муниципалитет"}
    missing = [title for field, title in titles.items() if not getattr(row, field)]
    if not missing:
        return None
    problem = Problem(
        f"новая организация: не указано – {', '.join(missing)}.",
        "Заполните эти столбцы.",
        Place(row=row.number),
    )
    return Rejected(row.number, row.full_name, (problem,))


def _twice(row: OrganisationRow, first: int) -> Rejected:
    problem = Problem(
        f"это та же организация, что в строке {first}.",
        "Оставьте одну из строк.",
        Place(row=row.number),
    )
    return Rejected(row.number, row.full_name, (problem,))
