"""Moves of a list of organisations: each shows what it will do before it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.list_loaders import get_list_for
from noko.access.loaders import get_cycle_for, person_of
from noko.access.permissions import Permission
from noko.actions import list as drafts
from noko.actions import list_moves as deeds
from noko.core.refusal import Refusal
from noko.documents.list import often_words
from noko.jobs import list as jobs
from noko.models import OrganisationList
from noko.queries import list as queries
from noko.queries.frequency_rules import frequency_rule
from noko.queries.list_difference import as_lines, difference, drift, overdue_left_out
from noko.queries.specification import sessions_ahead
from noko.templatetags.russian import counted, genitive, number_text
from noko.web.office.forms import OfficeForm
from noko.web.office.list import SECTION, crumbs
from noko.web.office.list_forms import AmendForm, OutsideForm
from noko.web.office.list_steps import decision_about
from noko.web.office.pages import page
from noko.web.office.specification_forms import AgendaForm

_EDIT = Permission.LIST_EDIT


@require_http_methods(["GET", "POST"])
def new_list(request: HttpRequest, slug: str) -> HttpResponse:
    """A draft for a cycle; where a list is approved, a change of it with its reason."""
    cycle = get_cycle_for(request.user, slug, _EDIT)
    prepared = queries.in_preparation(cycle)
    if prepared is not None:
        return redirect("office:list", prepared.pk)
    before = queries.current_list(cycle)
    data = request.POST if request.method == "POST" else None
    form = AmendForm(data) if before else OfficeForm(data)
    if form.is_valid():
        try:
            made = drafts.draw_up(
                cycle=cycle,
                reason=form.cleaned_data.get("reason", ""),
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, made, "Проект составлен. Проверьте его и вынесите на заседание.")
    changes = [
        "Система возьмёт реестр организаций и опубликованные оценки прежних лет и назовёт"
        " основание для каждой организации.",
    ]
    if before:
        changes.append(
            f"Основой станет утверждённая версия {before.version}. Она действует, пока новую не "
            "утвердит другое решение."
        )
    else:
        rule = _rule_words(cycle.year)
        changes.append(f"Предложены будут те, чья очередь наступила. {rule}")
    button = "Подготовить изменение" if before else "Составить проект"
    title = f"{'Изменение перечня' if before else 'Перечень'} на {cycle.year} год"
    return page(
        request,
        "list_move.html",
        SECTION,
        cycle=cycle,
        form=form,
        title=title,
        button=button,
        changes=changes,
        undo="Проект можно удалить.",
        back=reverse("office:lists"),
        crumbs=crumbs(),
        status=422 if form.errors else 200,
    )


def _rule_words(year: int) -> str:
    try:
        rule = frequency_rule(year)
    except Refusal as refusal:
        return str(refusal)
    words = often_words(rule)
    return f"Правило: {words} ({rule.at_least_once_in.basis.act})."


@require_http_methods(["GET", "POST"])
def refresh_list(request: HttpRequest, key: int) -> HttpResponse:
    item = get_list_for(request.user, key, _EDIT)
    form = OfficeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            drafts.refresh(item=item, by=person_of(request.user), now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, item, "Проект сверен с реестром.")
    found = drift(item)
    changes = [
        f"Новых организаций в реестре: {number_text(len(found.new))}.",
        f"Больше не действуют или объединены: {number_text(len(found.gone))}.",
        f"Изменились названия, номера или численность: {number_text(len(found.changed))}.",
        "Основания посчитаются заново; ваши решения с причинами останутся.",
    ]
    return _confirm(request, item, form, "Сверить с реестром", changes)


@require_http_methods(["GET", "POST"])
def put_list_on_agenda(request: HttpRequest, key: int) -> HttpResponse:
    item = get_list_for(request.user, key, _EDIT)
    sessions = sessions_ahead(timezone.now())
    form = AgendaForm(request.POST or None, sessions=sessions)
    if form.is_valid():
        session = form.cleaned_data["session"]
        try:
            jobs.propose(item=item, session=session, by=person_of(request.user), now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, item, f"Перечень внесён в повестку: {session}.")
    return _confirm(
        request,
        item,
        form,
        "Вынести на заседание",
        _agenda_changes(item),
        "Пока совет не решил, вопрос можно снять с повестки и вернуть перечень в проект.",
        nowhere=not sessions.exists(),
    )


def _agenda_changes(item: OrganisationList) -> list[str]:
    number = item.entries.filter(included=True).count()
    organisations = genitive(number, "организации,организаций")
    changes = [
        f"В повестку войдёт вопрос с проектом решения: утвердить перечень из {organisations}.",
        "Перечень (Word и таблица) станет материалом вопроса и приложением к решению.",
        "До решения совета перечень не меняется.",
    ]
    left_out = overdue_left_out(item)
    if left_out:
        changes.append(
            f"Не включены, хотя срок по закону наступил: {number_text(len(left_out))}. Совет"
            " увидит их с причинами."
        )
    if found := drift(item):
        total = len(found.new) + len(found.gone) + len(found.changed)
        changes.append(
            f"С реестром проект расходится в {number_text(total)} местах: сверьте его до заседания."
        )
    return changes


@require_http_methods(["GET", "POST"])
def return_list(request: HttpRequest, key: int) -> HttpResponse:
    item = get_list_for(request.user, key, _EDIT)
    form = OfficeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deeds.take_back(item=item, by=person_of(request.user), now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, item, "Перечень снова проект: его можно менять.")
    changes = ["Перечень снова можно будет менять и вынести на другое заседание."]
    return _confirm(request, item, form, "Вернуть в проект", changes)


@require_http_methods(["GET", "POST"])
def approve_list(request: HttpRequest, key: int) -> HttpResponse:
    item = get_list_for(request.user, key, _EDIT)
    decision = decision_about(item)
    if decision is None or item.approved:
        return redirect("office:list", key)
    form = OfficeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            jobs.approve(
                item=item, decision=decision, by=person_of(request.user), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, item, f"Перечень утверждён. {decision}")
    changes = [
        f"Основание: {decision}, {decision.council}.",
        *_frozen(item),
    ]
    undo = "Отменить утверждение нельзя: изменить перечень может новая версия с новым решением."
    button = f"Утвердить решением № {decision.number}"
    return _confirm(request, item, form, button, changes, undo)


def _frozen(item: OrganisationList) -> list[str]:
    number = counted(
        item.entries.filter(included=True).count(), "организация,организации,организаций"
    )
    changes = [
        f"Перечень ({number}) больше не изменится; у него будет контрольная сумма.",
        "По нему составляются волны и техническое задание, он появится на сайте.",
    ]
    if item.amends:
        lines = as_lines(difference(item.amends, item))
        changes.append(
            f"Версия {item.version} заменит версию {item.amends.version}; отличий: {len(lines)}. "
            "Прежняя останется доступной."
        )
    return changes


@require_http_methods(["GET", "POST"])
def approve_list_outside(request: HttpRequest, key: int) -> HttpResponse:
    """For a list that was approved outside of this system, before it was here."""
    item = get_list_for(request.user, key, _EDIT)
    if not item.draft:
        return redirect("office:list", key)
    form = OutsideForm(request.POST or None)
    if form.is_valid():
        try:
            jobs.approve_outside(
                item=item,
                basis=form.cleaned_data["basis"],
                on=form.cleaned_data["on"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, item, "Перечень утверждён.")
    changes = [
        "Для перечня, который утверждён не в этой системе: прежних лет или другим органом.",
        *_frozen(item),
    ]
    undo = "Отменить нельзя: изменить перечень может только новая версия."
    return _confirm(request, item, form, "Отметить утверждённым", changes, undo)


@require_http_methods(["GET", "POST"])
def discard_list(request: HttpRequest, key: int) -> HttpResponse:
    item = get_list_for(request.user, key, _EDIT)
    form = OfficeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            drafts.discard(item=item, by=person_of(request.user), now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Проект перечня удалён.")
            return redirect("office:lists")
    changes = ["Проект и решения по отдельным организациям пропадут; запись останется в журнале."]
    return _confirm(request, item, form, "Удалить проект", changes, "Вернуть проект нельзя.")


def _confirm(
    request: HttpRequest,
    item: OrganisationList,
    form: OfficeForm,
    button: str,
    changes: list[str],
    undo: str = "",
    **context: Any,
) -> HttpResponse:
    return page(
        request,
        "list_move.html",
        SECTION,
        item=item,
        cycle=item.cycle,
        form=form,
        title=button,
        button=button,
        changes=changes,
        undo=undo,
        back=reverse("office:list", args=[item.pk]),
        crumbs=crumbs(item),
        status=422 if form.errors else 200,
        **context,
    )


def _done(request: HttpRequest, item: OrganisationList, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("office:list", item.pk)
