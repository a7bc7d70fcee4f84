"""Whose findings say what stands on the sites: a round of visits, or the experts of the wave."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import person_of
from noko.access.permissions import Permission
from noko.access.wave import get_wave_for
from noko.actions import wave_closing as deeds
from noko.actions.website_show import refuse_unsettled
from noko.core.refusal import Refusal
from noko.models import SiteRound, Wave
from noko.queries.website_wave import site_part
from noko.templatetags.russian import counted, long_date
from noko.web.office.forms import OfficeForm
from noko.web.office.pages import page
from noko.web.office.wave import SECTION, frame

ORGANISATIONS = "организации,организаций,организаций"
"""After «для»."""
BY_HAND = "0"


class SitesForm(OfficeForm):
    fields_of_refusals: ClassVar = {
        "other_cycle": "source",
        "round_is_open": "source",
        "edition_not_counted": "source",
    }

    source = forms.ChoiceField(label="Откуда сведения о сайтах", widget=forms.RadioSelect)

    def __init__(self, found: Wave, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rounds = {str(one.pk): one for one in rounds_for(found)}
        choices = [(key, _title(one)) for key, one in self.rounds.items()]
        self.fields["source"].choices = [*choices, (BY_HAND, "сайты смотрят эксперты")]  # type: ignore[attr-defined]
        self.fields["source"].initial = str(found.site_round_id or BY_HAND)

    @property
    def chosen(self) -> SiteRound | None:
        return self.rounds.get(self.cleaned_data["source"])


def rounds_for(found: Wave) -> list[SiteRound]:
    """Rounds of the cycle that are over, the newest first."""
    rows = SiteRound.objects.filter(cycle=found.cycle).exclude(status=SiteRound.Status.OPEN)
    return list(rows.order_by("-number"))


def _title(site_round: SiteRound) -> str:
    return (
        f"обход № {site_round.number} на {long_date(site_round.on)} – "
        f"{site_round.get_status_display()}"
    )


@require_http_methods(["GET", "POST"])
def sites(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key, Permission.WAVE_CLOSE)
    person = person_of(request.user)
    form = SitesForm(found, request.POST or None)
    if form.is_valid():
        try:
            chosen, now = form.chosen, timezone.now()
            deeds.choose_sites(wave=found, site_round=chosen, by=person, now=now)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            told = f"Сведения о сайтах: {_title(chosen)}." if chosen else "Сайты смотрят эксперты."
            messages.success(request, told)
            return redirect("office:wave_close", found.pk)
    context = frame(request, found, "")
    back = reverse("office:wave_close", args=[found.pk])
    crumbs = [*context["crumbs"], (context["title"], reverse("office:wave", args=[found.pk]))]
    return page(
        request,
        "wave/sites.html",
        SECTION,
        **{**context, "tabs": [], "crumbs": [*crumbs, ("Закрытие и данные", back)]},
        form=form,
        back=back,
        changes=[
            "Пункты сайта возьмутся из выбранного обхода: выводы машины, а где есть отметка "
            "эксперта – она.",
            "Эти организации эксперт осматривает без перечня сайта. Если он его уже заполнил, "
            "считается обход.",
            "Где сайт проверить не удалось, перечень сайта заполняет эксперт: отсутствующим "
            "непроверенное не считается.",
            "Набор данных фиксируется, когда срок возражений прошёл и все возражения решены.",
        ],
        status=422 if form.errors else 200,
    )


def site_check(found: Wave) -> tuple[str, str, str, str] | None:
    """A line for what is checked before a data set; None where experts look at all sites."""
    chosen = found.site_round
    if chosen is None:
        return None
    part = site_part(found)
    places = found.places.select_related("organisation")
    left = [str(place) for place in places if place.organisation_id not in part.marks]
    told = f"Сведения взяты для {counted(len(part.marks), ORGANISATIONS)}: {_title(chosen)}."
    if left:
        told += f" Сайты остальных смотрит эксперт: {len(left)}."
    try:
        refuse_unsettled(chosen, timezone.localdate())
    except Refusal as refusal:
        return "overdue", "сайты", f"{told} {refusal}", "; ".join(left)
    return "done", "сайты", told, "; ".join(left)
