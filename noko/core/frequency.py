"""How often an organisation is assessed: whose turn it is in a year, why, and what is covered.

The law says «не чаще чем один раз в год и не реже чем один раз в три года»; the numbers, how years
are counted and what the law leaves open stand in ``noko/rules/frequency``, each with its act and
evidence. Years are years of cycles: assessed in 2024, to be assessed again by 2027 at the latest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pydantic import ValidationError

from noko.core.editions import Basis, Rule
from noko.core.refusal import Refusal
from noko.core.rule_files import broken_file, read_mapping

BROKEN = "broken_frequency"


class Years(Rule):
    years: int
    basis: Basis


class Counted(Rule):
    text: str
    basis: Basis


class Since(Rule):
    year: int
    basis: Basis


class Inherited(Rule):
    """Forms of reorganisation whose successors go on with the predecessor's assessments."""

    kinds: tuple[str, ...]
    basis: Basis


class FrequencyRule(Rule):
    """The rule in force between two days. ``subject``: what is carried out, in the genitive."""

    code: str
    title: str
    subject: str
    valid_from: date
    valid_to: date | None = None
    basis: Basis
    at_most_once_in: Years
    at_least_once_in: Years
    counted: Counted
    obliged_since: Since
    new_after_years: Years
    inherited_by: Inherited

    def in_force(self, year: int) -> bool:
        """Whether it is in force on at least one day of the year."""
        over = self.valid_to is not None and self.valid_to < date(year, 1, 1)
        return self.valid_from <= date(year, 12, 31) and not over


def parse_rule(name: str, text: str) -> FrequencyRule:
    """The rule of a YAML text. Refusal ``broken_frequency`` names file, key and reason."""
    loaded = read_mapping(name, text, kind=BROKEN)
    try:
        return FrequencyRule.model_validate(loaded)
    except ValidationError as error:
        message = "Правило периодичности не читается."
        raise broken_file(message, name, error, kind=BROKEN) from None


def rule_of(rules: Iterable[FrequencyRule], year: int) -> FrequencyRule:
    """The newest rule in force in ``year``. Refusal ``no_frequency_rule``."""
    found = [rule for rule in rules if rule.in_force(year)]
    if not found:
        raise Refusal(
            f"Для {year} года правило периодичности не известно.",
            kind="no_frequency_rule",
            cure="Выберите цикл 2014 года или более поздний.",
        )
    return max(found, key=lambda rule: rule.valid_from)


class Reason(StrEnum):
    """Why an organisation is, or is not, proposed for the year. Stable codes."""

    OVERDUE = "overdue"
    DUE = "due"
    NEVER = "never"
    NOT_DUE = "not_due"
    ASSESSED = "assessed"
    NEW = "new"
    CLOSED = "closed"
    REORGANISED = "reorganised"


REASONS: Mapping[Reason, str] = {
    Reason.OVERDUE: "срок просрочен",
    Reason.DUE: "наступил срок",
    Reason.NEVER: "ещё не оценивалась",
    Reason.NOT_DUE: "срок не наступил",
    Reason.ASSESSED: "уже оценивается в этом году",
    Reason.NEW: "создана недавно",
    Reason.CLOSED: "ликвидирована",
    Reason.REORGANISED: "реорганизована",
}
"""What people read, in the order in which lists go."""

PROPOSED = frozenset({Reason.OVERDUE, Reason.DUE, Reason.NEVER})
EXEMPT = frozenset({Reason.NEW, Reason.CLOSED, Reason.REORGANISED})
"""Those who are not assessed whatever the years say."""


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of an organisation. ``assessed``: years with a published result; ``listed``:
    years whose approved list it stands in, where no result is published yet.

    ``status``: active, reorganised or closed, since ``closed_on`` where that is known.
    """

    assessed: frozenset[int] = frozenset()
    listed: frozenset[int] = frozenset()
    status: str = "active"
    opened_on: date | None = None
    closed_on: date | None = None

    @property
    def years(self) -> frozenset[int]:
        return self.assessed | self.listed


@dataclass(frozen=True, slots=True)
class Turn:
    """``last``: the year of the last assessment before; ``until``: the last year in which it must
    be assessed, None while nothing says so."""

    reason: Reason
    last: int | None
    until: int | None

    @property
    def proposed(self) -> bool:
        return self.reason in PROPOSED


def turn(rule: FrequencyRule, year: int, past: Past) -> Turn:
    """Whose turn it is: the reason for one organisation in ``year``."""
    last = max((y for y in past.years if y < year), default=None)
    until = _until(rule, last, past.opened_on)
    return Turn(_reason(rule, year, past, last, until), last, until)


def _until(rule: FrequencyRule, last: int | None, opened_on: date | None) -> int | None:
    if last is not None:
        return last + rule.at_least_once_in.years
    if opened_on is None:
        return None
    return max(opened_on.year, rule.obliged_since.year) + rule.at_least_once_in.years


def _reason(
    rule: FrequencyRule, year: int, past: Past, last: int | None, until: int | None
) -> Reason:
    if past.status != "active" and not _still_acts(past, year):
        return Reason.CLOSED if past.status == "closed" else Reason.REORGANISED
    if any(0 <= year - y < rule.at_most_once_in.years for y in past.years):
        return Reason.ASSESSED
    if last is None:
        young = past.opened_on and year - past.opened_on.year < rule.new_after_years.years
        return Reason.NEW if young else Reason.NEVER
    if until is not None and year > until:
        return Reason.OVERDUE
    return Reason.DUE if year == until else Reason.NOT_DUE


def _still_acts(past: Past, year: int) -> bool:
    """It ceases in a later year only."""
    return past.closed_on is not None and past.closed_on.year > year


def sentence(found: Turn, year: int) -> str:
    """The reason as a whole Russian sentence: «Оценена в 2024 году, снова – не позднее 2027.»"""
    if found.reason is Reason.CLOSED:
        return "Ликвидирована, в перечень не входит."
    if found.reason is Reason.REORGANISED:
        return "Реорганизована: оценивают правопреемника."
    if found.reason is Reason.NEW:
        return "Создана недавно: получателей услуг, которых можно опросить, ещё нет."
    if found.reason is Reason.ASSESSED:
        return f"В {year} году уже оценивается: чаще одного раза в год нельзя."
    if found.last is None:
        if found.until is None:
            return "Сведений об оценке нет."
        must = "должна была" if found.until < year else "должна"
        return f"Ещё не оценивалась, {must} быть оценена не позднее {found.until} года."
    late = found.reason is Reason.OVERDUE
    again = "снова должна была быть оценена" if late else "снова –"
    return f"Оценена в {found.last} году, {again} не позднее {found.until} года."


# --- coverage -------------------------------------------------------------------------------------

ASSESSED, LISTED = "assessed", "listed"


@dataclass(frozen=True, slots=True)
class Covered:
    """One organisation over the years of the window: ``marks`` year → assessed or listed.

    ``exempt``: why it need not be; ``until``: the last year in which it must be assessed.
    """

    key: int
    marks: Mapping[int, str]
    exempt: str
    until: int | None

    @property
    def covered(self) -> bool:
        return bool(self.marks)


@dataclass(slots=True)
class Total:
    """How many organisations there are, how many are covered, exempt, and neither."""

    organisations: int = 0
    covered: int = 0
    exempt: int = 0
    by_year: dict[int, int] = field(default_factory=dict)

    @property
    def uncovered(self) -> int:
        return self.organisations - self.covered - self.exempt

    def add(self, row: Covered) -> None:
        self.organisations += 1
        self.covered += row.covered
        self.exempt += bool(row.exempt) and not row.covered
        for year in row.marks:
            self.by_year[year] = self.by_year.get(year, 0) + 1


def window(rule: FrequencyRule, year: int) -> tuple[int, ...]:
    """The years that end with ``year`` and must hold an assessment of everybody."""
    return tuple(range(year - rule.at_least_once_in.years + 1, year + 1))


def coverage(
    rule: FrequencyRule, year: int, pasts: Mapping[int, Past], included: Iterable[int]
) -> list[Covered]:
    """Every organisation over the window that ends with ``year``, in the order of ``pasts``.

    ``included``: who stands in the list of ``year`` itself.
    """
    listed_now = frozenset(included)
    years = window(rule, year)
    rows = []
    for key, past in pasts.items():
        now = past.listed | ({year} if key in listed_now else frozenset())
        marks = {
            y: ASSESSED if y in past.assessed else LISTED
            for y in years
            if y in past.assessed or y in now
        }
        last = max((y for y in past.assessed | now if y <= year), default=None)
        reason = turn(rule, year, past).reason
        exempt = REASONS[reason] if reason in EXEMPT else ""
        rows.append(Covered(key, marks, exempt, _until(rule, last, past.opened_on)))
    return rows


def totals(rows: Iterable[Covered], groups: Mapping[int, str]) -> dict[str, Total]:
    """By the group of each organisation, in the order in which groups are met."""
    found: dict[str, Total] = {}
    for row in rows:
        found.setdefault(groups[row.key], Total()).add(row)
    return found


def load(rows: Sequence[Covered], year: int, years: int) -> dict[int, int]:
    """How many fall due in each of the ``years`` after ``year``; overdue ones in the first."""
    ahead = {year + n: 0 for n in range(1, years + 1)}
    for row in rows:
        if row.exempt or row.until is None:
            continue
        due = max(row.until, year + 1)
        if due in ahead:
            ahead[due] += 1
    return ahead
