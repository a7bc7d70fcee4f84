"""Primary figures of the organisations, checked before anything is computed from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from noko.core.editions import Edition, Input
from noko.core.refusal import Place, Problem, Refusal
from noko.core.scoring.ratio import Ratio

Value = int | Decimal | Fraction | None
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One input of all organisations; ``known[i]`` is False where the figure is not given."""

    values: Ratio
    known: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """Inputs by symbol. ``types`` and ``municipalities`` are empty when not known."""

    organisations: tuple[str, ...]
    columns: Mapping[str, Column]
    types: tuple[str, ...] = ()
    municipalities: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.organisations)

    def value(self, symbol: str, index: int) -> Fraction | None:
        """The figure of organisation ``index``, None where it is not given."""
        column = self.columns.get(symbol)
        if column is None or not column.known[index]:
            return None
        return column.values.at(index)

    def only(self, index: int) -> Counts:
        """The same figures for one organisation alone."""
        return Counts(
            self.organisations[index : index + 1],
            {
                symbol: Column(
                    Ratio(
                        column.values.numerator[index : index + 1],
                        column.values.denominator[index : index + 1],
                    ),
                    column.known[index : index + 1],
                )
                for symbol, column in self.columns.items()
            },
            self.types[index : index + 1],
            self.municipalities[index : index + 1],
        )


def counts_from_columns(
    organisations: Sequence[str],
    columns: Mapping[str, Sequence[Value] | npt.NDArray[np.int64]],
    *,
    types: Sequence[str] = (),
    municipalities: Sequence[str] = (),
) -> Counts:
    """Counts from columns of whole numbers or exact decimals; None is "not given"."""
    return Counts(
        tuple(organisations),
        {symbol: _column(values) for symbol, values in columns.items()},
        tuple(types),
        tuple(municipalities),
    )


def _column(values: Sequence[Value] | npt.NDArray[np.int64]) -> Column:
    if isinstance(values, np.ndarray) and values.dtype.kind in "iu":
        return Column(Ratio.whole(values), np.ones(len(values), dtype=bool))
    known = np.array([value is not None for value in values], dtype=bool)
    exact = [Fraction(0) if value is None else Fraction(value) for value in values]
    numerators = np.array([value.numerator for value in exact], dtype=object)
    denominators = np.array([value.denominator for value in exact], dtype=object)
    return Column(Ratio(_narrow(numerators), _narrow(denominators)), known)


def _narrow(values: npt.NDArray[np.object_]) -> npt.NDArray[np.int64] | npt.NDArray[np.object_]:
    """64-bit integers where they fit: the fast path of :class:`Ratio`."""
    if all(-(2**62) < value < 2**62 for value in values):
        return values.astype(np.int64)
    return values


def checked(edition: Edition, counts: Counts) -> Counts:
    """``counts`` completed for ``edition`` (percentages from counts, absent optional inputs).

    Refusals: ``missing_column``, ``duplicate_organisation``, ``no_organisations``,
    ``inconsistent_counts`` with every problem named: no figure is ever clipped or guessed.
    """
    if not len(counts):
        raise Refusal(
            "Нет ни одной организации.", kind="no_organisations", cure="Добавьте строки с данными."
        )
    _refuse_duplicates(counts)
    complete = _completed(edition, counts)
    problems = [problem for item in edition.inputs for problem in _input_problems(item, complete)]
    if problems:
        raise inconsistent(problems)
    return complete


def inconsistent(problems: Sequence[Problem]) -> Refusal:
    """One refusal with every problem."""
    return Refusal(
        "Исходные данные противоречивы, расчёт не выполнен.",
        kind="inconsistent_counts",
        cure="Исправьте данные и повторите.",
        problems=problems,
    )


def _refuse_duplicates(counts: Counts) -> None:
    keys = list(
        zip(counts.organisations, counts.municipalities or counts.organisations, strict=True)
    )
    if len(set(keys)) == len(keys):
        return
    seen: dict[tuple[str, str], int] = {}
    problems = []
    for number, key in enumerate(keys, start=1):
        if key in seen:
            problems.append(
                Problem(
                    f"организация «{key[0]}» встречается дважды: {seen[key]}-я и {number}-я"
                    " по порядку.",
                    "Оставьте одну строку или уточните название.",
                )
            )
        seen.setdefault(key, number)
    raise Refusal(
        "Организации повторяются, расчёт не выполнен.",
        kind="duplicate_organisation",
        problems=problems,
    )


def _completed(edition: Edition, counts: Counts) -> Counts:
    columns = dict(counts.columns)
    nothing = Column(Ratio.whole(np.zeros(len(counts))), np.zeros(len(counts), dtype=bool))
    missing = []
    for item in edition.inputs:
        if item.symbol in columns:
            continue
        if item.share_of and all(symbol in columns for symbol in item.share_of):
            columns[item.symbol] = nothing  # filled below, once the counts have been checked
        elif item.optional or any(item.symbol in (o.share_of or ()) for o in edition.inputs):
            columns[item.symbol] = nothing
        else:
            missing.append(item)
    if missing:
        names = ", ".join(f"{item.symbol} ({item.name})" for item in missing)
        raise Refusal(
            f"Для редакции {edition.code} не хватает столбцов: {names}.",
            kind="missing_column",
            cure="Добавьте их: без этих величин показатели не рассчитать.",
        )
    complete = Counts(counts.organisations, columns, counts.types, counts.municipalities)
    return _with_percentages(edition, complete)


def _with_percentages(edition: Edition, counts: Counts) -> Counts:
    columns = dict(counts.columns)
    for item in edition.inputs:
        if not item.share_of:
            continue
        satisfied, asked = (columns[symbol] for symbol in item.share_of)
        usable = satisfied.known & asked.known & (asked.values.numerator > 0).astype(bool)
        given = columns[item.symbol]
        if not usable.any():
            continue
        divisor = Ratio.whole(np.where(usable, asked.values.numerator, 1))
        share = Ratio(satisfied.values.numerator, divisor.numerator).times(Fraction(100))
        _refuse_both(item, given.known & usable & ~given.values.equals(share), counts)
        columns[item.symbol] = Column(given.values.where(given.known, share), given.known | usable)
    return Counts(counts.organisations, columns, counts.types, counts.municipalities)


def _refuse_both(item: Input, both: Mask, counts: Counts) -> None:
    """A percentage and counts that give another one: which is right is not ours to say."""
    problems = [
        Problem(
            f"«{counts.organisations[index]}»: даны и {item.symbol}, и "
            f"{' с '.join(item.share_of or ())}, и они расходятся.",
            "Оставьте что-то одно; по количествам процент считается точнее.",
        )
        for index in np.flatnonzero(both)
    ]
    if problems:
        raise inconsistent(problems)


def _input_problems(item: Input, counts: Counts) -> Iterable[Problem]:
    column = counts.columns[item.symbol]
    numerator, denominator = column.values.numerator, column.values.denominator

    def found(condition: npt.ArrayLike, message: str, cure: str) -> Iterable[Problem]:
        for index in np.flatnonzero(np.asarray(condition, dtype=bool) & column.known):
            value = column.values.at(int(index))
            text = f"{float(value):.6g}".replace(".", ",")
            yield Problem(
                f"«{counts.organisations[index]}», {item.symbol} = {text}: {message}",
                cure,
                Place(),
            )

    if not item.optional:
        yield from _absent(item, counts)
    yield from found(numerator < 0, "число отрицательное.", "Укажите число не меньше нуля.")
    if item.kind in ("count", "mark"):
        yield from found(
            denominator != 1, "количество должно быть целым.", "Укажите число ответов, а не долю."
        )
    if item.maximum is not None:
        yield from found(
            numerator > item.maximum * denominator,
            f"больше {item.maximum}.",
            f"Наибольшее возможное значение — {item.maximum}.",
        )
    if item.at_most:
        yield from _excess(item, counts)


def _absent(item: Input, counts: Counts) -> Iterable[Problem]:
    missing = ~counts.columns[item.symbol].known
    cure = "Если опрошенных или сведений не было, поставьте 0."
    if item.share_of:
        satisfied, asked = item.share_of
        nobody = counts.columns[asked]
        missing &= ~(nobody.known & (nobody.values.numerator == 0).astype(bool))
        cure = f"Если опрошенных не было, укажите {satisfied} = 0 и {asked} = 0."
    for index in np.flatnonzero(missing):
        yield Problem(
            f"«{counts.organisations[index]}»: нет значения {item.symbol} ({item.name}).", cure
        )


def _excess(item: Input, counts: Counts) -> Iterable[Problem]:
    part, whole = counts.columns[item.symbol], counts.columns[item.at_most or ""]
    over = (part.values.numerator > whole.values.numerator) & part.known & whole.known
    for index in np.flatnonzero(np.asarray(over, dtype=bool)):
        satisfied, asked = part.values.numerator[index], whole.values.numerator[index]
        name = counts.organisations[index]
        reason = (
            f"«{name}»: {item.symbol} = {satisfied}, хотя {item.at_most} = 0: отвечать было некому."
            if asked == 0
            else f"«{name}»: {item.symbol} = {satisfied} больше, чем {item.at_most} = {asked}."
        )
        yield Problem(reason, "Проверьте оба числа.")
