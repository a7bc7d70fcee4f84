"""What was found, in Russian, with the decimal comma."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from noko.core.verification.checking import Report
from noko.core.verification.interval import Interval, Range, exact_text
from noko.core.verification.means import CheckedMean
from noko.core.verification.order import Break, BrokenPlace, CheckedList, Ties
from noko.core.verification.rows import CheckedRow, Missing, Verdict

VERDICTS: Mapping[Verdict, str] = {
    Verdict.EXACT: "точно",
    Verdict.CONSISTENT: "в пределах округления",
    Verdict.INCOMPLETE: "неполно, но возможно",
    Verdict.UNCHECKED: "проверить нечем",
    Verdict.TRUNCATED: "отброшено вместо округления",
    Verdict.INCONSISTENT: "не сходится",
    Verdict.INFEASIBLE: "невозможно",
    Verdict.OUT_OF_RANGE: "вне шкалы",
}

TIES: Mapping[Ties, str] = {
    Ties.NONE: "",
    Ties.COMPETITION: "Равные итоги делят место, следующие места пропущены (1, 2, 2, 4).",
    Ties.DENSE: "Равные итоги делят место, места идут подряд (1, 2, 2, 3).",
    Ties.SHARED: "Равные итоги делят место.",
    Ties.SEQUENTIAL: "У равных итогов разные места: строки пронумерованы подряд или места"
    " определены до округления.",
    Ties.MIXED: "Равные итоги в одних строках делят место, в других нет.",
}


def comma(value: Fraction | Decimal) -> str:
    """A number for people: decimal comma and a real minus sign."""
    return exact_text(value).replace(".", ",").replace("-", "−")


def plural(count: int, one: str, few: str, many: str) -> str:
    """«1 строка», «2 строки», «5 строк»."""
    if count % 10 == 1 and count % 100 != 11:
        return f"{count} {one}"
    if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14:
        return f"{count} {few}"
    return f"{count} {many}"


def row_note(row: CheckedRow) -> str:
    """One or two sentences on a line; empty where the verdict says it all."""
    if row.outside:
        return " ".join(
            f"{item.key} = {comma(item.value)}, а шкала — от 0 до {item.maximum}."
            for item in row.outside
        )
    if row.verdict is Verdict.CONSISTENT:
        return (
            f"По напечатанным критериям — {_about(row.computed)}, с учётом их округления"
            f" возможно {_range(row.allowed)}."
        )
    if row.verdict is Verdict.TRUNCATED:
        return f"Лишние знаки отброшены, а не округлены. Верно {_number(row.right)}."
    if row.verdict is Verdict.INCONSISTENT:
        return _inconsistent(row)
    if row.verdict is Verdict.INFEASIBLE:
        return _infeasible(row)
    return _missing(row)


def _inconsistent(row: CheckedRow) -> str:
    note = (
        f"Критерии дают {_range(row.allowed)}, напечатано {_number(row.row.total)}:"
        f" {_more_or_less(row.difference)}."
    )
    if row.truncated_criteria:
        note += " Сошлось бы, только если знаки критериев отброшены, а не округлены."
    return note


def _more_or_less(difference: Decimal) -> str:
    word = "больше" if difference > 0 else "меньше"
    return f"{word} возможного на {comma(abs(difference))}"


def _infeasible(row: CheckedRow) -> str:
    note = (
        f"Критерии дают {_range(row.allowed)}, напечатано {_number(row.row.total)}:"
        f" {_more_or_less(row.difference)}."
    )
    missing = row.missing
    if missing is None or missing.needed is None:
        return note
    subject = "он должен" if len(missing.keys) == 1 else "их сумма должна"
    return (
        f"{_absent(missing.keys)} Чтобы итог сошёлся, {subject} быть"
        f" {'равен' if len(missing.keys) == 1 else 'равна'} {_about(missing.needed)}, а шкала —"
        f" от 0 до {missing.limit}. {note}"
    )


def _missing(row: CheckedRow) -> str:
    if row.verdict is Verdict.UNCHECKED:
        return _unchecked(row)
    if row.missing is None:
        return ""
    missing = row.missing
    lead = _absent(missing.keys)
    if len(missing.keys) == 1:
        return f"{lead} {_single(missing)}"
    if missing.needed is None or missing.sum is None:
        return lead
    together = "В сумме они дают"
    if not 0 <= missing.needed <= missing.limit:
        return f"{lead} {together} {_interval(missing.sum)}."
    note = f"{lead} {together} {_about(missing.needed)}"
    if missing.forced:
        each = missing.limit // len(missing.keys) if missing.needed else 0
        note += f", то есть каждый равен {each}"
    return f"{note} (с учётом округления {_interval(missing.sum)})."


def _single(missing: Missing) -> str:
    interval = (missing.each or {}).get(missing.keys[0])
    if interval is None or missing.needed is None:
        return ""
    if not 0 <= missing.needed <= missing.limit:
        return f"По остальным он {_interval(interval)}."
    return (
        f"По остальным он равен {_about(missing.needed)}"
        f" (с учётом округления {_interval(interval)})."
    )


def _unchecked(row: CheckedRow) -> str:
    if row.row.total is not None:
        return "Критериев в строке нет: итог сверить не с чем."
    if not row.row.criteria:
        return "Нет ни критериев, ни итога."
    if row.interval is None:
        return "Итог не напечатан."
    if row.missing is None:
        return (
            f"Итог не напечатан. По критериям он равен {_about(row.computed)}"
            f" (с учётом округления {_interval(row.interval)})."
        )
    return (
        f"{_absent(row.missing.keys)} Итог тоже не напечатан; он может быть"
        f" {_interval(row.interval)}."
    )


def _absent(keys: Sequence[str]) -> str:
    if len(keys) == 1:
        return f"Не напечатан {keys[0]}."
    return f"Не напечатаны {', '.join(keys[:-1])} и {keys[-1]}."


def _number(value: Decimal | None) -> str:
    return "" if value is None else comma(value)


def _about(value: Fraction | None) -> str:
    return "" if value is None else comma(value)


def _range(allowed: Range | None) -> str:
    if allowed is None:
        return ""
    if allowed.low == allowed.high:
        return f"только {comma(allowed.low)}"
    return f"от {comma(allowed.low)} до {comma(allowed.high)}"


def _interval(interval: Interval) -> str:
    if interval.low == interval.high:
        return f"ровно {comma(interval.low)}"
    return f"от {comma(interval.low)} до {comma(interval.high)}"


def mean_note(mean: CheckedMean) -> str:
    """What the printed mean of a group is against the mean of its printed totals."""
    if mean.verdict is Verdict.UNCHECKED or mean.computed is None:
        return "Итогов в строках нет: среднее сверить не с чем."
    rows = plural(mean.size, "итогу", "итогам", "итогам")
    found = f"По {rows} среднее равно {comma(mean.computed)}"
    if mean.verdict is Verdict.EXACT:
        return f"{found}."
    if mean.verdict is Verdict.INCOMPLETE:
        absent = plural(mean.without_total, "строке", "строках", "строках")
        return f"{found}, но в {absent} итога нет; напечатанное возможно."
    if mean.verdict is Verdict.TRUNCATED:
        return f"{found}. Лишние знаки отброшены, а не округлены. Верно {_number(mean.right)}."
    rounded = "" if mean.computed == mean.right else f", с округлением {_number(mean.right)}"
    note = f"{found}{rounded}; напечатанное {_shift(mean.difference)}."
    if mean.unrounded_fits:
        return f"{note} Так могло получиться, если среднее считали по неокруглённым итогам."
    return f"{note} Либо это ошибка, либо среднее считали по другим строкам."


def _shift(difference: Decimal) -> str:
    return f"{'больше' if difference > 0 else 'меньше'} на {comma(abs(difference))}"


def break_note(item: BrokenPlace) -> str:
    """Which place contradicts which total."""
    upper = f"«{item.upper.row.organisation}» ({_number(item.upper.total)})"
    place = comma(item.upper.place)
    if item.kind is Break.BEYOND or item.lower is None:
        length = item.upper.row.labels.get("n_ranked", "")
        among = f", а в списке {length}" if length and item.upper.place >= 1 else ""
        return f"Строка {item.upper.row.number}: у {upper} место {place}{among}. Такого места нет."
    lower = f"«{item.lower.row.organisation}» ({_number(item.lower.total)})"
    lines = f"Строки {item.upper.row.number} и {item.lower.row.number}"
    if item.kind is Break.SHARED:
        return f"{lines}: у {upper} и {lower} одно место {place}, а итоги разные."
    return (
        f"{lines}: у {upper} место {place}, а у {lower} — {comma(item.lower.place)},"
        " хотя итог больше."
    )


def list_note(item: CheckedList) -> str:
    """Order and ties of one list."""
    if item.breaks:
        return " ".join(break_note(broken) for broken in item.breaks)
    if item.size == 1:
        return "В списке одна строка: сравнить место не с чем."
    order = "Места идут по убыванию итогов."
    return f"{order} {TIES[item.ties]}".strip()


def labels_text(labels: Mapping[str, str]) -> str:
    """«Эрзинский район, 2022»; «вся таблица» where nothing tells one group from another."""
    return ", ".join(dict.fromkeys(labels.values())) or "вся таблица"


def conclusion(report: Report) -> str:
    """The last line: how many lines were checked and whether there is anything to look at."""
    checked = plural(len(report.rows), "строка", "строки", "строк")
    if report.findings:
        found = plural(report.findings, "замечание", "замечания", "замечаний")
        return f"В таблице {checked}. Найдено {found}."
    return f"В таблице {checked}. Замечаний нет."
