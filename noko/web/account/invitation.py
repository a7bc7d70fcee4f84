"""The page that an invitation's letter leads to."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from noko.actions import invitation as deeds
from noko.core.refusal import Refusal
from noko.models import Invitation, Person
from noko.web.account.forms import AcceptForm

STATUS = {"invitation_unknown": 404}
GONE = 410


@sensitive_post_parameters("password", "again")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    now = timezone.now()
    found = Invitation.objects.filter(digest=deeds.digest(secret)).first()
    refusal = deeds.why_not(found, now=now)
    if found is not None and found.person_id and found.person_id == request.user.pk:
        return redirect("account_enter")  # the letter opened once more by the person it has let in
    if found is None or refusal is not None:
        return _useless(request, refusal or deeds.unknown())
    if request.user.is_authenticated:
        return render(request, "account/invitation_other.html", {"invitation": found})
    future = Person(email=found.email, full_name=found.full_name)
    form = AcceptForm(request.POST or None, person=future)
    if form.is_valid():
        try:
            person = deeds.accept(secret=secret, password=form.cleaned_data["password"], now=now)
        except Refusal as refused:
            return _useless(request, refused)
        return _signed_in(request, person)
    context = {"invitation": found, "roles": deeds.roles_left(found, timezone.localdate(now))}
    status = 422 if form.errors else 200
    return render(request, "account/invitation.html", {"form": form, **context}, status=status)


def _signed_in(request: HttpRequest, person: Person) -> HttpResponse:
    """Into the system by the same door as everybody, with the password that was just chosen."""
    record_authentication(request, person, method="password", email=person.email)
    answer: HttpResponse = perform_login(request, Login(user=person))
    return answer


def _useless(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    context = {"problem": refusal.problem, "kind": refusal.kind}
    status = STATUS.get(refusal.kind, GONE)
    return render(request, "account/invitation_useless.html", context, status=status)
