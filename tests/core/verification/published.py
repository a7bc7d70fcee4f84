"""Published tables written down in tests, semicolons between the cells."""

from collections.abc import Sequence

from noko.core.tables.sheet import Sheet
from noko.core.verification.checking import Report, verify
from noko.core.verification.columns import Relation, relation_of
from noko.core.verification.rows import CheckedRow
from noko.core.verification.table import PublishedTable, read_published
from noko.queries.edition import edition_codes, get_edition

HEADER_344N = "org;K1;K2;K3;K4;K5;S"
HEADER_1547 = "org;G1;G2;G3;G4;S"


def relations() -> list[Relation]:
    return [relation_of(get_edition(code)) for code in edition_codes()]


def sheet_of(*lines: str) -> Sheet:
    return Sheet("итоги.csv", "", [line.split(";") for line in lines])


def table_of(*lines: str) -> PublishedTable:
    return read_published([sheet_of(*lines)], relations())


def cells_table(rows: Sequence[Sequence[object]]) -> PublishedTable:
    """A table of a spreadsheet: cells are texts and numbers."""
    return read_published([Sheet("итоги.xlsx", "Лист1", rows)], relations())


def report_of(*lines: str) -> Report:
    return verify(table_of(*lines))


def row_344n(numbers: str) -> CheckedRow:
    """The verdict on one line «K1;K2;K3;K4;K5;S»."""
    return report_of(HEADER_344N, f"Школа;{numbers}").rows[0]


def row_1547(numbers: str) -> CheckedRow:
    """The verdict on one line «G1;G2;G3;G4;S»."""
    return report_of(HEADER_1547, f"Школа;{numbers}").rows[0]
