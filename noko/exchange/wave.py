"""A wave's answers on their way out: the frozen survey, and the data set with the inspections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from noko.core.answers.form import Form
from noko.core.answers.slip import columns_of
from noko.core.dataset import Organisation, inputs_of
from noko.exchange.dataset import (
    Package,
    package_marks,
    package_sites,
    read_package,
    write_package,
)
from noko.models import AnswerBox, Wave, WaveOrganisation
from noko.queries.edition import get_edition
from noko.queries.response import form_of_wave
from noko.queries.wave_closing import WaveInspection

if TYPE_CHECKING:
    import polars as pl

PLACES_AT_ONCE = 20
BOXES_AT_ONCE = 100


def write_survey(wave: Wave, folder: Path, *, created_on: date) -> Package:
    """The answers of a wave that nothing is added to any more, as a package of its own.

    Without inspections; every organisation of the wave is in it, also those nobody answered about.
    """
    places = list(wave.places.select_related("organisation__municipality"))
    return write_package(
        folder,
        edition=get_edition(wave.cycle.edition),
        title=str(wave),
        description="Данные вымышлены." if wave.cycle.invented else "",
        created_on=created_on,
        organisations=[described(place) for place in places],
        inspection={},
        answers=answers_of(wave, places),
    )


def answers_of(wave: Wave, places: Sequence[WaveOrganisation]) -> Iterator[pl.DataFrame]:
    """Every counted answer: organisation and the closed questions of the edition; some
    organisations at a time, in the order of their ids, so that a wave of any size fits."""
    form = form_of_wave(wave)
    closed = [question.id for question in get_edition(wave.cycle.edition).questionnaire.closed]
    ordered = sorted(places, key=organisation_id)
    for start in range(0, len(ordered), PLACES_AT_ONCE):
        yield _answers_at(ordered[start : start + PLACES_AT_ONCE], form, closed)


def _answers_at(
    places: Sequence[WaveOrganisation], form: Form, closed: Sequence[str]
) -> pl.DataFrame:
    from noko.exchange.answers import answers_frame

    held = held_patterns(AnswerBox.objects.filter(place__in=[place.pk for place in places]))
    patterns = [pattern for place in places for pattern in held.get(place.pk, ())]
    numbers = [number for place in places for number in held.get(place.pk, {}).values()]
    sizes = [sum(held.get(place.pk, {}).values()) for place in places]
    columns = columns_of(form, patterns, numbers)
    return answers_frame(
        [organisation_id(place) for place in places],
        np.repeat(np.arange(len(places)), sizes),
        {name: columns[name] for name in closed},
    )


def held_patterns(boxes: Any) -> dict[int, Counter[str]]:
    """Key of the organisation in the wave → pattern → how many, over all its boxes."""
    held: dict[int, Counter[str]] = {}
    for place, answers in boxes.values_list("place", "answers").iterator(BOXES_AT_ONCE):
        held.setdefault(place, Counter()).update(answers)
    return held


def organisation_id(place: WaveOrganisation) -> str:
    """The same as in a data set made from files."""
    return f"o{place.organisation_id}"


def described(place: WaveOrganisation) -> Organisation:
    organisation = place.organisation
    return Organisation(
        id=organisation_id(place),
        name=organisation.short_name,
        type=organisation.type,
        municipality=organisation.municipality.name,
        inn=organisation.inn or "",
        ogrn=organisation.ogrn or "",
        recipients=place.population,
    )


def write_dataset(
    survey: Package,
    inspection: WaveInspection,
    folder: Path,
    *,
    title: str,
    created_on: date,
    before: Package | None = None,
) -> Package:
    """The frozen survey with its inspections, added to what earlier waves of the cycle brought.

    Only organisations with an inspection enter. Refusals: those of writing a package.
    """
    import polars as pl

    own = [item for item in survey.organisations if item.id in inspection.figures]
    parts = [(survey, {item.id for item in own}), *([(before, None)] if before else [])]
    told = [survey.manifest.description, *(_told(before) if before else ()), inspection.source]
    return write_package(
        folder,
        edition=survey.edition,
        title=title,
        description="\n".join(dict.fromkeys(filter(None, told))),
        created_on=created_on,
        organisations=[*own, *(before.organisations if before else ())],
        inspection={**inspection.figures, **(_figures(before) if before else {})},
        marks=[*inspection.marks, *(package_marks(before) if before else ())],
        sites=[*inspection.sites, *(package_sites(before) if before else ())],
        answers=pl.concat([_answers(package, kept) for package, kept in parts]),
    )


def _told(package: Package) -> list[str]:
    """What the description of an earlier data set says, line by line."""
    return package.manifest.description.splitlines()


def _answers(package: Package, kept: Iterable[str] | None) -> pl.LazyFrame:
    import polars as pl

    from noko.core.answers.counting import KEY

    if not isinstance(package.answers, Path):
        raise TypeError("a frozen survey keeps its answers in a file")
    rows = pl.scan_parquet(package.answers)
    return rows if kept is None else rows.filter(pl.col(KEY).is_in(list(kept)))


def _figures(package: Package) -> Mapping[str, Mapping[str, Any]]:
    symbols = [item.symbol for item in inputs_of(package.edition, "inspection")]
    return {
        item.id: {
            symbol: package.columns[symbol][position]
            for symbol in symbols
            if package.columns[symbol][position] is not None
        }
        for position, item in enumerate(package.organisations)
    }


def frozen_survey(wave: Wave, files: Path) -> Package:
    """The survey of a closed wave, its digests verified."""
    return read_package(files / "datasets" / wave.folder)
