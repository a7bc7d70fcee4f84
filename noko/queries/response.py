"""What the respondent's page needs to know: whose link it is and which form to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import IntegerField, Sum
from django.db.models.functions import Cast

from noko.core.answers.form import Form, form_of, read_additions
from noko.models import Trace, Wave, WaveOrganisation
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


def survey_of(code: str) -> Survey | None:
    """The survey behind a link; None when there is no such code."""
    found = (
        WaveOrganisation.objects.select_related("wave__cycle", "organisation")
        .filter(code=code.lower())
        .first()
    )
    return None if found is None else _survey(found)


def _survey(found: WaveOrganisation) -> Survey:
    wave = found.wave
    others = wave.additions.get("wordings", {})
    return Survey(
        place=found.pk,
        wave=wave.pk,
        code=found.code,
        organisation=found.organisation.short_name,
        status=wave.status,
        salt=bytes(wave.salt or b""),
        starts_on=wave.starts_on,
        ends_on=wave.ends_on,
        languages=tuple((code, wording["name"]) for code, wording in sorted(others.items())),
        version=wave.version,
        invented=wave.cycle.invented,
    )


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
