"""Invitations to sessions of the council as iCalendar (RFC 5545, RFC 5546)."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from icalendar import Calendar, Event, vCalAddress, vText

from noko.models import Session

MEETING = timedelta(hours=2)
"""How long a session is thought to last where its end is not said."""

LAST_CALL = timedelta(minutes=30)
"""How long before the end of a poll its event begins."""


def invitation(
    session: Session, *, now: datetime, to: str = "", name: str = "", cancelled: bool = False
) -> bytes:
    """The session as a calendar file; ``to`` and ``name``: whom it is sent to.

    Another file for the same session takes the place of the former in the person's calendar: the
    same UID, a greater SEQUENCE. The same arguments give the same bytes.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//NOKO//council//RU")
    calendar.add("version", "2.0")
    if to:
        calendar.add("method", "CANCEL" if cancelled else "REQUEST")
    calendar.add_component(_event(session, now, to, name, cancelled))
    return bytes(calendar.to_ical())


def _event(session: Session, now: datetime, to: str, name: str, cancelled: bool) -> Event:
    event = Event()
    begins, ends = _times(session)
    host = settings.HOST or "localhost"
    stem = hashlib.sha256(f"session:{session.pk}:{session.created_at.isoformat()}".encode())
    event.add("uid", f"{stem.hexdigest()[:32]}@{host}")
    event.add("sequence", session.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", begins.astimezone(UTC))
    event.add("dtend", ends.astimezone(UTC))
    event.add("summary", summary(session))
    event.add("description", _description(session))
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    address = f"{settings.ADDRESS}/office/council/sessions/{session.pk}/"
    event.add("url", address)
    if session.kind != Session.Kind.POLL:
        event.add("location", session.place or session.link)
    if to:
        event["organizer"] = _person(settings.DEFAULT_FROM_EMAIL, session.council.short_name)
        guest = _person(to, name)
        guest.params["RSVP"] = vText("FALSE")
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        event.add("attendee", guest, encode=False)
    return event


def summary(session: Session) -> str:
    """What stands in the calendar."""
    if session.kind == Session.Kind.POLL:
        return f"{session.council.short_name}: письменный опрос заканчивается"
    return f"{session.council.short_name}: {session.get_kind_display()}"


def _times(session: Session) -> tuple[datetime, datetime]:
    if session.kind == Session.Kind.POLL and session.ends_at:
        return session.ends_at - LAST_CALL, session.ends_at
    return session.starts_at, session.ends_at or session.starts_at + MEETING


def _description(session: Session) -> str:
    lines = [f"{item.order}. {item.title}" for item in session.items.order_by("order")]
    if session.link:
        lines.append(f"Подключение: {session.link}")
    lines.append(f"Материалы: {settings.ADDRESS}/office/council/sessions/{session.pk}/")
    return "\n".join(lines)


def _person(address: str, name: str) -> vCalAddress:
    made = vCalAddress(f"MAILTO:{address}")
    if name:
        made.params["CN"] = vText(name)
    return made
