"""Institutions of packets of bus.gov.ru as evidence: when the card was changed, what it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from noko.core.refusal import Place
from noko.core.tables.busgov import Institution
from noko.core.tables.busgov_rules import BusgovRow, CardField, Lack, MonitoringRules
from noko.core.tables.organisations import OrganisationRow, OrganisationsTable, Rejected

SHOWN_BESIDE = ("short_name", "site", "phone", "email")
"""What of the card is compared with the registry. Addresses are written too variously for that."""


@dataclass(frozen=True, slots=True)
class BusgovTable:
    """Rows of a file beside the rejected ones; ``ignored``: what was passed over, in words.

    ``years``: the years that a report tells of.
    """

    rows: tuple[BusgovRow, ...]
    rejected: tuple[Rejected, ...] = ()
    ignored: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    years: tuple[int, ...] = ()


def card_rows(
    institutions: Sequence[Institution], table: OrganisationsTable, rules: MonitoringRules
) -> BusgovTable:
    """The accepted rows of ``table`` with what the monitor asks about each.

    ``table`` is made of ``institutions`` by :func:`noko.core.tables.busgov.institution_rows`.
    """
    by_number = {item.number: item for item in institutions}
    return BusgovTable(
        tuple(_row(row, by_number[row.number], rules) for row in table.rows),
        table.rejected,
        table.ignored,
        tuple(str(item) for item in table.warnings),
    )


def _row(row: OrganisationRow, item: Institution, rules: MonitoringRules) -> BusgovRow:
    given = ((key, str(getattr(row, key))) for key in SHOWN_BESIDE)
    return BusgovRow(
        row.number,
        row.full_name,
        str(Place(file=item.file, row=item.line)),
        inn=row.inn,
        ogrn=row.ogrn,
        kpp=row.kpp,
        reg_number=row.reg_number,
        municipality=row.municipality,
        changed_on=changed_on(item),
        lacks=tuple(_lacks(item, rules)),
        given=tuple((key, value) for key, value in given if value),
    )


def changed_on(item: Institution) -> date | None:
    """The day of ``changeDate``; None where there is none that can be read."""
    try:
        return date.fromisoformat(item.first("changeDate")[:10])
    except ValueError:
        return None


def _lacks(item: Institution, rules: MonitoringRules) -> list[Lack]:
    return [
        Lack(field.code, field.title, None, rules.card.cure.format(title=field.title))
        for field in rules.card.fields
        if not _has(item, field)
    ]


def _has(item: Institution, field: CardField) -> bool:
    texts = [text for place in field.places for text in item.every(place)]
    return field.value in texts if field.value else bool(texts)
