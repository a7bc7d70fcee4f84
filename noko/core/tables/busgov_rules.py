"""What is looked at on bus.gov.ru, as data: see ``noko/rules/busgov/monitoring.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from pydantic import Field, ValidationError

from noko.core.editions import Basis, Rule
from noko.core.rule_files import broken_file, read_mapping

BROKEN = "broken_busgov_rules"


class CardField(Rule):
    """A piece of the card; ``value``: one of the texts at the places must be this one."""

    code: str
    title: str
    places: tuple[str, ...] = Field(min_length=1)
    value: str = ""


class CardRules(Rule):
    basis: Basis
    fields: tuple[CardField, ...]
    cure: str


class Freshness(Rule):
    """A card that was not changed for more than ``days`` is stale."""

    days: int = Field(ge=1)
    basis: Basis

    def stale_before(self, on: date) -> date:
        """The last change before this day makes a card stale on the day ``on``."""
        return on - timedelta(days=self.days)


class Document(Rule):
    """A kind of document in the report. ``instead``: the notice that replaces it; ``notice``: it
    is such a notice itself; ``once``: it belongs to no year."""

    code: str
    title: str
    names: tuple[str, ...] = Field(min_length=1)
    instead: str = ""
    notice: bool = False
    once: bool = False


class StatusNames(Rule):
    group: tuple[str, ...]
    current: tuple[str, ...]
    before: tuple[str, ...]


class CellWords(Rule):
    placed: tuple[str, ...]
    missing: tuple[str, ...]
    not_needed: tuple[str, ...]


class ReportRules(Rule):
    basis: Basis
    documents: tuple[Document, ...]
    status: StatusNames
    values: CellWords
    cure: str
    unnamed: str

    @cached_property
    def by_code(self) -> dict[str, Document]:
        return {document.code: document for document in self.documents}


class Absent(Rule):
    cure: str


class Term(Rule):
    working_days: int = Field(ge=1)
    basis: Basis


class MonitoringRules(Rule):
    """The whole file."""

    code: str
    card: CardRules
    freshness: Freshness
    absent: Absent
    report: ReportRules
    term: Term


def parse_monitoring(name: str, text: str) -> MonitoringRules:
    """The rules of a YAML text. Refusal ``broken_busgov_rules`` names file, key and reason."""
    loaded = read_mapping(name, text, kind=BROKEN)
    try:
        return MonitoringRules.model_validate(loaded)
    except ValidationError as error:
        message = "Правила проверки сведений на bus.gov.ru не читаются."
        raise broken_file(message, name, error, kind=BROKEN) from None


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that bus.gov.ru does not show: what, of which year (None: of none), the cure."""

    code: str
    title: str
    year: int | None
    cure: str


@dataclass(frozen=True, slots=True)
class BusgovRow:
    """What a file of bus.gov.ru says of one institution.

    ``place``: where it stands in the file, in words. ``present``: its general information is
    placed. ``changed_on``: the last change of the card;
    ``complete``: the report's own total for the current year, ``complete_before`` for the year
    before; None where the file does not tell. ``given``: values that the registry has too.
    """

    number: int
    name: str
    place: str
    inn: str = ""
    ogrn: str = ""
    kpp: str = ""
    reg_number: str = ""
    municipality: str = ""
    present: bool = True
    changed_on: date | None = None
    complete: bool | None = None
    complete_before: bool | None = None
    lacks: tuple[Lack, ...] = ()
    given: tuple[tuple[str, str], ...] = ()
