"""Lists of the demonstration: approved ones that agree with who was assessed, a draft for next
year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from noko.actions import list as drafts
from noko.demo.region import VOCATIONAL, Invented
from noko.jobs import list as jobs
from noko.models import AgendaItem, Cycle, ListEntry, OrganisationList, Person, Session

_MOSCOW = ZoneInfo("Europe/Moscow")

LATER = "Оценка распределена по трём годам, очередь организации – позже."
EARLIER = "Чтобы распределить оценку по годам поровну."
NOT_YET = "Профессиональные организации в этом году не оцениваются."
EARLY_IN_DRAFT = "По обращению учредителя: в организации сменился руководитель."
LATER_IN_DRAFT = "Капитальный ремонт до декабря: опрашивать и осматривать нельзя."


def draw_up_as_assessed(
    cycle: Cycle, those: Sequence[Invented], by: Person, opened: date
) -> OrganisationList:
    """The draft with exactly ``those`` in it, each departure from the rule with its reason."""
    made = drafts.draw_up(cycle=cycle, by=by, now=_at(opened + timedelta(days=1)))
    wanted = {item.inn for item in those}
    entries = list(made.entries.all())
    now = _at(opened + timedelta(days=2))
    groups: Mapping[tuple[bool, str], Callable[[ListEntry], bool]] = {
        (True, EARLIER): lambda e: e.inn in wanted and not e.included,
        (False, NOT_YET): lambda e: e.inn not in wanted and e.included and e.type == VOCATIONAL
        and cycle.year < 2018,
        (False, LATER): lambda e: e.inn not in wanted and e.included
        and not (e.type == VOCATIONAL and cycle.year < 2018),
    }  # fmt: skip
    for (included, note), fits in groups.items():
        _decide(made, [e.organisation_id for e in entries if fits(e)], included, note, by, now)
    return made


def placing(made: OrganisationList, by: Person) -> Callable[[Session], AgendaItem]:
    """What puts the list on the agenda of the session that the council holds."""

    def place(session: Session) -> AgendaItem:
        now = session.starts_at - timedelta(days=7)
        placed = jobs.propose(item=made, session=session, by=by, now=now)
        return AgendaItem.objects.get(lists=placed)

    return place


def approve(made: OrganisationList, by: Person, on: date) -> OrganisationList:
    """Approved by the council's decision."""
    found = OrganisationList.objects.select_related("cycle", "agenda_item__decision").get(
        pk=made.pk
    )
    if found.agenda_item is None:
        raise ValueError("the list has not been before the council")
    return jobs.approve(
        item=found, decision=found.agenda_item.decision, by=by, now=_at(on), pages=False
    )


def load_draft(cycle: Cycle, by: Person, opened: date) -> OrganisationList:
    """Next year's draft to work on: two put in early, one left for later."""
    made = drafts.draw_up(cycle=cycle, by=by, now=_at(opened + timedelta(days=1)))
    early = [e.organisation_id for e in made.entries.filter(reason="not_due")[:2]]
    later = [e.organisation_id for e in made.entries.filter(reason="due")[:1]]
    now = _at(opened + timedelta(days=2))
    _decide(made, early, True, EARLY_IN_DRAFT, by, now)
    _decide(made, later, False, LATER_IN_DRAFT, by, now)
    return made


def _decide(
    made: OrganisationList,
    organisations: Collection[int],
    included: bool,
    note: str,
    by: Person,
    now: datetime,
) -> None:
    if organisations:
        drafts.decide(
            item=made,
            organisations=organisations,
            included=included,
            note=note,
            by=by,
            now=now,
        )


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), _MOSCOW)
