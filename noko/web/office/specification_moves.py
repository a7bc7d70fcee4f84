"""Moves of a technical specification: each shows what it will do before it is done."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.specification_loaders import get_specification_for
from noko.actions import specification as deeds
from noko.core.refusal import Refusal
from noko.documents.specification import specification_docx
from noko.models import Specification
from noko.queries import specification as queries
from noko.queries.specification import content_of
from noko.templatetags.russian import counted, genitive
from noko.web.office.forms import OfficeForm
from noko.web.office.pages import page
from noko.web.office.specification import SECTION, crumbs
from noko.web.office.specification_forms import AgendaForm, UntilForm
from noko.web.office.specification_steps import decision_about

_EDIT = Permission.SPECIFICATION_EDIT


@require_http_methods(["GET", "POST"])
def open_specification(request: HttpRequest, key: int) -> HttpResponse:
    found = get_specification_for(request.user, key, _EDIT)
    form = UntilForm(request.POST or None, initial={"until": found.proposals_until})
    if form.is_valid():
        try:
            deeds.open_for_proposals(
                specification=found,
                until=form.cleaned_data["until"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, found, "Сбор предложений открыт. Его видят совет и сотрудники.")
    changes = [
        "Члены совета и сотрудники смогут вносить предложения к каждому пункту.",
        "Пункты меняются только через предложения: видно, кто, что и почему предложил.",
        "Заказчика и сроки можно исправлять по-прежнему.",
    ]
    return _confirm(request, found, form, "Открыть сбор предложений", changes)


@require_http_methods(["GET", "POST"])
def close_specification(request: HttpRequest, key: int) -> HttpResponse:
    found = get_specification_for(request.user, key, _EDIT)
    form = OfficeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deeds.close_proposals(
                specification=found, by=person_of(request.user), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = "Предложения рассмотрены. Теперь вынесите техническое задание на заседание."
            return _done(request, found, done)
    total = counted(found.proposals.count(), "предложение,предложения,предложений")
    changes = [
        f"Внесено: {total}. Новые не принимаются.",
        "Техническое задание можно будет вынести на заседание совета.",
    ]
    undo = "Сбор предложений можно открыть снова."
    return _confirm(request, found, form, "Закончить сбор предложений", changes, undo)


@require_http_methods(["GET", "POST"])
def put_specification_on_agenda(request: HttpRequest, key: int) -> HttpResponse:
    found = get_specification_for(request.user, key, _EDIT)
    content = content_of(found)
    sessions = queries.sessions_ahead(timezone.now())
    form = AgendaForm(request.POST or None, sessions=sessions)
    if form.is_valid():
        session = form.cleaned_data["session"]
        try:
            deeds.place(
                specification=found,
                session=session,
                material=(
                    f"Техническое задание {found.cycle.year}.docx",
                    specification_docx(content),
                ),
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request, found, f"Вопрос внесён в повестку: {session}.")
    organisations = genitive(len(content.annex), "организации,организаций")
    total = content.facts["анкет"]
    changes = [
        f"В повестку войдёт вопрос о техническом задании на {found.cycle.year} год с проектом"
        " решения.",
        f"Документ с перечнем из {organisations} (не меньше {total}) станет материалом вопроса.",
        "Если после этого изменится текст или перечень, решение совета к нему не подойдёт.",
    ]
    return _confirm(
        request,
        found,
        form,
        "Вынести на заседание",
        changes,
        missing=content.missing,
        nowhere=not sessions.exists(),
    )


@require_http_methods(["GET", "POST"])
def approve_specification(request: HttpRequest, key: int) -> HttpResponse:
    found = get_specification_for(request.user, key, _EDIT)
    decision = decision_about(found)
    if decision is None or found.adopted:
        return redirect("office:specification", key)
    content = content_of(found)
    form = OfficeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            deeds.approve(
                specification=found,
                decision=decision,
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            done = f"Техническое задание утверждено. {decision} Теперь внесите контракт."
            return _done(request, found, done)
    organisations = counted(len(content.annex), "организация,организации,организаций")
    changes = [
        f"Основание: {decision}, {decision.council}.",
        f"Текст и перечень ({organisations}, не меньше {content.facts['анкет']}) больше не"
        " изменятся.",
        "По ним заключают контракт и сверяют данные оператора.",
    ]
    undo = "Отменить утверждение нельзя: изменить задание может новая версия с новым решением."
    button = f"Утвердить решением № {decision.number}"
    missing = [*content.missing, *filter(None, [content.unsettled])]
    return _confirm(request, found, form, button, changes, undo, missing=missing)


def _confirm(
    request: HttpRequest,
    found: Specification,
    form: OfficeForm,
    button: str,
    changes: list[str],
    undo: str = "",
    **context: Any,
) -> HttpResponse:
    return page(
        request,
        "specification_move.html",
        SECTION,
        item=found,
        form=form,
        button=button,
        changes=changes,
        undo=undo,
        back=reverse("office:specification", args=[found.pk]),
        crumbs=crumbs(found),
        status=422 if form.errors else 200,
        **context,
    )


def _done(request: HttpRequest, found: Specification, text: str) -> HttpResponse:
    messages.success(request, text)
    return redirect("office:specification", found.pk)
