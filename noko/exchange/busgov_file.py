"""A file of bus.gov.ru for the monitor: packets ``institutionInfo`` or a completeness report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from noko.core.tables.busgov import institution_rows
from noko.core.tables.busgov_cards import BusgovTable, card_rows
from noko.core.tables.completeness import read_completeness
from noko.exchange.busgov import looks_like_packets, read_packets
from noko.exchange.files import read_sheets
from noko.queries.busgov_rules import get_kinds, get_monitoring

CARDS, REPORT = "cards", "report"


@dataclass(frozen=True, slots=True)
class BusgovFile:
    """``kind``: :data:`CARDS` or :data:`REPORT`."""

    kind: str
    table: BusgovTable


def read_busgov_file(
    source: Path | bytes, *, name: str, limit_bytes: int, municipalities: Sequence[str] = ()
) -> BusgovFile:
    """What the file says of institutions. What it is, is told by its content.

    Refusals: those of :func:`noko.exchange.busgov.read_packets`,
    :func:`noko.exchange.files.read_sheets` and
    :func:`noko.core.tables.completeness.read_completeness`.
    """
    rules = get_monitoring()
    there = isinstance(source, bytes) or source.is_file()
    if not there or not looks_like_packets(source):
        sheets = read_sheets(source, name=name, limit_bytes=limit_bytes)
        return BusgovFile(REPORT, read_completeness(sheets, rules))
    packets = read_packets(source, name=name, limit_bytes=limit_bytes)
    table = institution_rows(
        packets.institutions,
        get_kinds(),
        municipalities=municipalities,
        rejected=packets.rejected,
        ignored=packets.ignored,
    )
    return BusgovFile(CARDS, card_rows(packets.institutions, table, rules))
