"""A plan comes into force: by an act, or by the council; each step shows what it will do."""

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
from noko.access.plan_loaders import get_plan_for
from noko.actions import plan as plans
from noko.actions import plan_adoption as deeds
from noko.core.refusal import Refusal
from noko.documents.plan import plan_document
from noko.jobs.release import enqueue_pages
from noko.models import Plan
from noko.queries.plan import decision_about, view_of
from noko.queries.plan_logic import open_findings
from noko.queries.specification import sessions_ahead
from noko.templatetags.russian import counted
from noko.web.office.forms import OfficeForm
from noko.web.office.pages import page
from noko.web.office.plan import ACTIVITIES, plan_crumbs
from noko.web.office.plan_forms import AdoptForm
from noko.web.office.specification_forms import AgendaForm


@require_http_methods(["GET", "POST"])
def adopt(request: HttpRequest, key: int) -> HttpResponse:
    """By the council's decision where there is one; otherwise by an act that a person names."""
    found = get_plan_for(request.user, key, Permission.PLAN_EDIT)
    decision = decision_about(found)
    posted = request.POST if request.method == "POST" else None
    form = OfficeForm(posted) if decision else AdoptForm(posted, initial=_today())
    if not found.adopted and form.is_valid():
        person, now = person_of(request.user), timezone.now()
        try:
            if decision is not None:
                deeds.approve(plan=found, decision=decision, by=person, now=now)
            else:
                deeds.adopt(plan=found, **form.cleaned_data, by=person, now=now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            enqueue_pages()
            messages.success(request, "План утверждён. Теперь о сроках напоминает система.")
            return redirect("office:plan", found.pk)
    changes = [
        *([f"Основание: {decision}, {decision.council}."] if decision else []),
        f"План «{found}» вступит в силу: {_count(found)}.",
        "Его увидят все на сайте, ответственные начнут получать напоминания.",
        "Изменить мероприятие потом можно, но с причиной, которая останется в журнале.",
    ]
    button = f"Утвердить решением № {decision.number}" if decision else "Утвердить план"
    on_agenda = found.agenda_item if deeds.stands_on_agenda(found) else None
    return _shown(request, found, "plan_adopt.html", form, changes, button, on_agenda=on_agenda)


def _today() -> dict[str, Any]:
    return {"on": timezone.localdate()}


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest, key: int) -> HttpResponse:
    """Puts the plan on the agenda of a session of the council."""
    found = get_plan_for(request.user, key, Permission.PLAN_EDIT)
    sessions = sessions_ahead(timezone.now())
    form = AgendaForm(request.POST or None, sessions=sessions)
    if form.is_valid():
        session = form.cleaned_data["session"]
        document = plan_document(view_of(found, timezone.localdate()), "plan", "docx")
        try:
            deeds.place(
                plan=found,
                session=session,
                material=(f"План {found.year}.docx", document),
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Вопрос внесён в повестку: {session}.")
            return redirect("office:plan", found.pk)
    changes = [
        f"В повестку войдёт вопрос о плане на {found.year} год с проектом решения.",
        f"Документ плана, {_count(found)}, станет материалом вопроса.",
        "Если после этого изменить план, решение совета к нему не подойдёт.",
    ]
    button, nowhere = "Вынести на заседание", not sessions.exists()
    return _shown(request, found, "plan_place.html", form, changes, button, nowhere=nowhere)


@require_http_methods(["GET", "POST"])
def discard(request: HttpRequest, key: int) -> HttpResponse:
    """A draft that is not wanted: the cycle may have another plan then."""
    found = get_plan_for(request.user, key, Permission.PLAN_EDIT)
    form = OfficeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            plans.discard(plan=found, by=person_of(request.user), now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Проект плана удалён.")
            return redirect("office:cycle_plan", found.cycle.slug)
    changes = [
        f"Проект плана «{found}» исчезнет: {_count(found)} и решения по замечаниям.",
        "Можно будет загрузить другой файл или составить план по образцу.",
    ]
    return _shown(request, found, "plan_discard.html", form, changes, "Удалить проект плана")


def _count(plan: Plan) -> str:
    return counted(plan.activities.count(), ACTIVITIES)


def _shown(
    request: HttpRequest,
    found: Plan,
    template: str,
    form: OfficeForm,
    changes: list[str],
    button: str,
    **context: Any,
) -> HttpResponse:
    return page(
        request,
        template,
        "cycles",
        plan=found,
        cycle=found.cycle,
        form=form,
        waiting=len(open_findings(found)),
        changes=changes,
        button=button,
        back=reverse("office:plan", args=[found.pk]),
        crumbs=plan_crumbs(found),
        status=422 if form.errors else 200,
        **context,
    )
