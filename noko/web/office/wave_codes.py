"""One-time codes of a wave: slips for an organisation, how many were used, taking them back."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.wave import get_place_for, get_wave_for, places_for
from noko.actions import one_time_code as deeds
from noko.core.refusal import Refusal
from noko.documents.poster import poster_of
from noko.documents.slips import slips_pdf
from noko.models import OneTimeCode, Wave
from noko.queries.wave import confirmed_by_place
from noko.templatetags.russian import counted
from noko.web.office.batch_forms import CodesForm
from noko.web.office.pages import page
from noko.web.office.wave import SECTION, beneath
from noko.web.office.wave_links import address_of, attachment

LINKS = ("wave_links", "Ссылки и плакаты")


@require_GET
def codes(request: HttpRequest, key: int) -> HttpResponse:
    """Every organisation with its unused codes and its confirmed answers."""
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    left = dict(
        OneTimeCode.objects.filter(place__wave=found).values_list("place").annotate(n=Count("pk"))
    )
    confirmed = confirmed_by_place(found)
    rows = [
        (place, left.get(place.pk, 0), confirmed.get(place.pk, 0))
        for place in places_for(request.user, found, Permission.WAVE_EDIT)
    ]
    return page(
        request,
        "wave/codes.html",
        SECTION,
        **beneath(request, found, *LINKS),
        rows=rows,
        is_open=found.status == Wave.Status.OPEN,
    )


@require_http_methods(["GET", "POST"])
def issue(request: HttpRequest, key: int, place: int) -> HttpResponse:
    """Slips as a file, once; or unused codes are taken back."""
    found = get_place_for(request.user, key, place, Permission.WAVE_EDIT)
    person, now = person_of(request.user), timezone.now()
    if request.method == "POST" and "withdraw" in request.POST:
        number = deeds.withdraw(place=found, by=person, now=now)
        messages.success(request, f"Отозвано: {counted(number, 'код,кода,кодов')}.")
        return redirect("office:wave_codes", key)
    form = CodesForm(request.POST or None, initial={"number": min(found.target or 30, 30)})
    if form.is_valid():
        try:
            made = deeds.issue(place=found, **form.cleaned_data, by=person, now=now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            content = slips_pdf(poster_of(found, address_of(request, found)), made)
            answer = attachment(content, f"Листки с кодами {found.code}.pdf", "application/pdf")
            answer["Cache-Control"] = "no-store"
            return answer
    return page(
        request,
        "wave/codes_issue.html",
        SECTION,
        **beneath(request, found.wave, *LINKS),
        place=found,
        left=found.one_time_codes.count(),
        form=form,
        status=422 if form.errors else 200,
    )
