"""Collecting among the stages of a cycle, and what waits for whoever leads it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.access.wave import places_for
from noko.models import Cycle, Exclusion, Person, Wave
from noko.queries.inspection import collected
from noko.queries.wave import progress_of, waves_of
from noko.templatetags.russian import counted, long_date, number_text
from noko.web.office.desk import Group, Task
from noko.web.office.road import Stage, stage


def waves_stage(cycle: Cycle) -> Stage:
    """How far collecting has come; a cycle may do with an operator's files instead."""
    rows = waves_of(cycle)
    url = reverse("office:waves", args=[cycle.slug])
    if not rows:
        text = "Опрос родителей и учеников по ссылкам организаций. Можно обойтись и загрузкой."
        return stage("Сбор ответов", "", "ещё нет", text, url=url, link="Подготовить волну")
    accepted = sum(number for _, _, number, _ in rows)
    text = f"{counted(len(rows), 'волна,волны,волн')}, принято анкет: {number_text(accepted)}."
    statuses = {wave.status for wave, *_ in rows}
    if statuses == {Wave.Status.CLOSED}:
        return stage("Сбор ответов", "done", "закончен", text, url=url, link="Открыть волны")
    word = "идёт" if Wave.Status.OPEN in statuses else "готовится"
    return stage("Сбор ответов", "underway", word, text, url=url, link="Открыть волны")


def _to_decide(wave: Wave, person: Person) -> Iterator[Task]:
    """What a second or a third person decides: answers to be left out, experts who differ."""
    if has_permission(person, Permission.WAVE_REVIEW):
        waiting = Exclusion.objects.filter(place__wave=wave, status=Exclusion.Status.PROPOSED)
        for item in waiting.exclude(proposed_by=person).select_related("place__organisation"):
            number = counted(item.number, "анкету,анкеты,анкет")
            yield Task(
                Group.WAITING, "warning", "ждёт второго", f"Исключить {number}: {item.place}",
                reverse("office:exclusion", args=[wave.pk, item.pk]), item.reason,
            )  # fmt: skip
    if has_permission(person, Permission.INSPECTION_SETTLE):
        for place in collected(wave).disputed:
            yield Task(
                Group.WAITING, "warning", "эксперты разошлись", str(place),
                reverse("field:differences", args=[place.pk]), str(wave),
            )  # fmt: skip


def wave_tasks(person: Person, now: datetime) -> Iterator[Task]:
    """Waves to be opened or closed, and organisations that need help."""
    if not has_permission(person, Permission.WAVE_VIEW):
        return
    today = timezone.localdate(now)
    running = Wave.objects.exclude(status=Wave.Status.CLOSED).select_related("cycle")
    for wave in running:
        address = reverse("office:wave", args=[wave.pk])
        if wave.status == Wave.Status.PLANNED:
            if wave.starts_on <= today and has_permission(person, Permission.WAVE_EDIT):
                note = f"начало объявлено с {long_date(wave.starts_on)}"
                yield Task(Group.WAITING, "warning", "пора открыть", str(wave), address, note)
            continue
        if wave.ends_on < today and has_permission(person, Permission.WAVE_CLOSE):
            note = f"опрос объявлен до {long_date(wave.ends_on)}"
            yield Task(Group.WAITING, "warning", "пора закрыть", str(wave), address, note)
        yield from _to_decide(wave, person)
        late = progress_of(wave, places_for(person, wave), today).late
        if late and wave.status == Wave.Status.OPEN:
            names = "; ".join(str(row.place.organisation) for row in late[:3])
            rest = f" и ещё {len(late) - 3}" if len(late) > 3 else ""
            number = counted(len(late), "организация,организации,организаций")
            title = f"{wave}: мало ответов – {number}"
            yield Task(
                Group.LATE, "warning", "отстают", title, f"{address}?state=late-none",
                f"{names}{rest}",
            )  # fmt: skip
