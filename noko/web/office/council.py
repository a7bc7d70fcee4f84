"""The council: its particulars, what its regulation chooses, its composition."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.council import councils_for, get_council_for, get_member_for
from noko.access.loaders import allow
from noko.access.permissions import Permission
from noko.actions import council as deeds
from noko.core.editions import EVIDENCE_TITLES
from noko.core.refusal import Refusal
from noko.jobs.release import enqueue_pages
from noko.models import Council, CouncilMember
from noko.queries import council as reading
from noko.queries.council_checks import checks
from noko.queries.council_rules import rules_of
from noko.queries.journal import of_thing
from noko.web.office.council_forms import (
    ChoicesForm,
    CouncilForm,
    LeavingForm,
    MemberForm,
    PositionForm,
)
from noko.web.office.journal import shown
from noko.web.office.pages import page

Crumbs = list[tuple[str, str]]
SECTION = "council"


@require_GET
def councils(request: HttpRequest) -> HttpResponse:
    found, today = list(councils_for(request.user)), timezone.localdate()
    rows = [
        (council, reading.members_on(council, reading.day_shown(council, today)).count())
        for council in found
    ]
    in_force = [council for council in found if council.holds(today)]
    return page(request, "council/councils.html", SECTION, rows=rows, in_force=in_force)


@require_GET
def council(request: HttpRequest, key: int) -> HttpResponse:
    found = get_council_for(request.user, key)
    today = timezone.localdate()
    day = reading.day_shown(found, today)
    return page(
        request,
        "council/council.html",
        SECTION,
        council=found,
        rules=rules_of(found),
        in_force=found.holds(timezone.localdate()),
        checks=checks(found, timezone.localdate()),
        evidence=EVIDENCE_TITLES,
        members=reading.members_on(found, day),
        former=reading.former_members(found, day),
        sessions=reading.sessions(found),
        decisions=reading.decisions(found),
        history=[shown(item) for item in of_thing(found)[:20]],
        crumbs=council_crumbs(),
    )


@require_http_methods(["GET", "POST"])
def new_council(request: HttpRequest) -> HttpResponse:
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    form = CouncilForm(request.POST or None)
    if form.is_valid():
        try:
            made = deeds.form(**form.cleaned_data, by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Совет внесён. Теперь добавьте его членов.")
            return redirect("office:council", made.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "title": "Новый совет", "button": "Внести совет"}
    crumbs = council_crumbs()
    return page(request, "council/form.html", SECTION, **context, crumbs=crumbs, status=status)


@require_http_methods(["GET", "POST"])
def edit_council(request: HttpRequest, key: int) -> HttpResponse:
    found = get_council_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    form = CouncilForm(request.POST, council=found) if request.POST else CouncilForm.of(found)
    if form.is_bound and form.is_valid():
        try:
            deeds.change(council=found, by=person, now=timezone.now(), **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            enqueue_pages()
            messages.success(request, "Сведения о совете сохранены.")
            return redirect("office:council", found.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "title": "Сведения о совете", "button": "Сохранить"}
    crumbs = council_crumbs(found)
    return page(request, "council/form.html", SECTION, **context, crumbs=crumbs, status=status)


@require_http_methods(["GET", "POST"])
def council_rules(request: HttpRequest, key: int) -> HttpResponse:
    """By what the council decides: anybody of the office reads, the secretary chooses."""
    found = get_council_for(request.user, key)
    rules = rules_of(found)
    form = ChoicesForm(rules.parts(found.choices), request.POST or None)
    if request.method == "POST":
        person = allow(request.user, Permission.COUNCIL_MANAGE)
        if form.is_valid():
            now = timezone.now()
            deeds.change(council=found, choices=form.choices(), by=person, now=now)
            messages.success(
                request, "Правила совета сохранены. Они действуют для новых голосований."
            )
            return redirect("office:council_rules", found.pk)
    return page(
        request,
        "council/rules.html",
        SECTION,
        council=found,
        rules=rules,
        parts=rules.parts(found.choices),
        evidence=EVIDENCE_TITLES,
        form=form,
        crumbs=council_crumbs(found),
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
def new_member(request: HttpRequest, key: int) -> HttpResponse:
    found = get_council_for(request.user, key, Permission.COUNCIL_MANAGE)
    person = allow(request.user, Permission.COUNCIL_MANAGE)
    form = MemberForm(request.POST or None, initial={"starts_on": found.starts_on})
    if form.is_valid():
        try:
            made = deeds.add_member(
                council=found, **form.cleaned_data, by=person, now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            enqueue_pages()
            messages.success(request, f"В состав внесён член совета: {made}.")
            return redirect("office:council", found.pk)
    status = 422 if form.errors else 200
    context = {"form": form, "title": "Новый член совета", "button": "Внести в состав"}
    crumbs = council_crumbs(found)
    return page(request, "council/form.html", SECTION, **context, crumbs=crumbs, status=status)


@require_http_methods(["GET", "POST"])
def member(request: HttpRequest, key: int) -> HttpResponse:
    """Three forms of one member: particulars, another position, leaving."""
    found = get_member_for(request.user, key)
    asked = request.POST.get("form", "")
    forms: dict[str, Any] = {
        "particulars": MemberForm(request.POST, member=found)
        if asked == "particulars"
        else MemberForm.of(found),
        "position": PositionForm(
            request.POST if asked == "position" else None, auto_id="position_%s"
        ),
        "leaving": LeavingForm(request.POST if asked == "leaving" else None, auto_id="leaving_%s"),
    }
    if asked in forms and forms[asked].is_valid():
        form = forms[asked]
        try:
            said = _MEMBER_DEEDS[asked](request, found, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            enqueue_pages()
            messages.success(request, said)
            return redirect("office:council", found.council_id)
    wrong = any(form.errors for form in forms.values())
    return page(
        request,
        "council/member.html",
        SECTION,
        member=found,
        **forms,
        crumbs=council_crumbs(found.council),
        status=422 if wrong else 200,
    )


def _particulars(request: HttpRequest, member: CouncilMember, form: MemberForm) -> str:
    by = allow(request.user, Permission.COUNCIL_MANAGE)
    deeds.change_member(member=member, **form.cleaned_data, by=by, now=timezone.now())
    return f"Сведения сохранены: {member}."


def _position(request: HttpRequest, member: CouncilMember, form: PositionForm) -> str:
    by = allow(request.user, Permission.COUNCIL_MANAGE)
    moved = deeds.appoint(member=member, **form.cleaned_data, by=by, now=timezone.now())
    return f"{moved}: {moved.get_position_display()}."


def _leaving(request: HttpRequest, member: CouncilMember, form: LeavingForm) -> str:
    by = allow(request.user, Permission.COUNCIL_MANAGE)
    deeds.end_membership(member=member, **form.cleaned_data, by=by, now=timezone.now())
    return f"Полномочия закончены: {member}."


_MEMBER_DEEDS: Mapping[str, Callable[..., str]] = {
    "particulars": _particulars,
    "position": _position,
    "leaving": _leaving,
}


def council_crumbs(council: Council | None = None) -> Crumbs:
    """The way to a page under a council."""
    crumbs = [
        ("Рабочее место", reverse("office:start")),
        ("Совет", reverse("office:councils")),
    ]
    if council:
        crumbs.append((council.short_name, reverse("office:council", args=[council.pk])))
    return crumbs
