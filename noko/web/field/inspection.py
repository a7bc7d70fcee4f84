"""An expert's way: the route by municipality, the checklists of one organisation, photographs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from noko.access.loaders import allow, get_place_for, person_of
from noko.access.loading import has_permission
from noko.access.permissions import Permission
from noko.actions import inspection as deeds
from noko.core.inspection import Key, missing
from noko.core.refusal import Refusal
from noko.exchange import photos as kept_photos
from noko.models import Inspection, Person, Wave, WaveOrganisation
from noko.queries import inspection as queries
from noko.web.field.pages import WORDS, page

UNPROCESSABLE, CONFLICT, CREATED = 422, 409, 201
STATUS_OF = {"changed_elsewhere": CONFLICT, "inspection_submitted": CONFLICT}


@require_GET
def route(request: HttpRequest) -> HttpResponse:
    """Organisations of the open waves by municipality, and how far each is."""
    person = allow(request.user, Permission.INSPECTION_FILL)
    places = list(queries.route(Wave.objects.filter(status=Wave.Status.OPEN)))
    own = dict(
        Inspection.objects.filter(expert=person, place__in=places).values_list("place", "status")
    )
    disputed = _disputed(places) if has_permission(person, Permission.INSPECTION_SETTLE) else set()
    rows = [
        {"place": place, "own": own.get(place.pk, ""), "disputed": place.pk in disputed}
        for place in places
    ]
    done = sum(1 for place in places if getattr(place, "handed_over", 0))
    return page(request, "route.html", rows=rows, done=done)


def _disputed(places: Iterable[WaveOrganisation]) -> set[int]:
    """Where two experts differ and nobody has settled it."""
    waves = {place.wave_id: place.wave for place in places}.values()
    return {place.pk for wave in waves for place in queries.collected(wave).disputed}


@require_http_methods(["GET", "POST"])
def inspect(request: HttpRequest, key: int) -> HttpResponse:
    """The checklists; «save» keeps what is there, «submit» hands it over."""
    place = get_place_for(request.user, key, Permission.INSPECTION_FILL)
    person = person_of(request.user)
    if request.method == "GET":
        return _form(request, place, person)
    try:
        saved = _save(request, place, person)
        if "submit" in request.POST:
            deeds.submit(inspection=saved, by=person, now=timezone.now())
    except Refusal as refusal:
        return _refused(request, place, person, refusal)
    if _wants_json(request):
        return JsonResponse({"version": saved.version})
    done = "Осмотр сдан." if "submit" in request.POST else "Сохранено."
    messages.success(request, f"{done} {place.organisation}.")
    return redirect("field:route" if "submit" in request.POST else request.path)


def _save(request: HttpRequest, place: WaveOrganisation, person: Person) -> Inspection:
    now = timezone.now()
    version = request.POST.get("version", "")
    return deeds.save(
        inspection=deeds.begin(place=place, by=person, now=now),
        found=typed(request.POST),
        note=request.POST.get("note", ""),
        version=int(version) if version.isascii() and version.isdigit() else -1,
        by=person,
        now=now,
    )


def typed(values: Mapping[str, str]) -> dict[Key, str]:
    """Fields ``m.<checklist>.<item>`` that hold something; a decimal comma is a point."""
    found: dict[Key, str] = {}
    for name, value in values.items():
        kind, _, rest = name.partition(".")
        checklist, _, item = rest.partition(".")
        if kind == "m" and item and value.strip():
            found[checklist, item] = value.strip().replace(",", ".")
    return found


def _refused(
    request: HttpRequest, place: WaveOrganisation, person: Person, refusal: Refusal
) -> HttpResponse:
    status = STATUS_OF.get(refusal.kind, UNPROCESSABLE)
    if _wants_json(request):
        problems = [str(problem) for problem in refusal.problems]
        body = {"message": str(refusal), "kind": refusal.kind, "problems": problems}
        return JsonResponse(body, status=status)
    return _form(request, place, person, refusal=refusal, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


def _form(
    request: HttpRequest,
    place: WaveOrganisation,
    person: Person,
    *,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form with what is stored; after a refusal, with what was typed."""
    own = place.inspections.filter(expert=person).first()
    found = queries.keyed(own.found) if own else {}
    if refusal is not None:
        found = typed(request.POST)
    parts = deeds.asked_at(place)
    photos = list(own.photos.all()) if own else []
    context = {
        "place": place,
        "own": own,
        "closed": not place.is_open or bool(own and own.status == Inspection.Status.SUBMITTED),
        "parts": [_part(part, found, photos) for part in parts],
        "sites": place.wave.site_round if len(parts) < len(deeds.parts_for(place)) else None,
        "left": len(missing(parts, found)),
        "version": own.version if own else 0,
        "note": request.POST.get("note", "") if refusal else own.note if own else "",
        "refusal": refusal,
    }
    return page(request, "inspection.html", status=status, **context)


def _part(part: Any, found: Mapping[Key, str], photos: list[Any]) -> dict[str, Any]:
    by_item: dict[Key, list[Any]] = {}
    for photo in photos:
        by_item.setdefault((photo.checklist, photo.item), []).append(photo)
    return {
        "code": part.code,
        "title": part.title,
        "items": [
            {
                "asked": asked,
                "name": f"m.{asked.key[0]}.{asked.key[1]}",
                "value": found.get(asked.key, ""),
                "choices": [
                    (code, text)
                    for code, text in WORDS.items()
                    if asked.kind == "item" or code != "not_applicable"
                ],
                "photos": by_item.get(asked.key, []),
            }
            for asked in part.asked
        ],
    }


@require_GET
def card(request: HttpRequest, key: int) -> HttpResponse:
    """The work card: the checklists to print and fill in by hand."""
    place = get_place_for(request.user, key, Permission.INSPECTION_FILL)
    return page(request, "card.html", place=place, parts=deeds.asked_at(place))


@require_POST
def photos(request: HttpRequest, key: int) -> HttpResponse:
    """A photograph to an item: 201 with its number for a script, back to the page for a person."""
    place = get_place_for(request.user, key, Permission.INSPECTION_FILL)
    person, now = person_of(request.user), timezone.now()
    try:
        made = _add_photo(request, place, person, now)
    except Refusal as refusal:
        if _wants_json(request):
            body = {"message": str(refusal), "kind": refusal.kind}
            return JsonResponse(body, status=UNPROCESSABLE)
        messages.error(request, str(refusal))
        return redirect("field:inspection", key)
    if _wants_json(request):
        return JsonResponse({"photo": made.pk}, status=CREATED)
    messages.success(request, "Снимок приложен.")
    return redirect("field:inspection", key)


def _add_photo(request: HttpRequest, place: WaveOrganisation, person: Person, now: Any) -> Any:
    file = request.FILES.get("photo")
    if file is None or file.file is None:
        raise Refusal("Снимок не выбран.", kind="no_photo", cure="Выберите или снимите фотографию.")
    checklist, _, item = request.POST.get("item", "").partition(".")
    inspection = deeds.begin(place=place, by=person, now=now)
    device_key = request.POST.get("key", "")[:64]
    known = inspection.photos.filter(key=device_key).first() if device_key else None
    if known is not None:
        return known
    photo = kept_photos.keep(
        cast(BinaryIO, file.file), size=file.size or 0, with_location="location" in request.POST
    )
    try:
        return deeds.add_photo(
            inspection=inspection,
            asked=(checklist, item),
            key=device_key or photo.digest,
            file=photo.file,
            digest=photo.digest,
            size=photo.bytes,
            width=photo.width,
            height=photo.height,
            location=photo.location,
            by=person,
            now=now,
        )
    except Refusal:
        kept_photos.path_of(photo.file).unlink(missing_ok=True)
        raise


@require_GET
def photo(request: HttpRequest, key: int, photo: int) -> HttpResponseBase:
    """The picture itself, for the expert and for those who settle."""
    place = get_place_for(request.user, key, Permission.INSPECTION_FILL)
    found = place.inspections.filter(photos=photo).values_list("photos__file", "photos__pk")
    file = next((name for name, number in found if number == photo), None)
    if file is None or not kept_photos.path_of(file).is_file():
        raise Http404("Такого снимка нет.")
    answer = FileResponse(kept_photos.path_of(file).open("rb"), content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400"
    return answer


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker; it stands here so that its scope is the field and nothing else."""
    allow(request.user, Permission.INSPECTION_FILL)
    answer = render(request, "field/worker.js", content_type="text/javascript")
    answer["Cache-Control"] = "no-cache"
    return answer
