"""Counts → indicators → criteria → total, exactly, for all organisations at once.

K = Σ w·P (weights renormalised to the criterion's maximum where an indicator is left out),
S = Σ v·K. Rounding is half up, at the levels and to the decimals that the rounding policy names;
the next level takes the rounded value only where the policy says ``carried``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from noko.core.editions import Criterion, Edition, Indicator, Rounding, Step
from noko.core.refusal import Problem, Refusal
from noko.core.scoring.counts import Column, Counts, Mask, checked, inconsistent
from noko.core.scoring.indicators import formula_of
from noko.core.scoring.ratio import Ratio, decimal_text


@dataclass(frozen=True, slots=True)
class Settings:
    """What is chosen before a calculation: rounding, edge-case policies, ties.

    Empty strings and absent policies mean the edition's defaults.
    """

    rounding: str = ""
    policies: Mapping[str, str] = field(default_factory=dict)
    ties: str = ""
    levels: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """One indicator, criterion or the total for all organisations.

    ``exact``: before rounding; ``used``: what the next level takes; ``published``: in units of
    10**-decimals; ``known``: there is a value; ``formula``: it comes from the formula itself and
    not from a policy for missing data.
    """

    exact: Ratio
    used: Ratio
    published: npt.NDArray[np.int64]
    decimals: int
    known: Mask
    formula: Mask

    def text(self, index: int) -> str | None:
        """The number exactly as published, with a decimal point; None where there is none."""
        if not self.known[index]:
            return None
        return decimal_text(int(self.published[index]), self.decimals)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """A calculation: settings, inputs and every level of results."""

    edition: Edition
    rounding: Rounding
    policies: Mapping[str, str]
    ties: str
    levels: str
    counts: Counts
    indicators: Mapping[str, Values]
    criteria: Mapping[str, Values]
    total: Values

    def __len__(self) -> int:
        return len(self.counts)


def score(edition: Edition, counts: Counts, settings: Settings | None = None) -> Scores:
    """Every level of results for ``counts``.

    Refusals: those of :func:`checked`; ``unknown_rounding``, ``unknown_policy``,
    ``unknown_formula``, ``unknown_ties``.
    """
    settings = settings or Settings()
    rounding = edition.rounding(settings.rounding)
    policies = chosen_policies(edition, settings.policies)
    complete = checked(edition, counts)
    _refuse_mark_conflicts(edition, complete)
    indicators: dict[str, Values] = {}
    criteria: dict[str, Values] = {}
    for criterion in edition.criteria:
        found = {
            item.code: _indicator(item, complete, policies, rounding.indicator)
            for item in criterion.indicators
        }
        _refuse_missing(criterion, found, policies, complete)
        found = _filled(criterion, found, policies, rounding.indicator)
        indicators |= found
        criteria[criterion.code] = _criterion(criterion, found, policies, rounding.criterion)
    return Scores(
        edition,
        rounding,
        policies,
        _ties(edition, settings.ties),
        settings.levels or edition.default_levels,
        complete,
        indicators,
        criteria,
        _total(edition, criteria, rounding.total),
    )


def chosen_policies(edition: Edition, wanted: Mapping[str, str]) -> Mapping[str, str]:
    """Every policy of the edition with its choice. Refusal ``unknown_policy`` names the known."""
    for code, choice in wanted.items():
        policy = edition.policy_by_code.get(code)
        known = edition.policy_by_code if policy is None else [c.code for c in policy.choices]
        if policy is None or choice not in known:
            raise Refusal(
                f"Правила «{code}={choice}» нет в редакции {edition.code}.",
                kind="unknown_policy",
                cure=f"Известны: {', '.join(known)}.",
            )
    return {policy.code: wanted.get(policy.code, policy.default) for policy in edition.policies}


def _ties(edition: Edition, wanted: str) -> str:
    if wanted not in ("", "competition", "dense"):
        raise Refusal(
            f"Правила мест «{wanted}» нет.",
            kind="unknown_ties",
            cure="Укажите competition (1, 2, 2, 4) или dense (1, 2, 2, 3).",
        )
    return wanted or edition.default_ties


def _refuse_mark_conflicts(edition: Edition, counts: Counts) -> None:
    """An organisation marked as having no site cannot have findings on it."""
    mark = counts.columns.get("no_site")
    if mark is None or "no_site" not in edition.policy_by_code:
        return
    problems = []
    for symbol in ("I_site", "C_dist", "A_site"):
        column = counts.columns[symbol]
        both = mark.known & (mark.values.numerator > 0) & (column.values.numerator > 0)
        for index in np.flatnonzero(both.astype(bool)):
            problems.append(
                Problem(
                    f"«{counts.organisations[index]}»: отмечено, что сайта нет, но {symbol} = "
                    f"{column.values.numerator[index]}.",
                    "Снимите отметку или поставьте 0.",
                )
            )
    if problems:
        raise inconsistent(problems)


def _rounded(column: Column, step: Step, formula: Mask) -> Values:
    published = column.values.half_up(step.decimals)
    used = Ratio.whole(published, 10**step.decimals) if step.carried else column.values
    return Values(column.values, used, published, step.decimals, column.known, formula)


def _indicator(
    indicator: Indicator, counts: Counts, policies: Mapping[str, str], step: Step
) -> Values:
    column = formula_of(indicator)(indicator, counts, policies[indicator.missing])
    if indicator.mark and policies[indicator.mark_policy or ""] == "left_out":
        mark = counts.columns[indicator.mark]
        marked = mark.known & (mark.values.numerator > 0).astype(bool)
        column = Column(column.values, column.known & ~marked)
    return _rounded(column, step, column.known)


def _refuse_missing(
    criterion: Criterion,
    found: Mapping[str, Values],
    policies: Mapping[str, str],
    counts: Counts,
) -> None:
    """Where the policy requires a value, its absence is a fault of the data."""
    problems = [
        Problem(
            f"«{counts.organisations[index]}»: нет значения показателя {indicator.code}"
            f" ({indicator.short}).",
            "Укажите значение; отсутствие сведений – это 0, его ставят явно.",
        )
        for indicator in criterion.indicators
        if policies[indicator.missing] == "required"
        for index in np.flatnonzero(~found[indicator.code].known)
    ]
    if problems:
        raise inconsistent(problems)


def _filled(
    criterion: Criterion, found: dict[str, Values], policies: Mapping[str, str], step: Step
) -> dict[str, Values]:
    """Values for indicators without data, as the policy of each one says."""
    filled = dict(found)
    for indicator in criterion.indicators:
        values = found[indicator.code]
        choice = policies[indicator.missing]
        if values.known.all():
            continue
        substitute = _substitute(choice, indicator, criterion, found)
        if substitute is None:
            continue
        column = Column(
            values.exact.where(values.known, substitute.values), values.known | substitute.known
        )
        filled[indicator.code] = _rounded(column, step, values.known)
    return filled


def _substitute(
    choice: str, indicator: Indicator, criterion: Criterion, found: Mapping[str, Values]
) -> Column | None:
    size = len(found[indicator.code].known)
    everywhere = np.ones(size, dtype=bool)
    if choice == "zero":
        return Column(Ratio.whole(np.zeros(size)), everywhere)
    if choice == "hundred":
        return Column(Ratio.whole(np.full(size, indicator.maximum)), everywhere)
    if choice == "mean_of_others":
        others = [found[item.code] for item in criterion.indicators if item is not indicator]
        total = Ratio.whole(np.zeros(size))
        for other in others:
            total = total.plus(other.used)
        known = np.logical_and.reduce([other.known for other in others])
        return Column(total.times(Fraction(1, len(others))), known)
    return None


def _criterion(
    criterion: Criterion, found: Mapping[str, Values], policies: Mapping[str, str], step: Step
) -> Values:
    """K = Σ w·P, times maximum / reachable maximum where indicators are left out.

    Without any indicator, or without one whose policy is ``not_rated``, there is no value.
    """
    size = len(next(iter(found.values())).known)
    total = Ratio.whole(np.zeros(size))
    reachable = Ratio.whole(np.zeros(size))
    rated = np.ones(size, dtype=bool)
    for indicator in criterion.indicators:
        values = found[indicator.code]
        if policies[indicator.missing] == "not_rated":
            rated &= values.known
        present = Ratio.whole(values.known.astype(np.int64))
        weighted = values.used.times(indicator.weight)
        total = total.plus(weighted.where(values.known, Ratio.whole(np.zeros(size))))
        reachable = reachable.plus(present.times(indicator.weight * indicator.maximum))
    reached = (reachable.numerator > 0).astype(bool)
    whole = np.asarray(reachable.numerator == criterion.maximum * reachable.denominator, dtype=bool)
    lifted = total.times(Fraction(criterion.maximum)).times_column(
        Ratio(reachable.denominator, np.where(reached, reachable.numerator, 1))
    )
    return _rounded(Column(total.where(whole, lifted), reached & rated), step, whole)


def _total(edition: Edition, criteria: Mapping[str, Values], step: Step) -> Values:
    """S = Σ v·K; an organisation without one of the criteria has no total and no place."""
    size = len(next(iter(criteria.values())).known)
    total = Ratio.whole(np.zeros(size))
    known = np.ones(size, dtype=bool)
    for criterion in edition.criteria:
        values = criteria[criterion.code]
        total = total.plus(values.used.times(criterion.weight))
        known = known & values.known
    return _rounded(Column(total, known), step, known)
