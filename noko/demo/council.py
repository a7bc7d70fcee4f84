"""The public council of the demonstration: three terms, sessions of earlier cycles, one to come."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from noko.actions import agenda
from noko.actions import council as councils
from noko.actions import session as sessions
from noko.actions import vote as votes
from noko.demo import DOMAIN, REGION_OF
from noko.demo.people import LOGINS
from noko.documents.council import minutes_digest
from noko.jobs import council as jobs
from noko.models import AgendaItem, Ballot, Council, CouncilMember, Cycle, Person, Session

_MOSCOW = ZoneInfo("Europe/Moscow")
PLACE = "г. Заречный, ул. Садовая, 1, кабинет 12"
UPCOMING = date(2026, 12, 10)

FULL_NAME = (
    "Общественный совет по проведению независимой оценки качества условий осуществления "
    f"образовательной деятельности организациями {REGION_OF}"
)
FORMER_NAME = (
    "Общественный совет по проведению независимой оценки качества образовательной деятельности "
    f"организаций {REGION_OF}"
)
SEATS = (
    ("Лебедева Ольга Павловна", "Областной родительский комитет", "chair"),
    ("Рогов Глеб Иванович", "Областное общество инвалидов", "deputy"),
    ("Орлова Марина Викторовна", "Союз женщин области", "secretary"),
    ("Абрамов Пётр Захарович", "Совет ветеранов", "member"),
    ("Белозёрова Анна Олеговна", "Объединение многодетных семей «Очаг»", "member"),
    ("Климова Ия Петровна", "Объединение родителей детей с инвалидностью", "member"),
    ("Кузьмин Сергей Петрович", "Общество защиты прав потребителей", "member"),
)


@dataclass(frozen=True, slots=True)
class Question:
    """An item and how it goes. ``votes``: of the members in their order, "+" for, "-" against,
    "0" abstained, "." none, "x" recused; ``make`` puts the item on the agenda some other way."""

    title: str
    draft: str = ""
    votes: str = "+++++++"
    heard: str = ""
    discussion: str = ""
    speaker: str = "Соколова Вера Андреевна, секретарь процедуры"
    kind: str = "ordinary"
    secret: bool = False
    recusal: str = ""
    materials: Sequence[tuple[str, bytes]] = field(default_factory=tuple)
    make: Callable[[Session], AgendaItem] | None = None


class Councils:
    """The council of every term, and what it decided in a cycle."""

    def __init__(self, by: Person) -> None:
        self.by = by
        self.terms = [
            form_council(date(2015, 2, 1), "256fz-2014", date(2018, 2, 5), by, name=FORMER_NAME),
            form_council(date(2022, 2, 1), "392fz-2017", None, by),
            form_council(date(2025, 2, 1), "392fz-2017", None, by),
        ]

    def of(self, day: date) -> Council:
        return next(one for one in reversed(self.terms) if one.starts_on <= day)

    def settle_list(
        self, cycle: Cycle, on: date, organisations: Callable[[Session], AgendaItem]
    ) -> Session:
        """The session that settles the list; ``organisations`` puts it on the agenda."""
        questions = [_listing(organisations)]
        return hold(self.of(on), on, questions, cycle=cycle, by=self.by)

    def settle_both(
        self, cycle: Cycle, on: date, organisations: Callable[[Session], AgendaItem]
    ) -> Session:
        """The session that settles the list and proposes what the operator is asked for."""
        questions = [_listing(organisations), _preparing(cycle.year)]
        return hold(self.of(on), on, questions, cycle=cycle, by=self.by)

    def prepare(
        self, cycle: Cycle, on: date, specification: Callable[[Session], AgendaItem]
    ) -> Session:
        """The session that settles the technical specification for the operator;
        ``specification`` puts it on the agenda."""
        questions = [_preparing(cycle.year, specification)]
        return hold(self.of(on), on, questions, cycle=cycle, by=self.by)

    def replace(self, cycle: Cycle, on: date) -> Session:
        """A written poll of the spring."""
        return hold(self.of(on), on, [_replacing(cycle.year)], cycle=cycle, by=self.by, kind="poll")

    def conclude(self, cycle: Cycle, on: date, also: Sequence[Question] = ()) -> Session:
        """The session that considers the results, held remotely; ``also``: other questions."""
        absent = ("Климова Ия Петровна",) if cycle.year % 2 else ()
        questions = _concluding(cycle.year, absent=bool(absent))
        return hold(
            self.of(on),
            on,
            [*questions[: None if self._sits(on) else 1], *also],
            cycle=cycle,
            by=self.by,
            kind="remote",
            absent=absent,
        )

    def _sits(self, on: date) -> bool:
        """Whether the council of that day is the one of today; of former ones less is told."""
        return self.of(on) == self.terms[-1]

    def plan_next(self, cycle: Cycle) -> Session:
        return plan_next(self.of(UPCOMING), cycle, _coming(cycle.year), self.by)


def _listing(make: Callable[[Session], AgendaItem]) -> Question:
    return Question(
        "О перечне организаций",
        votes="+++x+++",
        recusal="внук учится в школе из перечня",
        heard="Перечень составлен так, чтобы каждую организацию оценивали не чаще одного раза "
        "в год и не реже одного раза в три года.",
        discussion="Рогов Г. И. спросил, вошли ли в перечень сельские школы.\n"
        "Соколова В. А. ответила, что вошли все, срок которых подошёл.",
        make=make,
    )


def _preparing(year: int, specification: Callable[[Session], AgendaItem] | None = None) -> Question:
    return Question(
        f"О предложениях к техническому заданию оператора на {year} год",
        "Предложить включить в техническое задание опрос не менее 40 % получателей услуг, но "
        "не более 600 человек в организации.",
        votes="+++++0+",
        heard="Предложения собраны с членов совета и сотрудников управления образования.",
        make=specification,
    )


def _replacing(year: int) -> Question:
    return Question(
        f"Об изменении сроков опроса получателей услуг в {year} году",
        "Согласиться с продлением опроса в общеобразовательных организациях до 31 мая.",
        votes="+++-+.+",
        speaker="",
    )


def _concluding(year: int, *, absent: bool) -> list[Question]:
    last = "." if absent else "+"
    return [
        Question(
            f"О результатах независимой оценки {year} года",
            "1. Согласиться с результатами независимой оценки.\n"
            "2. Направить результаты в управление образования.",
            votes=f"+++++{last}+",
            heard="Представлен отчёт организации-оператора и рассчитанный рейтинг.",
            discussion="Кузьмин С. П. обратил внимание на доступность зданий для инвалидов.",
        ),
        Question(
            f"О предложениях по улучшению качества работы организаций по итогам {year} года",
            "Предложить организациям включить в планы мероприятия по доступности и сайтам.",
            votes=f"+++++{last}0",
            heard="Предложения составлены по самым слабым показателям.",
        ),
        Question(
            "О выездном заседании в следующем году",
            "Провести одно заседание в следующем году в сельской школе.",
            votes=f"--++-{last}0",
            heard="Предложение внесла Орлова М. В.",
            speaker="Орлова Марина Викторовна",
        ),
    ]


def _coming(year: int) -> list[Question]:
    return [
        Question(
            f"О предложениях к техническому заданию оператора на {year} год",
            "Предложить оператору опрашивать родителей детей с инвалидностью отдельной выборкой.",
        ),
        Question(
            "О плане заседаний совета на следующий год",
            "Утвердить план заседаний совета.",
            speaker="Орлова Марина Викторовна",
            materials=(("План заседаний.txt", PLAN.encode()),),
        ),
        Question(
            "Об избрании заместителя председателя",
            "Избрать заместителем председателя Белозёрову Анну Олеговну.",
            kind="personal",
            secret=True,
            speaker="Лебедева Ольга Павловна",
        ),
    ]


PLAN = """План заседаний общественного совета

Февраль – перечень организаций и техническое задание
Май – ход опроса получателей услуг
Октябрь – результаты независимой оценки
Декабрь – предложения на следующий год
"""


def form_council(
    starts_on: date, rules: str, ends_on: date | None, by: Person, *, name: str = FULL_NAME
) -> Council:
    """A council of seven for one term."""
    now = _at(starts_on - timedelta(days=10))
    old = rules == "256fz-2014"
    council = councils.form(
        rules=rules,
        name=name,
        short_name=f"Общественный совет {REGION_OF}",
        act_body="Управление образования" if old else "Общественная палата области",
        act_title="О составе общественного совета по независимой оценке",
        act_number=f"{starts_on.month}-{starts_on.year % 100}",
        act_on=starts_on - timedelta(days=12),
        regulation_title="Положение об общественном совете",
        regulation_number="7",
        regulation_on=starts_on - timedelta(days=12),
        starts_on=starts_on,
        ends_on=ends_on,
        choices={"personal.secrecy": {"choice": "allowed", "point": "п. 4.6"}},
        invented=True,
        by=by,
        now=now,
    )
    logins = {login.full_name: login.email for login in LOGINS}
    for place, (full_name, association, position) in enumerate(SEATS, start=1):
        councils.add_member(
            council=council,
            full_name=full_name,
            association=association,
            position=position,
            starts_on=starts_on,
            person=Person.objects.filter(email=logins.get(full_name, "")).first(),
            email="" if full_name in logins else f"chlen-{place}@{DOMAIN}",
            by=by,
            now=now,
        )
    return council


def hold(
    council: Council,
    on: date,
    questions: Sequence[Question],
    *,
    cycle: Cycle | None,
    by: Person,
    kind: str = "in_person",
    absent: Sequence[str] = (),
    publish: bool = True,
) -> Session:
    """A session or a poll from the plan to the published minutes; ``absent``: full names."""
    poll = kind == Session.Kind.POLL
    begins = _at(on, 15)
    session = sessions.plan(
        council=council,
        kind=kind,
        starts_at=begins,
        ends_at=begins + timedelta(days=4) if poll else None,
        place=PLACE if kind == Session.Kind.IN_PERSON else "",
        link="https://meet.demo.example/sovet" if kind == Session.Kind.REMOTE else "",
        guests="" if poll else "Соколова Вера Андреевна, секретарь процедуры",
        minutes_by=_keeper(council),
        cycle=cycle,
        by=by,
        now=begins - timedelta(days=8),
    )
    items = [_put(session, question, by, begins - timedelta(days=7)) for question in questions]
    members = _members(session)
    if not poll:
        marks = {m.pk: ("absent" if m.full_name in absent else "present", "") for m in members}
        sessions.mark(session=session, marks=marks, by=by, now=begins)
    chair = members[0]
    session = sessions.open_session(session=session, presiding=chair, by=chair.person, now=begins)
    for item, question in zip(items, questions, strict=True):
        _decide(item, question, members, by, begins + timedelta(minutes=20 * item.order))
    return _finish(session, chair, by, begins, publish=publish)


def plan_next(council: Council, cycle: Cycle, questions: Sequence[Question], by: Person) -> Session:
    """A session to come, with invitations answered by some; later than today whenever it is."""
    today = timezone.localdate()
    on = UPCOMING if today < UPCOMING else today + timedelta(days=14)
    now = _at(date(2026, 11, 24), 10)
    session = sessions.plan(
        council=council,
        kind=Session.Kind.IN_PERSON,
        starts_at=_at(on, 15),
        place=PLACE,
        guests="Соколова Вера Андреевна, секретарь процедуры",
        cycle=cycle,
        by=by,
        now=now,
    )
    for question in questions:
        _put(session, question, by, now)
    session = sessions.invite(session=session, by=by, now=now)
    answers = ("coming", "coming", "coming", "", "coming", "not_coming", "")
    for member, answer in zip(_members(session), answers, strict=True):
        if answer:
            sessions.reply(session=session, member=member, answer=answer, by=member.person, now=now)
    return session


def _put(session: Session, question: Question, by: Person, now: datetime) -> AgendaItem:
    if question.make:
        return question.make(session)
    return councils.put_on_agenda(
        session=session,
        title=question.title,
        draft_decision=question.draft,
        materials=question.materials,
        kind=question.kind,
        secret=question.secret,
        speaker=question.speaker,
        by=by,
        now=now,
    )


def _decide(
    item: AgendaItem,
    question: Question,
    members: Sequence[CouncilMember],
    by: Person,
    now: datetime,
) -> None:
    agenda.note(item=item, heard=question.heard, discussion=question.discussion, by=by, now=now)
    poll = item.session.kind == Session.Kind.POLL
    if not poll:
        item.refresh_from_db()
        votes.discuss(item=item, by=by, now=now)
    if not poll and not item.draft_decision:
        votes.conclude(item=item, by=by, now=now)
        return
    ballot = Ballot.objects.get(item=item) if poll else votes.open_ballot(item=item, by=by, now=now)
    for member, sign in zip(members, question.votes, strict=True):
        _vote(ballot, member, sign, question, by, now)
    if not poll:
        votes.close_ballot(ballot=ballot, by=by, now=now + timedelta(minutes=5))


WORDS = {"+": "for", "-": "against", "0": "abstained"}


def _vote(
    ballot: Ballot,
    member: CouncilMember,
    sign: str,
    question: Question,
    by: Person,
    now: datetime,
) -> None:
    own = member.person or by
    if sign == "x":
        votes.recuse(item=ballot.item, member=member, reason=question.recusal, by=own, now=now)
    elif sign in WORDS:
        votes.cast(ballot=ballot, member=member, choice=WORDS[sign], by=own, now=now)


def _finish(
    session: Session, chair: CouncilMember, by: Person, begins: datetime, *, publish: bool
) -> Session:
    if session.kind == Session.Kind.POLL:
        ends = session.ends_at or begins
        votes.close_poll(session=session, by=None, now=ends)
    else:
        ends = begins + timedelta(hours=2)
        sessions.close_session(session=session, by=chair.person, now=ends)
    session.refresh_from_db()
    signed_at = ends + timedelta(days=1)
    digest = minutes_digest(session)
    session = jobs.sign(session=session, expected=digest, by=chair.person, now=signed_at)
    if publish:
        session = jobs.publish(session=session, by=by, now=signed_at + timedelta(hours=1))
    return session


def _members(session: Session) -> list[CouncilMember]:
    """In the order of :data:`SEATS`."""
    lines = session.attendance.select_related("member__person")
    by_name = {line.member.full_name: line.member for line in lines}
    return [by_name[name] for name, _, _ in SEATS]


def _keeper(council: Council) -> str:
    return next(name for name, _, position in SEATS if position == "secretary")


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), _MOSCOW)
