"""What a device takes from the server: the list of forms and the form itself."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from noko.exchange import openrosa
from noko.models import OdkAddress, Wave
from noko.queries.odk import address_of, form_id
from noko.web.odk.answering import answer, unknown


@require_safe
def front(request: HttpRequest, code: str) -> HttpResponse:
    """For those who open the address in a browser instead of ODK Collect."""
    found = address_of(code)
    status = 404 if found is None else 200
    return render(request, "odk/front.html", {"address": found}, status=status)


@require_safe
def form_list(request: HttpRequest, code: str) -> HttpResponse:
    """The form of the wave while it is open: what is filled in before for practice must not come
    in later as an answer."""
    found = address_of(code)
    if found is None:
        return unknown()
    name = form_id(found.wave)
    wanted = request.GET.get("formID", name)
    listed = found if is_open(found) and wanted == name else None
    download = request.build_absolute_uri(reverse("odk:form", args=[found.code, name]))
    return answer(openrosa.form_list(listed, title_of(found), download))


@require_safe
def form(request: HttpRequest, code: str, form: str) -> HttpResponse:
    found = address_of(code)
    if found is None or not is_open(found) or form != form_id(found.wave):
        return unknown()
    return answer(openrosa.xform_of(found))


def is_open(address: OdkAddress) -> bool:
    return address.withdrawn_at is None and address.wave.status == Wave.Status.OPEN


def title_of(address: OdkAddress) -> str:
    """What an interviewer chooses the form by."""
    where = f", {address.municipality}" if address.municipality else ""
    return f"{address.wave}{where}"
