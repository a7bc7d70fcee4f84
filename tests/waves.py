"""Waves for tests, made by the same deeds as real ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from noko.actions import organisation as organisations
from noko.actions import wave as waves
from noko.actions.response import Place
from noko.core.answers.additions import texts_of, worded
from noko.core.answers.form import read_additions
from noko.models import Cycle, Organisation, Wave
from noko.queries.edition import get_edition
from tests.small_cycle import EDITION, NOW, make_cycle

DAY = date(2027, 2, 1)
NOON = datetime(2027, 2, 1, 9, 0, tzinfo=UTC)
"""Midday of :data:`DAY` in the region."""

NAMES = ("Детский сад «Берёзка»", "Детский сад № 2")
MUNICIPALITIES = ("Заречный район", "Город Лугов")


def make_organisations_of(type: str, enrolment: int | None = 120) -> list[Organisation]:
    """Two organisations of ``type`` in two municipalities."""
    rows = [
        {
            "full_name": f"{name} ({type})",
            "type": type,
            "municipality": municipality,
            "enrolment": enrolment,
        }
        for name, municipality in zip(NAMES, MUNICIPALITIES, strict=True)
    ]
    organisations.save_all(added=rows, by=None, now=NOW)
    return list(Organisation.objects.filter(type=type))


def make_wave(
    slug: str = "2027",
    type: str = "preschool",
    *,
    opened: bool = True,
    additions: Mapping[str, Any] | None = None,
) -> Wave:
    """A wave of two organisations of 120 recipients each, open unless said otherwise."""
    found = make_organisations_of(type)
    cycle = Cycle.objects.filter(slug=slug).first() or make_cycle(slug, year=int(slug))
    wave = waves.plan(
        cycle=cycle,
        type=type,
        operator="ООО «Опрос»",
        starts_on=DAY,
        ends_on=date(2027, 2, 28),
        organisations=found,
        additions=additions,
        by=None,
        now=NOW,
    )
    return waves.open_wave(wave=wave, by=None, now=NOW) if opened else wave


def place_of(wave: Wave, number: int = 0) -> Place:
    """Where answers about the organisation ``number`` of an open wave belong."""
    found = wave.places.order_by("organisation__sort_key")[number]
    return Place(found.pk, wave.pk, bytes(wave.salt or b""))


def wording_of(
    said: Mapping[str, str], name: str = "Татарча", extra: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """A whole wording of the questionnaire with ``extra``; what ``said`` has not is «… (tt)»."""
    edition, added = get_edition(EDITION), read_additions({"extra": list(extra)})
    texts = {item.key: f"{item.original} (tt)" for item in texts_of(edition, added)}
    return worded(name, {**texts, **said}, edition, added).model_dump(mode="json")
