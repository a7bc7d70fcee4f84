"""Sessions of the council: planned, invited to, attended, opened, closed.

Every deed that changes a session, its agenda or its attendance locks the session first, so that
two of them follow each other; members who vote never wait for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from noko.actions.ballot import open_poll
from noko.actions.constraints import refusing
from noko.actions.session_moves import BEFORE_OPENING, UNDECIDED, locked_session, move
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import (
    AgendaItem,
    Attendance,
    Council,
    CouncilMember,
    Cycle,
    Person,
    Session,
)
from noko.queries.council import members_on, quorum_of

EARLY = timedelta(hours=1)
"""How long before its beginning a member may join a session."""

SAME_DAY = timedelta(hours=12)
"""How long before its beginning a session may be opened: another day is another session."""


def plan(
    *,
    council: Council,
    kind: str,
    starts_at: datetime,
    ends_at: datetime | None = None,
    place: str = "",
    link: str = "",
    guests: str = "",
    minutes_by: str = "",
    cycle: Cycle | None = None,
    by: Person | None,
    now: datetime,
) -> Session:
    """A session or a poll to come, with everybody who is on the council that day.

    Refusals: ``no_place`` (a session in person), ``no_link`` (a remote one), ``no_end`` (a poll),
    ``bad_time``, ``outside_of_term``, ``no_members``.
    """
    _check(council, kind, starts_at, ends_at, place, link)
    with refusing(_times()):
        session = Session.objects.create(
            council=council,
            cycle=cycle,
            kind=Session.Kind(kind),
            starts_at=starts_at,
            ends_at=ends_at,
            place=place.strip(),
            link=link.strip(),
            guests=guests.strip(),
            minutes_by=minutes_by.strip(),
            created_at=now,
        )
        if not _gather(session):
            raise Refusal(
                "В этот день в составе совета никого нет.",
                kind="no_members",
                cure="Сначала внесите состав совета.",
            )
        record(
            Deed.SESSION_PLANNED, thing=session, by=by, now=now, cycle=cycle, after=_shown(session)
        )
    return session


def change(
    *,
    session: Session,
    starts_at: datetime,
    ends_at: datetime | None,
    place: str,
    link: str,
    guests: str,
    minutes_by: str,
    cycle: Cycle | None,
    by: Person | None,
    now: datetime,
) -> Session:
    """Another time or place before the opening. Who was invited is to be invited again.

    Refusals: those of :func:`plan`, ``moved_already``.
    """
    _check(session.council, session.kind, starts_at, ends_at, place, link)
    with refusing(_times()):
        held = locked_session(session, BEFORE_OPENING)
        before = _shown(held)
        held.starts_at, held.ends_at, held.cycle = starts_at, ends_at, cycle
        held.place, held.link = place.strip(), link.strip()
        held.guests, held.minutes_by = guests.strip(), minutes_by.strip()
        after = _shown(held)
        if before != after:
            held.status = Session.Status.PLANNED
            held.save()
            _gather(held)
            record(
                Deed.SESSION_CHANGED,
                thing=held,
                by=by,
                now=now,
                cycle=held.cycle,
                before=before,
                after=after,
            )
    return held


def invite(*, session: Session, by: Person | None, now: datetime) -> Session:
    """Invitations are on their way: once more after a change. The letters are sent by the job.

    Refusals: ``empty_agenda``, ``moved_already``.
    """
    with transaction.atomic():
        held = locked_session(session, BEFORE_OPENING)
        if not held.items.exclude(status=AgendaItem.Status.WITHDRAWN).exists():
            raise Refusal(
                "В повестке нет вопросов.",
                kind="empty_agenda",
                cure="Внесите хотя бы один вопрос и отправьте приглашения.",
            )
        _gather(held)
        moved = move(held, Session.Status.INVITED, sequence=held.sequence + 1, invited_at=now)
        after = {"приглашений": moved.attendance.count(), "раз": moved.sequence}
        record(Deed.SESSION_INVITED, thing=moved, by=by, now=now, cycle=moved.cycle, after=after)
    return moved


def reply(
    *,
    session: Session,
    member: CouncilMember,
    answer: str,
    note: str = "",
    by: Person | None,
    now: datetime,
) -> Attendance:
    """What a member answers to the invitation. Refusals: ``moved_already``, ``not_invited``."""
    with transaction.atomic():
        held = locked_session(session, BEFORE_OPENING)
        line = _line(held, member)
        line.reply, line.note = Attendance.Reply(answer), note.strip()
        line.save(update_fields=["reply", "note"])
        after = {"член совета": member.full_name, "ответ": line.get_reply_display()}
        record(Deed.SESSION_REPLIED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return line


def mark(
    *,
    session: Session,
    marks: Mapping[int, tuple[str, str]],
    by: Person | None,
    now: datetime,
) -> Session:
    """Who takes part: key of the member → (mark, reason of absence), from before the opening on.

    Refusals: ``moved_already``, ``not_invited``.
    """
    with transaction.atomic():
        held = locked_session(session, (*BEFORE_OPENING, Session.Status.OPEN))
        lines = {line.member_id: line for line in held.attendance.select_related("member")}
        before, after = {}, {}
        for key, (wanted, why) in sorted(marks.items()):
            line = lines.get(key) or _line(held, CouncilMember.objects.get(pk=key))
            if (line.mark, line.note) == (wanted, why.strip()):
                continue
            before[line.member.full_name] = line.get_mark_display()
            line.mark, line.note = Attendance.Mark(wanted), why.strip()
            line.save(update_fields=["mark", "note"])
            after[line.member.full_name] = line.get_mark_display()
        if after:
            record(
                Deed.SESSION_ATTENDANCE,
                thing=held,
                by=by,
                now=now,
                cycle=held.cycle,
                before=before,
                after=after,
            )
    return held


def join(
    *, session: Session, member: CouncilMember, by: Person | None, now: datetime
) -> Attendance:
    """A member joins a remote session by themselves, an hour before it or while it is open.

    Refusals: ``not_remote``, ``too_early``, ``moved_already``, ``not_invited``.
    """
    if session.kind != Session.Kind.REMOTE:
        raise Refusal(
            "На этом заседании присутствующих отмечает секретарь.",
            kind="not_remote",
            cure="Скажите секретарю, что вы здесь.",
        )
    if now < session.starts_at - EARLY:
        raise Refusal(
            "Подключиться можно за час до начала.",
            kind="too_early",
            cure="Откройте эту страницу позже.",
        )
    mark(session=session, marks={member.pk: (Attendance.Mark.REMOTE, "")}, by=by, now=now)
    return _line(session, member)


def open_session(
    *, session: Session, presiding: CouncilMember, by: Person | None, now: datetime
) -> Session:
    """The session begins; its minutes get the next number of the year.

    A poll begins the voting on all its items at once, until its end. Refusals: ``no_quorum``,
    ``too_early``, ``empty_agenda``, ``presiding_absent``, ``poll_over``, ``moved_already``.
    """
    with transaction.atomic():
        held = locked_session(session, BEFORE_OPENING)
        council = Council.objects.select_for_update(no_key=True).get(pk=session.council_id)
        _gather(held)
        if held.kind == Session.Kind.POLL:
            _ready_poll(held, now)
            held.attendance.update(mark=Attendance.Mark.POLL)
        else:
            _ready_session(held, presiding, now)
        day = timezone.localdate(now)
        last = council.sessions.filter(year=day.year).aggregate(last=Max("number"))["last"] or 0
        moved = move(
            held,
            Session.Status.OPEN,
            year=day.year,
            number=last + 1,
            presiding=presiding,
            minutes_by=_keeper(held),
            opened_at=now,
            starts_at=min(held.starts_at, now)
            if held.kind == Session.Kind.POLL
            else held.starts_at,
        )
        after = {"протокол №": moved.number, "кворум": str(quorum_of(moved))}
        record(Deed.SESSION_OPENED, thing=moved, by=by, now=now, cycle=moved.cycle, after=after)
        if moved.kind == Session.Kind.POLL:
            open_poll(session=moved, by=by, now=now)
    return moved


def close_session(*, session: Session, by: Person | None, now: datetime) -> Session:
    """The session ends when every item is decided, noted or withdrawn.

    Refusals: ``items_left`` names them, ``poll_by_itself``, ``moved_already``.
    """
    with transaction.atomic():
        held = locked_session(session, (Session.Status.OPEN,))
        if held.kind == Session.Kind.POLL:
            raise Refusal(
                "Письменный опрос завершается сам, в назначенное время.",
                kind="poll_by_itself",
                cure="Если проголосовали все, завершите его досрочно.",
            )
        left = [item.title for item in held.items.filter(status__in=UNDECIDED)]
        if left:
            raise Refusal(
                f"Не рассмотрено вопросов: {len(left)}. Первый: «{left[0]}».",
                kind="items_left",
                cure="Проголосуйте, отметьте рассмотренными или снимите их с повестки.",
            )
        return finish(session=held, by=by, now=now)


def finish(*, session: Session, by: Person | None, now: datetime) -> Session:
    """The end of a session or a poll, within the transaction of the deed that ends it."""
    moved = move(session, Session.Status.CLOSED, closed_at=now)
    after = {"решений": moved.decisions.count()}
    record(Deed.SESSION_CLOSED, thing=moved, by=by, now=now, cycle=moved.cycle, after=after)
    return moved


def give_up(
    *, session: Session, held: bool, reason: str, by: Person | None, now: datetime
) -> Session:
    """The session does not take place: people came in vain (``held``), or it is cancelled before.

    Refusals: ``reason_required``, ``moved_already``.
    """
    reason = reason.strip()
    if not reason:
        raise Refusal("Не сказано, почему.", kind="reason_required", cure="Например: нет кворума.")
    to = Session.Status.NOT_HELD if held else Session.Status.CANCELLED
    deed = Deed.SESSION_NOT_HELD if held else Deed.SESSION_CANCELLED
    with transaction.atomic():
        locked = locked_session(session, BEFORE_OPENING)
        moved = move(locked, to, reason=reason, sequence=locked.sequence + 1)
        record(deed, thing=moved, by=by, now=now, cycle=moved.cycle, reason=reason)
    return moved


def _times() -> dict[str, Refusal]:
    refusal = Refusal("Окончание раньше начала.", kind="bad_time", cure="Исправьте время.")
    return {"session_ends_after_start": refusal}


def _check(
    council: Council,
    kind: str,
    starts_at: datetime,
    ends_at: datetime | None,
    place: str,
    link: str,
) -> None:
    if kind == Session.Kind.IN_PERSON and not place.strip():
        raise Refusal(
            "Не сказано, где пройдёт заседание.", kind="no_place", cure="Напишите адрес и кабинет."
        )
    if kind == Session.Kind.REMOTE and not link.strip():
        raise Refusal(
            "Не сказано, как подключиться.", kind="no_link", cure="Вставьте ссылку на встречу."
        )
    if kind == Session.Kind.POLL and ends_at is None:
        raise Refusal(
            "Не сказано, когда опрос закончится.",
            kind="no_end",
            cure="Укажите день и время, до которых принимают голоса.",
        )
    day = timezone.localdate(starts_at)
    if day < council.starts_on or (council.ends_on and day > council.ends_on):
        raise Refusal(
            "В этот день у совета нет полномочий.",
            kind="outside_of_term",
            cure="Выберите другой день или внесите совет нового срока.",
        )


def _gather(session: Session) -> int:
    """A line of attendance for everybody on the council that day; an answer given stays."""
    members = list(members_on(session.council, timezone.localdate(session.starts_at)))
    kept = {line.member.full_name: line for line in session.attendance.select_related("member")}
    session.attendance.exclude(member__in=members).delete()
    for member in members:
        old = kept.get(member.full_name)
        answered = {"reply": old.reply, "mark": old.mark, "note": old.note} if old else {}
        Attendance.objects.get_or_create(session=session, member=member, defaults=answered)
    return len(members)


def _line(session: Session, member: CouncilMember) -> Attendance:
    line = session.attendance.filter(member=member).first()
    if line is None:
        raise Refusal(
            f"{member} не приглашён на это заседание.",
            kind="not_invited",
            cure="Проверьте состав совета на день заседания.",
        )
    return line


def _ready_session(session: Session, presiding: CouncilMember, now: datetime) -> None:
    _need_items(session)
    if now < session.starts_at - SAME_DAY:
        raise Refusal(
            "Заседание назначено на другой день.",
            kind="too_early",
            cure="Перенесите его и пригласите членов совета снова.",
        )
    line = session.attendance.filter(member=presiding).first()
    if line is None or line.mark not in Attendance.HERE:
        raise Refusal(
            "Председательствующий не отмечен среди участвующих.",
            kind="presiding_absent",
            cure="Отметьте его или выберите, кто ведёт заседание.",
        )
    here = quorum_of(session)
    if not here.reached:
        raise Refusal(
            str(here),
            kind="no_quorum",
            cure="Дождитесь остальных или отметьте, что заседание не состоялось.",
        )


def _ready_poll(session: Session, now: datetime) -> None:
    _need_items(session)
    if session.ends_at is not None and session.ends_at <= now:
        raise Refusal("Срок опроса уже прошёл.", kind="poll_over", cure="Измените время окончания.")
    bare = session.items.filter(status=AgendaItem.Status.WAITING, draft_decision="").first()
    if bare:
        raise Refusal(
            f"У вопроса «{bare}» нет проекта решения.",
            kind="no_draft",
            cure="Напишите, за что голосуют.",
        )


def _need_items(session: Session) -> None:
    if not session.items.filter(status=AgendaItem.Status.WAITING).exists():
        raise Refusal(
            "В повестке нет вопросов.", kind="empty_agenda", cure="Внесите хотя бы один вопрос."
        )


def _keeper(session: Session) -> str:
    """Who keeps the minutes: as planned, or the secretary of the council when here."""
    secretary = session.attendance.filter(
        member__position=CouncilMember.Position.SECRETARY, mark__in=Attendance.HERE
    ).first()
    return session.minutes_by or (str(secretary.member) if secretary else "")


def _shown(session: Session) -> dict[str, Any]:
    return {
        "форма": session.get_kind_display(),
        "начало": session.starts_at,
        "окончание": session.ends_at,
        "место": session.place,
        "ссылка": session.link,
        "приглашённые": session.guests,
        "протокол ведёт": session.minutes_by,
        "цикл": session.cycle,
    }
