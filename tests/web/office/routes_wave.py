"""What each address of waves asks for."""

from noko.access.permissions import Permission
from noko.actions import odk
from noko.models import Cycle
from tests.small_cycle import NOW
from tests.waves import make_wave

NEEDED = {
    "waves": Permission.WAVE_VIEW,
    "wave_new": Permission.WAVE_EDIT,
    "wave": Permission.WAVE_VIEW,
    "wave_edit": Permission.WAVE_EDIT,
    "wave_open": Permission.WAVE_EDIT,
    "wave_questionnaire": Permission.WAVE_VIEW,
    "wave_question_new": Permission.WAVE_EDIT,
    "wave_question": Permission.WAVE_EDIT,
    "wave_question_deed": Permission.WAVE_EDIT,
    "wave_language_new": Permission.WAVE_EDIT,
    "wave_language": Permission.WAVE_EDIT,
    "wave_language_remove": Permission.WAVE_EDIT,
    "wave_xlsform": Permission.WAVE_VIEW,
    "wave_xlsform_load": Permission.WAVE_EDIT,
    "wave_links": Permission.WAVE_LINK,
    "wave_links_file": Permission.WAVE_LINK,
    "wave_posters": Permission.WAVE_LINK,
    "wave_code": Permission.WAVE_LINK,
    "wave_poster": Permission.WAVE_LINK,
    "wave_sheet": Permission.WAVE_LINK,
    "wave_blank_sheet": Permission.WAVE_VIEW,
    "wave_letters": Permission.WAVE_EDIT,
    "wave_remind": Permission.WAVE_EDIT,
    "wave_odk": Permission.WAVE_EDIT,
    "wave_odk_card": Permission.WAVE_EDIT,
    "wave_odk_withdraw": Permission.WAVE_EDIT,
    "wave_close": Permission.WAVE_CLOSE,
    "wave_inspection": Permission.WAVE_CLOSE,
    "wave_sites": Permission.WAVE_CLOSE,
    "wave_freeze": Permission.WAVE_CLOSE,
    "wave_survey": Permission.WAVE_CLOSE,
    "wave_act": Permission.WAVE_VIEW,
    "wave_codes": Permission.WAVE_EDIT,
    "wave_codes_issue": Permission.WAVE_EDIT,
    "wave_batches": Permission.BATCH_MANAGE,
    "batch_upload": Permission.BATCH_MANAGE,
    "batch": Permission.BATCH_MANAGE,
    "batch_remove": Permission.BATCH_MANAGE,
    "batch_sheet": Permission.BATCH_MANAGE,
    "wave_quality": Permission.WAVE_REVIEW,
    "exclusion_propose": Permission.WAVE_REVIEW,
    "exclusion": Permission.WAVE_REVIEW,
}

ANSWERS = {
    "wave_open": 302,  # a language of it is not finished
    "wave_remind": 302,  # the wave of these tests is not open
    "wave_inspection": 302,  # to the page with its form
    "batch_upload": 302,  # the wave of these tests is not open
    "batch": 404,  # no batch in it
    "batch_remove": 404,
    "batch_sheet": 404,
    "wave_survey": 404,  # the wave of these tests is not closed
    "wave_act": 404,
    "exclusion_propose": 302,  # nothing unusual in it
    "exclusion": 404,
}
"""What those who may get where it is not a page."""

ONLY_POST = frozenset({"wave_freeze", "wave_question_deed"})
"""Addresses where nothing is done by opening them."""


ADDITIONS = {
    "extra": [{"id": "r1", "text": "Как вы добираетесь?"}],
    "wordings": {"tt": {"name": "Татарча"}},
}


def arguments(cycle: Cycle) -> dict[str, list[object]]:
    """A wave that is being prepared, with a place of it."""
    wave = make_wave(cycle.slug, "supplementary", opened=False, additions=ADDITIONS)
    place = wave.places.order_by("organisation__sort_key").first()
    address = odk.give(wave=wave, holder="Планшет 1", municipality=None, by=None, now=NOW)
    return {
        "waves": [cycle.slug],
        "wave_new": [cycle.slug],
        **{name: [wave.pk] for name in NEEDED if name not in ("waves", "wave_new")},
        "wave_question": [wave.pk, "r1"],
        "wave_question_deed": [wave.pk, "r1", "down"],
        "wave_language": [wave.pk, "tt"],
        "wave_language_remove": [wave.pk, "tt"],
        "wave_code": [wave.pk, place.pk],
        "wave_poster": [wave.pk, place.pk],
        "wave_sheet": [wave.pk, place.pk],
        "wave_odk_card": [wave.pk, address.pk],
        "wave_odk_withdraw": [wave.pk, address.pk],
        "wave_act": [wave.pk, "pdf"],
        "wave_codes_issue": [wave.pk, place.pk],
        "batch": [wave.pk, 1],
        "batch_remove": [wave.pk, 1],
        "batch_sheet": [wave.pk, 1, 1],
        "exclusion": [wave.pk, 1],
    }
