"""One activity of a plan: how it stands, its evidence, its changes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.plan_loaders import get_activity_for, get_evidence_for, get_plan_for, may_edit
from noko.access.roles import BY_CODE, ROLES
from noko.actions import evidence as evidences
from noko.actions import plan as plans
from noko.core.planning.draft import DraftRow
from noko.core.planning.term_words import described
from noko.core.refusal import Refusal
from noko.exchange import uploads
from noko.jobs.release import enqueue_pages
from noko.models import ActivityResponsible, Evidence, Person, Plan, PlanActivity
from noko.queries.plan import Row, closes_itself, closing_titles, view_of
from noko.queries.plan_people import reminded
from noko.queries.plan_template import get_template
from noko.web.office.pages import page
from noko.web.office.plan import plan_crumbs
from noko.web.office.plan_forms import ActivityForm, EvidenceForm, ReasonForm
from noko.web.plan_pictures import STATES

FILE = "evidence"


def _show_publicly(plan: Plan) -> None:
    """The public page of a plan in force is made anew."""
    if plan.adopted:
        enqueue_pages()


def row_of(activity: PlanActivity) -> Row:
    """The activity as it stands today."""
    view = view_of(activity.plan, timezone.localdate())
    return next(row for row in view.rows if row.activity.pk == activity.pk)


@require_GET
def activity(request: HttpRequest, key: int) -> HttpResponse:
    found = get_activity_for(request.user, key)
    row = row_of(found)
    return page(
        request,
        "activity.html",
        "cycles",
        activity=found,
        plan=found.plan,
        cycle=found.plan.cycle,
        row=row,
        state=STATES[row.status],
        in_words=described(row.meaning) if row.meaning is not None else "не понят",
        closing=closing_titles(found),
        closes_itself=closes_itself(found),
        reminded=reminded(found),
        responsible=_responsible(found),
        editable=may_edit(request.user, found.plan),
        municipal=_municipal(found),
        view_today=timezone.localdate(),
        crumbs=plan_crumbs(found.plan),
    )


def _responsible(found: PlanActivity) -> list[dict[str, Any]]:
    """Everybody named, and whom that means for reminders."""
    return [
        {
            "one": one,
            "means": str(one.person or "") or (BY_CODE[one.role].title if one.role else ""),
        }
        for one in found.responsible.select_related("person")
    ]


def _municipal(found: PlanActivity) -> list[dict[str, Any]]:
    """How the municipalities that inherited the activity stand."""
    inherited = found.municipal.select_related("plan__municipality", "plan__cycle")
    rows = []
    for one in inherited.order_by("plan__municipality__name"):
        row = row_of(one)
        rows.append({"activity": one, "row": row, "state": STATES[row.status]})
    return rows


# --- changing ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: int) -> HttpResponse:
    found = get_activity_for(request.user, key, Permission.PLAN_EDIT)
    template = get_template(found.plan.template)
    form = ActivityForm(
        request.POST or None,
        template=template,
        adopted=found.plan.adopted,
        initial={
            **{name: getattr(found, name) for name in ActivityForm.base_fields if name in _KEPT},
            "meaning": "" if found.meaning == found.term else found.meaning,
        },
    )
    if form.is_valid():
        try:
            plans.change_activity(
                activity=found,
                changes=form.changes(template, found.code),
                reason=form.cleaned_data.get("reason", ""),
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _show_publicly(found.plan)
            messages.success(request, f"Мероприятие {found.number} изменено.")
            return redirect("office:activity", found.pk)
    return _form_page(request, form, found.plan, found)


_KEPT = {
    *("number", "activity", "term", "responsible_printed", "result", "code", "second_person"),
}


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, key: int) -> HttpResponse:
    plan = get_plan_for(request.user, key, Permission.PLAN_EDIT)
    template = get_template(plan.template)
    sections = [(str(n), str(section)) for n, section in enumerate(plan.sections.all())]
    form = ActivityForm(
        request.POST or None, template=template, sections=sections, adopted=plan.adopted
    )
    if form.is_valid():
        try:
            made = plans.add_activity(
                plan=plan,
                row=_draft_row(form, template),
                reason=form.cleaned_data.get("reason", ""),
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _show_publicly(plan)
            messages.success(request, f"Мероприятие {made.number} добавлено.")
            return redirect("office:activity", made.pk)
    return _form_page(request, form, plan, None)


def _draft_row(form: ActivityForm, template: Any) -> DraftRow:
    found = form.changes(template, code_before="-")
    section = form.cleaned_data.get("section")
    return DraftRow(
        number=found["number"],
        activity=found["activity"],
        term=found["term"],
        meaning=found["meaning"],
        responsible=found["responsible_printed"],
        result=found["result"],
        section=int(section) if section else None,
        code=found["code"],
        closes_by=tuple(found["closes_by"]),
        second_person=found["second_person"],
    )


def _form_page(
    request: HttpRequest, form: ActivityForm, plan: Plan, found: PlanActivity | None
) -> HttpResponse:
    return page(
        request,
        "activity_edit.html",
        "cycles",
        form=form,
        plan=plan,
        cycle=plan.cycle,
        activity=found,
        crumbs=plan_crumbs(plan),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, key: int) -> HttpResponse:
    found = get_activity_for(request.user, key, Permission.PLAN_EDIT)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not found.plan.adopted:
        del form.fields["reason"]
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data.get("reason", "")
        try:
            plans.remove_activity(
                activity=found, reason=reason, by=person_of(request.user), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _show_publicly(found.plan)
            messages.success(request, f"Мероприятие {found.number} удалено из плана.")
            return redirect("office:plan", found.plan_id)
    return page(
        request,
        "activity_remove.html",
        "cycles",
        activity=found,
        plan=found.plan,
        cycle=found.plan.cycle,
        form=form,
        changes=[f"Мероприятие {found} исчезнет из плана.", "В журнале останется запись о нём."],
        button=f"Удалить мероприятие {found.number}",
        crumbs=plan_crumbs(found.plan),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def bind(request: HttpRequest, key: int) -> HttpResponse:
    """Whom to remind for each name printed in the plan."""
    found = get_activity_for(request.user, key, Permission.PLAN_EDIT)
    if request.method == "POST":
        for one in found.responsible.all():
            _bind(request, one)
        messages.success(request, "Сохранено, кому напоминать.")
        return redirect("office:activity", found.pk)
    return page(
        request,
        "activity_bind.html",
        "cycles",
        activity=found,
        plan=found.plan,
        cycle=found.plan.cycle,
        responsible=found.responsible.select_related("person"),
        people=Person.objects.filter(is_active=True).order_by("full_name"),
        roles=[role for role in ROLES if role.code not in _NOT_REMINDED],
        crumbs=plan_crumbs(found.plan),
    )


_NOT_REMINDED = {"organisation_head", "organisation_editor", "jury_member", "administrator"}


def _bind(request: HttpRequest, one: ActivityResponsible) -> None:
    kind, _, value = request.POST.get(f"who-{one.pk}", "").partition(":")
    person = None
    if kind == "person" and value.isascii() and value.isdigit():
        person = Person.objects.filter(pk=int(value), is_active=True).first()
    role = value if kind == "role" and value in BY_CODE else ""
    if (person, role) != (one.person, one.role):
        plans.bind_responsible(
            one=one, person=person, role=role, by=person_of(request.user), now=timezone.now()
        )


# --- evidence ---------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def evidence_add(request: HttpRequest, key: int) -> HttpResponse:
    found = get_activity_for(request.user, key, Permission.ACTIVITY_REPORT)
    row = row_of(found)
    periods = [one.period for one in row.standing.open if one.period]
    form = EvidenceForm(
        request,
        request.POST or None,
        request.FILES or None,
        periods=periods,
        initial={"done_on": timezone.localdate()},
    )
    if form.is_bound and form.is_valid() and (kept := _added(request, found, form)) is not None:
        _show_publicly(found.plan)
        waits = kept.status == Evidence.Status.WAITING
        text = "Документ добавлен. Его подтвердит второе лицо." if waits else "Документ добавлен."
        messages.success(request, text)
        return redirect("office:activity", found.pk)
    return page(
        request,
        "evidence_add.html",
        "cycles",
        form=form,
        activity=found,
        plan=found.plan,
        cycle=found.plan.cycle,
        crumbs=plan_crumbs(found.plan),
        status=422 if form.errors else 200,
    )


def _added(request: HttpRequest, found: PlanActivity, form: EvidenceForm) -> Evidence | None:
    """The evidence; None where it was refused, and then its file is not kept."""
    cleaned = dict(form.cleaned_data)
    file = cleaned.pop("file", None)
    folder, names = uploads.store({FILE: file}) if file else ("", {FILE: ""})
    try:
        return evidences.add(
            activity=found,
            title=cleaned["title"],
            period=cleaned.get("period", ""),
            done_on=cleaned["done_on"],
            address=cleaned["address"],
            folder=folder,
            file_name=names[FILE],
            by=person_of(request.user),
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.refuse(refusal)
    except BaseException:
        if folder:
            uploads.forget(folder)
        raise
    if folder:
        uploads.forget(folder)
    return None


@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, key: int) -> HttpResponse:
    """A document that waits: confirmed, or returned with the reason."""
    person = person_of(request.user)
    found = get_evidence_for(person, key, Permission.ACTIVITY_CONFIRM)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            if "confirm" in request.POST:
                evidences.confirm(evidence=found, by=person, now=timezone.now())
                text = "Выполнение подтверждено."
            else:
                reason = form.cleaned_data["reason"]
                evidences.give_back(evidence=found, reason=reason, by=person, now=timezone.now())
                text = "Документ возвращён. Тот, кто его добавил, увидит причину."
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            _show_publicly(found.activity.plan)
            messages.success(request, text)
            return redirect("office:activity", found.activity_id)
    return page(
        request,
        "evidence.html",
        "cycles",
        evidence=found,
        activity=found.activity,
        plan=found.activity.plan,
        cycle=found.activity.plan.cycle,
        form=form,
        own=found.added_by_id == person.pk,
        waiting=found.status == Evidence.Status.WAITING,
        crumbs=[
            *plan_crumbs(found.activity.plan),
            (
                f"Мероприятие {found.activity.number}",
                reverse("office:activity", args=[found.activity_id]),
            ),
        ],
        status=422 if form.errors else 200,
    )


@require_GET
def evidence_file(request: HttpRequest, key: int) -> FileResponse:
    """The file as it was brought: always offered for saving, never shown by the site."""
    found = get_evidence_for(person_of(request.user), key, Permission.PLAN_VIEW)
    path = uploads.path_of(found.folder, FILE) if found.folder else None
    if path is None or not path.exists():
        raise Http404("Такого файла нет.")
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=found.file_name,
        content_type="application/octet-stream",
    )
