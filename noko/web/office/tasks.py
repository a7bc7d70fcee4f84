"""My tasks by the plans, and the calendar that a person's own program reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from noko.access.loaders import allow
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.actions import feed
from noko.core.planning.progress import Status
from noko.models import CalendarFeed, Person
from noko.queries.tasks import own_rows, reminders_of, returned_to, to_confirm
from noko.templatetags.russian import long_date, moment
from noko.web.office.desk import Group, Task
from noko.web.office.pages import page
from noko.web.plan_pictures import STATES


@require_GET
def tasks(request: HttpRequest) -> HttpResponse:
    person = allow(request.user, Permission.OFFICE_ENTER)
    today = timezone.localdate()
    reminders = reminders_of(person)
    own = CalendarFeed.objects.filter(person=person).first()
    return page(
        request,
        "tasks.html",
        "tasks",
        rows=own_rows(person, today),
        states=STATES,
        confirm=to_confirm(person),
        returned=returned_to(person),
        reminders=reminders,
        feed=own,
        feed_address=f"{settings.ADDRESS}{reverse('calendar-feed', args=[own.token])}"
        if own
        else "",
    )


@require_POST
def feed_renew(request: HttpRequest) -> HttpResponse:
    person = allow(request.user, Permission.OFFICE_ENTER)
    if "revoke" in request.POST:
        feed.revoke(person=person)
        messages.success(request, "Адрес календаря больше не действует.")
    else:
        feed.renew(person=person, now=timezone.now())
        messages.success(request, "Адрес календаря готов. Прежний, если он был, не действует.")
    return redirect("office:tasks")


def plan_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Lines of the first page: documents to confirm, own activities that are near or late."""
    if not has_permission(person, Permission.PLAN_VIEW):
        return
    for item in to_confirm(person):
        title = f"Подтвердить: {item.activity.number}, {item.title}"
        address = reverse("office:evidence", args=[item.pk])
        note = f"{item.added_by or 'система'}, {moment(item.added_at)}"
        yield Task(Group.WAITING, "underway", "ждёт подтверждения", title, address, note)
    for item in returned_to(person):
        address = reverse("office:activity", args=[item.activity_id])
        title = f"Возвращено: {item.activity.number}, {item.title}"
        yield Task(Group.WAITING, "warning", "исправить", title, address, item.reason)
    for own in own_rows(person, timezone.localdate(now)):
        activity, due = own.row.activity, own.row.standing.due_on
        if due is None or (due - timezone.localdate(now)).days > NEAR:
            continue
        late = own.row.status is Status.OVERDUE
        yield Task(
            Group.LATE if late else Group.WAITING,
            STATES[own.row.status],
            own.row.status_title,
            f"{activity.number}. {activity.activity}",
            reverse("office:activity", args=[activity.pk]),
            f"срок {long_date(due)}",
        )


NEAR = 14
"""Days before the due date on which an activity comes to the first page."""
