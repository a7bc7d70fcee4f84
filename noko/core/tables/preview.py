"""A list of organisations against the registry: what it would add, change, leave and reject.

Nothing here writes: the preview is shown to a person first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noko.core.refusal import Problem
from noko.core.tables.names import name_key
from noko.core.tables.organisations import OrganisationRow, OrganisationsTable, Rejected

COMPARED: Mapping[str, str] = {
    "full_name": "полное наименование",
    "short_name": "краткое наименование",
    "type": "тип",
    "municipality": "муниципальное образование",
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "kpp": "КПП",
    "founder": "учредитель",
    "address": "адрес",
    "site": "сайт",
    "busgov_id": "номер на bus.gov.ru",
    "enrolment": "получателей услуг",
    "status": "состояние",
}
"""Fields that the registry and a list have in common, and their titles."""

NEEDED = ("type", "municipality")
"""What a new organisation cannot be without."""


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of the registry: its key there and the values of ``COMPARED``."""

    key: int
    values: Mapping[str, str | int | None]

    def text(self, field: str) -> str:
        value = self.values.get(field)
        return "" if value is None else str(value)

    @property
    def name(self) -> str:
        return self.text("short_name") or self.text("full_name")


@dataclass(frozen=True, slots=True)
class Change:
    """Row ``row`` changes the organisation ``key``: field → (before, after)."""

    key: int
    name: str
    row: OrganisationRow
    fields: Mapping[str, tuple[str | int | None, str | int]]


@dataclass(frozen=True, slots=True)
class Preview:
    """``unchanged`` are keys of the registry; ``rejected`` rows stand in the file's order."""

    added: tuple[OrganisationRow, ...]
    changed: tuple[Change, ...]
    unchanged: tuple[int, ...]
    rejected: tuple[Rejected, ...]


def compare(existing: Sequence[Known], table: OrganisationsTable) -> Preview:
    """Each row found in the registry by OGRN or INN, then by name within its municipality.

    An empty cell, or a column that the file lacks, never erases what the registry knows. A row
    that fits two organisations, or one that another row means already, is rejected.
    """
    registry = _Registry(existing)
    added: list[OrganisationRow] = []
    changed: list[Change] = []
    unchanged: list[int] = []
    rejected = list(table.rejected)
    claimed: dict[int, int] = {}
    for row in table.rows:
        found = registry.of(row)
        objection = _objection(row, found, claimed)
        if objection is not None:
            rejected.append(Rejected(row.number, row.full_name, (objection,)))
        elif not found:
            added.append(row)
        else:
            (known,) = found
            claimed[known.key] = row.number
            fields = _changes(row, known, table.given)
            if fields:
                changed.append(Change(known.key, known.name, row, fields))
            else:
                unchanged.append(known.key)
    rejected.sort(key=lambda item: item.number)
    return Preview(tuple(added), tuple(changed), tuple(unchanged), tuple(rejected))


def _objection(
    row: OrganisationRow, found: Sequence[Known], claimed: Mapping[int, int]
) -> Problem | None:
    """Why the row cannot be taken, None when it can."""
    start = f"Строка {row.number}: "
    if len(found) > 1:
        names = " и ".join(f"«{known.name}»" for known in found)
        return Problem(
            f"{start}подходит к нескольким организациям перечня: {names}.", "Уточните ИНН или ОГРН."
        )
    if found and found[0].key in claimed:
        twin = claimed[found[0].key]
        return Problem(
            f"{start}эта организация уже есть в строке {twin}.", "Оставьте одну из строк."
        )
    missing = [] if found else [COMPARED[key] for key in NEEDED if not getattr(row, key)]
    if missing:
        return Problem(
            f"{start}для новой организации не указано: {', '.join(missing)}.", "Дополните строку."
        )
    return None


def _changes(
    row: OrganisationRow, known: Known, given: frozenset[str]
) -> dict[str, tuple[str | int | None, str | int]]:
    if "organisation" in given and not given & {"full_name", "short_name"}:
        given = given | {"short_name"}
    changes = {}
    for key in COMPARED:
        before, after = known.values.get(key), getattr(row, key)
        if key in given and after not in ("", None) and after != before:
            changes[key] = (before, after)
    return changes


class _Registry:
    """The registry by identifier, and by name within a municipality."""

    def __init__(self, existing: Sequence[Known]) -> None:
        self.by_number: dict[tuple[str, str], Known] = {}
        self.by_name: dict[str, list[Known]] = {}
        for known in existing:
            for key in ("inn", "ogrn"):
                if number := known.text(key):
                    self.by_number[key, number] = known
            for name in {name_key(known.text("full_name")), name_key(known.text("short_name"))}:
                self.by_name.setdefault(name, []).append(known)

    def of(self, row: OrganisationRow) -> list[Known]:
        """By OGRN and INN; by name only where neither side's numbers contradict."""
        numbers = (("ogrn", row.ogrn), ("inn", row.inn))
        found = {o.key: o for key in numbers if (o := self.by_number.get(key))}
        if found:
            return list(found.values())
        place = name_key(row.municipality)
        return [
            known
            for known in self.by_name.get(name_key(row.full_name), [])
            if (not place or name_key(known.text("municipality")) == place)
            and not (row.inn and known.text("inn"))
            and not (row.ogrn and known.text("ogrn"))
        ]
