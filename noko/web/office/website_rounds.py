"""Rounds of visits: begun, stopped, shown to the organisations, published. Each is confirmed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import allow, get_cycle_for
from noko.access.permissions import Permission
from noko.access.website_loaders import get_round_for
from noko.actions import website as deeds
from noko.actions.website_show import publish_round, show_round
from noko.core.refusal import Refusal
from noko.jobs.release import enqueue_pages
from noko.models import SiteRound
from noko.queries.list import current_list
from noko.queries.website import to_visit
from noko.queries.website_rules import regime_on
from noko.templatetags.russian import counted, long_date
from noko.web.office.forms import OfficeForm
from noko.web.office.pages import page
from noko.web.office.website import SECTION, site_crumbs
from noko.web.office.website_forms import NewRoundForm, ShowForm

TERM = timedelta(days=10)
"""Days that are proposed for objections; no act names them, whoever shows a round sets them."""


@require_http_methods(["GET", "POST"])
def new_round(request: HttpRequest, slug: str) -> HttpResponse:
    """A visit of all sites of the cycle's list; the worker does it in the background."""
    cycle = get_cycle_for(request.user, slug, Permission.WEBSITE_VISIT)
    person = allow(request.user, Permission.WEBSITE_VISIT)
    form = NewRoundForm(request.POST or None, initial={"on": timezone.localdate()})
    those = to_visit(cycle)
    if form.is_valid():
        on, now = form.cleaned_data["on"], timezone.now()
        try:
            made = deeds.open_round(
                cycle=cycle, organisations=those, regime=regime_on(on), on=on, by=person, now=now
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Обход № {made.number} начат. Страницу можно закрыть.")
            return redirect("office:site_round", made.pk)
    base = "по утверждённому перечню" if current_list(cycle) else "по реестру: перечня ещё нет"
    sites = counted(sum(bool(one.site) for one in those), "сайт,сайта,сайтов")
    return _confirm(
        request,
        form,
        title=f"Начать обход сайтов: {cycle}",
        changes=[
            f"Будут обойдены {sites} {counted(len(those), 'организации,организаций,организаций')} "
            f"({base}).",
            "К одному сайту программа обращается не чаще раза в секунду и соблюдает robots.txt.",
            "Организации ничего не увидят, пока вы не покажете им выводы.",
        ],
        undo="Обход можно остановить: обойдённое останется.",
        button="Начать обход",
        back=reverse("office:websites"),
    )


@require_http_methods(["GET", "POST"])
def stop(request: HttpRequest, key: int) -> HttpResponse:
    found = get_round_for(request.user, key, Permission.WEBSITE_VISIT)
    person = allow(request.user, Permission.WEBSITE_VISIT)
    waiting = found.visits.filter(state="waiting").count()

    def deed(form: OfficeForm) -> str:
        deeds.stop_round(site_round=found, by=person, now=timezone.now())
        return "Обход остановлен."

    return _step(
        request,
        found,
        OfficeForm(request.POST if request.method == "POST" else None),
        deed,
        title="Остановить обход",
        changes=[
            f"Не обойдёнными останутся {counted(waiting, 'сайт,сайта,сайтов')}: их проверит "
            "эксперт или следующий обход."
        ],
        undo="Продолжить остановленный обход нельзя.",
        button="Остановить обход",
    )


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, key: int) -> HttpResponse:
    """Organisations see their findings and may object from now on."""
    found = get_round_for(request.user, key, Permission.WEBSITE_VISIT)
    person = allow(request.user, Permission.WEBSITE_VISIT)
    proposed: date = timezone.localdate() + TERM
    form = ShowForm(request.POST or None, initial={"until": proposed})

    def deed(form: OfficeForm) -> str:
        until = form.cleaned_data["until"]
        show_round(site_round=found, until=until, by=person, now=timezone.now())
        return f"Организации видят выводы и могут возражать по {long_date(until)}"

    number = found.visits.filter(state="done").count()
    return _step(
        request,
        found,
        form,
        deed,
        title="Показать выводы организациям",
        changes=[
            f"{counted(number, 'организация увидит,организации увидят,организаций увидят')} в "
            "своём кабинете, что нашлось на сайте, чего нет и как исправить.",
            "Их руководители и редакторы сайтов получат письмо.",
            "До конца срока они могут возражать. Решают эксперты.",
        ],
        undo="Отозвать показанное нельзя. Срок закон не называет: его назначаете вы.",
        button="Показать выводы",
    )


@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, key: int) -> HttpResponse:
    """Everybody sees the findings after the organisations were heard."""
    found = get_round_for(request.user, key, Permission.RELEASE_PUBLISH)
    person = allow(request.user, Permission.RELEASE_PUBLISH)

    def deed(form: OfficeForm) -> str:
        with transaction.atomic():
            publish_round(site_round=found, by=person, now=timezone.now())
            enqueue_pages()
        return "Выводы опубликованы. Страницы организаций обновятся через несколько секунд."

    return _step(
        request,
        found,
        OfficeForm(request.POST if request.method == "POST" else None),
        deed,
        title="Опубликовать выводы о сайтах",
        changes=[
            "Выводы увидят все на страницах организаций: сколько сведений найдено, по подразделам "
            "и пункт за пунктом, с отметками экспертов. Возражения и имена не публикуются.",
            "Баллы опубликованного рейтинга не изменятся.",
        ],
        undo="Отозвать опубликованное нельзя.",
        button="Опубликовать выводы",
    )


def _step(
    request: HttpRequest,
    found: SiteRound,
    form: OfficeForm,
    deed: Callable[[OfficeForm], str],
    *,
    title: str,
    changes: list[str],
    undo: str,
    button: str,
) -> HttpResponse:
    if form.is_bound and form.is_valid():
        try:
            told = deed(form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, told)
            return redirect("office:site_round", found.pk)
    return _confirm(
        request,
        form,
        title=title,
        changes=changes,
        undo=undo,
        button=button,
        back=reverse("office:site_round", args=[found.pk]),
        found=found,
    )


def _confirm(
    request: HttpRequest,
    form: OfficeForm,
    *,
    title: str,
    changes: list[str],
    undo: str,
    button: str,
    back: str,
    found: SiteRound | None = None,
) -> HttpResponse:
    return page(
        request,
        "website/confirm.html",
        SECTION,
        title=title,
        form=form,
        changes=changes,
        undo=undo,
        button=button,
        back=back,
        crumbs=site_crumbs(found),
        status=422 if form.errors else 200,
    )
