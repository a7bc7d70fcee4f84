"""What stands behind an address for ODK Collect: which wave, which organisations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from django.db.models import QuerySet

from noko.core.answers.form import RUSSIAN, Form
from noko.core.xlsform import Assessed, Sheets, language_of, to_xlsform
from noko.models import OdkAddress, Wave, WaveOrganisation
from noko.queries.response import form_of_wave


def address_of(code: str) -> OdkAddress | None:
    found = OdkAddress.objects.select_related("wave__cycle", "municipality")
    return found.filter(code=code.lower()).first()


def form_id(wave: Wave) -> str:
    """The same in every address of a wave: an answer that could not be sent through one may be
    sent through another."""
    return f"noko-{wave.pk}"


def places_behind(address: OdkAddress) -> QuerySet[WaveOrganisation]:
    places = address.wave.places.select_related("organisation__municipality")
    if address.municipality_id:
        places = places.filter(organisation__municipality=address.municipality_id)
    return places.order_by("organisation__municipality__sort_key", "organisation__sort_key", "pk")


def place_behind(address: OdkAddress, code: str) -> WaveOrganisation | None:
    """The organisation that was chosen on the form; None where the address does not reach it."""
    key = code.removeprefix("o")
    if not (code.startswith("o") and key.isascii() and key.isdigit() and len(key) < 16):
        return None
    return places_behind(address).filter(organisation=int(key)).first()


def assessed(places: QuerySet[WaveOrganisation]) -> tuple[Assessed, ...]:
    """Organisations to choose from, by the key that stays whatever becomes of the registry.

    Two of one name in a municipality are told apart by their full names.
    """
    found = [place.organisation for place in places]
    names = Counter((item.municipality_id, item.short_name) for item in found)
    return tuple(
        Assessed(
            f"o{item.pk}",
            item.full_name if names[item.municipality_id, item.short_name] > 1 else item.short_name,
            item.municipality.name,
        )
        for item in found
    )


def listed_by_inn(wave: Wave) -> tuple[Assessed, ...]:
    """All organisations of a wave for a form that goes elsewhere: known there by their INN."""
    places = list(wave.places.select_related("organisation__municipality"))
    places.sort(key=lambda place: place.organisation.municipality.sort_key)
    return tuple(
        Assessed(item.inn or f"o{item.pk}", item.full_name, item.municipality.name)
        for item in (place.organisation for place in places)
    )


def languages_of(wave: Wave) -> dict[str, str]:
    """Code → name of the languages that the region has added."""
    wordings = wave.additions.get("wordings", {})
    return {code: wording["name"] for code, wording in sorted(wordings.items())}


def sheets_of(wave: Wave, places: tuple[Assessed, ...], *, keeps_place: bool) -> Sheets:
    """The form of a wave for devices of ODK, in all its languages."""
    others: Mapping[str, Form] = {
        language_of(code, name): form_of_wave(wave, code)
        for code, name in languages_of(wave).items()
    }
    return to_xlsform(
        form_of_wave(wave, RUSSIAN),
        form_id=form_id(wave),
        version=wave.version,
        others=others,
        places=places,
        keeps_place=keeps_place,
    )
