"""What each address of waves asks for."""

from noko.access.permissions import Permission
from noko.models import Cycle
from tests.waves import make_wave

NEEDED = {
    "waves": Permission.WAVE_VIEW,
    "wave_new": Permission.WAVE_EDIT,
    "wave": Permission.WAVE_VIEW,
    "wave_edit": Permission.WAVE_EDIT,
    "wave_open": Permission.WAVE_EDIT,
    "wave_questionnaire": Permission.WAVE_VIEW,
    "wave_links": Permission.WAVE_LINK,
    "wave_links_file": Permission.WAVE_LINK,
    "wave_posters": Permission.WAVE_LINK,
    "wave_code": Permission.WAVE_LINK,
    "wave_poster": Permission.WAVE_LINK,
}

ONLY_POST: frozenset[str] = frozenset()
"""Addresses where nothing is done by opening them."""


def arguments(cycle: Cycle) -> dict[str, list[object]]:
    """A wave that is being prepared, with a place of it."""
    wave = make_wave(cycle.slug, "supplementary", opened=False)
    place = wave.places.order_by("organisation__sort_key").first()
    return {
        "waves": [cycle.slug],
        "wave_new": [cycle.slug],
        **{name: [wave.pk] for name in NEEDED if name not in ("waves", "wave_new")},
        "wave_code": [wave.pk, place.pk],
        "wave_poster": [wave.pk, place.pk],
    }
