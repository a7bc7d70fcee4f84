"""The findings as plain data: decimal strings with a point, lists and dictionaries."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from fractions import Fraction
from typing import Any

from noko.core.verification.checking import Report
from noko.core.verification.interval import Interval, exact_text
from noko.core.verification.means import CheckedMean
from noko.core.verification.order import BrokenPlace, CheckedList
from noko.core.verification.rows import CheckedRow, Missing
from noko.core.verification.words import (
    VERDICTS,
    break_note,
    comma,
    labels_text,
    list_note,
    mean_note,
    row_note,
)

HEADERS = ("Строка", "Организация", "Вывод", "Напечатано", "По критериям", "Пояснение")


def as_data(report: Report) -> dict[str, Any]:
    """The whole report for JSON; ``None`` where there is nothing to tell."""
    relation = report.table.relation
    return {
        "file": report.table.file,
        "regime": relation.code if relation else None,
        "rows": [_row(row) for row in report.rows],
        "group_means": [_mean(mean) for mean in report.means],
        "order": [_list(item) for item in report.lists],
        "notes": list(report.table.notes),
        "summary": {
            "rows": len(report.rows),
            **Counter(row.verdict.value for row in report.rows),
            "findings": report.findings,
        },
    }


def _row(row: CheckedRow) -> dict[str, Any]:
    printed = row.allowed
    return {
        "sheet": row.row.labels.get("sheet"),
        "line": row.row.number,
        "organisation": row.row.organisation,
        "verdict": row.verdict.value,
        "published": _text(row.row.total),
        "computed": _text(row.computed),
        "interval": _ends(row.interval),
        "allowed": [_text(printed.low), _text(printed.high)] if printed else None,
        "difference": _text(row.difference) if printed else None,
        "right": _text(row.right),
        "missing": _missing(row.missing),
        "note": row_note(row),
    }


def _missing(missing: Missing | None) -> dict[str, Any] | None:
    if missing is None:
        return None
    return {
        "criteria": list(missing.keys),
        "sum": _text(missing.needed),
        "sum_interval": _ends(missing.sum),
        "each": {key: _ends(interval) for key, interval in (missing.each or {}).items()},
    }


def _mean(mean: CheckedMean) -> dict[str, Any]:
    return {
        "group": dict(mean.labels),
        "rows": mean.size,
        "verdict": mean.verdict.value,
        "published": _text(mean.published),
        "computed": _text(mean.computed),
        "right": _text(mean.right),
        "difference": _text(mean.difference),
        "note": mean_note(mean),
    }


def _list(item: CheckedList) -> dict[str, Any]:
    return {
        "list": dict(item.labels),
        "rows": item.size,
        "ties": item.ties.value,
        "breaks": [_broken(broken) for broken in item.breaks],
        "note": list_note(item),
    }


def _broken(broken: BrokenPlace) -> dict[str, Any]:
    both = [line for line in (broken.upper, broken.lower) if line is not None]
    return {
        "kind": broken.kind.value,
        "lines": [line.row.number for line in both],
        "places": [exact_text(line.place) for line in both],
        "totals": [exact_text(line.total) for line in both],
        "note": break_note(broken),
    }


def _text(value: Fraction | Decimal | None) -> str | None:
    return None if value is None else exact_text(value)


def _ends(interval: Interval | None) -> list[str] | None:
    """None too where nothing is left: the line is then infeasible."""
    if interval is None or interval.empty:
        return None
    return [exact_text(interval.low), exact_text(interval.high)]


def as_lines(report: Report, *, findings_only: bool = False) -> list[tuple[str | int | None, ...]]:
    """The report as one table (``HEADERS``): lines of the file, then means, then lists.

    ``findings_only`` leaves out the lines of the file that have nothing to look at.
    """
    lines: list[tuple[str | int | None, ...]] = [
        (
            _line(row),
            row.row.organisation,
            VERDICTS[row.verdict],
            _text(row.row.total),
            _computed(row),
            row_note(row),
        )
        for row in report.rows
        if row.verdict.finding or not findings_only
    ]
    for mean in report.means:
        name = f"Среднее: {labels_text(mean.labels)}"
        published, computed = _text(mean.published), _text(mean.computed)
        lines.append((None, name, VERDICTS[mean.verdict], published, computed, mean_note(mean)))
    for item in report.lists:
        verdict = "места не по итогам" if item.breaks else "места по итогам"
        name = f"Места: {labels_text(item.labels)}"
        lines.append((None, name, verdict, None, None, list_note(item)))
    return lines


def _line(row: CheckedRow) -> str | int:
    sheet = row.row.labels.get("sheet")
    return f"{sheet}: {row.row.number}" if sheet else row.row.number


def _computed(row: CheckedRow) -> str | None:
    if row.computed is not None or row.allowed is None:
        return _text(row.computed)
    return f"{comma(row.allowed.low)}–{comma(row.allowed.high)}"
