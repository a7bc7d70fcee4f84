"""What may stand in a cell: yes or no, a level, a count, an exact number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from noko.core.refusal import Problem
from noko.core.tables.sheet import (
    Table,
    error_in,
    error_problem,
    is_empty,
    refusal,
    shortened,
    shown,
)
from noko.core.tables.text import number, plain

YES = frozenset({"да", "yes", "true", "истина", "1"})
NO = frozenset({"нет", "no", "false", "ложь", "0"})
PRESENT = YES | {"есть", "имеется", "соответствует", "размещено", "размещена", "размещен"}
ABSENT = NO | {"отсутствует", "не соответствует", "не размещено", "не имеется"}
NOT_APPLICABLE = frozenset({"не применимо", "неприменимо", "н п"})

MOST_PROBLEMS = 1000
"""So many problems are collected; a file with more is wrong as a whole."""


def yes_no(value: object) -> int | None:
    """1, 0, -1 for an empty cell, None for anything else."""
    return _one_of(value, YES, NO, frozenset())


def mark(value: object) -> int | None:
    """1 present, 0 absent, -1 not applicable (an empty cell), None for anything else."""
    if isinstance(value, str) and value.strip() == "+":
        return 1
    return _one_of(value, PRESENT, ABSENT, NOT_APPLICABLE)


def _one_of(
    value: object, yes: frozenset[str], no: frozenset[str], empty: frozenset[str]
) -> int | None:
    if is_empty(value):
        return -1
    if isinstance(value, int | float):
        return int(value) if value in (0, 1) else None
    if not isinstance(value, str) or "?" in value:
        return None
    text = plain(value)
    if text in yes:
        return 1
    if text in no:
        return 0
    return -1 if text in empty else None


def level(labels: Sequence[str]) -> Callable[[object], int | None]:
    """A reader of five-level answers: the number of the level from 1, or its label."""
    known = {plain(label): place for place, label in enumerate(labels, 1)}
    heads = {plain(label.split(",")[0]): place for place, label in enumerate(labels, 1)}

    def read(value: object) -> int | None:
        if is_empty(value):
            return -1
        if isinstance(value, bool):
            return None
        try:
            found = number(value)
        except ValueError:
            text = plain(str(value))
            return known.get(text) or heads.get(text)
        if found is None or found != int(found) or not 1 <= found <= len(labels):
            return None
        return int(found)

    return read


class Reading:
    """Values of a table's cells with all their problems gathered, in the order of the file."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.problems: list[Problem] = []
        self.percent = False

    def add(
        self, message: str, cure: str, row: int | None = None, column: int | None = None
    ) -> None:
        self.problems.append(Problem(message, cure, self.table.place(row, column)))

    def codes(
        self,
        column: int,
        rows: Sequence[int],
        read: Callable[[object], int | None],
        expected: str,
        cure: str,
        share_cure: str = "",
    ) -> list[int]:
        """Codes of one column; ``read`` is asked once for every different value.

        ``share_cure`` is what to do about a percentage where an answer is expected.
        """
        values = self.table.column_values(column, rows)
        lookup = {}
        for value in set(values):
            found = None if error_in(value) else read(value)
            lookup[value] = -1 if found is None else found
            if found is None:
                share = _is_share(value)
                self.percent |= share
                advice = share_cure or cure if share else cure
                self._wrong(value, values, rows, column, expected, advice)
        return [lookup[value] for value in values]

    def _wrong(
        self,
        value: object,
        values: Sequence[object],
        rows: Sequence[int],
        column: int,
        expected: str,
        cure: str,
    ) -> None:
        for row, found in zip(rows, values, strict=True):
            if found != value or len(self.problems) >= MOST_PROBLEMS:
                continue
            error = error_in(found)
            if error:
                self.problems.append(error_problem(self.table, row, column, error))
            else:
                guess = ", похоже на процент или долю" if _is_share(found) else ""
                text = f"стоит «{shortened(shown(found))}»{guess}, а ожидается {expected}."
                self.add(text, cure, row, column)

    def count(self, row: int, column: int) -> int | None:
        """A whole number not below zero; None for an empty cell or a problem."""
        found = self._number(row, column, "целое число")
        if found is None:
            return None
        if found < 0:
            self.add(
                f"стоит отрицательное число {shown_number(found)}.",
                "Укажите целое число не меньше нуля.",
                row,
                column,
            )
            return None
        if found == found.to_integral_value():
            return int(found)
        if found < 100:
            self._percent(shown_number(found), row, column)
        else:
            self.add(
                f"стоит дробное число {shown_number(found)}, а количество должно быть целым.",
                "Укажите целое число.",
                row,
                column,
            )
        return None

    def decimal(
        self, row: int, column: int, maximum: int | None, *, percent: bool = False
    ) -> Decimal | None:
        """An exact number between 0 and ``maximum``; None for an empty cell or a problem."""
        found = self._number(row, column, "число", percent=percent)
        if found is None:
            return None
        if found < 0 or (maximum is not None and found > maximum):
            limit = "" if maximum is None else f" и не больше {maximum}"
            self.add(
                f"стоит {shown_number(found)}.", f"Укажите число не меньше 0{limit}.", row, column
            )
            return None
        return found

    def _number(
        self, row: int, column: int, expected: str, *, percent: bool = False
    ) -> Decimal | None:
        value = self.table.value(row, column)
        error = error_in(value)
        if error:
            self.problems.append(error_problem(self.table, row, column, error))
            return None
        text = value.strip() if isinstance(value, str) else ""
        try:
            found = number(text.removesuffix("%") if text else value)
        except ValueError:
            self.add(
                f"стоит «{shortened(shown(value))}», а ожидается {expected}.",
                "Исправьте и загрузите файл снова.",
                row,
                column,
            )
            return None
        if text.endswith("%") and not percent:
            self._percent(text, row, column)
            return None
        return found

    def _percent(self, text: str, row: int, column: int) -> None:
        self.percent = True
        self.add(
            f"стоит «{text}», похоже на процент или долю, а нужно количество.",
            "Укажите, сколько человек или пунктов, целым числом.",
            row,
            column,
        )

    def close(self, message: str = "Файл не принят.", *, wanted: str = "количества") -> None:
        """Refusal with every problem found: ``percent_instead_of_count`` or ``bad_cells``."""
        if not self.problems:
            return
        ordered = _in_file_order(self.problems)
        if self.percent:
            raise refusal(
                f"В файле стоят проценты там, где нужны {wanted}.",
                ordered,
                kind="percent_instead_of_count",
            )
        raise refusal(message, ordered, kind="bad_cells")


def _is_share(value: object) -> bool:
    """«87 %» or 0.87: a ready percentage in a cell that asks for something else."""
    if isinstance(value, float):
        return 0 < value < 1
    return isinstance(value, str) and value.rstrip().endswith("%")


def _in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda problem: problem.place.row or 0)


def shown_number(value: Decimal) -> str:
    """«97,5» – a decimal comma, no spare zeros."""
    return f"{value:f}".replace(".", ",").replace("-", "\u2212")
