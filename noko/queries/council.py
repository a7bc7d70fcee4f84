"""Reading the council: who is on it on a day, what is wrong with it, its sessions and decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Case, Q, QuerySet, When

from noko.core import council as rules
from noko.models import (
    Attendance,
    Council,
    CouncilMember,
    Decision,
    Person,
    Session,
)
from noko.queries.council_rules import rules_of

RANK = Case(
    *(When(position=code, then=place) for place, code in enumerate(CouncilMember.Position.values)),
    default=9,
)
"""Chair, deputies, secretary, members."""


def councils() -> QuerySet[Council]:
    """Every council, the newest term first."""
    return Council.objects.select_related("municipality")


def councils_in_force(day: date) -> QuerySet[Council]:
    ends = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    return councils().filter(ends, starts_on__lte=day)


def members_on(council: Council, day: date) -> QuerySet[CouncilMember]:
    """The composition of a day: chair, deputies, secretary, then the others by name."""
    ends = Q(ends_on__isnull=True) | Q(ends_on__gte=day)
    found = council.members.filter(ends, starts_on__lte=day).select_related("person")
    return found.order_by(RANK, "sort_key", "pk")


def former_members(council: Council, day: date) -> QuerySet[CouncilMember]:
    """Who has left; somebody who only took another position has not."""
    here = members_on(council, day).values("full_name")
    left = council.members.filter(ends_on__lt=day).exclude(full_name__in=here)
    return left.order_by("-ends_on", "sort_key")


def membership(person: Person, council: Council, day: date) -> CouncilMember | None:
    """As whom the person sits on the council that day."""
    return members_on(council, day).filter(person=person).first()


def sessions(council: Council) -> QuerySet[Session]:
    """Sessions and polls, the newest first."""
    return council.sessions.select_related("cycle", "presiding")


def attendance(session: Session) -> QuerySet[Attendance]:
    """Every member invited, in the order of the composition."""
    place = Case(
        *(
            When(member__position=code, then=place)
            for place, code in enumerate(CouncilMember.Position.values)
        ),
        default=9,
    )
    rows = session.attendance.select_related("member", "member__person")
    return rows.order_by(place, "member__sort_key", "member_id")


def quorum_of(session: Session) -> rules.Reached:
    """The quorum as it is now: of a poll, everybody who is asked."""
    lines = session.attendance.all()
    here = sum(1 for line in lines if line.mark in Attendance.HERE)
    rule = rules_of(session.council).voting(FIRST, session.council.choices).quorum
    return rules.quorum(rule, rules.Turnout(members=len(lines), present=here))


FIRST = "ordinary"
"""Every rule set has this kind of question; the quorum is the same for all kinds."""


def decisions(council: Council | None = None) -> QuerySet[Decision]:
    """Adopted decisions, the newest first."""
    found = Decision.objects.select_related("council", "session", "cycle", "item")
    return found.filter(council=council) if council else found


def upcoming(now: datetime) -> QuerySet[Session]:
    """Sessions whose agenda may still grow, the nearest first: where a thing can be considered."""
    open_now = Q(status=Session.Status.OPEN) & ~Q(kind=Session.Kind.POLL)
    before = Q(status__in=(Session.Status.PLANNED, Session.Status.INVITED))
    found = Session.objects.filter(open_now | before & Q(starts_at__gte=now - STALE))
    return found.select_related("council", "cycle").order_by("starts_at")


def day_shown(council: Council, today: date) -> date:
    """The day whose composition is shown: today, or the last day of a term that is over."""
    if council.ends_on and council.ends_on < today:
        return council.ends_on
    return max(today, council.starts_on)


def public_councils() -> QuerySet[Council]:
    """Councils that everybody sees: those that have members."""
    return councils().filter(members__isnull=False).distinct()


def published_decisions() -> QuerySet[Decision]:
    return decisions().filter(status=Decision.Status.PUBLISHED)


def published_sessions(council: Council) -> QuerySet[Session]:
    """Sessions with published minutes, the newest first."""
    return sessions(council).filter(published_at__isnull=False)


def published_file(digest: str, name: str) -> bool:
    """Whether a file of this content and name is among what is published."""
    wanted = [{"sha256": digest, "name": name}]
    among = Q(files__contains=wanted) | Q(annexes__contains=wanted)
    minutes = Session.objects.filter(published_at__isnull=False, minutes__contains=wanted)
    return published_decisions().filter(among).exists() or minutes.exists()


STALE = timedelta(days=7)
"""A session that should have begun so long ago is forgotten, not upcoming."""
