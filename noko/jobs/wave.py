"""Waves: letters to coordinators and organisations, with the posters of those who hang them up."""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from noko.actions import wave_letter as deeds
from noko.actions.letter import Attachment
from noko.documents.poster import poster_of, poster_pdf
from noko.models import Wave
from noko.queries.wave_people import Addressee

MOST_POSTERS = 3
"""Who has more organisations takes the posters from the office, as one archive."""


@app.task(name="noko.wave.letters")
def write_letters(wave_id: int) -> None:
    """What is due of one wave; bears being repeated and run at once."""
    wave = Wave.objects.select_related("cycle").filter(pk=wave_id).first()
    if wave is not None:
        deeds.make_due(wave=wave, attach=posters_of, now=timezone.now())


@app.periodic(cron="17 * * * *")
@app.task(name="noko.wave.letters_due", queueing_lock="wave-letters", pass_context=False)
def write_due(timestamp: int) -> None:
    """Every hour: all open waves, each by itself."""
    del timestamp
    for key in Wave.objects.filter(status=Wave.Status.OPEN).values_list("pk", flat=True):
        write_letters(key)


def posters_of(addressee: Addressee) -> Sequence[Attachment]:
    """The posters of an organisation's own letter."""
    if addressee.coordinator or len(addressee.places) > MOST_POSTERS:
        return ()
    return [
        Attachment(
            f"Плакат {row.place.code}.pdf",
            "application/pdf",
            poster_pdf(poster_of(row.place, f"{settings.ADDRESS}/s/{row.place.code}/")),
        )
        for row in addressee.places
    ]
