"""Organisations' sites among the stages of a cycle."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from noko.models import Cycle, SiteRound
from noko.queries.website_standing import term_is_open, undecided
from noko.templatetags.russian import counted, long_date
from noko.web.office.road import Stage, stage

TITLE, Status = "Сайты организаций", SiteRound.Status


def websites_stage(cycle: Cycle) -> Stage:
    """Where the newest round stands on its way to everybody."""
    newest = cycle.site_rounds.order_by("-opened_at", "-pk").first()
    if newest is None:
        text = "Обход сайтов: какие обязательные сведения на них есть. Можно обойтись осмотром."
        url = reverse("office:websites")
        return stage(TITLE, "", "ещё нет", text, url=url, link="Открыть сайты")
    state, word, text = _said(newest)
    url = reverse("office:site_round", args=[newest.pk])
    link = f"Открыть обход № {newest.number}"
    return stage(TITLE, state, word, f"Обход № {newest.number}: {text}", url=url, link=link)


def _said(newest: SiteRound) -> tuple[str, str, str]:
    """State, its word, and what is going on or comes next."""
    if newest.status == Status.OPEN:
        return "underway", "идёт", "сайты обходят."
    if newest.status == Status.STOPPED:
        return "warning", "остановлен", "обход остановлен, выводы неполные."
    if newest.status == Status.CLOSED:
        return "warning", "не показан", "закончен, организациям ещё не показан."
    if newest.status == Status.PUBLISHED:
        return "done", "опубликован", "выводы опубликованы."
    waiting = undecided(newest)
    if term_is_open(newest, timezone.localdate()):
        until = long_date(newest.objections_until)
        return "underway", "возражения", f"организации могут возражать по {until} включительно."
    if waiting:
        number = counted(waiting, "возражение,возражения,возражений")
        return "warning", "возражения", f"срок прошёл, ждёт решения: {number}."
    return "underway", "показан", "возражения решены, выводы можно опубликовать."
