"""A list of organisations beside the registry of the database, as plain JSON for the preview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from typing import Any

from noko.access.scope import Scope
from noko.core.refusal import Place, Problem
from noko.core.tables.organisations import (
    LONGEST,
    OrganisationRow,
    OrganisationsTable,
    Rejected,
)
from noko.core.tables.preview import COMPARED, Change, Known, Preview, Value, compare
from noko.models import Municipality, Organisation

TITLES = {
    "full_name": "Полное наименование",
    "short_name": "Краткое наименование",
    "type": "Тип",
    "municipality": "Муниципалитет",
    "inn": "ИНН",
    "ogrn": "ОГРН",
    "kpp": "КПП",
    "founder": "Учредитель",
    "address": "Адрес",
    "site": "Сайт",
    "phone": "Телефон",
    "email": "Электронная почта",
    "busgov_id": "Номер на bus.gov.ru",
    "reg_number": "Номер в сводном реестре",
    "enrolment": "Получателей услуг",
    "status": "Состояние",
    "opened_on": "Дата создания",
    "closed_on": "Дата прекращения",
}

EVERYWHERE = Scope(everything=True)


def list_preview(table: OrganisationsTable, scope: Scope = EVERYWHERE) -> dict[str, Any]:
    """What confirming the list would do.

    ``added``: rows as values of fields; ``changed``: ``pk``, ``name`` and ``fields`` [key, title,
    before, after]; ``unchanged``: a number; ``rejected``: ``number``, ``name``, ``reasons``.
    Rows about organisations outside of ``scope`` are rejected.
    """
    found = compare(list(registry_values()), table)
    if not scope.everything:
        found = _within(found, scope)
    return {
        "added": [_added(row) for row in found.added],
        "changed": [_changed(item) for item in found.changed],
        "unchanged": len(found.unchanged),
        "rejected": [
            {"number": r.number, "name": r.name, "reasons": [str(p) for p in r.problems]}
            for r in found.rejected
        ],
        "warnings": [str(item) for item in table.warnings],
        "ignored": list(table.ignored),
    }


def values_of(item: Organisation) -> dict[str, Value]:
    """Every field that a list may hold, as a list writes it: days as 2026-09-01."""
    values: dict[str, Value] = {}
    for key in COMPARED:
        value = item.municipality.name if key == "municipality" else getattr(item, key)
        values[key] = value.isoformat() if isinstance(value, date) else value
    return values


def registry_values() -> Iterator[Known]:
    """Every organisation with the values of the records that were merged into it."""
    merged: dict[int, list[dict[str, Value]]] = defaultdict(list)
    every = Organisation.every.select_related("municipality")
    for item in every.filter(merged_into__isnull=False).order_by("pk"):
        merged[item.merged_into_id or 0].append(values_of(item))
    for item in every.filter(merged_into__isnull=True):
        yield Known(item.pk, values_of(item), tuple(merged[item.pk]))


def _within(found: Preview, scope: Scope) -> Preview:
    """The same without what lies outside of the scope: that is rejected with the reason."""
    own = set(
        Municipality.objects.filter(pk__in=scope.municipalities).values_list("name", flat=True)
    )
    reached = set(Organisation.objects.filter(scope.condition()).values_list("pk", flat=True))
    new = [row for row in found.added if row.municipality not in own]
    old = [change for change in found.changed if not _reaches(change, own, reached)]
    rejected = [
        *(_foreign(row.number, row.full_name) for row in new),
        *(_foreign(change.number, change.name) for change in old),
    ]
    return replace(
        found,
        added=tuple(row for row in found.added if row.municipality in own),
        changed=tuple(c for c in found.changed if _reaches(c, own, reached)),
        unchanged=tuple(key for key in found.unchanged if key in reached),
        rejected=tuple(sorted([*found.rejected, *rejected], key=lambda item: item.number)),
    )


def _reaches(change: Change, municipalities: set[str], organisations: set[int]) -> bool:
    """The organisation is the person's own and stays so."""
    _, after = change.fields.get("municipality", ("", ""))
    return change.key in organisations and (not after or str(after) in municipalities)


def _foreign(number: int, name: str) -> Rejected:
    problem = Problem(
        "организация другого муниципалитета.",
        "Удалите строку: вы ведёте организации своего муниципалитета.",
        Place(row=number),
    )
    return Rejected(number, name, (problem,))


def _added(row: OrganisationRow) -> dict[str, Any]:
    values = asdict(row)
    del values["number"]
    values["short_name"] = row.short_name or row.full_name[: LONGEST["short_name"]]
    return {**values, "status": row.status or Organisation.Status.ACTIVE.value}


def _changed(item: Change) -> dict[str, Any]:
    fields = [
        [key, TITLES[key], "" if before is None else before, after]
        for key, (before, after) in item.fields.items()
    ]
    return {"pk": item.key, "name": item.name, "fields": fields}
