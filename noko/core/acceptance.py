"""A delivery of the operator beside what the contract asks for, organisation by organisation.

Pure: what was delivered is told by :class:`Delivered` (``noko.exchange.delivery`` makes it from a
data package), what is asked for by :class:`Demand`, which is kept as a file beside the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from noko.core.editions import Edition, Indicator, Input
from noko.core.specification import Check
from noko.core.tables.names import name_key


@dataclass(frozen=True, slots=True)
class Required:
    """What is asked for about one organisation. ``indicators`` are codes of the edition."""

    name: str
    municipality: str = ""
    type: str = ""
    inn: str = ""
    ogrn: str = ""
    questionnaires: int = 0
    inspection: bool = True
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demand:
    """What a contract asks for. ``formats``: code → title; ``clauses``: check → numbers of the
    clauses of the specification that ask for it."""

    contract: str
    edition: str
    edition_digest: str
    due_on: date | None
    formats: Mapping[str, str]
    organisations: tuple[Required, ...]
    clauses: Mapping[Check, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Received:
    """What was delivered about one organisation.

    ``known``: symbols of the inputs that have a figure; ``zero``: those of them that are 0.
    """

    name: str
    municipality: str = ""
    inn: str = ""
    ogrn: str = ""
    respondents: int | None = None
    known: frozenset[str] = frozenset()
    zero: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Delivered:
    """``formats`` are codes of what is in the delivery; ``on`` is the day it came, if known."""

    edition: str
    edition_digest: str
    formats: frozenset[str]
    organisations: tuple[Received, ...]
    on: date | None = None


BY_PERSON = frozenset({"report"})
"""Formats that no program can look for in a data package."""


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is not there. What is not ``grave`` is only to be known, not to be mended."""

    check: Check
    text: str
    grave: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """One organisation of the contract; ``received`` is None where the delivery has none."""

    required: Required
    received: Received | None
    lacks: tuple[Lack, ...]

    @property
    def complete(self) -> bool:
        return not any(lack.grave for lack in self.lacks)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``general``: what concerns the whole delivery; ``strangers``: delivered, not asked for."""

    rows: tuple[Row, ...]
    general: tuple[Lack, ...]
    strangers: tuple[str, ...]

    @property
    def incomplete(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.complete)

    @property
    def questionnaires(self) -> int:
        """How many are asked for in all."""
        return sum(row.required.questionnaires for row in self.rows)

    @property
    def respondents(self) -> int:
        """How many there are of the organisations of the contract."""
        return sum(row.received.respondents or 0 for row in self.rows if row.received)

    @property
    def complete(self) -> bool:
        return not self.incomplete and not any(lack.grave for lack in self.general)


def compare(demand: Demand, delivered: Delivered, edition: Edition) -> Comparison:
    """Every organisation of ``demand`` with what it lacks in ``delivered``.

    Organisations are joined by INN, else OGRN, else by name within the municipality.
    """
    found = _joined(demand.organisations, delivered.organisations)
    rows = tuple(
        Row(required, found.get(index), tuple(_lacks(required, found.get(index), edition)))
        for index, required in enumerate(demand.organisations)
    )
    taken = {id(received) for received in found.values()}
    strangers = tuple(item.name for item in delivered.organisations if id(item) not in taken)
    return Comparison(rows, tuple(_general(demand, delivered)), strangers)


def _joined(required: Sequence[Required], received: Sequence[Received]) -> dict[int, Received]:
    """Position of a required organisation → what was delivered about it; each is taken once."""
    found: dict[int, Received] = {}
    taken: set[int] = set()
    for keys in (_by_inn, _by_ogrn, _by_name):
        known = {key: item for item in received for key in keys(item) if id(item) not in taken}
        for index, item in enumerate(required):
            match = next((known[key] for key in keys(item) if key in known), None)
            if index not in found and match is not None and id(match) not in taken:
                found[index] = match
                taken.add(id(match))
    return found


def _by_inn(item: Required | Received) -> Iterable[str]:
    return [item.inn] if item.inn else []


def _by_ogrn(item: Required | Received) -> Iterable[str]:
    return [item.ogrn] if item.ogrn else []


def _by_name(item: Required | Received) -> Iterable[tuple[str, str]]:
    return [(name_key(item.municipality), name_key(item.name))]


def _lacks(required: Required, received: Received | None, edition: Edition) -> Iterator[Lack]:
    if received is None:
        yield Lack(Check.ORGANISATIONS, "нет в данных")
        return
    asked = received.respondents or 0
    if asked < required.questionnaires:
        short = required.questionnaires - asked
        yield Lack(
            Check.QUESTIONNAIRES, f"анкет {asked} из {required.questionnaires}, не хватает {short}"
        )
    unseen = _unseen(received, edition) if required.inspection else ()
    if unseen:
        yield Lack(Check.INSPECTION, f"осмотр: нет величин ({', '.join(unseen)})")
    for indicator in edition.indicators:
        if indicator.code in required.indicators:
            yield from _indicator_lack(indicator, required, received, edition)


def _unseen(received: Received, edition: Edition) -> tuple[str, ...]:
    """Figures of the inspection that are not given, by their official symbols."""
    needed = [
        item for item in edition.inputs if item.collected == "inspection" and not item.optional
    ]
    return tuple(
        item.official or item.symbol for item in needed if item.symbol not in received.known
    )


def _indicator_lack(
    indicator: Indicator, required: Required, received: Received, edition: Edition
) -> Iterator[Lack]:
    """What the indicator cannot be computed without; of an inspection that is asked for it is
    said once, above."""
    inputs = [edition.input_by_symbol[symbol] for symbol in indicator.formula.inputs]
    if all(item.collected == "inspection" for item in inputs):
        unseen = any(item.symbol not in received.known for item in inputs)
        if unseen and not required.inspection:
            yield Lack(Check.INDICATORS, f"показатель {indicator.code}: нет данных осмотра")
        return
    given = any(item.kind != "count" and item.symbol in received.known for item in inputs)
    bases = _bases(inputs)
    if given or any(symbol in received.known - received.zero for symbol in bases):
        return
    if received.respondents and bases <= _filtered(edition):
        text = f"показатель {indicator.code}: на вопрос-фильтр никто не ответил «да»"
        yield Lack(Check.INDICATORS, text, grave=False)
    else:
        yield Lack(Check.INDICATORS, f"показатель {indicator.code}: нет ответов")


def _bases(inputs: Sequence[Input]) -> frozenset[str]:
    """Symbols of the counts that an indicator of the survey divides by."""
    shares = [item.share_of[1] for item in inputs if item.share_of]
    return frozenset(shares + [item.at_most for item in inputs if item.at_most])


def _filtered(edition: Edition) -> frozenset[str]:
    """Bases that only those feed who said yes to a question before: they may lawfully be 0."""
    return frozenset(
        question.asked
        for question in edition.questionnaire.closed
        if question.show_if and question.asked
    )


def _general(demand: Demand, delivered: Delivered) -> Iterator[Lack]:
    if (demand.edition, demand.edition_digest) != (delivered.edition, delivered.edition_digest):
        yield Lack(
            Check.INDICATORS,
            f"данные собраны по редакции {delivered.edition}, контракт – по {demand.edition}"
            if demand.edition != delivered.edition
            else "данные собраны по другому тексту той же редакции методики",
        )
    for code, title in demand.formats.items():
        if code in BY_PERSON:
            yield Lack(Check.FORMATS, f"проверьте сами: {title}", grave=False)
        elif code not in delivered.formats:
            yield Lack(Check.FORMATS, f"не передано: {title}")
    if demand.due_on and delivered.on and delivered.on > demand.due_on:
        late = (delivered.on - demand.due_on).days
        yield Lack(Check.TERM, f"данные переданы позже срока, дней: {late}")
