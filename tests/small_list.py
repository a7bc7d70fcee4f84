"""Lists of a cycle of three organisations, made by the same deeds as real ones."""

from __future__ import annotations

from datetime import date

from noko.actions import list as lists
from noko.jobs import list as jobs
from noko.models import Council, Cycle, Decision, Organisation, OrganisationList, Session
from tests.small_council import make_council, make_decided, make_session
from tests.small_cycle import (
    NOW,
    make_cycle,
    make_dataset,
    make_done,
    make_organisations,
    make_release,
)


def make_history() -> tuple[Cycle, list[Organisation]]:
    """The cycle of 2027. «Берёзка» was assessed in 2024, «№ 2» in 2026, the school never."""
    kindergarten, second, school = make_organisations()
    for year, these in ((2024, [kindergarten]), (2026, [second])):
        cycle = make_cycle(str(year), year=year)
        done = make_done(cycle, make_dataset(cycle), [kindergarten, second, school])
        done.scores.exclude(organisation__in=these).delete()
        make_release(done)
    return make_cycle("2027", year=2027), [kindergarten, second, school]


def make_draft(cycle: Cycle, reason: str = "") -> OrganisationList:
    return lists.draw_up(cycle=cycle, reason=reason, by=None, now=NOW)


def make_placed(
    item: OrganisationList, council: Council | None = None
) -> tuple[OrganisationList, Session]:
    session = make_session(council or make_council(), titles=(), cycle=item.cycle)
    return jobs.propose(item=item, session=session, by=None, now=NOW), session


def make_decision(item: OrganisationList, council: Council | None = None) -> Decision:
    """The list was placed and the council has voted for it."""
    placed, session = make_placed(item, council)
    make_decided(session)
    return Decision.objects.get(item=placed.agenda_item)


def make_approved(
    item: OrganisationList, council: Council | None = None
) -> tuple[OrganisationList, Decision]:
    decision = make_decision(item, council)
    item.refresh_from_db()
    return jobs.approve(item=item, decision=decision, by=None, now=NOW), decision


def make_approved_outside(item: OrganisationList, on: date = date(2026, 1, 20)) -> OrganisationList:
    return jobs.approve_outside(
        item=item, basis="Протокол совета от 20.01.2026 № 1", on=on, by=None, now=NOW
    )
