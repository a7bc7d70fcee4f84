"""How the council decides: quorum and the outcome of a vote, explained in Russian.

Pure arithmetic over whole numbers; shares are exact. The rule comes from
:mod:`noko.core.council_rules`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from noko.core.council_rules import Majority, Quorum, VotingRule

HALF = Fraction(1, 2)


class Result(StrEnum):
    """What a vote ends with; ``TIED``: it is to be voted once more."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    TIED = "tied"
    NO_QUORUM = "no_quorum"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many voted what."""

    votes_for: int
    votes_against: int
    votes_abstained: int

    @property
    def all(self) -> int:
        return self.votes_for + self.votes_against + self.votes_abstained


@dataclass(frozen=True, slots=True)
class Turnout:
    """``members`` of the council; ``present``: those who take part, the ``recused`` among them."""

    members: int
    present: int
    recused: int = 0


@dataclass(frozen=True, slots=True)
class Reached:
    """Whether there is a quorum: ``counted`` of ``members``, ``needed`` at least."""

    needed: int
    counted: int
    members: int
    title: str

    @property
    def reached(self) -> bool:
        return self.counted >= self.needed

    def __str__(self) -> str:
        word = "есть" if self.reached else "нет"
        return (
            f"Кворум – {self.title}: нужно не меньше {self.needed} из {self.members}, "
            f"участвуют {self.counted}. Кворум {word}."
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """``explanation``: sentence by sentence, the last one says the result."""

    result: Result
    explanation: tuple[str, ...]


def needed(base: int, share: Fraction, *, strict: bool) -> int:
    """The smallest whole number that is more than (``strict``) or at least ``share`` of ``base``.

    Never less than one: nothing is reached by nobody.
    """
    product = share * base
    least = product.numerator // product.denominator + 1 if strict else -(-product // 1)
    return max(1, int(least))


def quorum(rule: Quorum, turnout: Turnout, *, recused_count: bool = True) -> Reached:
    """Whether the session may decide; ``recused_count``: recused members are counted in."""
    counted = turnout.present if recused_count else turnout.present - turnout.recused
    least = needed(turnout.members, rule.share, strict=rule.strict)
    return Reached(least, counted, turnout.members, rule.title)


def base_of(rule: VotingRule, tally: Tally, turnout: Turnout) -> int:
    """What the share of the majority is taken of. Recused members stay in "all members"."""
    taking_part = turnout.present if rule.recusal.in_majority else turnout.present - turnout.recused
    return {
        "members": turnout.members,
        "present": taking_part,
        "voted": tally.votes_for + tally.votes_against,
    }[rule.majority.of]


def outcome(
    rule: VotingRule,
    tally: Tally,
    turnout: Turnout,
    *,
    round: int = 1,
    chair: str | None = None,
) -> Outcome:
    """What the vote ends with.

    ``chair``: how the presiding member voted ("for", "against", "abstained"), None where they did
    not vote or the vote is secret. As many for as against under a majority of a half is a tie: the
    casting vote of the chair is added to those for, or it is voted again while rounds are left, or
    the decision is not adopted. A share other than a half knows no tie.
    """
    here = quorum(rule.quorum, turnout, recused_count=rule.recusal.in_quorum)
    if not here.reached:
        return Outcome(Result.NO_QUORUM, (str(here), "Решение не принято: нет кворума."))
    least = needed(base_of(rule, tally, turnout), rule.majority.share, strict=rule.majority.strict)
    said = [str(here), *_recused(turnout, rule), _majority(rule.majority, least, tally)]
    if tally.votes_for >= least:
        return Outcome(Result.ADOPTED, (*said, "Решение принято."))
    if not _tied(rule.majority, tally):
        return Outcome(Result.REJECTED, (*said, "Решение не принято."))
    result, sentences = _decided(rule, tally, least, round, chair)
    return Outcome(result, (*said, "Голоса разделились поровну.", *sentences))


def _recused(turnout: Turnout, rule: VotingRule) -> list[str]:
    if not turnout.recused:
        return []
    return [f"Взяли самоотвод: {turnout.recused} ({rule.recusal.title})."]


def _majority(rule: Majority, least: int, tally: Tally) -> str:
    return (
        f"Нужно {rule.title}: «за» не меньше {least}. Подано: «за» – {tally.votes_for}, "
        f"«против» – {tally.votes_against}, воздержались – {tally.votes_abstained}."
    )


def _tied(rule: Majority, tally: Tally) -> bool:
    return rule.share == HALF and tally.votes_for == tally.votes_against > 0


def _decided(
    rule: VotingRule, tally: Tally, least: int, round: int, chair: str | None
) -> tuple[Result, tuple[str, ...]]:
    if rule.tie.how == "again" and tally.votes_for + 1 < least:
        # One more vote would not decide either: then equality is not what stands in the way.
        text = f"«За» – {tally.votes_for}, а нужно {least}: один голос ничего не решил бы."
        return Result.REJECTED, (text, "Решение не принято.")
    if rule.tie.how == "again" and round < rule.tie.rounds:
        return Result.TIED, ("По правилам совета голосуют ещё раз.",)
    if rule.tie.how == "again":
        return Result.REJECTED, ("Голосовали ещё раз, равенство осталось.", "Решение не принято.")
    if rule.tie.how == "rejected":
        return Result.REJECTED, ("При равенстве голосов решение не принято.",)
    if chair == "for":
        cast = tally.votes_for + 1
        text = f"Решает голос председательствующего, он «за»: {tally.votes_for} + 1 = {cast}"
        if cast >= least:
            return Result.ADOPTED, (f"{text}.", "Решение принято.")
        return Result.REJECTED, (f"{text}, а нужно {least}.", "Решение не принято.")
    reason = {
        "against": "он «против»",
        "abstained": "он воздержался",
        None: "но его голос не известен",
    }[chair]
    return Result.REJECTED, (
        f"Решает голос председательствующего, {reason}.",
        "Решение не принято.",
    )


def decision_digest(
    *,
    council: str,
    number: int,
    adopted_on: date,
    title: str,
    text: str,
    annexes: Sequence[Mapping[str, Any]],
) -> str:
    """SHA-256 (hex) over the canonical JSON of a decision; of an annex its name and its digest."""
    whole = {
        "council": council,
        "number": number,
        "adopted_on": adopted_on.isoformat(),
        "title": title,
        "text": text,
        "annexes": [[item["name"], item["sha256"]] for item in annexes],
    }
    canonical = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
