"""A list of organisations beside the registry of the database, as plain JSON for the preview."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from noko.core.tables.organisations import OrganisationRow, OrganisationsTable
from noko.core.tables.preview import COMPARED, Change, Known, compare
from noko.models import Organisation

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
    "busgov_id": "Номер на bus.gov.ru",
    "enrolment": "Получателей услуг",
    "status": "Состояние",
}


def list_preview(table: OrganisationsTable) -> dict[str, Any]:
    """What confirming the list would do.

    ``added``: rows as values of fields; ``changed``: ``pk``, ``name`` and ``fields`` [key, title,
    before, after]; ``unchanged``: a number; ``rejected``: ``number``, ``name``, ``reasons``.
    """
    found = compare(list(_registry()), table)
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


def _registry() -> Iterator[Known]:
    for item in Organisation.objects.select_related("municipality"):
        values = {key: getattr(item, key) for key in COMPARED if key != "municipality"}
        yield Known(item.pk, {**values, "municipality": item.municipality.name})


def _added(row: OrganisationRow) -> dict[str, Any]:
    values = asdict(row)
    del values["number"]
    return {**values, "status": row.status or Organisation.Status.ACTIVE.value}


def _changed(item: Change) -> dict[str, Any]:
    fields = [
        [key, TITLES[key], "" if before is None else before, after]
        for key, (before, after) in item.fields.items()
    ]
    return {"pk": item.key, "name": item.name, "fields": fields}
