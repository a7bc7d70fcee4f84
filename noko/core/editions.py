"""An edition of the methodology as a typed, immutable object.

An edition is a folder of YAML under ``noko/rules/editions``: ``edition.yaml`` (criteria,
indicators, weights, rounding, policies), ``questionnaire.yaml``, ``checklists.yaml``. This module
knows their shape and what must hold between them; it reads no disk. Every rule carries its
``basis``: act, point, evidence label; ``core.edition_files`` reads the texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    model_validator,
)

from noko.core.refusal import Refusal


class Evidence(StrEnum):
    """How well a rule is established; printed beside it on the methodology page."""

    VERBATIM = "verbatim"
    RETOLD = "retold"
    OPERATOR_CALCULATOR = "operator_calculator"
    DERIVED_FROM_RESULTS = "derived_from_results"
    UNVERIFIED_LIKELY = "unverified_likely"
    UNVERIFIED_PLAUSIBLE = "unverified_plausible"
    UNVERIFIED_DOUBTFUL = "unverified_doubtful"
    DESIGN_CHOICE = "design_choice"

    @property
    def verified(self) -> bool:
        """False for what must be compared with the official text before release."""
        return not self.name.startswith("UNVERIFIED")


EVIDENCE_TITLES = {
    Evidence.VERBATIM: "дословно из источника",
    Evidence.RETOLD: "в пересказе источника",
    Evidence.OPERATOR_CALCULATOR: "по расчётной программе действующего оператора",
    Evidence.DERIVED_FROM_RESULTS: "выведено из опубликованных результатов",
    Evidence.UNVERIFIED_LIKELY: "не сверено с актом, скорее всего верно",
    Evidence.UNVERIFIED_PLAUSIBLE: "не сверено с актом, подробности могут отличаться",
    Evidence.UNVERIFIED_DOUBTFUL: "не сверено с актом, сомнительно",
    Evidence.DESIGN_CHOICE: "решение разработчиков: официальное правило не известно",
}


def _exact(value: Any) -> Fraction:
    """A weight is written as text ("0.3", "1/5") or an integer: a YAML float is not exact."""
    if isinstance(value, bool | float) or not isinstance(value, int | str | Fraction):
        raise ValueError('число пишется в кавычках, например "0.3" или "1/5"')
    try:
        return Fraction(value)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"«{value}» не читается как число") from None


Exact = Annotated[Fraction, BeforeValidator(_exact), PlainSerializer(str)]


class Rule(BaseModel):
    """Frozen, and closed to unknown keys: a misspelt key is an error, not a silent default."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Basis(Rule):
    """Where a rule comes from. ``source`` is a public address or title, empty when unknown."""

    act: str
    point: str = ""
    evidence: Evidence
    source: str = ""
    note: str = ""


class Act(Rule):
    """A legal act in force between two dates (``None``: open)."""

    id: str
    short: str
    title: str
    valid_from: date | None = None
    valid_to: date | None = None
    evidence: Evidence
    note: str = ""


class Input(Rule):
    """A primary figure that the calculation takes.

    ``count``: a whole number of answers or items; ``points`` and ``percent``: a decimal between
    0 and ``maximum``; ``mark``: 0 or 1. ``at_most`` names the count that it cannot exceed;
    ``share_of`` names (satisfied, asked) from which a percentage is computed where it is not given.
    """

    symbol: str
    official: str = ""
    name: str
    kind: Literal["count", "points", "percent", "mark"]
    collected: Literal["inspection", "survey"]
    at_most: str | None = None
    share_of: tuple[str, str] | None = None
    maximum: int | None = None
    optional: bool = False


class Formula(Rule):
    """A formula by name with its inputs; ``core/scoring/indicators.py`` computes it.

    ``mean_of_shares``: 100 × the mean of numerator/denominator over ``pairs``;
    ``points_each``: min(maximum, points × count); ``as_given``: points or percent as they are.
    """

    name: str
    pairs: tuple[tuple[str, str], ...] = ()
    input: str = ""
    points: int = 0
    text: str

    @property
    def inputs(self) -> tuple[str, ...]:
        return tuple(symbol for pair in self.pairs for symbol in pair) or (self.input,)


class Indicator(Rule):
    """One indicator: value 0..``maximum`` in ``unit``, taken into its criterion with ``weight``.

    ``missing`` names the policy that decides when there is nothing to compute it from;
    ``mark`` and ``mark_policy`` name a mark of the organisation and the policy of its effect.
    """

    code: str
    name: str
    short: str
    symbol: str = ""
    unit: str = "баллы"
    maximum: int = 100
    weight: Exact
    formula: Formula
    missing: str = "no_respondents"
    mark: str | None = None
    mark_policy: str | None = None
    basis: Basis
    notes: tuple[str, ...] = ()


class Criterion(Rule):
    """K = Σ weight × indicator, at most ``maximum``; ``weight`` is its own weight in the total."""

    code: str
    key: str
    name: str
    short: str
    maximum: int
    weight: Exact
    indicators: tuple[Indicator, ...]
    text: str
    basis: Basis


class Total(Rule):
    name: str
    maximum: int
    text: str
    basis: Basis


class Step(Rule):
    """Rounding at one level: decimals published; ``carried``: the next level takes the rounded."""

    decimals: int = Field(ge=0, le=6)
    carried: bool = False


class Rounding(Rule):
    code: str
    title: str
    indicator: Step
    criterion: Step
    total: Step
    basis: Basis


class Choice(Rule):
    code: str
    title: str


class Policy(Rule):
    """An edge case that the act leaves open: named choices and the default one."""

    code: str
    title: str
    choices: tuple[Choice, ...]
    default: str
    basis: Basis

    @model_validator(mode="after")
    def _default_is_a_choice(self) -> Policy:
        if self.default not in {choice.code for choice in self.choices}:
            raise ValueError(f"default «{self.default}» нет среди choices")
        return self

    def title_of(self, choice: str) -> str:
        return next(item.title for item in self.choices if item.code == choice)


class Band(Rule):
    """The word for a share of the maximum strictly above ``above`` percent (0 includes 0)."""

    above: int
    word: str


class LevelSet(Rule):
    code: str
    title: str
    bands: tuple[Band, ...]
    basis: Basis


class Sample(Rule):
    """Respondents to ask: min(``maximum``, ceil(``share`` × recipients))."""

    share: Exact
    maximum: int
    everyone_up_to: int
    basis: Basis


class ShowIf(Rule):
    question: str
    answer: int


class Question(Rule):
    """A question; ``asked`` and ``satisfied`` are the counts that a scored one feeds.

    Answers of ``yes_no`` are 1 and 0, of ``levels`` the number of the level from 1;
    ``positive`` lists the answers counted as satisfied.
    """

    id: str
    text: str
    role: Literal["filter", "scored", "text", "choice", "number"]
    scale: Literal["yes_no", "levels", "none"] = "yes_no"
    show_if: ShowIf | None = None
    asked: str | None = None
    satisfied: str | None = None
    positive: tuple[int, ...] = (1,)
    options: tuple[str, ...] = ()
    basis: Basis


class Level(Rule):
    value: Exact
    label: str


class Questionnaire(Rule):
    code: str
    title: str
    preamble: str
    levels: tuple[Level, ...] = ()
    questions: tuple[Question, ...]
    basis: Basis

    @property
    def closed(self) -> tuple[Question, ...]:
        """The questions that the counts are made from, in printed order."""
        return tuple(q for q in self.questions if q.role in ("filter", "scored"))


class Item(Rule):
    id: str
    name: str
    applies_to: tuple[str, ...] = ()


class Checklist(Rule):
    """Items looked for by an expert. ``present`` (and ``applicable``) are the counts it feeds;
    without them the list only guides the expert who gives points.

    ``signs`` are phrases by which its columns are recognised in operators' sheets.
    """

    code: str
    title: str
    present: str | None = None
    applicable: str | None = None
    signs: tuple[str, ...] = ()
    items: tuple[Item, ...]
    basis: Basis


class Edition(Rule):
    """The whole edition; ``digest`` is the SHA-256 of the texts it was read from."""

    code: str
    title: str
    short: str
    valid_from: date
    valid_to: date | None = None
    acts: tuple[Act, ...]
    inputs: tuple[Input, ...]
    criteria: tuple[Criterion, ...]
    total: Total
    default_rounding: str
    roundings: tuple[Rounding, ...]
    policies: tuple[Policy, ...]
    default_ties: Literal["competition", "dense"]
    ties_basis: Basis
    default_levels: str
    levels: tuple[LevelSet, ...]
    sample: Sample
    warnings: tuple[str, ...] = ()
    questionnaire: Questionnaire
    checklists: tuple[Checklist, ...]
    digest: str

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(i for criterion in self.criteria for i in criterion.indicators)

    @cached_property
    def input_by_symbol(self) -> Mapping[str, Input]:
        return {item.symbol: item for item in self.inputs}

    @cached_property
    def act_by_id(self) -> Mapping[str, Act]:
        return {act.id: act for act in self.acts}

    @cached_property
    def policy_by_code(self) -> Mapping[str, Policy]:
        return {policy.code: policy for policy in self.policies}

    def rounding(self, code: str | None = None) -> Rounding:
        """The rounding policy ``code`` (default: the edition's). Refusal ``unknown_rounding``."""
        wanted = code or self.default_rounding
        for rounding in self.roundings:
            if rounding.code == wanted:
                return rounding
        known = ", ".join(rounding.code for rounding in self.roundings)
        raise Refusal(
            f"Правила округления «{wanted}» нет в редакции {self.code}.",
            kind="unknown_rounding",
            cure=f"Укажите одно из: {known}.",
        )

    def verbal_level(self, share: Fraction, code: str | None = None) -> str:
        """The word for ``share`` (0..1) of a maximum by the level set ``code``."""
        levels = next(item for item in self.levels if item.code == (code or self.default_levels))
        for band in sorted(levels.bands, key=lambda band: -band.above):
            if share * 100 > band.above or band.above == 0:
                return band.word
        raise AssertionError("band 0 is required by the loader")

    @model_validator(mode="after")
    def _hangs_together(self) -> Edition:
        for complaint in _complaints(self):
            raise ValueError(complaint)
        return self


def _complaints(edition: Edition) -> Iterator[str]:
    """What contradicts between the parts of an edition, in reading order."""
    symbols, acts = set(edition.input_by_symbol), set(edition.act_by_id)
    for basis_act in _acts_named(edition):
        if basis_act not in acts:
            yield f"акт «{basis_act}» не описан в acts"
    for item in edition.inputs:
        for symbol in (item.at_most, *(item.share_of or ())):
            if symbol and symbol not in symbols:
                yield f"inputs.{item.symbol}: величины «{symbol}» нет в inputs"
    for indicator in edition.indicators:
        yield from _indicator_complaints(edition, indicator, symbols)
    yield from _weight_complaints(edition)
    if edition.default_rounding not in {r.code for r in edition.roundings}:
        yield f"default_rounding «{edition.default_rounding}» нет в roundings"
    if edition.default_levels not in {levels.code for levels in edition.levels}:
        yield f"default_levels «{edition.default_levels}» нет в levels"
    if any(0 not in {band.above for band in levels.bands} for levels in edition.levels):
        yield "levels: в каждом наборе нужна ступень above: 0"
    yield from _collection_complaints(edition, symbols)


def _weight_complaints(edition: Edition) -> Iterator[str]:
    """Weights must reach the maximum exactly, neither less nor more."""
    for criterion in edition.criteria:
        reached = sum(i.weight * i.maximum for i in criterion.indicators)
        if reached != criterion.maximum:
            yield f"критерий {criterion.code}: сумма весов даёт {reached}, а не {criterion.maximum}"
    reached = sum(c.weight * c.maximum for c in edition.criteria)
    if reached != edition.total.maximum:
        yield f"итог: сумма весов критериев даёт {reached}, а не {edition.total.maximum}"


def _indicator_complaints(
    edition: Edition, indicator: Indicator, symbols: set[str]
) -> Iterator[str]:
    for symbol in (*indicator.formula.inputs, indicator.mark):
        if symbol is not None and symbol not in symbols:
            yield f"показатель {indicator.code}: величины «{symbol}» нет в inputs"
    for policy in (indicator.missing, indicator.mark_policy):
        if policy is not None and policy not in edition.policy_by_code:
            yield f"показатель {indicator.code}: правила «{policy}» нет в policies"


def _collection_complaints(edition: Edition, symbols: set[str]) -> Iterator[str]:
    questions = {question.id: question for question in edition.questionnaire.questions}
    for question in questions.values():
        for symbol in (question.asked, question.satisfied):
            if symbol and symbol not in symbols:
                yield f"вопрос {question.id}: величины «{symbol}» нет в inputs"
        if question.show_if and question.show_if.question not in questions:
            yield f"вопрос {question.id}: условие ссылается на «{question.show_if.question}»"
    for checklist in edition.checklists:
        for symbol in (checklist.present, checklist.applicable):
            if symbol and symbol not in symbols:
                yield f"перечень {checklist.code}: величины «{symbol}» нет в inputs"


def _acts_named(edition: Edition) -> Iterator[str]:
    def walk(value: object) -> Iterator[str]:
        if isinstance(value, Basis):
            yield value.act
        elif isinstance(value, Rule):
            for name in type(value).model_fields:
                yield from walk(getattr(value, name))
        elif isinstance(value, tuple):
            for item in value:
                yield from walk(item)

    yield from walk(edition)
