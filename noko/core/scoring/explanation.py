"""The walk from a total down to the counts: one tree for one organisation.

The tree is read off the finished :class:`Scores`; nothing is computed a second time, so an
explanation cannot differ from the number it explains. Texts are Russian, numbers have a decimal
comma; ``value`` is as published.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from noko.core.editions import EVIDENCE_TITLES, Basis, Criterion, Indicator, Input
from noko.core.scoring.scores import Scores, Values


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the walk.

    ``formula`` is the rule, ``substitution`` the same with this organisation's figures,
    ``exact`` the value before rounding, ``rounding`` what was done to it, ``notes`` what a
    policy decided; ``act``, ``point`` and ``evidence`` say where the rule stands.
    """

    kind: str
    code: str
    name: str
    value: str | None
    maximum: str = ""
    formula: str = ""
    substitution: str = ""
    exact: str = ""
    rounding: str = ""
    act: str = ""
    point: str = ""
    evidence: str = ""
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The tree as plain JSON values, empty texts left out."""
        plain: dict[str, Any] = {"kind": self.kind, "code": self.code, "name": self.name}
        plain["value"] = self.value
        for key in ("maximum", "formula", "substitution", "exact", "rounding"):
            if text := getattr(self, key):
                plain[key] = text
        for key in ("act", "point", "evidence"):
            if text := getattr(self, key):
                plain[key] = text
        if self.notes:
            plain["notes"] = list(self.notes)
        if self.steps:
            plain["steps"] = [step.as_dict() for step in self.steps]
        return plain


def explain(scores: Scores, index: int) -> Step:
    """The tree of the organisation at ``index``: total → criteria → indicators → inputs."""
    edition = scores.edition
    return Step(
        kind="total",
        code="S",
        name=edition.total.name,
        value=scores.total.text(index),
        maximum=str(edition.total.maximum),
        formula=edition.total.text,
        substitution=_total_substitution(scores, index),
        exact=_exact(scores.total, index),
        rounding=_rounding(scores.total, index, last=True),
        notes=() if scores.total.known[index] else (_NO_TOTAL,),
        steps=tuple(_criterion_step(scores, criterion, index) for criterion in edition.criteria),
        **_where(scores, edition.total.basis),
    )


_NO_TOTAL = "Итог не рассчитан: хотя бы у одного критерия нет значения."


def _total_substitution(scores: Scores, index: int) -> str:
    criteria = scores.edition.criteria
    shown = [_used(scores.criteria[criterion.code], index) for criterion in criteria]
    weights = {criterion.weight for criterion in criteria}
    if len(weights) > 1:
        return " + ".join(
            _term(criterion.weight, value) for criterion, value in zip(criteria, shown, strict=True)
        )
    (weight,) = weights
    total = " + ".join(shown)
    return total if weight == 1 else f"({total}) / {_number(1 / weight)}"


def _criterion_step(scores: Scores, criterion: Criterion, index: int) -> Step:
    values = scores.criteria[criterion.code]
    left_out = [i for i in criterion.indicators if not scores.indicators[i.code].known[index]]
    notes = tuple(
        f"Показатель {indicator.code} исключён: {_policy_title(scores, indicator, index)}."
        for indicator in left_out
    )
    return Step(
        kind="criterion",
        code=criterion.code,
        name=criterion.name,
        value=values.text(index),
        maximum=str(criterion.maximum),
        formula=criterion.text,
        substitution=_criterion_substitution(scores, criterion, index),
        exact=_exact(values, index),
        rounding=_rounding(values, index),
        notes=notes,
        steps=tuple(_indicator_step(scores, item, index) for item in criterion.indicators),
        **_where(scores, criterion.basis),
    )


def _criterion_substitution(scores: Scores, criterion: Criterion, index: int) -> str:
    present = [i for i in criterion.indicators if scores.indicators[i.code].known[index]]
    if not present:
        return ""
    terms = [
        _term(indicator.weight, _used(scores.indicators[indicator.code], index))
        for indicator in present
    ]
    total = " + ".join(terms)
    if len(present) == len(criterion.indicators):
        return total
    reachable = sum((i.weight * i.maximum for i in present), Fraction(0))
    factor = reachable / criterion.maximum
    return f"({total}) / {_number(factor)}"


def _term(weight: Fraction, value: str) -> str:
    if weight == 1:
        return value
    if weight.numerator == 1 and weight.denominator == 10:
        return f"{value} / 10"
    return f"{_number(weight)} × {value}"


def _indicator_step(scores: Scores, indicator: Indicator, index: int) -> Step:
    values = scores.indicators[indicator.code]
    notes = list(indicator.notes)
    if values.known[index] and not values.formula[index]:
        notes.insert(0, f"{_policy_title(scores, indicator, index).capitalize()}.")
    elif values.known[index]:
        notes[:0] = _half_notes(scores, indicator, index)
    return Step(
        kind="indicator",
        code=indicator.code,
        name=indicator.name,
        value=values.text(index),
        maximum=str(indicator.maximum),
        formula=indicator.formula.text,
        substitution=_substitution(scores, indicator, index) if values.formula[index] else "",
        exact=_exact(values, index),
        rounding=_rounding(values, index),
        notes=tuple(notes),
        steps=tuple(_inputs(scores, indicator, index)),
        **_where(scores, indicator.basis),
    )


def _substitution(scores: Scores, indicator: Indicator, index: int) -> str:
    formula = indicator.formula
    if formula.name == "points_each":
        count = _figure(scores, formula.input, index)
        return f"{formula.points} × {count}, не более {indicator.maximum}"
    if formula.name == "as_given":
        return _figure(scores, formula.input, index)
    shares = [
        f"{_figure(scores, part, index)} / {_figure(scores, whole, index)}"
        for part, whole in formula.pairs
        if scores.counts.value(whole, index)
    ]
    if len(formula.pairs) == 1 or len(shares) == 1:
        return f"100 × {shares[0]}" if shares else ""
    return f"100 × ({' + '.join(shares)}) / {len(shares)}"


def _half_notes(scores: Scores, indicator: Indicator, index: int) -> Iterator[str]:
    if len(indicator.formula.pairs) < 2:
        return
    for _, whole in indicator.formula.pairs:
        if not scores.counts.value(whole, index):
            choice = scores.policies[indicator.missing]
            title = scores.edition.policy_by_code[indicator.missing].title_of(choice)
            yield f"{_input_name(scores, whole).capitalize()}: 0, поэтому {title}."


def _policy_title(scores: Scores, indicator: Indicator, index: int) -> str:
    """Why an indicator has no value of its formula, in the words of the policy."""
    code = indicator.missing
    if indicator.mark and scores.counts.value(indicator.mark, index):
        code = indicator.mark_policy or code
    policy = scores.edition.policy_by_code[code]
    return f"{policy.title[0].lower()}{policy.title[1:]} – {policy.title_of(scores.policies[code])}"


def _inputs(scores: Scores, indicator: Indicator, index: int) -> Iterator[Step]:
    for symbol in indicator.formula.inputs:
        item = scores.edition.input_by_symbol[symbol]
        yield _input_step(scores, item, index)
        for part in item.share_of or ():
            if scores.counts.value(part, index) is not None:
                yield _input_step(scores, scores.edition.input_by_symbol[part], index)


_COLLECTED = {"inspection": "осмотр", "survey": "опрос"}


def _input_step(scores: Scores, item: Input, index: int) -> Step:
    value = scores.counts.value(item.symbol, index)
    return Step(
        kind="input",
        code=item.official or item.symbol,
        name=f"{item.name} ({_COLLECTED[item.collected]})",
        value=None if value is None else _plain(value),
    )


def _where(scores: Scores, basis: Basis) -> dict[str, str]:
    return {
        "act": scores.edition.act_by_id[basis.act].short,
        "point": basis.point,
        "evidence": EVIDENCE_TITLES[basis.evidence],
    }


def _input_name(scores: Scores, symbol: str) -> str:
    return scores.edition.input_by_symbol[symbol].name


def _figure(scores: Scores, symbol: str, index: int) -> str:
    value = scores.counts.value(symbol, index)
    return "нет данных" if value is None else _number(value)


def _used(values: Values, index: int) -> str:
    """What the next level takes: the exact value where rounding is not carried on."""
    if not values.known[index]:
        return "нет данных"
    return _number(values.used.at(index))


def _exact(values: Values, index: int) -> str:
    return _number(values.exact.at(index)) if values.known[index] else ""


def _rounding(values: Values, index: int, *, last: bool = False) -> str:
    """What rounding did; empty where it changed nothing. ``last``: nothing is computed further."""
    if not values.known[index]:
        return ""
    published = Fraction(int(values.published[index]), 10**values.decimals)
    if published == values.exact.at(index):
        return ""
    digits = {0: "до целого", 1: "до десятых", 2: "до сотых"}.get(
        values.decimals, f"до {values.decimals} знаков"
    )
    carried = last or values.used.at(index) == published
    return f"округлено {digits}" if carried else f"показано {digits}, дальше идёт точное значение"


def _terminates(value: Fraction) -> bool:
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _plain(value: Fraction) -> str:
    """An input as a decimal string with a point (machines read it)."""
    return _number(value).replace(",", ".")


def _number(value: Fraction) -> str:
    """A Russian decimal; an endless one is cut at six digits and marked with "…"."""
    if value.denominator == 1:
        return str(value.numerator)
    scaled = value.numerator * 10**6 // value.denominator
    text = f"{scaled // 10**6},{scaled % 10**6:06d}"
    if _terminates(value) and scaled * value.denominator == value.numerator * 10**6:
        return text.rstrip("0")
    return f"{text}…"
