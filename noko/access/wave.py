"""The doors to waves and to the organisations in them; see :mod:`noko.access.loaders`."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from noko.access.loaders import User, allow
from noko.access.loading import scope_of
from noko.access.permissions import Permission
from noko.models import Batch, Exclusion, OdkAddress, Wave, WaveOrganisation


def get_wave_for(person: User, key: int, permission: Permission = Permission.WAVE_VIEW) -> Wave:
    """A wave is known to everybody who may see any; its organisations by their scope."""
    allow(person, permission)
    found = Wave.objects.select_related("cycle", "dataset", "closed_by").filter(pk=key).first()
    if found is None:
        raise Http404(f"Волны {key} нет.")
    return found


def places_for(
    person: User, wave: Wave, permission: Permission = Permission.WAVE_VIEW
) -> QuerySet[WaveOrganisation]:
    """Organisations of the wave that the permission of this person reaches."""
    allow(person, permission)
    within = scope_of(person, permission).condition("organisation__")
    places = WaveOrganisation.objects.select_related("organisation__municipality", "wave__cycle")
    return places.filter(within, wave=wave)


def get_place_for(
    person: User, key: int, place: int, permission: Permission = Permission.WAVE_LINK
) -> WaveOrganisation:
    wave = get_wave_for(person, key, permission)
    found = places_for(person, wave, permission).filter(pk=place).first()
    if found is None:
        raise Http404(f"Организации {place} в этой волне нет.")
    return found


def get_exclusion_for(
    person: User, key: int, exclusion: int, permission: Permission = Permission.WAVE_REVIEW
) -> Exclusion:
    wave = get_wave_for(person, key, permission)
    within = places_for(person, wave, permission)
    found = Exclusion.objects.select_related("place__organisation", "proposed_by", "decided_by")
    exclusion_ = found.filter(pk=exclusion, place__in=within).first()
    if exclusion_ is None:
        raise Http404(f"Исключения {exclusion} нет.")
    return exclusion_


def get_odk_address_for(
    person: User, key: int, address: int, permission: Permission = Permission.WAVE_EDIT
) -> OdkAddress:
    wave = get_wave_for(person, key, permission)
    found = wave.odk_addresses.select_related("wave__cycle", "municipality")
    item = found.filter(pk=address).first()
    if item is None:
        raise Http404(f"Адреса {address} нет.")
    return item


def get_pile_for(person: User, key: int) -> Batch:
    """A batch on paper that this person may type: of an organisation that they reach."""
    allow(person, Permission.RESPONSE_ENTER)
    within = scope_of(person, Permission.RESPONSE_ENTER).condition("organisation__")
    found = Batch.objects.select_related("place__organisation__municipality", "wave__cycle").filter(
        pk=key, kind=Batch.Kind.PAPER, place__in=WaveOrganisation.objects.filter(within)
    )
    batch = found.first()
    if batch is None:
        raise Http404(f"Пачки {key} нет.")
    return batch


def get_batch_for(person: User, key: int, number: int) -> Batch:
    """A batch of the wave, by its number there."""
    wave = get_wave_for(person, key, Permission.BATCH_MANAGE)
    rows = Batch.objects.select_related("place__organisation__municipality", "created_by", "source")
    found = (
        rows.select_related("wave__cycle", "removed_by").filter(wave=wave, number=number).first()
    )
    if found is None:
        raise Http404(f"Пачки № {number} в этой волне нет.")
    return found
