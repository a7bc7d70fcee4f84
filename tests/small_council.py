"""A council of seven people and its sessions, made by the same deeds as a real one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from noko.actions import council as councils
from noko.actions import session as sessions
from noko.actions import vote as votes
from noko.models import AgendaItem, Ballot, Council, CouncilMember, Cycle, Person, Session
from tests.small_cycle import make_person

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LAW = "392fz-2017"
NAMES = (
    ("Лебедева Ольга Павловна", "chair"),
    ("Ершов Глеб Иванович", "deputy"),
    ("Зимина Раиса Львовна", "secretary"),
    ("Абрамов Пётр Ильич", "member"),
    ("Белова Анна Олеговна", "member"),
    ("Воронов Лев Юрьевич", "member"),
    ("Гусева Ия Петровна", "member"),
)
ROLES = {"chair": "council_chair", "secretary": "council_secretary"}


def make_council(
    choices: dict[str, str] | None = None, people: int = 7, **fields: object
) -> Council:
    """A council in force on :data:`NOW`; each of its members has a person who may sign in.

    ``choices``: what its regulation chooses, key → option.
    """
    given = {
        "name": "Общественный совет по независимой оценке качества образования",
        "short_name": "Общественный совет",
        "act_body": "Общественная палата области",
        "act_title": "О составе общественного совета",
        "act_on": date(2025, 1, 20),
        "starts_on": date(2025, 2, 1),
        "rules": LAW,
        "by": None,
        "now": NOW,
        **fields,
    }
    chosen = {key: {"choice": code, "point": "п. 4.2"} for key, code in (choices or {}).items()}
    council = councils.form(choices=chosen, **given)  # type: ignore[arg-type]
    for place, (name, position) in enumerate(NAMES[:people]):
        councils.add_member(
            council=council,
            full_name=name,
            association="Союз родителей",
            position=position,
            starts_on=council.starts_on,
            person=make_named(place, name, ROLES.get(position, "council_member")),
            by=None,
            now=NOW,
        )
    return council


def make_named(place: int, name: str, role: str) -> Person:
    email = f"member{place + 1}@example.org"
    found = Person.objects.filter(email=email).first()
    if found:
        return found
    person = make_person(role, email)
    person.full_name = name
    person.save()
    return person


def members_of(council: Council) -> list[CouncilMember]:
    """In the order of :data:`NAMES`."""
    by_name = {member.full_name: member for member in council.members.select_related("person")}
    return [by_name[name] for name, _ in NAMES if name in by_name]


def make_session(
    council: Council,
    kind: str = "in_person",
    titles: Sequence[str] = ("О перечне организаций",),
    cycle: Cycle | None = None,
    starts_at: datetime = NOW,
    secret: bool = False,
    question: str = "ordinary",
) -> Session:
    session = sessions.plan(
        council=council,
        kind=kind,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(days=5) if kind == "poll" else None,
        place="ул. Садовая, 1, каб. 12",
        link="https://meet.example/noko",
        cycle=cycle,
        by=None,
        now=NOW,
    )
    for title in titles:
        councils.put_on_agenda(
            session=session,
            title=title,
            draft_decision="Утвердить перечень.",
            secret=secret,
            kind=question,
            by=None,
            now=NOW,
        )
    return session


def make_open(session: Session, here: int = 7) -> Session:
    """The session opened by the chair with the first ``here`` members present."""
    members = members_of(session.council)
    marks = {
        member.pk: ("present" if place < here else "absent", "")
        for place, member in enumerate(members)
    }
    if session.kind != "poll":
        sessions.mark(session=session, marks=marks, by=None, now=NOW)
    return sessions.open_session(
        session=session, presiding=members[0], by=members[0].person, now=NOW
    )


def make_ballot(session: Session) -> Ballot:
    """The vote on the first item that still waits."""
    item = session.items.filter(status__in=["waiting", "tied"]).order_by("order").first()
    assert item is not None
    return votes.open_ballot(item=item, by=None, now=NOW)


def vote_all(ballot: Ballot, choices: str, now: datetime = NOW) -> None:
    """Votes of the members in their order: "+" for, "-" against, "0" abstained, "." none."""
    words = {"+": "for", "-": "against", "0": "abstained"}
    for member, sign in zip(members_of(ballot.item.session.council), choices, strict=False):
        if sign == ".":
            continue
        if ballot.secret:
            votes.cast_secretly(
                ballot=ballot, member=member, choice=words[sign], by=member.person, now=now
            )
        else:
            votes.cast(ballot=ballot, member=member, choice=words[sign], by=member.person, now=now)


def make_decided(
    session: Session, choices: str = "+++++--", here: int = 7
) -> tuple[Session, list[AgendaItem]]:
    """The session opened, every item voted so, and closed."""
    session = make_open(session, here)
    for _ in session.items.all():
        ballot = make_ballot(session)
        vote_all(ballot, choices)
        votes.close_ballot(ballot=ballot, by=None, now=NOW)
    return sessions.close_session(session=session, by=None, now=NOW), list(session.items.all())
