"""ODK Collect on the tablets of those who collect: addresses, their cards, withdrawing."""

from __future__ import annotations

from typing import ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.wave import get_odk_address_for, get_wave_for
from noko.actions import odk as deeds
from noko.core.refusal import Refusal
from noko.documents.odk_card import Card, odk_card
from noko.exchange.openrosa import settings_code
from noko.models import Municipality, OdkAddress, Wave
from noko.queries.odk import places_behind
from noko.templatetags.russian import counted
from noko.web.office.forms import OfficeForm
from noko.web.office.pages import page
from noko.web.office.wave import SECTION, frame
from noko.web.office.wave_links import attachment

RUNNING = (Wave.Status.PLANNED, Wave.Status.OPEN)


class AddressForm(OfficeForm):
    """Whom an address is given to, and for which organisations."""

    fields_of_refusals: ClassVar = {"holder_taken": "holder"}

    holder = forms.CharField(
        label="Кому",
        max_length=200,
        help_text="Интервьюер или планшет, например: Петрова, планшет 3. По этой записи адрес "
        "потом отзывают.",
    )
    municipality = forms.ModelChoiceField(
        label="Организации",
        queryset=Municipality.objects.none(),
        required=False,
        empty_label="все организации волны",
        help_text="В форме будет выбор из этих организаций.",
    )

    def __init__(self, wave: Wave, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        inside = Municipality.objects.filter(organisations__waves__wave=wave).distinct()
        self.fields["municipality"].queryset = inside  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
def odk(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key, Permission.WAVE_EDIT)
    form = AddressForm(found, request.POST or None)
    if form.is_valid():
        try:
            made = deeds.give(
                wave=found, **form.cleaned_data, by=person_of(request.user), now=timezone.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, f"Адрес выдан: {made.holder}. Напечатайте карточку.")
            return redirect("office:wave_odk", found.pk)
    return page(
        request,
        "wave/odk.html",
        SECTION,
        **frame(request, found, "wave_odk"),
        form=form,
        rows=[(item, server_of(request, item)) for item in addresses_of(found)],
        running=found.status in RUNNING,
        status=422 if form.errors else 200,
    )


def addresses_of(wave: Wave) -> list[OdkAddress]:
    """Those that work first."""
    found = wave.odk_addresses.select_related("municipality", "wave")
    return sorted(found, key=lambda item: item.withdrawn_at is not None)


def server_of(request: HttpRequest, address: OdkAddress) -> str:
    """Without a slash: Collect adds the rest itself."""
    return request.build_absolute_uri(reverse("odk:front", args=[address.code])).rstrip("/")


@require_GET
def odk_card_file(request: HttpRequest, key: int, address: int) -> HttpResponse:
    found = get_odk_address_for(request.user, key, address)
    content = odk_card(card_of(found, server_of(request, found)))
    return attachment(content, f"Карточка {found.holder}.pdf", "application/pdf")


def card_of(address: OdkAddress, server: str) -> Card:
    wave = address.wave
    number = counted(places_behind(address).count(), "организация,организации,организаций")
    return Card(
        holder=address.holder,
        wave=str(wave),
        where=str(address.municipality or "Все муниципалитеты"),
        organisations=number,
        address=server,
        code=settings_code(server, f"НОКО: {wave.whom}"),
        starts_on=wave.starts_on,
        ends_on=wave.ends_on,
        operator=wave.operator,
    )


@require_http_methods(["GET", "POST"])
def odk_withdraw(request: HttpRequest, key: int, address: int) -> HttpResponse:
    """The confirm step: what stops, what stays."""
    found = get_odk_address_for(request.user, key, address)
    if request.method == "POST":
        try:
            deeds.withdraw(address=found, by=person_of(request.user), now=timezone.now())
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"Адрес отозван: {found.holder}.")
        return redirect("office:wave_odk", found.wave_id)
    changes = [
        f"С устройства «{found.holder}» анкеты приниматься перестанут.",
        "Принятые анкеты останутся.",
        "Неотправленные останутся на планшете: их можно отправить через новый адрес этой волны.",
    ]
    context = frame(request, found.wave, "wave_odk")
    return page(request, "wave/odk_withdraw.html", SECTION, **context, changes=changes)
