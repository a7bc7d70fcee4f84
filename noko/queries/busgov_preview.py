"""A file of bus.gov.ru beside the registry, as plain JSON for the preview and for the deed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from noko.core.tables.busgov_cards import BusgovTable
from noko.core.tables.busgov_rules import BusgovRow, Lack
from noko.core.tables.names import typographic_key
from noko.core.tables.organisations import OrganisationRow
from noko.core.tables.preview import Known, Registry
from noko.models import Organisation
from noko.queries.busgov_rules import get_monitoring
from noko.queries.registry import TITLES, registry_values

PHONE_DIGITS = 10
"""Digits of a telephone without the country's own."""


def busgov_preview(kind: str, table: BusgovTable) -> dict[str, Any]:
    """What loading the file would write.

    ``rows``: one for each organisation met; ``unknown``: rows of no organisation of the registry;
    ``absent``: organisations that act and were not met: they count only in a whole file.
    """
    known = {item.key: item for item in registry_values()}
    registry = Registry(known.values())
    met: dict[int, list[BusgovRow]] = defaultdict(list)
    unknown: list[BusgovRow] = []
    for row in table.rows:
        twin = registry.find(_asked(row))
        if twin is None:
            unknown.append(row)
        else:
            met[twin.key].append(row)
    rows, doubled = _chosen(met, known)
    acting = Organisation.objects.filter(status=Organisation.Status.ACTIVE)
    rejected = [*_rejected(table), *doubled]
    return {
        "kind": kind,
        "rows": [_row(known[key], row) for key, row in rows],
        "unknown": [{"number": row.number, "name": row.name, "inn": row.inn} for row in unknown],
        "absent": [
            {"pk": pk, "name": name}
            for pk, name in acting.values_list("pk", "short_name")
            if pk not in met
        ],
        "rejected": sorted(rejected, key=lambda item: item["number"]),
        "warnings": list(table.warnings),
        "ignored": list(table.ignored),
        "years": list(table.years),
    }


def _asked(row: BusgovRow) -> OrganisationRow:
    return OrganisationRow(
        row.number,
        row.name,
        row.name,
        inn=row.inn,
        ogrn=row.ogrn,
        municipality=row.municipality,
    )


def _rejected(table: BusgovTable) -> list[dict[str, Any]]:
    return [
        {"number": item.number, "name": item.name, "reasons": [str(p) for p in item.problems]}
        for item in table.rejected
    ]


def _chosen(
    met: dict[int, list[BusgovRow]], known: dict[int, Known]
) -> tuple[list[tuple[int, BusgovRow]], list[dict[str, Any]]]:
    """One row for each organisation: of several, branches too have its INN, the one of its KPP."""
    rows: list[tuple[int, BusgovRow]] = []
    doubled: list[dict[str, Any]] = []
    for key, several in met.items():
        kpp = known[key].values["kpp"]
        own = [row for row in several if kpp and row.kpp == kpp]
        if len(several) == 1 or len(own) == 1:
            rows.append((key, (own or several)[0]))
            continue
        name = known[key].values["short_name"]
        reason = (
            f"В файле несколько записей организации «{name}»: "
            f"{', '.join(row.place for row in several)}. Чтобы отличить её от филиалов, укажите "
            "её КПП в реестре организаций."
        )
        doubled.append({"number": several[0].number, "name": several[0].name, "reasons": [reason]})
    return rows, doubled


def _row(known: Known, row: BusgovRow) -> dict[str, Any]:
    lacks = list(row.lacks)
    if not row.present:
        lacks = _without_card(lacks)
    return {
        "pk": known.key,
        "name": str(known.values["short_name"]),
        "place": row.place,
        "present": row.present,
        "changed_on": row.changed_on.isoformat() if row.changed_on else "",
        "complete": row.complete,
        "complete_before": row.complete_before,
        "lacks": [asdict(lack) for lack in lacks],
        "differs": list(_differences(known, row)),
    }


def _without_card(lacks: Sequence[Lack]) -> list[Lack]:
    """The general information first: nothing else can be placed without it."""
    return sorted(lacks, key=lambda lack: lack.code != "general")


def _differences(known: Known, row: BusgovRow) -> Iterable[list[str]]:
    """[title, in the registry, on bus.gov.ru] of what both have and what is not the same."""
    for key, there in row.given:
        here = str(known.values[key] or "")
        if here and _same_key(key, here) != _same_key(key, there):
            yield [TITLES[key], here, there]


def _same_key(key: str, text: str) -> str:
    """What makes two ways of writing one thing equal."""
    if key == "site":
        return _bare(text)
    if key == "phone":
        return "".join(filter(str.isdigit, text))[-PHONE_DIGITS:]
    return typographic_key(text) if key == "short_name" else text.casefold()


def _bare(address: str) -> str:
    """An address without what browsers do not mind: scheme, www, the last slash, capitals."""
    text = address.casefold().partition("://")[2] or address.casefold()
    return text.removeprefix("www.").rstrip("/")


def lack_of_absent() -> dict[str, Any]:
    """What is written of an organisation that a whole file does not have."""
    cure = get_monitoring().absent.cure
    return asdict(Lack("absent", "Учреждения нет на bus.gov.ru", None, cure))
