"""Is the arithmetic of somebody's published table right?

Every line is compared with S = Σ weight × criterion. The printed criteria are rounded, so they
stand for intervals; the line is right when some unrounded criteria give the printed total:

* *exact*: the printed criteria themselves give the printed total, rounded half up;
* *consistent*: some unrounded criteria do;
* *truncated*: none do, unless the last digits of the total were thrown away instead of rounded;
* *inconsistent*: not even so.

Criteria that are not printed are solved for; group means and places are checked too.
"""

from __future__ import annotations

from dataclasses import dataclass

from noko.core.verification.means import CheckedMean, check_means
from noko.core.verification.order import CheckedList, check_order
from noko.core.verification.rows import CheckedRow, check_row
from noko.core.verification.table import PublishedTable


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found in one table, in the order of its lines."""

    table: PublishedTable
    rows: tuple[CheckedRow, ...]
    means: tuple[CheckedMean, ...]
    lists: tuple[CheckedList, ...]

    @property
    def findings(self) -> int:
        """How many lines, means and places the publisher should look at."""
        return (
            sum(row.verdict.finding for row in self.rows)
            + sum(mean.verdict.finding for mean in self.means)
            + sum(len(item.breaks) for item in self.lists)
        )


def verify(table: PublishedTable) -> Report:
    """Check every line, every group mean and every list of places of ``table``."""
    organisations = [row for row in table.rows if not row.mean]
    return Report(
        table,
        tuple(check_row(row, table.relation, table.total_limit) for row in table.rows),
        tuple(check_means(organisations, table.total_limit)),
        tuple(check_order(organisations)),
    )
