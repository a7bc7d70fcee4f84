"""A technical specification and a contract, made by the same deeds as real ones."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from noko.actions import clause_proposal as proposals
from noko.actions import contract as contracts
from noko.actions import specification as deeds
from noko.models import Clause, ClauseProposal, Contract, Cycle, Person, Specification
from tests.small_council import make_council, make_decided, make_session
from tests.small_list import make_approved_outside
from tests.small_list import make_draft as make_list

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
UNTIL = date(2099, 12, 10)
CUSTOMER = "Управление образования области"
TERMS = {
    "survey_starts_on": date(2027, 2, 1),
    "survey_ends_on": date(2027, 5, 31),
    "data_due_on": date(2027, 6, 20),
    "report_due_on": date(2027, 9, 30),
}
CONTRACT = contracts.Terms(
    number="14/2027",
    signed_on=date(2026, 11, 20),
    operator_name="ООО «Центр опросов»",
    operator_inn="7707083893",
    price=Decimal("1250000.00"),
    starts_on=date(2026, 11, 20),
    ends_on=date(2027, 12, 31),
    data_due_on=TERMS["data_due_on"],
)


def make_draft(cycle: Cycle, **fields: object) -> Specification:
    values: dict[str, object] = {"customer": CUSTOMER, "terms": TERMS, "by": None, "now": NOW}
    return deeds.create(cycle=cycle, **{**values, **fields})  # type: ignore[arg-type]


def make_open(cycle: Cycle) -> Specification:
    return deeds.open_for_proposals(specification=make_draft(cycle), until=UNTIL, by=None, now=NOW)


def make_considered(cycle: Cycle, opened: Specification | None = None) -> Specification:
    return deeds.close_proposals(specification=opened or make_open(cycle), by=None, now=NOW)


def clause_of(specification: Specification, number: str = "1.2") -> Clause:
    return specification.clauses.get(number=number, excluded=False)


def make_proposal(
    clause: Clause, kind: str = "change", text: str = "Иначе.", by: Person | None = None
) -> ClauseProposal:
    return proposals.propose(
        clause=clause, kind=kind, text=text, reason="Так понятнее.", by=by, now=NOW
    )


def make_placed(
    cycle: Cycle, votes: str = "+++++++", opened: Specification | None = None
) -> Specification:
    """On an agenda whose session is over, with these votes of the members; the list of the cycle
    is approved."""
    specification = make_considered(cycle, opened)
    make_approved_outside(make_list(cycle))
    session = make_session(make_council(), titles=(), cycle=cycle)
    placed = deeds.place(
        specification=specification,
        session=session,
        material=("Техническое задание.docx", b"document"),
        by=None,
        now=NOW,
    )
    make_decided(session, votes)
    placed.refresh_from_db()
    return Specification.objects.select_related("agenda_item").get(pk=placed.pk)


def make_adopted(cycle: Cycle, opened: Specification | None = None) -> Specification:
    placed = make_placed(cycle, opened=opened)
    assert placed.agenda_item is not None
    return deeds.approve(
        specification=placed, decision=placed.agenda_item.decision, by=None, now=NOW
    )


def make_contract(cycle: Cycle, **changes: object) -> Contract:
    return contracts.sign(
        specification=make_adopted(cycle),
        terms=CONTRACT,
        by=None,
        now=NOW,
        **changes,  # type: ignore[arg-type]
    )
