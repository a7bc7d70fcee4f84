"""Invitations: a new one, and one that waits – its letter, sent again or withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noko.access.loaders import allow, get_invitation_for, person_of
from noko.access.permissions import Permission
from noko.access.roles import ROLES
from noko.actions import invitation as deeds
from noko.core.refusal import Refusal
from noko.models import Invitation, Letter
from noko.queries.journal import of_thing
from noko.web.office.journal import shown
from noko.web.office.pages import page
from noko.web.office.person import crumbs
from noko.web.office.person_forms import InvitationForm, RoleForms


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    by = allow(request.user, Permission.PERSON_MANAGE)
    adding = "add" in request.POST
    form = InvitationForm(None if adding else request.POST or None, initial=request.POST.dict())
    roles = RoleForms(request.POST, reverse("office:person_places"))
    # Both are looked at, so that all mistakes are shown at once.
    if form.is_bound and all([form.is_valid(), roles.is_valid()]):
        facts = form.cleaned_data
        try:
            made = deeds.invite(**facts, roles=roles.granted, by=by, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Приглашение для {made.email} отправляется.")
            return redirect("office:invitation", made.pk)
    wrong = form.errors or any(row.errors for row in roles.filled)
    context = {"form": form, "roles": roles, "wrong": wrong, "known": ROLES, "crumbs": crumbs()}
    return page(request, "invite.html", "people", **context, status=422 if wrong else 200)


@require_GET
def invitation(request: HttpRequest, key: int) -> HttpResponse:
    found = get_invitation_for(request.user, key)
    now = timezone.now()
    return page(
        request,
        "invitation.html",
        "people",
        invitation=found,
        roles=deeds.roles_left(found, timezone.localdate(now)),
        letter=Letter.objects.filter(key=found.letter_key).first(),
        waiting=found.status == Invitation.Status.OPEN,
        expired=found.expires_at <= now,
        history=[shown(item) for item in of_thing(found)],
        crumbs=crumbs(),
    )


@require_POST
def send_again(request: HttpRequest, key: int) -> HttpResponse:
    found = get_invitation_for(request.user, key)
    try:
        deeds.send_again(invitation=found, by=person_of(request.user), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Новое письмо отправляется. Прежняя ссылка больше не действует.")
    return redirect("office:invitation", found.pk)


@require_POST
def withdraw(request: HttpRequest, key: int) -> HttpResponse:
    found = get_invitation_for(request.user, key)
    try:
        deeds.withdraw(invitation=found, by=person_of(request.user), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Приглашение отозвано: ссылка больше не действует.")
    return redirect("office:invitation", found.pk)
