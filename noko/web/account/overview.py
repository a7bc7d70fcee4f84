"""One's own account: what is set up, the name, the way in after sign-in, sessions, keys."""

from __future__ import annotations

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import remove_webauthn
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noko.access import second_factor
from noko.access.loaders import person_of
from noko.access.loading import grants_of, has_permission
from noko.access.permissions import Permission
from noko.access.roles import BY_CODE
from noko.actions import person as deeds
from noko.actions.role import granted_of
from noko.core.refusal import Refusal
from noko.web.account.browsers import browser_name
from noko.web.account.forms import NameForm


@require_GET
@login_required
def enter(request: HttpRequest) -> HttpResponse:
    """Where each person begins after sign-in."""
    person = person_of(request.user)
    if has_permission(person, Permission.OFFICE_ENTER):
        return redirect("office:start")
    if has_permission(person, Permission.CABINET_ENTER):
        return redirect("cabinet:start")
    return redirect("account_overview")


@require_GET
@login_required
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    grants = [granted_of(grant) for grant in grants_of(person)]
    context = {
        "roles": [(granted, BY_CODE[granted.role]) for granted in grants],
        "factors": Authenticator.objects.filter(user=person, type__in=second_factor.FACTORS),
        "must_have": second_factor.must_have(person),
        "sessions": len(UserSession.objects.purge_and_list(person)),
        "region": settings.OIDC_NAME if SocialAccount.objects.filter(user=person).exists() else "",
        "tab": "overview",
    }
    return render(request, "account/overview.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def name(request: HttpRequest) -> HttpResponse:
    person = person_of(request.user)
    form = NameForm(request.POST or None, initial={"full_name": person.full_name})
    if form.is_valid():
        chosen = form.cleaned_data["full_name"]
        try:
            deeds.rename(person=person, full_name=chosen, by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Имя сохранено: {person.full_name}.")
            return redirect("account_overview")
    status = 422 if form.errors else 200
    context = {"form": form, "tab": "overview"}
    return render(request, "account/name.html", context, status=status)


@require_GET
@login_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    found = UserSession.objects.purge_and_list(person_of(request.user))
    rows = [
        (item, browser_name(item.user_agent), item.is_current())
        for item in sorted(found, key=lambda item: item.last_seen_at, reverse=True)
    ]
    return render(request, "account/sessions.html", {"rows": rows, "tab": "sessions"})


@require_POST
@login_required
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """One's own session on another device; the present one is ended by signing out."""
    own = UserSession.objects.filter(user=person_of(request.user))
    session = get_object_or_404(own, pk=key)
    if session.is_current():
        get_account_adapter().logout(request)
        return redirect("account_login")
    session.end()
    messages.success(request, "Сеанс завершён.")
    return redirect("account_sessions")


@require_POST
@login_required
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    own = UserSession.objects.filter(user=person_of(request.user))
    for session in own.exclude(session_key=request.session.session_key):
        session.end()
    messages.success(request, "Остальные сеансы завершены.")
    return redirect("account_sessions")


@login_required
def remove_key(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Removes a passkey; not the last factor of a person who must have one."""
    own = Authenticator.objects.filter(
        user=person_of(request.user), type=Authenticator.Type.WEBAUTHN
    )
    adapter = get_factor_adapter()
    if adapter.can_delete_authenticator(get_object_or_404(own, pk=pk)):
        answer: HttpResponseBase = remove_webauthn(request, pk=pk)
        return answer
    messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
    return redirect("mfa_list_webauthn")
