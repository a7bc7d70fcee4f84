"""The council: invitations, documents of signed minutes, polls that end by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from noko import kept
from noko.actions import letter as letters
from noko.actions import minutes as minutes_deeds
from noko.actions import session as sessions
from noko.actions import vote
from noko.actions.session_moves import locked_session
from noko.core.refusal import Refusal
from noko.documents.council import decision_document, minutes_digest, minutes_document
from noko.documents.formats import in_every_format
from noko.exchange.council import invitation
from noko.jobs.release import enqueue_pages
from noko.models import Attendance, Ballot, Person, Session
from noko.queries.council import attendance

CALENDAR = "text/calendar; method={}"
LAST_DAY = timedelta(days=1)
"""So long before the end of a poll those who have not answered are reminded."""


def invite(*, session: Session, by: Person | None, now: datetime) -> Session:
    """Moves the session and puts a letter with an .ics into the queue for everybody with an
    address. Refusals as of :func:`noko.actions.session.invite`."""
    with transaction.atomic():
        invited = sessions.invite(session=session, by=by, now=now)
        for line, to in _addressees(invited):
            _post(invited, line, to, "council_invitation", now=now)
    return invited


def give_up(
    *, session: Session, held: bool, reason: str, by: Person | None, now: datetime
) -> Session:
    """Ends a session before it began; who was invited gets a letter that takes it back.

    Refusals as of :func:`noko.actions.session.give_up`.
    """
    with transaction.atomic():
        given = sessions.give_up(session=session, held=held, reason=reason, by=by, now=now)
        if given.invited_at and not held:
            for line, to in _addressees(given):
                _post(given, line, to, "council_cancelled", now=now, cancelled=True)
    return given


def open_session(*, session: Session, presiding: Any, by: Person | None, now: datetime) -> Session:
    """Opens the session; of a poll everybody with an address learns that votes are taken.

    Refusals as of :func:`noko.actions.session.open_session`.
    """
    with transaction.atomic():
        opened = sessions.open_session(session=session, presiding=presiding, by=by, now=now)
        if opened.kind == Session.Kind.POLL:
            for line, to in _addressees(opened):
                _post(opened, line, to, "council_poll", now=now)
    return opened


def sign(*, session: Session, expected: str, by: Person | None, now: datetime) -> Session:
    """Makes the documents and signs them: minutes and decisions as DOCX and PDF, kept by digest.

    ``expected`` is the digest of the minutes that the person has seen. Refusals:
    ``minutes_changed`` and those of :func:`noko.actions.minutes.sign`.
    """
    with transaction.atomic():
        # Nobody changes the minutes between the documents and the signature.
        held = locked_session(session, (Session.Status.CLOSED,))
        digest = minutes_digest(held)
        if digest != expected:
            raise Refusal(
                "Пока вы читали, протокол изменили.",
                kind="minutes_changed",
                cure="Прочитайте его ещё раз и подпишите.",
            )
        decisions = list(held.decisions.select_related("council", "session__presiding", "item"))
        minutes, *others = in_every_format(
            [
                minutes_document(held, signed_at=now),
                *(decision_document(decision, signed_at=now) for decision in decisions),
            ]
        )
        return minutes_deeds.sign(
            session=held,
            minutes=_kept(minutes),
            decisions={
                decision.pk: _kept(files) for decision, files in zip(decisions, others, strict=True)
            },
            digest=digest,
            by=by,
            now=now,
        )


def publish(*, session: Session, by: Person | None, now: datetime) -> Session:
    """Publishes minutes and decisions; the public pages follow in the background.

    Refusals as of :func:`noko.actions.minutes.publish`.
    """
    with transaction.atomic():
        published = minutes_deeds.publish(session=session, by=by, now=now)
        enqueue_pages()
    return published


@app.periodic(cron="* * * * *")
@app.task(name="noko.council.polls", queueing_lock="polls", pass_context=False)
def end_polls(timestamp: int) -> None:
    """Every minute: polls whose time is over are ended, each once; of those that end within a day
    members who have not answered are reminded, each once."""
    del timestamp
    now = timezone.now()
    vote.close_due_polls(now=now)
    remind_of_polls(now=now)


def remind_of_polls(*, now: datetime) -> None:
    """A letter for everybody who is asked and has left a question open; sent once for each poll."""
    near = Session.objects.filter(
        kind=Session.Kind.POLL,
        status=Session.Status.OPEN,
        ends_at__lte=now + LAST_DAY,
        ends_at__gt=now,
        opened_at__lte=now - LAST_DAY,
    )
    for session in near.select_related("council"):
        open_ballots = Ballot.objects.filter(item__session=session, status=Ballot.Status.OPEN)
        for line, to in _addressees(session):
            voted = open_ballots.filter(votes__member=line.member)
            recused = open_ballots.filter(item__recusals__member=line.member)
            if open_ballots.exclude(pk__in=voted).exclude(pk__in=recused).exists():
                _post(session, line, to, "council_poll_ends", now=now)


def _addressees(session: Session) -> Iterator[tuple[Attendance, str]]:
    for line in attendance(session):
        member = line.member
        to = member.email or (member.person.email if member.person else "")
        if to:
            yield line, to


def _post(
    session: Session,
    line: Attendance,
    to: str,
    template: str,
    *,
    now: datetime,
    cancelled: bool = False,
) -> None:
    name = line.member.full_name
    file = invitation(session, now=now, to=to, name=name, cancelled=cancelled)
    kind = CALENDAR.format("CANCEL" if cancelled else "REQUEST")
    letters.post(
        key=f"{template}:{session.pk}:{line.member_id}:{session.sequence}",
        to=to,
        template=template,
        context={
            "session": session,
            "name": name,
            "items": list(session.items.order_by("order")),
            "signs_in": line.member.person_id is not None,
            "again": session.sequence > 1,
        },
        now=now,
        attachments=[letters.Attachment("zasedanie.ics", kind, file)],
    )


def _kept(files: Iterable[tuple[str, bytes]]) -> list[dict[str, Any]]:
    return [
        {"name": name, "bytes": len(content), "sha256": kept.keep(content)}
        for name, content in files
    ]
