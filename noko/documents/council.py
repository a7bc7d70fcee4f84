"""Documents of the council: minutes («протокол») and decisions («решение»), as DOCX and PDF.

The order «слушали – выступили – голосовали – решили» is usual practice; no act that we know sets
a form. Until the minutes are signed every document bears «ПРОЕКТ».
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from noko.documents.formats import Document
from noko.documents.wording import initials, long_date
from noko.models import (
    AgendaItem,
    Attendance,
    Ballot,
    CouncilMember,
    Decision,
    Session,
    VoteChoice,
)
from noko.queries.council import attendance, quorum_of
from noko.templatetags.russian import moment

Data = dict[str, Any]

POSITIONS = {
    CouncilMember.Position.CHAIR: "Председатель общественного совета",
    CouncilMember.Position.DEPUTY: "Заместитель председателя общественного совета",
    CouncilMember.Position.SECRETARY: "Секретарь общественного совета",
    CouncilMember.Position.MEMBER: "Член общественного совета",
}


def minutes_document(session: Session, *, signed_at: datetime | None = None) -> Document:
    """The minutes; a draft without ``signed_at``."""
    stem = f"protokol-{session.number or 'proekt'}-{session.year or ''}".rstrip("-")
    return Document(stem, "minutes", minutes_data(session, signed_at=signed_at))


def decision_document(decision: Decision, *, signed_at: datetime | None = None) -> Document:
    """The decision; a draft without ``signed_at``."""
    stem = f"reshenie-{decision.number}-{decision.year}"
    return Document(stem, "decision", decision_data(decision, signed_at=signed_at))


def minutes_digest(session: Session) -> str:
    """SHA-256 (hex) over everything that the minutes say, whatever the template."""
    return _digest(_minutes(session))


def _digest(said: Data) -> str:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def minutes_data(session: Session, *, signed_at: datetime | None = None) -> Data:
    """The fields of the templates ``minutes``."""
    said = _minutes(session)
    notes = ["Контрольная сумма протокола (SHA-256):", _digest(said), *_signed(session, signed_at)]
    return {**said, "draft": signed_at is None, "notes": notes}


def decision_data(decision: Decision, *, signed_at: datetime | None = None) -> Data:
    """The fields of the templates ``decision``."""
    session = decision.session
    ballot = decision.item.ballots.order_by("-round").first()
    how = "опросом" if session.kind == Session.Kind.POLL else "на заседании"
    adopted = f"Принято {how} {long_date(decision.adopted_on)}, протокол № {session.number}."
    return {
        "draft": signed_at is None,
        "title": f"Решение № {decision.number} от {long_date(decision.adopted_on)}",
        "council": decision.council.name,
        "number": str(decision.number),
        "date": long_date(decision.adopted_on),
        "subject": decision.title,
        "text": _lines(decision.text),
        "adopted": f"{adopted} {_totals(ballot)}." if ballot else adopted,
        "annexes": [
            f"{place}. {item['name']} (SHA-256: {item['sha256']})"
            for place, item in enumerate(decision.annexes, start=1)
        ],
        "presiding": _presiding(session),
        "notes": [
            "Контрольная сумма решения (SHA-256):",
            decision.digest,
            *_signed(session, signed_at),
        ],
    }


def _minutes(session: Session) -> Data:
    lines = list(attendance(session))
    items = list(session.items.select_related("decision").order_by("order"))
    here = [line for line in lines if _took_part(session, line)]
    poll = session.kind == Session.Kind.POLL
    number = f" № {session.number}" if session.number else ""
    return {
        "title": f"Протокол{number} от {long_date(session.opened_at or session.starts_at)}",
        "council": session.council.name,
        "heading": f"ПРОТОКОЛ{number}",
        "subject": f"{'письменного опроса' if poll else 'заседания'} от "
        f"{long_date(session.opened_at or session.starts_at)}",
        "facts": _facts(session),
        "present": [
            {
                "number": str(place),
                "name": line.member.full_name,
                "association": line.member.association,
                "part": "подал голос" if poll else line.get_mark_display(),
            }
            for place, line in enumerate(here, start=1)
        ],
        "absent_title": "Не ответили" if poll else "Отсутствовали",
        "absent": [_absent(line) for line in lines if line not in here],
        "guests": _lines(session.guests),
        "quorum": _poll_quorum(here, lines) if poll else str(quorum_of(session)),
        "agenda": [{"number": str(item.order), "title": item.title} for item in items],
        "items": [_item(item) for item in items],
        "annexes": _annexes(items),
        "presiding": _presiding(session),
        "keeper": {
            "position": "Секретарь заседания",
            "name": initials(session.minutes_by) if session.minutes_by else "",
        },
    }


def _facts(session: Session) -> list[Data]:
    presiding = session.presiding
    poll = session.kind == Session.Kind.POLL
    rows = [
        ("Форма", session.get_kind_display()),
        ("Место", session.place),
        ("Ссылка для подключения", session.link if session.kind == Session.Kind.REMOTE else ""),
        ("Начало", moment(session.opened_at or session.starts_at)),
        ("Окончание", moment(session.ends_at if poll else session.closed_at)),
        (
            "Председательствующий",
            f"{presiding.full_name}, {presiding.get_position_display()}" if presiding else "",
        ),
        ("Секретарь заседания", session.minutes_by),
    ]
    return [{"name": name, "value": value} for name, value in rows if value]


def _took_part(session: Session, line: Attendance) -> bool:
    if session.kind != Session.Kind.POLL:
        return line.mark in Attendance.HERE or line.mark == Attendance.Mark.LEFT
    return line.member.votes.filter(ballot__item__session=session).exists()


def _poll_quorum(here: Sequence[Attendance], lines: Sequence[Attendance]) -> str:
    return (
        f"Голоса подали {len(here)} из {len(lines)} членов совета. Кворум определяется по каждому "
        "вопросу."
    )


def _absent(line: Attendance) -> str:
    return f"{line.member.full_name} – {line.note}" if line.note else line.member.full_name


def _item(item: AgendaItem) -> Data:
    decision = getattr(item, "decision", None)
    return {
        "number": str(item.order),
        "title": item.title,
        "heard": [*([f"{item.speaker}."] if item.speaker else []), *_lines(item.heard)],
        "discussion": _lines(item.discussion),
        "recusals": [
            f"{one.member.full_name} – {one.reason}"
            for one in item.recusals.select_related("member")
        ],
        "rounds": [_round(ballot) for ballot in item.ballots.order_by("round")],
        "result": f"Решили (решение № {decision.number})" if decision else "Решили",
        "decided": _decided(item),
    }


def _decided(item: AgendaItem) -> list[str]:
    status = AgendaItem.Status
    if item.status == status.ADOPTED:
        return _lines(item.draft_decision)
    return {
        status.REJECTED: ["Решение не принято."],
        status.NOTED: ["Вопрос рассмотрен, голосования не было."],
        status.WITHDRAWN: [f"Снять вопрос с повестки: {item.reason}."],
        status.TIED: ["Голосовать ещё раз."],
    }.get(status(item.status), ["Вопрос ещё не рассмотрен."])


def _round(ballot: Ballot) -> Data:
    secret = " (тайно)" if ballot.secret else ""
    again = " ещё раз" if ballot.round > 1 else ""
    return {
        "title": f"Голосовали{again}{secret}",
        "totals": f"{_totals(ballot)}." if ballot.outcome else "Голосование идёт.",
        "names": [] if ballot.secret else _names(ballot),
        "explanation": list(ballot.explanation),
    }


def _totals(ballot: Ballot) -> str:
    return (
        f"«За» – {ballot.votes_for}, «против» – {ballot.votes_against}, "
        f"воздержались – {ballot.votes_abstained}"
    )


def _names(ballot: Ballot) -> list[str]:
    """How each one voted, vote by vote."""
    if not ballot.outcome:
        return []
    by_choice: dict[str, list[str]] = {choice: [] for choice in VoteChoice.values}
    for vote in ballot.votes.select_related("member"):
        by_choice[vote.choice].append(initials(vote.member.full_name, before=False))
    words = {"for": "За", "against": "Против", "abstained": "Воздержались"}
    return [f"{words[choice]}: {', '.join(names)}" for choice, names in by_choice.items() if names]


def _annexes(items: Iterable[AgendaItem]) -> list[str]:
    rows = []
    for item in items:
        decision = getattr(item, "decision", None)
        what = f"К решению № {decision.number}" if decision else f"К вопросу {item.order}"
        for material in item.materials.filter(annex=True):
            rows.append(f"{what}: {material.name} (SHA-256: {material.digest})")
    return [f"{place}. {row}" for place, row in enumerate(rows, start=1)]


def _presiding(session: Session) -> Mapping[str, str]:
    member = session.presiding
    if member is None:
        return {"position": "Председательствующий", "name": ""}
    position = POSITIONS[CouncilMember.Position(member.position)]
    return {"position": position, "name": initials(member.full_name)}


def _signed(session: Session, signed_at: datetime | None) -> list[str]:
    if signed_at is None:
        return []
    who = session.presiding.full_name if session.presiding else "председательствующий"
    return [
        f"Протокол подписан в системе: {who}, {moment(timezone.localtime(signed_at))}. "
        "Это отметка системы, а не электронная подпись."
    ]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
