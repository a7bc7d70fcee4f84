"""What the council asks of a person, and where it stands in a cycle."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse

from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.models import (
    AgendaItem,
    Attendance,
    Ballot,
    Cycle,
    Decision,
    Person,
    Session,
)
from noko.templatetags.russian import counted, long_date, moment
from noko.web.office.desk import Group, Task
from noko.web.office.road import Stage, stage

_S = Session.Status
LATE = timedelta(days=3)
"""Minutes that wait for a signature or for publication longer than this are called late."""
RECENT = timedelta(days=30)


def council_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Votes and answers of a member, deeds of the chair and the secretary, new decisions."""
    if not has_permission(person, Permission.COUNCIL_VIEW):
        return
    if has_permission(person, Permission.COUNCIL_VOTE):
        yield from _votes(person)
        yield from _replies(person, now)
    if has_permission(person, Permission.COUNCIL_CHAIR):
        yield from _to_sign(now)
    if has_permission(person, Permission.COUNCIL_MANAGE):
        yield from _to_lead(now)
    for item in Decision.objects.filter(published_at__gte=now - RECENT)[:5]:
        address = reverse("office:council_decision", args=[item.pk])
        title = f"{item}: {item.title}"
        yield Task(Group.CHANGED, "done", "решение совета", title, address)


def _votes(person: Person) -> Iterator[Task]:
    """Open ballots on which this member is asked and has not voted."""
    asked = Attendance.objects.filter(member__person=person, mark__in=Attendance.HERE)
    seats = {line.session_id: line.member_id for line in asked}
    found = Ballot.objects.filter(status=Ballot.Status.OPEN, item__session__in=seats)
    for ballot in found.select_related("item__session").order_by("closes_at", "item__order"):
        member = seats[ballot.item.session_id]
        voters = ballot.voted if ballot.secret else ballot.votes
        recused = ballot.item.recusals.filter(member_id=member).exists()
        if recused or voters.filter(member_id=member).exists():
            continue
        address = reverse("office:council_vote", args=[ballot.item_id])
        until = f"до {moment(ballot.closes_at)}" if ballot.closes_at else "идёт сейчас"
        yield Task(Group.WAITING, "underway", "проголосуйте", ballot.item.title, address, until)


def _replies(person: Person, now: datetime) -> Iterator[Task]:
    """Invitations that this member has not answered."""
    lines = Attendance.objects.filter(
        member__person=person,
        reply="",
        session__status=_S.INVITED,
        session__starts_at__gte=now,
    ).exclude(session__kind=Session.Kind.POLL)
    for line in lines.select_related("session").order_by("session__starts_at"):
        address = reverse("office:session", args=[line.session_id])
        note = moment(line.session.starts_at)
        yield Task(Group.WAITING, "", "ответьте, придёте ли", str(line.session), address, note)


def _to_sign(now: datetime) -> Iterator[Task]:
    for session in Session.objects.filter(status=_S.CLOSED).order_by("closed_at"):
        address = reverse("office:session_sign", args=[session.pk])
        title = f"Протокол: {session}"
        yield Task(Group.WAITING, "warning", "подпишите", title, address)
        if session.closed_at and now - session.closed_at > LATE:
            note = f"ждёт подписи с {long_date(session.closed_at)}"
            yield Task(Group.LATE, "warning", "не подписан", title, address, note)


def _to_lead(now: datetime) -> Iterator[Task]:
    """Sessions to invite to, minutes to publish, sessions that should have begun."""
    for session in Session.objects.filter(status__in=(_S.PLANNED, _S.INVITED)):
        address = reverse("office:session", args=[session.pk])
        note = moment(session.starts_at)
        if session.starts_at < now - timedelta(days=1):
            title = str(session)
            yield Task(Group.LATE, "warning", "не открыто в срок", title, address, note)
        elif session.status == _S.PLANNED:
            yield Task(Group.WAITING, "", "пригласите", str(session), address, note)
    unpublished = Session.objects.filter(status=_S.SIGNED, published_at__isnull=True)
    for session in unpublished.order_by("signed_at"):
        address = reverse("office:session_publish", args=[session.pk])
        title = f"Протокол: {session}"
        yield Task(Group.WAITING, "", "опубликуйте", title, address)


def council_stage(cycle: Cycle) -> Stage:
    """What the council has decided in the cycle, and when it meets next."""
    decided = cycle.decisions.count()
    coming = cycle.sessions.filter(status__in=(_S.PLANNED, _S.INVITED, _S.OPEN))
    next_one = coming.order_by("starts_at").first()
    last = cycle.sessions.order_by("-starts_at").first()
    link = {"url": reverse("office:councils"), "link": "Открыть совет"}
    if next_one:
        link = {
            "url": reverse("office:session", args=[next_one.pk]),
            "link": f"Открыть: {next_one}",
        }
    elif last:
        link = {"url": reverse("office:session", args=[last.pk]), "link": f"Открыть: {last}"}
    if decided:
        text = f"Принято: {counted(decided, 'решение,решения,решений')}."
        return stage("Общественный совет", "done", "принимает решения", text, **link)
    waiting = AgendaItem.objects.filter(session__in=coming).count()
    if next_one:
        text = f"В повестке {counted(waiting, 'вопрос,вопроса,вопросов')}."
        return stage("Общественный совет", "underway", "заседание назначено", text, **link)
    text = "Решения совета о перечне, задании и результатах появятся здесь."
    return stage("Общественный совет", "", "ещё не решал", text, **link)
