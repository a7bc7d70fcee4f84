"""How organisations stand on bus.gov.ru as a table of a spreadsheet: whom to call, about what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from noko.core.organisation_types import type_title
from noko.documents.xlsx import Cell, Column, Table, xlsx
from noko.models import Organisation

COLUMNS = (
    Column("Организация", 40),
    Column("Муниципалитет", 26),
    Column("Тип", 20),
    Column("ИНН", 14),
    Column("Есть на bus.gov.ru", 12),
    Column("Карточка изменена", 12),
    Column("Размещено полностью", 14),
    Column("Чего нет", 60),
    Column("Расходится с реестром", 50),
    Column("Телефон", 20),
    Column("Электронная почта", 26),
)


def busgov_table(organisations: Iterable[Organisation]) -> bytes:
    """XLSX of organisations that :func:`noko.queries.busgov.with_lacks` gives."""
    rows = [_row(item) for item in organisations]
    return xlsx([Table("bus.gov.ru", COLUMNS, rows)], title="Организации на bus.gov.ru")


def _row(item: Any) -> list[Cell]:
    lacks = [*(item.busgov_report_lacks or []), *(item.busgov_card_lacks or [])]
    return [
        item.short_name,
        item.municipality.name,
        type_title(item.type),
        item.inn,
        item.busgov_present,
        item.busgov_changed_on,
        item.busgov_complete,
        "\n".join(_lack(lack) for lack in lacks),
        "\n".join(
            f"{title}: в реестре «{a}», там «{b}»" for title, a, b in item.busgov_differs or []
        ),
        item.phone,
        item.email,
    ]


def _lack(lack: dict[str, Any]) -> str:
    return f"{lack['title']} за {lack['year']} год" if lack["year"] else str(lack["title"])
