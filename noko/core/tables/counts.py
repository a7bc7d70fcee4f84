"""Ready counts: one row per organisation, one column per input symbol of the edition."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from noko.core.editions import Edition
from noko.core.refusal import Problem
from noko.core.tables.cells import Reading
from noko.core.tables.columns import (
    ORGANISATION,
    REFERENCE_FIELDS,
    TYPE,
    Field,
    missing_column,
    refuse_doubled,
    suggest_mapping,
)
from noko.core.tables.inspection import read_figure, refuse_duplicates, symbol_columns
from noko.core.tables.names import Reference
from noko.core.tables.references import read_references
from noko.core.tables.sheet import (
    Sheet,
    Table,
    body,
    locate,
    refuse_merged,
    text_of,
    unused_notes,
    wide_rows,
)


@dataclass(frozen=True, slots=True)
class CountsTable:
    """``columns``: symbol → a figure per organisation, None where the cell is empty.

    ``types`` and ``municipalities`` are empty when the file has no such column; ``numbers`` are
    the rows in the file, from 1. Only symbols met in the file are in ``columns``.
    """

    organisations: tuple[Reference, ...]
    numbers: tuple[int, ...]
    columns: Mapping[str, tuple[int | Decimal | None, ...]]
    types: tuple[str, ...]
    municipalities: tuple[str, ...]
    ignored: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()


def read_counts(
    sheets: Sequence[Sheet],
    edition: Edition,
    *,
    columns: Mapping[str, str] | None = None,
    collected: str | None = None,
) -> CountsTable:
    """Figures of every organisation; ``collected`` ("survey", "inspection") asks for a part only.

    Refusals as the package says; ``missing_column`` when a symbol without which nothing can be
    computed has no column (an input given by a pair of counts may be absent).
    """
    inputs = [i for i in edition.inputs if collected is None or i.collected == collected]
    table = locate(sheets, lambda headers: len(symbol_columns(inputs, headers, set())))
    fields = (*REFERENCE_FIELDS, TYPE)
    mapping = suggest_mapping(table.headers, fields, chosen=columns)
    refuse_doubled(table, mapping)
    references = dict(mapping.columns)
    symbols = symbol_columns(inputs, table.headers, set(references.values()))
    _refuse_missing(table, edition, collected, symbols, references)
    type_column = references.pop("type", None)
    used = [*references.values(), *symbols.values()]
    used += [] if type_column is None else [type_column]
    refuse_merged(table, used)
    rows = body(table, name_column=references["organisation"])
    reading = Reading(table)
    reading.problems += wide_rows(table, rows)
    organisations, index = read_references(reading, rows, references)
    by_symbol = {item.symbol: item for item in inputs}
    figures = {
        symbol: tuple(read_figure(reading, row, column, by_symbol[symbol]) for row in rows)
        for symbol, column in symbols.items()
    }
    reading.close("Данные не приняты.")
    ordered = [organisations[place] for place in index]
    refuse_duplicates(table, rows, ordered)
    types = () if type_column is None else _texts(table, rows, type_column)
    known = "municipality" in references
    return CountsTable(
        tuple(ordered),
        tuple(row + 1 for row in rows),
        figures,
        types,
        tuple(item.municipality for item in ordered) if known else (),
        tuple(unused_notes(table, used)),
    )


def _texts(table: Table, rows: Sequence[int], column: int) -> tuple[str, ...]:
    return tuple(text_of(value) for value in table.column_values(column, rows))


def _refuse_missing(
    table: Table,
    edition: Edition,
    collected: str | None,
    symbols: Mapping[str, int],
    references: Mapping[str, int],
) -> None:
    missing = [] if "organisation" in references else [ORGANISATION]
    for item in edition.inputs:
        if item.optional or item.symbol in symbols:
            continue
        if collected is not None and item.collected != collected:
            continue
        if item.share_of and all(symbol in symbols for symbol in item.share_of):
            continue
        missing.append(Field(item.symbol, item.name))
    if missing:
        taken = {*symbols.values(), *references.values()}
        unused = [c for c, h in enumerate(table.headers) if h and c not in taken]
        raise missing_column(table, missing, unused)
