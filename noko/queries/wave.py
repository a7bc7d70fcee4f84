"""Waves as people see them: how collecting goes, whom a new wave may take in.

Every figure comes from the numbers of the boxes: there are as many as organisations, days and
channels make, however many answers lie in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Max, QuerySet, Sum

from noko.core.statistics.collecting import at_risk, days_left, elapsed
from noko.core.statistics.marks import Mark
from noko.models import AnswerBox, Cycle, Exclusion, Organisation, Wave, WaveOrganisation
from noko.models.response import Channel
from noko.queries.list import current_list, listed


def organisations_to_assess(cycle: Cycle, type: str) -> list[Organisation]:
    """Active organisations of the type that are in no wave of the cycle yet: of the approved list,
    as it names them; while nothing is approved, of the registry."""
    known = Organisation.objects.filter(type=type).select_related("municipality")
    base = listed(cycle, type) if current_list(cycle) else list(known)
    taken = set(
        WaveOrganisation.objects.filter(wave__cycle=cycle).values_list("organisation", flat=True)
    )
    acting = Organisation.Status.ACTIVE
    return [item for item in base if item.status == acting and item.pk not in taken]


@dataclass(frozen=True, slots=True)
class PlaceProgress:
    """One organisation. ``state``: planned, done, underway, late, none (late and without answers)
    or open (no target)."""

    place: WaveOrganisation
    accepted: int
    last_on: date | None
    state: str

    @property
    def missing(self) -> int:
        return max(0, (self.place.target or 0) - self.accepted)

    @property
    def percent(self) -> int | None:
        """Of the target, rounded down: 100 only when it is reached."""
        return self.accepted * 100 // self.place.target if self.place.target else None


@dataclass(frozen=True, slots=True)
class MunicipalProgress:
    name: str
    organisations: int
    reached: int
    late: int
    accepted: int
    target: int


@dataclass(frozen=True, slots=True)
class Progress:
    """A wave, as far as somebody may see it."""

    places: Sequence[PlaceProgress]
    days: Mapping[date, int]
    channels: Sequence[tuple[str, int]]
    excluded: int
    days_left: int

    @property
    def accepted(self) -> int:
        return sum(item.accepted for item in self.places)

    @property
    def target(self) -> int:
        return sum(item.place.target or 0 for item in self.places)

    @property
    def reached(self) -> int:
        return sum(item.state == "done" for item in self.places)

    @property
    def late(self) -> list[PlaceProgress]:
        return [item for item in self.places if item.state in ("late", "none")]

    @property
    def missing(self) -> int:
        return sum(item.missing for item in self.places)

    def municipalities(self) -> list[MunicipalProgress]:
        groups: dict[Any, list[PlaceProgress]] = {}
        for item in self.places:
            groups.setdefault(item.place.organisation.municipality, []).append(item)
        return [
            _municipal(str(municipality), items)
            for municipality, items in sorted(groups.items(), key=lambda pair: pair[0].sort_key)
        ]


def _municipal(name: str, items: Sequence[PlaceProgress]) -> MunicipalProgress:
    return MunicipalProgress(
        name,
        len(items),
        sum(item.state == "done" for item in items),
        sum(item.state in ("late", "none") for item in items),
        sum(item.accepted for item in items),
        sum(item.place.target or 0 for item in items),
    )


def progress_of(wave: Wave, places: QuerySet[WaveOrganisation], today: date) -> Progress:
    """How ``wave`` goes at ``places``, which are those that somebody may see."""
    listed = list(places)
    boxes = AnswerBox.objects.filter(place__in=[place.pk for place in listed])
    found = {
        row["place"]: row
        for row in boxes.values("place").annotate(accepted=Sum("number"), last=Max("day"))
    }
    part = elapsed(wave.starts_on, wave.ends_on, today)
    started = wave.status != Wave.Status.PLANNED
    rows = [_row(place, found.get(place.pk, {}), part, started) for place in listed]
    by_day = dict(boxes.values_list("day").annotate(accepted=Sum("number")).order_by("day"))
    by_channel = dict(boxes.values_list("channel").annotate(accepted=Sum("number")))
    excluded = Exclusion.objects.filter(
        place__in=[place.pk for place in listed], status=Exclusion.Status.CONFIRMED
    ).aggregate(number=Sum("number"))["number"]
    return Progress(
        rows,
        _days(wave, by_day, today),
        [(label, by_channel[code]) for code, label in Channel.choices if code in by_channel],
        excluded or 0,
        days_left(wave.ends_on, today) if wave.status == Wave.Status.OPEN else 0,
    )


def _row(
    place: WaveOrganisation, found: Mapping[str, Any], part: Any, started: bool
) -> PlaceProgress:
    accepted = found.get("accepted", 0)
    late = at_risk(accepted, place.target, part)
    if not started:
        state = "planned"
    elif place.target and accepted >= place.target:
        state = "done"
    elif late:
        state = "late" if accepted else "none"
    else:
        state = "underway" if place.target else "open"
    return PlaceProgress(place, accepted, found.get("last"), state)


def _days(wave: Wave, found: Mapping[date, int], today: date) -> dict[date, int]:
    """Every day from the first one to today, also those without answers."""
    if not found and wave.status == Wave.Status.PLANNED:
        return {}
    first = min([wave.starts_on, *found])
    last = max([min(today, wave.ends_on), *found])
    days = max(0, (last - first).days + 1)
    return {day: found.get(day, 0) for day in (first + timedelta(n) for n in range(days))}


def waves_of(cycle: Cycle) -> list[tuple[Wave, int, int, int]]:
    """The waves of a cycle with numbers: organisations, answers, target."""
    rows = []
    for wave in cycle.waves.all():
        places = wave.places.aggregate(target=Sum("target"))
        accepted = AnswerBox.objects.filter(place__wave=wave).aggregate(number=Sum("number"))
        numbers = (wave.places.count(), accepted["number"] or 0, places["target"] or 0)
        rows.append((wave, *numbers))
    return rows


def confirmed_by_place(wave: Wave) -> dict[int, int]:
    """Organisation in the wave → answers that came with a one-time code."""
    boxes = AnswerBox.objects.filter(place__wave=wave).annotate(
        confirmed=F("marks").bitand(int(Mark.CONFIRMED))
    )
    found = boxes.filter(confirmed__gt=0).values_list("place").annotate(n=Sum("number"))
    return dict(found)
