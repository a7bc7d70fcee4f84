"""What an import of organisations would do to the register, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from noko.core.refusal import Place, Problem
from noko.core.tables.matching import same_municipality
from noko.core.tables.names import name_key
from noko.core.tables.organisations import (
    FIELD_NAMES,
    OrganisationRow,
    OrganisationsTable,
    Rejected,
)

TITLES: Mapping[str, str] = {
    "full_name": "полное наименование",
    "short_name": "краткое наименование",
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "kpp": "КПП",
    "type": "тип",
    "founder": "учредитель",
    "municipality": "муниципальное образование",
    "address": "адрес",
    "site": "сайт",
    "busgov_id": "номер на bus.gov.ru",
    "enrolment": "численность",
    "status": "состояние",
}


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation of the register: its id and the values of the fields of an import."""

    id: int
    values: Mapping[str, str | int | None]

    def text(self, key: str) -> str:
        value = self.values.get(key)
        return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class FieldChange:
    field: str
    old: str | int | None
    new: str | int | None

    @property
    def title(self) -> str:
        return TITLES[self.field]


@dataclass(frozen=True, slots=True)
class Changed:
    """The organisation ``id`` of the register will get ``fields`` from row ``row``."""

    id: int
    row: OrganisationRow
    fields: tuple[FieldChange, ...]
    matched_by: str


@dataclass(frozen=True, slots=True)
class Preview:
    """``unchanged`` are ids; ``rejected`` rows and why. Nothing here has been written."""

    added: tuple[OrganisationRow, ...]
    changed: tuple[Changed, ...]
    unchanged: tuple[int, ...]
    rejected: tuple[Rejected, ...]
    warnings: tuple[Problem, ...] = field(default=())

    @property
    def may_be_saved(self) -> bool:
        """All or nothing: a file with a rejected row is not saved."""
        return not self.rejected and bool(self.added or self.changed)


def compare(existing: Sequence[Known], incoming: OrganisationsTable) -> Preview:
    """Added, changed field by field, unchanged, rejected.

    A row is an organisation of the register by OGRN, then INN, then name and municipality. An
    empty cell, or a column that the file lacks, changes nothing. A row that means two
    organisations, or one that another row already means, is rejected with both named.
    """
    register = _Register(existing)
    added: list[OrganisationRow] = []
    changed: list[Changed] = []
    unchanged: list[int] = []
    rejected = list(incoming.rejected)
    taken: dict[int, int] = {}
    for row in incoming.rows:
        known, how, objection = register.find(row)
        if known is not None and known.id in taken and not objection:
            objection = (
                f"строки {taken[known.id]} и {row.row} относятся к одной организации"
                f" «{known.text('short_name') or known.text('full_name')}»."
            )
        if objection:
            rejected.append(_rejected(row, objection, incoming.file))
        elif known is None:
            added.append(row)
        else:
            taken[known.id] = row.row
            fields = _changes(known, row, incoming.columns)
            if fields:
                changed.append(Changed(known.id, row, fields, how))
            else:
                unchanged.append(known.id)
    rejected.sort(key=lambda item: item.row)
    return Preview(
        tuple(added), tuple(changed), tuple(unchanged), tuple(rejected), incoming.warnings
    )


def _rejected(row: OrganisationRow, message: str, file: str) -> Rejected:
    cure = "Проверьте идентификаторы и название."
    return Rejected(
        row.row, row.full_name, (Problem(message, cure, Place(file=file, row=row.row)),)
    )


class _Register:
    """The register looked up by OGRN, INN and name."""

    def __init__(self, existing: Sequence[Known]) -> None:
        self.by: dict[tuple[str, str], list[Known]] = {}
        for known in existing:
            for key in ("ogrn", "inn"):
                if known.text(key):
                    self.by.setdefault((key, known.text(key)), []).append(known)
            for name in {name_key(known.text("full_name")), name_key(known.text("short_name"))}:
                if name:
                    self.by.setdefault(("name", name), []).append(known)

    def find(self, row: OrganisationRow) -> tuple[Known | None, str, str]:
        """The organisation, by what it was found, and the objection ("" when there is none)."""
        by_ogrn = self._one("ogrn", row.ogrn, row)
        by_inn = self._one("inn", row.inn, row)
        if by_ogrn and by_inn and by_ogrn.id != by_inn.id:
            return None, "", "по ОГРН это одна организация перечня, а по ИНН – другая."
        found = by_ogrn or by_inn
        if found:
            return found, "ОГРН" if by_ogrn else "ИНН", ""
        return self._by_name(row)

    def _one(self, key: str, value: str, row: OrganisationRow) -> Known | None:
        """By identifier; branches that share one are told apart by name."""
        found = self.by.get((key, value), []) if value else []
        if len(found) > 1:
            names = {row.name_key, name_key(row.short_name)}
            found = [
                known
                for known in found
                if {name_key(known.text("full_name")), name_key(known.text("short_name"))} & names
            ]
        return found[0] if len(found) == 1 else None

    def _by_name(self, row: OrganisationRow) -> tuple[Known | None, str, str]:
        keys = {row.name_key, name_key(row.short_name)} - {""}
        candidates = {
            known.id: known
            for key in keys
            for known in self.by.get(("name", key), ())
            if same_municipality(known.text("municipality"), row.municipality)
        }
        if len(candidates) > 1:
            return None, "", "такое название есть у нескольких организаций перечня."
        for known in candidates.values():
            for key, value in (("ogrn", row.ogrn), ("inn", row.inn)):
                if value and known.text(key) and known.text(key) != value:
                    title = TITLES[key]
                    return (
                        None,
                        "",
                        f"название то же, что в перечне, а {title} другой:"
                        f" {value}, в перечне {known.text(key)}.",
                    )
            return known, "название", ""
        return None, "", ""


def _changes(known: Known, row: OrganisationRow, columns: Sequence[str]) -> tuple[FieldChange, ...]:
    changes = []
    for key in FIELD_NAMES:
        new = getattr(row, key)
        old = known.values.get(key)
        if key not in columns or new in ("", None):
            continue
        if (old if old is not None else "") != new:
            changes.append(FieldChange(key, old, new))
    return tuple(changes)
