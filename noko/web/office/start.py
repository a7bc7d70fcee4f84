"""The first page: what waits for me, what is late, what changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from noko.access.loaders import allow, reaches_import
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.models import Calculation, Person
from noko.queries import office
from noko.templatetags.russian import long_date, moment
from noko.web.office.batch_tasks import batch_tasks
from noko.web.office.busgov import busgov_tasks
from noko.web.office.council_steps import council_tasks
from noko.web.office.desk import Group, Source, Task
from noko.web.office.list_steps import list_tasks
from noko.web.office.pages import page
from noko.web.office.specification_steps import specification_tasks
from noko.web.office.tasks import plan_tasks
from noko.web.office.wave_stage import wave_tasks
from noko.web.office.website import website_tasks
from noko.web.office.website_overview import publish_tasks

LATE = "дольше трёх дней"


def import_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Files on their way in that this person may decide about."""
    for item in office.imports_waiting():
        if not reaches_import(person, item):
            continue
        kind = item.get_kind_display()
        title = f"{kind[:1].upper()}{kind[1:]}"
        title = f"{title}: {item.cycle}" if item.cycle else title
        address = reverse("office:import", args=[item.pk])
        by = f", {item.created_by}" if item.created_by else ""
        note = f"загружено {moment(item.created_at)}{by}"
        yield Task(Group.WAITING, "underway", "ждёт решения", title, address, note)
        if office.is_late(item.created_at, now=now):
            note = f"ждёт решения с {long_date(item.created_at)}"
            yield Task(Group.LATE, "warning", LATE, title, address, note)


def calculation_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Calculations that failed, are at work, or are done and not published."""
    if not has_permission(person, Permission.RATING_VIEW):
        return
    for item in office.calculations_failed(now=now):
        note = moment(item.created_at)
        yield _calculation(item, "overdue", "не выполнено", f"Расчёт: {item.cycle}", note)
    for item in office.calculations_at_work():
        note = f"готово {item.progress} %"
        word = item.get_status_display()
        yield _calculation(item, "underway", word, f"Расчёт: {item.cycle}", note)
    for item in office.calculations_unpublished():
        if item.finished_at is None:
            continue
        note = moment(item.finished_at)
        yield _calculation(item, "", "рассчитано, не опубликовано", str(item.cycle), note)
        if office.is_late(item.finished_at, now=now):
            note = f"рассчитано {long_date(item.finished_at)}, не опубликовано"
            yield _calculation(item, "warning", LATE, str(item.cycle), note, Group.LATE)


def _calculation(
    item: Calculation,
    state: str,
    word: str,
    title: str,
    note: str,
    group: Group = Group.WAITING,
) -> Task:
    return Task(group, state, word, title, reverse("office:calculation", args=[item.pk]), note)


def release_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """The last published versions."""
    del now
    if not has_permission(person, Permission.CYCLE_VIEW):
        return
    for release in office.last_releases():
        address = f"/releases/{release.cycle.slug}/{release.version}/"
        title = f"{release.cycle}, версия {release.version}"
        note = moment(release.released_at)
        yield Task(Group.CHANGED, "done", "опубликовано", title, address, note)


SOURCES: tuple[Source, ...] = (
    plan_tasks,
    list_tasks,
    import_tasks,
    calculation_tasks,
    release_tasks,
    council_tasks,
    specification_tasks,
    wave_tasks,
    website_tasks,
    publish_tasks,
    busgov_tasks,
    batch_tasks,
)
"""Where the lines come from, in the order in which they stand. One line for each subject."""


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    person = allow(request.user, Permission.OFFICE_ENTER)
    now = timezone.now()
    tasks = [task for source in SOURCES for task in source(person, now)]
    groups: dict[str, Any] = {
        group.value: [task for task in tasks if task.group is group] for group in Group
    }
    first = has_permission(person, Permission.CYCLE_EDIT) and not office.cycles().exists()
    return page(request, "start.html", "start", **groups, first_cycle=first)
