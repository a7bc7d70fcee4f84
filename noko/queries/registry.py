"""A list of organisations beside the registry: what it would add, change, leave and reject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from noko.core.tables.names import name_key
from noko.core.tables.organisations import OrganisationRow, OrganisationsTable
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

NAMES = ("full_name", "short_name")


def compare(table: OrganisationsTable) -> dict[str, Any]:
    """What confirming the list would do, as plain JSON.

    ``added``: rows as values of fields; ``changed``: ``pk``, ``name`` and ``fields`` [key, title,
    before, after]; ``unchanged``: a number; ``rejected``: ``number``, ``name``, ``reasons``.
    An empty cell never erases what the registry knows.
    """
    known = _Known(Organisation.objects.select_related("municipality"))
    result: dict[str, Any] = {"added": [], "changed": [], "unchanged": 0, "rejected": []}
    result["rejected"] = [
        {"number": r.number, "name": r.name, "reasons": [str(p) for p in r.problems]}
        for r in table.rejected
    ]
    claimed: dict[int, int] = {}
    for row in table.rows:
        reasons = _place(row, table, known, claimed, result)
        if reasons:
            rejected = {"number": row.number, "name": row.full_name, "reasons": reasons}
            result["rejected"].append(rejected)
    result["rejected"].sort(key=lambda item: item["number"])
    result["warnings"] = [str(item) for item in table.warnings]
    result["ignored"] = list(table.ignored)
    return result


def _place(
    row: OrganisationRow,
    table: OrganisationsTable,
    known: _Known,
    claimed: dict[int, int],
    result: dict[str, Any],
) -> list[str]:
    """Puts the row where it belongs; the reasons when it belongs nowhere."""
    found = known.of(row)
    if len(found) > 1:
        names = " и ".join(f"«{item.short_name}»" for item in found)
        return [f"Строка {row.number}: подходит к нескольким организациям перечня: {names}. "
                "Уточните ИНН или ОГРН."]  # fmt: skip
    if not found:
        missing = [TITLES[key] for key in ("type", "municipality") if not getattr(row, key)]
        if missing:
            return [f"Строка {row.number}: для новой организации не указано: {', '.join(missing)}. "
                    "Дополните строку."]  # fmt: skip
        values = asdict(row)
        del values["number"]
        result["added"].append({**values, "status": row.status or "active"})
        return []
    (organisation,) = found
    if organisation.pk in claimed:
        return [f"Строка {row.number}: эта организация уже есть в строке "
                f"{claimed[organisation.pk]}. Оставьте одну из строк."]  # fmt: skip
    claimed[organisation.pk] = row.number
    fields = list(_changes(row, organisation, table))
    if fields:
        changed = {"pk": organisation.pk, "name": organisation.short_name, "fields": fields}
        result["changed"].append(changed)
    else:
        result["unchanged"] += 1
    return []


def _changes(
    row: OrganisationRow, organisation: Organisation, table: OrganisationsTable
) -> Iterator[list[Any]]:
    given = set(table.given)
    if "organisation" in given and not given & set(NAMES):
        given.add("short_name")
    for key, title in TITLES.items():
        if key not in given:
            continue
        after = getattr(row, key)
        before = getattr(organisation, key)
        before = before.name if key == "municipality" else before
        if after not in ("", None) and after != before:
            yield [key, title, "" if before is None else before, after]


class _Known:
    """The registry by identifier, and by name within a municipality."""

    def __init__(self, organisations: Sequence[Organisation] | Any) -> None:
        self.by_number: dict[tuple[str, str], Organisation] = {}
        self.by_name: dict[str, list[Organisation]] = {}
        for item in organisations:
            for key in ("inn", "ogrn"):
                if number := getattr(item, key):
                    self.by_number[key, number] = item
            for name in {name_key(item.full_name), name_key(item.short_name)}:
                self.by_name.setdefault(name, []).append(item)

    def of(self, row: OrganisationRow) -> list[Organisation]:
        """By OGRN and INN; by name only where neither side's numbers contradict."""
        numbers = [("ogrn", row.ogrn), ("inn", row.inn)]
        found = {o.pk: o for key in numbers if (o := self.by_number.get(key))}
        if found:
            return list(found.values())
        named = self.by_name.get(name_key(row.full_name), [])
        place = name_key(row.municipality)
        return [
            item
            for item in named
            if (not place or name_key(item.municipality.name) == place)
            and not (row.inn and item.inn)
            and not (row.ogrn and item.ogrn)
        ]
