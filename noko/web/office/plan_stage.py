"""The plan among the stages of a cycle."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from noko.core.planning.progress import Status
from noko.models import Cycle
from noko.queries.plan import plan_of, view_of
from noko.web.office.road import Stage, stage


def plan_stage(cycle: Cycle) -> Stage:
    """How far the plan of the region has come."""
    found = plan_of(cycle)
    url = reverse("office:cycle_plan", args=[cycle.slug])
    if found is None:
        text = "Мероприятия года, сроки и ответственные."
        return stage("План", "", "ещё нет", text, url=url, link="Составить план")
    view = view_of(found, timezone.localdate())
    text = f"Выполнено {view.done} из {len(view.rows)}."
    late = view.counts[Status.OVERDUE]
    if not found.adopted:
        return stage("План", "underway", "проект", text, url=url, link="Открыть план")
    if late:
        word = f"просрочено: {late}"
        return stage("План", "overdue", word, text, url=url, link="Открыть план")
    state, word = ("done", "выполнен") if view.done == len(view.rows) else ("underway", "идёт")
    return stage("План", state, word, text, url=url, link="Открыть план")
