"""Clauses: edited in a draft, proposed about while proposals are taken, each answered."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from noko.access.loaders import person_of
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.access.specification_loaders import get_clause_for, get_clause_proposal_for
from noko.actions import clause as clauses
from noko.actions import clause_proposal as deeds
from noko.core.refusal import Refusal
from noko.core.specification import FIELDS, pieces
from noko.models import Clause, ClauseProposal, Person
from noko.queries.specification import annex_of, facts_of
from noko.web.office.pages import page
from noko.web.office.specification import SECTION, crumbs
from noko.web.office.specification_forms import ClauseForm, ConsiderationForm


@require_http_methods(["GET", "POST"])
def edit_clause(request: HttpRequest, key: int) -> HttpResponse:
    """In a draft the text is put right here."""
    clause = get_clause_for(request.user, key, Permission.SPECIFICATION_EDIT)
    form = ClauseForm(request.POST or None, clause=clause, with_reason=False)
    if form.is_valid():
        try:
            _edit(clause, form, person_of(request.user))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Пункт {clause.number}: изменения сохранены.")
            return redirect("office:specification", clause.specification_id)
    return _clause_page(request, clause, form, f"Пункт {clause.number}", "Сохранить")


def _edit(clause: Clause, form: ClauseForm, by: Person) -> None:
    values, now = form.cleaned_data, timezone.now()
    if values["kind"] == ClauseProposal.Kind.EXCLUDE:
        clauses.exclude_clause(clause=clause, revision=values["revision"], by=by, now=now)
    elif values["kind"] == ClauseProposal.Kind.ADD:
        clauses.add_clause(after=clause, text=values["text"], by=by, now=now)
    else:
        clauses.edit_clause(
            clause=clause, text=values["text"], revision=values["revision"], by=by, now=now
        )


@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, key: int) -> HttpResponse:
    clause = get_clause_for(request.user, key, Permission.SPECIFICATION_PROPOSE)
    form = ClauseForm(request.POST or None, clause=clause, with_reason=True)
    if form.is_valid():
        values = form.cleaned_data
        try:
            made = deeds.propose(
                clause=clause,
                kind=values["kind"],
                text=values["text"],
                reason=values["reason"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Предложение № {made.number} внесено. Ответ появится здесь.")
            return redirect("office:clause_proposal", made.pk)
    title = f"Предложение к пункту {clause.number}"
    return _clause_page(request, clause, form, title, "Внести предложение")


def _clause_page(
    request: HttpRequest, clause: Clause, form: ClauseForm, title: str, button: str
) -> HttpResponse:
    specification = clause.specification
    facts = facts_of(specification, annex_of(specification))
    return page(
        request,
        "clause.html",
        SECTION,
        clause=clause,
        pieces=pieces(clause.text, facts),
        organisations=facts["организаций"],
        fields=[(name, FIELDS[name], facts[name]) for name in FIELDS],
        form=form,
        title=title,
        button=button,
        back=reverse("office:specification", args=[specification.pk]),
        crumbs=crumbs(specification),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def proposal(request: HttpRequest, key: int) -> HttpResponse:
    """One proposal; who may edit the specification answers it here."""
    needed = Permission.SPECIFICATION_EDIT if request.method == "POST" else None
    found = get_clause_proposal_for(request.user, key, needed or Permission.SPECIFICATION_VIEW)
    form = ConsiderationForm(request.POST or None, proposal=found)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            done = deeds.consider(
                proposal=found,
                verdict=values["verdict"],
                answer=values["answer"],
                text=values.get("text", ""),
                revision=values["revision"],
                by=person_of(request.user),
                now=timezone.now(),
            )
        except Refusal as refusal:
            form.refuse(refusal)
            found.refresh_from_db()
        else:
            word = done.get_status_display()
            messages.success(request, f"Предложение № {done.number}: {word}.")
            return redirect("office:specification", done.specification_id)
    person = person_of(request.user)
    waiting = found.status == ClauseProposal.Status.OPEN
    facts = facts_of(found.specification, annex_of(found.specification))
    return page(
        request,
        "clause_proposal.html",
        SECTION,
        proposal=found,
        item=found.specification,
        was=pieces(found.was, facts),
        proposed=pieces(found.text, facts),
        changed_since=found.kind != "add" and found.clause.text != found.was and waiting,
        now_reads=pieces(found.clause.text, facts),
        entered=pieces(found.entered, facts),
        form=form if waiting and has_permission(person, Permission.SPECIFICATION_EDIT) else None,
        own=waiting and found.by_id == person.pk,
        crumbs=crumbs(found.specification),
        status=422 if form.errors else 200,
    )


@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    found = get_clause_proposal_for(request.user, key, Permission.SPECIFICATION_PROPOSE)
    try:
        deeds.withdraw(proposal=found, by=person_of(request.user), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Предложение № {found.number} отозвано.")
    return redirect("office:clause_proposal", key)
