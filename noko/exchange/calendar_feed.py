"""A person's due dates as iCalendar (RFC 5545): one event of a whole day for each."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from icalendar import Alarm, Calendar, Event

from noko.core.planning.terms import Occurrence
from noko.models import Person
from noko.queries.tasks import OwnRow, own_rows

DAY = timedelta(days=1)
REFRESH = timedelta(hours=12)


def calendar_of(person: Person, now: datetime) -> bytes:
    """Every open due date of the person's activities. The same data give the same bytes but for
    the stamp of each event, which is ``now``."""
    calendar = Calendar()
    calendar.add("prodid", "-//NOKO//plan//RU")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "НОКО: мои сроки")
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    for own in own_rows(person, now.date()):
        for occurrence in own.row.standing.open:
            calendar.add_component(_event(own, occurrence, now))
    made: bytes = calendar.to_ical()
    return made


def _event(own: OwnRow, occurrence: Occurrence, now: datetime) -> Event:
    activity = own.row.activity
    event = Event()
    host = settings.HOST or "localhost"
    event.add("uid", f"activity-{activity.pk}-{occurrence.due_on:%Y%m%d}@{host}")
    event.add("dtstamp", now)
    event.add("dtstart", occurrence.due_on)
    event.add("dtend", occurrence.due_on + DAY)
    period = f" ({occurrence.period})" if occurrence.period else ""
    event.add("summary", f"Срок {activity.number}: {activity.activity}{period}")
    event.add(
        "description",
        f"Срок в плане: {activity.term}\nРезультат: {activity.result}\nПлан: {own.plan}",
    )
    event.add("url", f"{settings.ADDRESS}/office/activities/{activity.pk}/")
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Срок {activity.number}")
    alarm.add("trigger", -3 * DAY)
    event.add_component(alarm)
    return event
