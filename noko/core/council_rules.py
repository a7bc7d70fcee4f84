"""A rule set of the public council as a typed, immutable object, and what one council makes of it.

A rule set is a YAML file under ``noko/rules/councils``: what the law asks of a council, and how it
decides where its own regulation is silent. Every rule carries its basis. A council's regulation
chooses otherwise among the named options: :meth:`CouncilRules.voting` gives the rule by which one
question is decided, with the basis of each part, small enough to be kept beside the vote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypedDict, TypeVar

from pydantic import Field, ValidationError, model_validator

from noko.core.editions import Basis, Evidence, Exact, Rule
from noko.core.refusal import Refusal
from noko.core.rule_files import broken_file, read_mapping

BROKEN = "broken_council_rules"
AnyOption = TypeVar("AnyOption", bound="Option")


class Chosen(TypedDict):
    """What a regulation chooses: the code of an option and the point that says so."""

    choice: str
    point: str


class Option(Rule):
    code: str
    title: str


class Quorum(Option):
    """A share of all members: ``strict`` means more than it, otherwise at least."""

    share: Exact
    strict: bool


class Majority(Option):
    """A share of the votes "for" in: those who take part, all members, votes for and against."""

    of: Literal["present", "members", "voted"]
    share: Exact
    strict: bool


class Tie(Option):
    """What decides where as many are for as against. ``rounds``: how often it is voted at most."""

    how: Literal["chair", "rejected", "again"]
    rounds: int = Field(1, ge=1, le=9)


class Recusing(Option):
    """Whether a recused member still counts for the quorum and among those who take part."""

    in_quorum: bool
    in_majority: bool


class Default(Rule):
    """The option that holds where the regulation does not say otherwise."""

    choice: str
    basis: Basis


class Amount(Rule):
    value: int = Field(ge=1)
    basis: Basis


class Statement(Rule):
    text: str
    basis: Basis


class SecretPoll(Rule):
    allowed: bool
    basis: Basis


class Excluded(Rule):
    """Who may not be a member; ``sides``: roles of the system that this makes impossible."""

    code: str
    text: str
    sides: tuple[str, ...] = ()
    basis: Basis


class Question(Rule):
    """A kind of question with its own way of deciding."""

    code: str
    title: str
    about: str
    majority: Default
    tie: Default
    secrecy: Default


class VotingRule(Rule):
    """By what one question is decided: kept with the vote as it was when the vote was opened.

    ``bases``: part (``quorum``, ``majority``, ``tie``, ``secrecy``, ``recusal``, ``change``) → the
    act and point that say so.
    """

    question: str
    title: str
    quorum: Quorum
    majority: Majority
    tie: Tie
    recusal: Recusing
    secrecy: str
    change: str
    bases: dict[str, Basis]


class Part(Rule):
    """A rule that a regulation may choose: its key, its options, the default and what holds."""

    key: str
    title: str
    options: tuple[tuple[str, str], ...]
    default: str
    choice: str
    point: str = ""
    basis: Basis


class CouncilRules(Rule):
    code: str
    title: str
    short: str
    valid_from: date
    valid_to: date | None = None
    basis: Basis
    statements: tuple[Statement, ...]
    minimum: Amount
    term_years: Amount | None = None
    excluded: tuple[Excluded, ...]
    quorums: tuple[Quorum, ...]
    majorities: tuple[Majority, ...]
    ties: tuple[Tie, ...]
    secrecies: tuple[Option, ...]
    recusals: tuple[Recusing, ...]
    changes: tuple[Option, ...]
    quorum: Default
    recusal: Default
    change: Default
    notice_days: Amount
    poll_days: Amount
    secret_poll: SecretPoll
    questions: tuple[Question, ...]
    digest: str = ""

    @model_validator(mode="after")
    def _every_choice_is_an_option(self) -> CouncilRules:
        codes = [question.code for question in self.questions]
        if len(set(codes)) != len(codes):
            raise ValueError("виды вопросов повторяются")
        for part in self.parts({}):
            if part.choice not in dict(part.options):
                raise ValueError(f"«{part.choice}» нет среди вариантов правила {part.key}")
        return self

    def question(self, code: str) -> Question:
        """Refusal ``unknown_question`` lists the known kinds."""
        for question in self.questions:
            if question.code == code:
                return question
        raise Refusal(
            f"Вида вопроса «{code}» в правилах совета нет.",
            kind="unknown_question",
            cure=f"Возможные: {', '.join(item.code for item in self.questions)}.",
        )

    def excluded_sides(self) -> frozenset[str]:
        return frozenset(side for item in self.excluded for side in item.sides)

    def parts(self, choices: Mapping[str, Chosen]) -> list[Part]:
        """Everything that a regulation may choose, with what holds under ``choices``."""
        whole: list[tuple[str, str, Sequence[Option], Default]] = [
            ("quorum", "Кворум", self.quorums, self.quorum),
            ("recusal", "Самоотвод", self.recusals, self.recusal),
            ("change", "Перемена голоса", self.changes, self.change),
        ]
        for item in self.questions:
            name = item.title.lower()
            whole += [
                (f"{item.code}.majority", f"Большинство: {name}", self.majorities, item.majority),
                (f"{item.code}.tie", f"Равенство голосов: {name}", self.ties, item.tie),
                (f"{item.code}.secrecy", f"Тайна: {name}", self.secrecies, item.secrecy),
            ]
        return [_part(*row, choices.get(row[0])) for row in whole]

    def check(self, choices: Mapping[str, Chosen]) -> None:
        """Refusals ``unknown_rule``, ``unknown_choice``, ``choice_without_point``."""
        known = {part.key: part for part in self.parts({})}
        for key, chosen in choices.items():
            if key not in known:
                raise Refusal(f"Правила «{key}» нет.", kind="unknown_rule")
            if chosen["choice"] not in dict(known[key].options):
                raise Refusal(
                    f"У правила «{known[key].title}» нет варианта «{chosen['choice']}».",
                    kind="unknown_choice",
                    cure=f"Возможные: {', '.join(dict(known[key].options))}.",
                )
            if not chosen["point"].strip():
                raise Refusal(
                    f"Не сказано, какой пункт положения меняет правило «{known[key].title}».",
                    kind="choice_without_point",
                    cure="Напишите пункт, например: п. 4.2.",
                )

    def voting(self, code: str, choices: Mapping[str, Chosen]) -> VotingRule:
        """The rule of the question ``code`` in a council whose regulation makes ``choices``."""
        question = self.question(code)
        held = {part.key: part for part in self.parts(choices)}
        names = {
            "quorum": "quorum",
            "recusal": "recusal",
            "change": "change",
            "majority": f"{code}.majority",
            "tie": f"{code}.tie",
            "secrecy": f"{code}.secrecy",
        }
        chosen = {name: held[key].choice for name, key in names.items()}
        return VotingRule(
            question=code,
            title=question.title,
            quorum=_of(self.quorums, chosen["quorum"]),
            majority=_of(self.majorities, chosen["majority"]),
            tie=_of(self.ties, chosen["tie"]),
            recusal=_of(self.recusals, chosen["recusal"]),
            secrecy=chosen["secrecy"],
            change=chosen["change"],
            bases={name: held[key].basis for name, key in names.items()},
        )


def _of(options: Sequence[AnyOption], code: str) -> AnyOption:
    return next(item for item in options if item.code == code)


def _part(
    key: str, title: str, options: Sequence[Option], default: Default, chosen: Chosen | None
) -> Part:
    own = chosen is not None and bool(chosen["choice"])
    point = chosen["point"] if chosen and own else ""
    said = Basis(act="положение о совете", point=point, evidence=Evidence.VERBATIM)
    return Part(
        key=key,
        title=title,
        options=tuple((item.code, item.title) for item in options),
        default=default.choice,
        choice=chosen["choice"] if chosen and own else default.choice,
        point=point,
        basis=said if own else default.basis,
    )


def parse_council_rules(name: str, text: str) -> CouncilRules:
    """The rule set of a YAML text. Refusal ``broken_council_rules`` names every fault."""
    data: dict[str, Any] = read_mapping(name, text, kind=BROKEN)
    digest = hashlib.sha256(text.encode()).hexdigest()
    try:
        return CouncilRules.model_validate({**data, "digest": digest})
    except ValidationError as error:
        raise broken_file("Правила совета описаны с ошибкой.", name, error, kind=BROKEN) from None
