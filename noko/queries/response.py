"""What the respondent's page needs to know: whose link it is and which form to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import IntegerField, Sum
from django.db.models.functions import Cast

from noko.core.answers.form import Form, form_of, read_additions
from noko.database.prepared import look_up
from noko.models import Trace, Wave
from noko.queries.edition import get_edition


@dataclass(frozen=True, slots=True)
class Survey:
    """A link of a wave. ``salt`` is empty unless the wave is open."""

    place: int
    wave: int
    code: str
    organisation: str
    status: str
    salt: bytes
    starts_on: date
    ends_on: date
    languages: tuple[tuple[str, str], ...]
    version: str
    invented: bool

    @property
    def is_open(self) -> bool:
        return self.status == Wave.Status.OPEN

    @property
    def is_closed(self) -> bool:
        return self.status == Wave.Status.CLOSED

    def form(self, language: str = "") -> Form:
        known = language if language in dict(self.languages) else ""
        return _form(self.wave, self.version, known)


_SURVEY = """
select place.id as place, place.wave_id as wave, place.code,
    organisation.short_name as organisation,
    wave.status, wave.salt, wave.starts_on, wave.ends_on, wave.version, cycle.invented,
    array(
        select array[other.code, other.wording ->> 'name']
        from jsonb_each(wave.additions -> 'wordings') as other (code, wording)
        order by other.code
    ) as languages
from noko_waveorganisation as place
join noko_organisation as organisation on organisation.id = place.organisation_id
join noko_wave as wave on wave.id = place.wave_id
join noko_cycle as cycle on cycle.id = wave.cycle_id
where place.code = %(code)s
"""


def survey_of(code: str) -> Survey | None:
    """The survey behind a link; None when there is no such code."""
    found = look_up(_SURVEY, {"code": code.lower()})
    if found is None:
        return None
    found["salt"] = bytes(found["salt"] or b"")
    found["languages"] = tuple((language, name) for language, name in found["languages"])
    return Survey(**found)


def form_of_wave(wave: Wave, language: str = "") -> Form:
    """The form of a wave in a language."""
    return form_of(get_edition(wave.cycle.edition), read_additions(wave.additions), language)


@lru_cache(maxsize=256)
def _form(wave: int, version: str, language: str) -> Form:
    """``version`` is a part of the key: a form that has been changed is made anew."""
    del version
    return form_of_wave(Wave.objects.select_related("cycle").get(pk=wave), language)


ENOUGH_TIMES = 100
"""So many measured times make a usual pace."""


def usual_pace(wave: int, now: datetime) -> int | None:
    """The middle class of the times of filling in; None while there are few of them.

    Asked of the database once in a minute.
    """
    return _usual_pace(wave, now.replace(second=0, microsecond=0))


@lru_cache(maxsize=64)
def _usual_pace(wave: int, minute: datetime) -> int | None:
    del minute
    found = (
        Trace.objects.filter(place__wave=wave, kind="pace")
        .values(end=Cast("token", IntegerField()))
        .annotate(times=Sum("number"))
        .order_by("end")
    )
    classes = [(row["end"], row["times"]) for row in found]
    half = sum(times for _, times in classes) / 2
    if half * 2 < ENOUGH_TIMES:
        return None
    passed = 0
    for end, times in classes:
        passed += times
        if passed >= half:
            return end
    raise AssertionError("the middle is within the classes")
