"""A file for the registry of organisations: a table of people or packets of bus.gov.ru."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from noko.core.editions import EVIDENCE_TITLES
from noko.core.refusal import Problem
from noko.core.tables.busgov import institution_rows
from noko.core.tables.organisations import OrganisationsTable
from noko.core.tables.roles import read_list
from noko.exchange.busgov import NAMESPACE, looks_like_packets, read_packets
from noko.exchange.files import read_sheets
from noko.exchange.xml_schema import load_schema
from noko.queries.busgov_rules import get_kinds
from noko.queries.edition import edition_codes, get_edition


@dataclass(frozen=True, slots=True)
class RegistryFile:
    """``packets``: it came from bus.gov.ru; ``schema``: what it was validated against, "" when it
    was not; ``violated`` counts all violations, ``violations`` are the first of them."""

    table: OrganisationsTable
    packets: bool = False
    schema: str = ""
    violations: tuple[Problem, ...] = ()
    violated: int = 0


def read_registry_file(
    source: Path | bytes,
    *,
    name: str,
    limit_bytes: int,
    municipalities: Sequence[str] = (),
    schemas: Path | None = None,
) -> RegistryFile:
    """What the file says of organisations. ``schemas``: folder of official XSDs, if any.

    Refusals: those of :func:`noko.exchange.files.read_sheets`,
    :func:`noko.core.tables.roles.read_list`,
    :func:`noko.exchange.busgov.read_packets` and
    :func:`noko.exchange.xml_schema.load_schema`.
    """
    there = isinstance(source, bytes) or source.is_file()
    if not there or not looks_like_packets(source):
        sheets = read_sheets(source, name=name, limit_bytes=limit_bytes)
        return RegistryFile(read_list(sheets, map(get_edition, edition_codes())))
    schema = load_schema(schemas, NAMESPACE) if schemas else None
    packets = read_packets(source, name=name, limit_bytes=limit_bytes, schema=schema)
    rules = get_kinds()
    table = institution_rows(
        packets.institutions,
        rules,
        municipalities=municipalities,
        rejected=packets.rejected,
        ignored=packets.ignored,
    )
    return RegistryFile(
        table,
        packets=True,
        schema=schema.file.name if schema else "",
        violations=tuple(packets.violations),
        violated=packets.violated,
    )


def note_on_types() -> str:
    """What a person should know of the types that the file does not name itself."""
    evidence = EVIDENCE_TITLES[get_kinds().basis.evidence]
    return (
        "Тип новых организаций определён по названию и видам деятельности, соответствие "
        f"{evidence}. Проверьте столбец «Тип»."
    )
