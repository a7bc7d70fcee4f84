"""What the page of a session shows, by its state and by who is looking."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from noko.access.council import find_seat
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.actions.session import EARLY
from noko.models import (
    AgendaItem,
    Attendance,
    Ballot,
    CouncilMember,
    Session,
    VoteChoice,
)
from noko.queries.council import attendance, quorum_of
from noko.templatetags.russian import moment
from noko.web.office.council import council_crumbs

_S = Session.Status
_I = AgendaItem.Status

STATES = {
    _S.PLANNED: "",
    _S.INVITED: "underway",
    _S.OPEN: "underway",
    _S.CLOSED: "warning",
    _S.SIGNED: "done",
    _S.NOT_HELD: "overdue",
    _S.CANCELLED: "",
}
ITEM_STATES = {
    _I.WAITING: "",
    _I.DISCUSSED: "underway",
    _I.VOTING: "underway",
    _I.TIED: "warning",
    _I.ADOPTED: "done",
    _I.REJECTED: "overdue",
    _I.NOTED: "done",
    _I.WITHDRAWN: "",
}


REPLIES = (
    (Attendance.Reply.COMING.value, "Приду"),
    (Attendance.Reply.REMOTE.value, "Подключусь удалённо"),
    (Attendance.Reply.NOT_COMING.value, "Не смогу"),
)
"""An answer to the invitation as the member says it."""


@dataclass(frozen=True, slots=True)
class Row:
    """An item as a person sees it: ``own`` is what they themselves have voted, in words."""

    item: AgendaItem
    state: str
    ballot: Ballot | None
    voted: int
    asked: int
    own: str
    may_vote: bool
    materials: list[Any] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return self.ballot is not None and self.ballot.status == Ballot.Status.OPEN


@dataclass(frozen=True, slots=True)
class Step:
    """The one thing to do next; ``explanation`` where it is somebody else's."""

    title: str = ""
    url: str = ""
    explanation: str = ""


def session_context(request: HttpRequest, session: Session) -> dict[str, Any]:
    """Everything that ``council/session.html`` needs."""
    person = request.user
    seat = find_seat(person, session)
    lines = list(attendance(session))
    line = next((one for one in lines if seat and one.member_id == seat.pk), None)
    return {
        **live(session),
        "state": STATES[_S(session.status)],
        "facts": _facts(session),
        "rows": rows_of(session, seat, line),
        "lines": lines,
        "seat": seat,
        "line": line,
        "replies": REPLIES,
        "may_join": _may_join(session, line),
        "step": next_step(session, person),
        "before": session.status in (_S.PLANNED, _S.INVITED),
        "decisions": session.decisions.order_by("number"),
        "crumbs": council_crumbs(session.council),
    }


def live(session: Session) -> dict[str, Any]:
    """What changes while the session is going on."""
    lines = list(attendance(session))
    current = session.items.filter(status__in=(_I.DISCUSSED, _I.VOTING)).order_by("order").first()
    ballots = [
        last_ballot(item) for item in session.items.filter(status=_I.VOTING).order_by("order")
    ]
    return {
        "session": session,
        "quorum": quorum_of(session),
        "here": sum(1 for line in lines if line.mark in Attendance.HERE),
        "all": len(lines),
        "coming": sum(1 for line in lines if line.reply in ("coming", "remote")),
        "not_coming": sum(1 for line in lines if line.reply == "not_coming"),
        "current": current,
        "counts": [(ballot, voted_in(ballot)) for ballot in ballots if ballot],
        "poll": session.kind == Session.Kind.POLL,
    }


def rows_of(session: Session, seat: CouncilMember | None, line: Attendance | None) -> list[Row]:
    items = session.items.select_related("decision").prefetch_related("materials", "recusals")
    return [row_of(item, seat, line) for item in items.order_by("order")]


def row_of(item: AgendaItem, seat: CouncilMember | None, line: Attendance | None) -> Row:
    """The item with its last ballot."""
    ballot = last_ballot(item)
    own = own_vote(item, ballot, seat)
    is_open = ballot is not None and ballot.status == Ballot.Status.OPEN
    here = line is not None and line.mark in Attendance.HERE
    recused = seat is not None and any(one.member_id == seat.pk for one in item.recusals.all())
    return Row(
        item=item,
        state=ITEM_STATES[_I(item.status)],
        ballot=ballot,
        voted=voted_in(ballot) if ballot else 0,
        asked=item.session.attendance.filter(mark__in=Attendance.HERE).count(),
        own=own,
        may_vote=is_open and here and not recused,
        materials=list(item.materials.all()),
    )


def own_vote(item: AgendaItem, ballot: Ballot | None, seat: CouncilMember | None) -> str:
    """What this member has done about the item: «за», «проголосовали тайно», «самоотвод»."""
    if seat is None:
        return ""
    if item.recusals.filter(member=seat).exists():
        return "самоотвод"
    if ballot is None:
        return ""
    if ballot.secret:
        return "проголосовали тайно" if ballot.voted.filter(member=seat).exists() else ""
    vote = ballot.votes.filter(member=seat).first()
    return VoteChoice(vote.choice).label if vote else ""


def voted_in(ballot: Ballot) -> int:
    return ballot.voted.count() if ballot.secret else ballot.votes.count()


def next_step(session: Session, person: Any) -> Step:
    """The main button of the page for this person."""
    manages = has_permission(person, Permission.COUNCIL_MANAGE)
    chairs = has_permission(person, Permission.COUNCIL_CHAIR)
    status, poll = _S(session.status), session.kind == Session.Kind.POLL
    if status in (_S.PLANNED, _S.INVITED):
        return _before(session, manages, chairs, poll)
    if status is _S.OPEN:
        return _while_open(session, chairs, poll)
    if status is _S.CLOSED:
        if chairs:
            return Step("Проверить и подписать протокол", _url("session_sign", session))
        return Step(explanation="Протокол подписывает председательствующий.")
    if status is _S.SIGNED and not session.published_at:
        if manages:
            return Step("Опубликовать протокол и решения", _url("session_publish", session))
        return Step(explanation="Протокол подписан. Публикует его секретарь.")
    return Step()


def _before(session: Session, manages: bool, chairs: bool, poll: bool) -> Step:
    if not session.items.exists():
        if manages:
            return Step("Внести вопрос в повестку", _url("agenda_new", session))
        return Step(explanation="Секретарь составляет повестку.")
    if session.status == _S.PLANNED and manages:
        return Step("Отправить приглашения", _url("session_invite", session))
    if chairs:
        title = "Открыть опрос" if poll else "Открыть заседание"
        return Step(title, _url("session_open", session))
    if manages and not poll:
        return Step("Отметить, кто участвует", _url("session_attendance", session))
    what = "Опрос" if poll else "Заседание"
    return Step(explanation=f"{what} открывает председатель.")


def _while_open(session: Session, chairs: bool, poll: bool) -> Step:
    if poll:
        return Step(explanation=f"Опрос завершится сам {moment(session.ends_at)}.")
    undecided = session.items.filter(status__in=(_I.WAITING, _I.DISCUSSED, _I.VOTING, _I.TIED))
    if undecided.exists():
        return Step()
    if chairs:
        return Step("Закрыть заседание", _url("session_close", session))
    return Step(explanation="Повестка исчерпана. Заседание закрывает председатель.")


def _may_join(session: Session, line: Attendance | None) -> bool:
    if session.kind != Session.Kind.REMOTE or line is None or line.mark in Attendance.HERE:
        return False
    open_now = session.status in (_S.PLANNED, _S.INVITED, _S.OPEN)
    return open_now and timezone.now() >= session.starts_at - EARLY


def last_ballot(item: AgendaItem) -> Ballot | None:
    """The vote that is going on, or the last one there was."""
    return item.ballots.order_by("-round").first()


def _facts(session: Session) -> list[tuple[str, Any]]:
    poll = session.kind == Session.Kind.POLL
    return [
        ("Форма", session.get_kind_display()),
        ("Начало", moment(session.opened_at or session.starts_at)),
        (
            "Голоса принимают до" if poll else "Окончание",
            moment(session.closed_at or session.ends_at),
        ),
        ("Место", session.place),
        ("Цикл", session.cycle),
        ("Председательствующий", session.presiding),
        ("Протокол ведёт", session.minutes_by),
        ("Почему", session.reason),
    ]


def _url(name: str, session: Session) -> str:
    return reverse(f"office:{name}", args=[session.pk])
