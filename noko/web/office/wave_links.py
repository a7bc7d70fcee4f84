"""Links, codes and posters of a wave: everything that goes to the organisations."""

from __future__ import annotations

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from noko.access.permissions import Permission
from noko.access.wave import get_place_for, get_wave_for, places_for
from noko.documents.poster import poster_of, poster_pdf, posters_zip, qr_of_poster
from noko.documents.questionnaire import questionnaire_pdf
from noko.documents.xlsx import Column, Table, xlsx
from noko.models import WaveOrganisation
from noko.queries.edition import get_edition
from noko.queries.response import form_of_wave
from noko.web.office.pages import page
from noko.web.office.wave import SECTION, frame

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_GET
def links(request: HttpRequest, key: int) -> HttpResponse:
    found = get_wave_for(request.user, key, Permission.WAVE_LINK)
    places = places_for(request.user, found, Permission.WAVE_LINK)
    rows = [(place, address_of(request, place)) for place in places]
    everyone = get_edition(found.cycle.edition).sample.everyone_up_to
    context = frame(request, found, "wave_links")
    return page(request, "wave/links.html", SECTION, **context, rows=rows, everyone=everyone)


def address_of(request: HttpRequest, place: WaveOrganisation) -> str:
    return request.build_absolute_uri(reverse("survey:survey", args=[place.code]))


@require_GET
def links_file(request: HttpRequest, key: int) -> HttpResponse:
    """A spreadsheet to be sent around."""
    found = get_wave_for(request.user, key, Permission.WAVE_LINK)
    places = places_for(request.user, found, Permission.WAVE_LINK)
    columns = [
        Column("Муниципалитет", 28),
        Column("Организация", 60),
        Column("Получателей услуг", 14),
        Column("Нужно анкет", 12),
        Column("Ссылка", 44),
    ]
    rows = [
        [
            str(place.organisation.municipality),
            place.organisation.short_name,
            place.population,
            place.target,
            address_of(request, place),
        ]
        for place in places
    ]
    content = xlsx([Table("Ссылки", columns, rows, frozen=2)], title="Ссылки на анкеты")
    return attachment(content, "Ссылки на анкеты.xlsx", XLSX)


@require_GET
def code_picture(request: HttpRequest, key: int, place: int) -> HttpResponse:
    found = get_place_for(request.user, key, place)
    content = qr_of_poster(poster_of(found, address_of(request, found))).encode()
    return attachment(content, f"QR {found.code}.svg", "image/svg+xml")


@require_GET
def poster(request: HttpRequest, key: int, place: int) -> HttpResponse:
    found = get_place_for(request.user, key, place)
    content = poster_pdf(poster_of(found, address_of(request, found)))
    return attachment(content, f"Плакат {found.code}.pdf", "application/pdf")


@require_GET
def sheet(request: HttpRequest, key: int, place: int) -> HttpResponse:
    """The questionnaire on paper with the name of one organisation."""
    found = get_place_for(request.user, key, place)
    wave, name = found.wave, found.organisation.short_name
    content = questionnaire_pdf(
        form_of_wave(wave), starts_on=wave.starts_on, ends_on=wave.ends_on,
        operator=wave.operator, organisation=name, code=found.code,
    )  # fmt: skip
    return attachment(content, f"Анкета {found.code}.pdf", "application/pdf")


@require_GET
def blank_sheet(request: HttpRequest, key: int) -> HttpResponse:
    """The same with a line for the name of the organisation."""
    wave = get_wave_for(request.user, key)
    content = questionnaire_pdf(
        form_of_wave(wave), starts_on=wave.starts_on, ends_on=wave.ends_on, operator=wave.operator
    )
    return attachment(content, "Анкета для печати.pdf", "application/pdf")


@require_GET
def posters(request: HttpRequest, key: int) -> StreamingHttpResponse:
    """All posters as one archive, which begins to arrive at once."""
    found = get_wave_for(request.user, key, Permission.WAVE_LINK)
    places = list(places_for(request.user, found, Permission.WAVE_LINK))
    pieces = posters_zip(poster_of(place, address_of(request, place)) for place in places)
    answer = StreamingHttpResponse(pieces, content_type="application/zip")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote('Плакаты.zip')}"
    return answer


def attachment(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer
