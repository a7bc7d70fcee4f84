"""What two experts found differently, and who is right."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from noko.access.loaders import get_place_for, person_of
from noko.access.permissions import Permission
from noko.actions import inspection as deeds
from noko.core.inspection import merged
from noko.core.refusal import Refusal
from noko.models import Inspection, WaveOrganisation
from noko.queries import inspection as queries
from noko.web.field.pages import page, word


@require_http_methods(["GET", "POST"])
def differences(request: HttpRequest, key: int) -> HttpResponse:
    """Differences with a decision for each; an inspection handed over may be given back."""
    place = get_place_for(request.user, key, Permission.INSPECTION_SETTLE)
    refusal = None
    if request.method == "POST":
        try:
            done = _decide(request, place)
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(request, done)
            return redirect(request.path)
    return page(
        request,
        "differences.html",
        status=422 if refusal else 200,
        place=place,
        refusal=refusal,
        typed=request.POST,
        inspections=place.inspections.select_related("expert"),
        rows=_rows(place),
        settled=[
            {
                "row": row,
                "name": _names(place).get((row.checklist, row.item), row.item),
                "word": word(row.mark),
            }
            for row in place.settlements.select_related("settled_by")
        ],
    )


def _decide(request: HttpRequest, place: WaveOrganisation) -> str:
    person, now = person_of(request.user), timezone.now()
    reason = request.POST.get("reason", "")
    if "give_back" in request.POST:
        number = request.POST["give_back"]
        found = place.inspections.filter(pk=number).first() if number.isdigit() else None
        if found is None:
            raise Refusal("Такого осмотра нет.", kind="unknown_inspection", cure="Обновите.")
        deeds.give_back(inspection=found, reason=reason, by=person, now=now)
        return f"Осмотр возвращён: {found.expert}."
    checklist, _, item = request.POST.get("item", "").partition(".")
    mark = request.POST.get("mark", "")
    deeds.settle(place=place, key=(checklist, item), mark=mark, reason=reason, by=person, now=now)
    return "Решение записано."


def _names(place: WaveOrganisation) -> dict[tuple[str, str], str]:
    return {
        asked.key: f"{part.title}: {asked.name}"
        for part in deeds.parts_for(place)
        for asked in part.asked
    }


def _rows(place: WaveOrganisation) -> list[dict[str, Any]]:
    names = _names(place)
    handed_over = place.inspections.filter(status=Inspection.Status.SUBMITTED)
    experts = {row.expert_id: row for row in handed_over.select_related("expert")}
    photos: dict[tuple[str, str], list[Any]] = {}
    for row in experts.values():
        for photo in row.photos.all():
            photos.setdefault((photo.checklist, photo.item), []).append(photo)
    whole = merged(queries.found_by_expert(place), queries.settled(place))
    return [
        {
            "key": ".".join(difference.key),
            "name": names.get(difference.key, difference.key[1]),
            "found": [
                (experts[expert].expert, value, word(value))
                for expert, value in difference.found.items()
            ],
            "photos": photos.get(difference.key, []),
        }
        for difference in whole.differences
    ]
