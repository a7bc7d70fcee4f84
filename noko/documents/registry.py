"""The registry of organisations as a table of a spreadsheet, one that can be loaded back."""

from __future__ import annotations

from collections.abc import Sequence

from noko.core.tables.preview import COMPARED
from noko.documents.xlsx import Cell, Column, Table, xlsx
from noko.models import Organisation
from noko.models.organisation import OrganisationType
from noko.queries.registry import TITLES

WIDTHS = {
    "full_name": 60,
    "short_name": 32,
    "municipality": 26,
    "founder": 34,
    "address": 40,
    "site": 28,
    "ogrn": 16,
}


def registry_table(organisations: Sequence[Organisation]) -> bytes:
    """XLSX with every field; each organisation with ``last_year``, as the search gives it."""
    columns = [Column(TITLES[key], WIDTHS.get(key, 14)) for key in COMPARED]
    columns.append(Column("Последняя оценка", 12))
    rows = [_row(item) for item in organisations]
    return xlsx([Table("Организации", columns, rows, frozen=1)], title="Реестр организаций")


def _row(item: Organisation) -> list[Cell]:
    types, states = dict(OrganisationType.choices), dict(Organisation.Status.choices)
    cells: list[Cell] = []
    for key in COMPARED:
        if key == "municipality":
            cells.append(item.municipality.name)
        elif key == "type":
            cells.append(str(types.get(item.type, item.type)))
        elif key == "status":
            cells.append(str(states.get(item.status, item.status)))
        else:
            cells.append(getattr(item, key))
    return [*cells, getattr(item, "last_year", None)]
