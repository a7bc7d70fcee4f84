"""How far interviewing has come: organisations of the open waves and what was accepted for each."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from noko.models import Wave, WaveOrganisation
from noko.models.response import Channel

INTERVIEWED = Q(boxes__channel=Channel.INTERVIEW)


def interviewed(within: Q, today: date) -> QuerySet[WaveOrganisation]:
    """Organisations of open waves by municipality: ``today`` and ``so_far`` in interviews.

    Of all interviewers together: a box does not know who put a slip into it.
    """
    places = WaveOrganisation.objects.filter(within, wave__status=Wave.Status.OPEN)
    places = places.select_related("organisation__municipality", "wave__cycle")
    return places.annotate(
        today=Coalesce(Sum("boxes__number", filter=INTERVIEWED & Q(boxes__day=today)), 0),
        so_far=Coalesce(Sum("boxes__number", filter=INTERVIEWED), 0),
    ).order_by("organisation__municipality__sort_key", "organisation__sort_key", "pk")


def interviewed_today(place: WaveOrganisation, today: date) -> int:
    found = place.boxes.filter(channel=Channel.INTERVIEW, day=today).aggregate(n=Sum("number"))
    return found["n"] or 0
