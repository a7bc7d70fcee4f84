"""Specifications of the demonstration: one adopted with its contract, one under discussion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import timezone

from noko.actions import clause_proposal as proposals
from noko.actions import contract as contracts
from noko.actions import specification as deeds
from noko.demo import REGION_OF
from noko.demo.identifiers import REGION_CODE, inn
from noko.documents.specification import specification_docx
from noko.models import AgendaItem, Clause, Contract, Cycle, Person, Session, Specification
from noko.queries.specification import content_of

_MOSCOW = ZoneInfo("Europe/Moscow")
CUSTOMER = f"Управление образования и науки {REGION_OF}"
OPERATOR = "АНО «Центр общественных опросов»"
PROPOSALS_UNTIL = date(2026, 12, 18)


def propose_and_settle(cycle: Cycle, people: Mapping[str, Person], opened: date) -> Specification:
    """The specification of ``cycle`` ready for the council: a proposal accepted, one rejected."""
    secretary = people["secretary"]
    made = deeds.create(
        cycle=cycle,
        customer=CUSTOMER,
        terms={
            "survey_starts_on": date(cycle.year, 2, 24),
            "survey_ends_on": date(cycle.year, 5, 31),
            "data_due_on": date(cycle.year, 9, 25),
            "report_due_on": date(cycle.year, 9, 30),
        },
        by=secretary,
        now=_at(opened),
    )
    deeds.open_for_proposals(
        specification=made,
        until=opened + timedelta(days=10),
        by=secretary,
        now=_at(opened + timedelta(days=1)),
    )
    _answer(made, people, _at(opened + timedelta(days=4)))
    closed = _at(opened + timedelta(days=11))
    return deeds.close_proposals(specification=made, by=secretary, now=closed)


def _answer(made: Specification, people: Mapping[str, Person], now: datetime) -> None:
    accepted = proposals.propose(
        clause=_clause(made, "10.2"),
        kind="add",
        text="Бумажные анкеты оператор хранит год после приёмки, потом уничтожает по акту.",
        reason="Если результат оспорят, анкеты можно будет пересчитать.",
        by=people["council_member"],
        now=now,
    )
    rejected = proposals.propose(
        clause=_clause(made, "6.2"),
        kind="change",
        text="Опрос проводится только в электронной форме.",
        reason="Так дешевле и быстрее.",
        by=people["council_chair"],
        now=now,
    )
    for proposal, verdict, answer in (
        (accepted, "accepted", ""),
        (rejected, "rejected", "В сельских школах не у всех родителей есть интернет."),
    ):
        proposals.consider(
            proposal=proposal,
            verdict=verdict,
            answer=answer,
            text="",
            revision=proposal.clause.revision,
            by=people["secretary"],
            now=now + timedelta(days=2),
        )


def placing(made: Specification, by: Person) -> Callable[[Session], AgendaItem]:
    """What puts the specification on the agenda of the session that the council holds."""

    def place(session: Session) -> AgendaItem:
        name = f"Техническое задание {made.cycle.year}.docx"
        placed = deeds.place(
            specification=made,
            session=session,
            material=(name, specification_docx(content_of(made))),
            by=by,
            now=session.starts_at - timedelta(days=7),
        )
        return AgendaItem.objects.get(specifications=placed)

    return place


def conclude(made: Specification, by: Person, on: date) -> Contract:
    """Approved by the council's decision, and the contract with the operator."""
    found = Specification.objects.select_related("agenda_item__decision").get(pk=made.pk)
    if found.agenda_item is None:
        raise ValueError("the specification has not been before the council")
    adopted = deeds.approve(
        specification=found, decision=found.agenda_item.decision, by=by, now=_at(on)
    )
    year, signed = adopted.cycle.year, on + timedelta(days=9)
    terms = contracts.Terms(
        number=f"{year}/014-НОКО",
        signed_on=signed,
        operator_name=OPERATOR,
        operator_inn=inn(90_001),
        price=Decimal("1487500.00"),
        starts_on=signed,
        ends_on=date(year, 12, 20),
        data_due_on=date(year, 9, 25),
        purchase_code=f"{year % 100}2{REGION_CODE}{14:031d}",
    )
    return contracts.sign(specification=adopted, terms=terms, by=by, now=_at(signed, 12))


def load_discussed(cycle: Cycle, people: Mapping[str, Person], opened: date) -> Specification:
    """Next year's draft: open, one proposal of a member of the council and one of a specialist."""
    secretary, now = people["secretary"], _at(opened)
    made = deeds.create(
        cycle=cycle,
        customer=CUSTOMER,
        terms={
            "survey_starts_on": date(cycle.year, 2, 15),
            "survey_ends_on": date(cycle.year, 5, 31),
            "data_due_on": date(cycle.year, 6, 25),
        },
        source=Specification.objects.filter(status=Specification.Status.ADOPTED).first(),
        by=secretary,
        now=now,
    )
    today = timezone.localdate()
    until = PROPOSALS_UNTIL if today < PROPOSALS_UNTIL else today + timedelta(days=21)
    deeds.open_for_proposals(specification=made, until=until, by=secretary, now=now)
    proposals.propose(
        clause=_clause(made, "5.2"),
        kind="change",
        text="В организациях, где получателей услуг {порог} и меньше, оператор приглашает к опросу "
        "каждого.",
        reason="В малых садах по восьми анкетам ничего нельзя сказать.",
        by=people["council_member"],
        now=now + timedelta(days=1),
    )
    proposals.propose(
        clause=_clause(made, "7.2"),
        kind="add",
        text="Осмотр организаций, где нет пандуса, подтверждается фотографией входа.",
        reason="В прошлом году организации оспаривали отметки о входных группах.",
        by=people["specialist"],
        now=now + timedelta(days=2),
    )
    return made


def _clause(made: Specification, number: str) -> Clause:
    return made.clauses.select_related("specification__cycle").get(number=number, excluded=False)


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), _MOSCOW)
