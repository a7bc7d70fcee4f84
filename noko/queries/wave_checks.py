"""A wave beside the contract by which it is held."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from noko.core.acceptance import Comparison, Delivered, Received, Row, compare
from noko.core.answers.slip import EMPTY
from noko.core.wave_checks import Held, Promise, Result, results
from noko.models import AnswerBox, Contract, Wave, WaveOrganisation
from noko.queries.contract import contracts_of, demand_of
from noko.queries.edition import get_edition
from noko.queries.response import form_of_wave
from noko.queries.wave import PlaceProgress, Progress, progress_of
from noko.queries.wave_closing import WaveInspection, inspection_of

BOXES_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Line:
    """An organisation of the contract; ``progress`` is None where it is not in the wave."""

    row: Row
    progress: PlaceProgress | None
    inspected: bool


@dataclass(frozen=True, slots=True)
class Checks:
    contract: Contract
    results: Sequence[Result]
    lines: Sequence[Line]

    @property
    def unmet(self) -> list[Result]:
        return [item for item in self.results if not item.met]


def contract_of(wave: Wave) -> Contract | None:
    """The newest contract of the cycle that asks for organisations of this type."""
    found = contracts_of(wave.cycle).filter(items__type=wave.type)
    return Contract.objects.filter(pk__in=found.values("pk")).first()


def checks_of(
    wave: Wave,
    *,
    on: date,
    progress: Progress | None = None,
    inspection: WaveInspection | None = None,
) -> Checks | None:
    """``wave`` as it would be closed ``on`` that day; None where there is no contract.

    Organisations of the contract that stand in another wave of the cycle are that one's matter.
    """
    contract = contract_of(wave)
    if contract is None:
        return None
    places = wave.places.select_related("organisation__municipality")
    progress = progress or progress_of(wave, places, on)
    inspection = inspection or inspection_of(wave)
    elsewhere = WaveOrganisation.objects.filter(wave__cycle=wave.cycle).exclude(wave=wave)
    items = contract.items.filter(type=wave.type).exclude(
        organisation__in=elsewhere.values("organisation")
    )
    demand = demand_of(contract, items)
    received = {
        row.place.pk: _received(row, inspection, asked)
        for row, asked in zip(progress.places, _answered(wave, progress), strict=True)
    }
    comparison = compare(
        demand, _delivered(wave, received.values(), inspection, on), get_edition(wave.cycle.edition)
    )
    specification = contract.specification
    promise = Promise(
        contract.operator_name, specification.survey_starts_on, specification.survey_ends_on
    )
    days = [day for day, number in progress.days.items() if number]
    held = Held(wave.operator, wave.starts_on, wave.ends_on, max(days, default=None), on)
    by_place = {id(item): place for place, item in received.items()}
    return Checks(
        contract,
        results(comparison, demand.clauses, promise, held),
        _lines(comparison, {row.place.pk: row for row in progress.places}, by_place, inspection),
    )


def _lines(
    comparison: Comparison,
    rows: Mapping[int, PlaceProgress],
    by_place: Mapping[int, int],
    inspection: WaveInspection,
) -> list[Line]:
    made = []
    for row in comparison.rows:
        progress = rows[by_place[id(row.received)]] if row.received else None
        inspected = progress is not None and _key(progress.place) in inspection.figures
        made.append(Line(row, progress, inspected))
    return made


def _key(place: WaveOrganisation) -> str:
    return f"o{place.organisation_id}"


def _delivered(wave: Wave, received: Any, inspection: WaveInspection, on: date) -> Delivered:
    formats = {"answers"}
    formats |= {"inspection"} if inspection.figures else set()
    formats |= {"marks"} if inspection.marks else set()
    return Delivered(
        edition=wave.cycle.edition,
        edition_digest=wave.cycle.edition_digest,
        formats=frozenset(formats),
        organisations=tuple(received),
        on=on,
    )


def _received(row: PlaceProgress, inspection: WaveInspection, asked: Mapping[str, int]) -> Received:
    organisation = row.place.organisation
    figures = inspection.figures.get(_key(row.place), {})
    known = {**asked, **figures}
    return Received(
        name=organisation.short_name,
        municipality=str(organisation.municipality),
        inn=organisation.inn or "",
        ogrn=organisation.ogrn or "",
        respondents=row.accepted,
        known=frozenset(known),
        zero=frozenset(symbol for symbol, value in known.items() if not value),
    )


def _answered(wave: Wave, progress: Progress) -> list[dict[str, int]]:
    """For each organisation of ``progress``: symbol of a base → how many have answered it."""
    asked = {item.id: item.asked for item in get_edition(wave.cycle.edition).questionnaire.closed}
    symbols = [asked.get(item.id) for item in form_of_wave(wave).closed]
    found: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(filter(None, symbols), 0))
    boxes = AnswerBox.objects.filter(place__in=[row.place.pk for row in progress.places])
    for place, answers in boxes.values_list("place", "answers").iterator(BOXES_AT_ONCE):
        own = found[place]
        for pattern, number in answers.items():
            for symbol, sign in zip(symbols, pattern, strict=True):
                if symbol and sign != EMPTY:
                    own[symbol] += number
    return [found[row.place.pk] for row in progress.places]


def act_of_checks(checks: Checks, reason: str) -> dict[str, Any]:
    """What the act of the closing keeps of them."""
    return {
        "contract": str(checks.contract),
        "reason": reason,
        "checks": [
            {
                "code": item.code,
                "clauses": list(item.clauses),
                "met": item.met,
                "text": item.text,
                "unmet": list(item.unmet),
                "notes": list(item.notes),
            }
            for item in checks.results
        ],
        "required": [
            [
                line.row.required.name,
                line.row.required.municipality,
                line.row.required.questionnaires,
                line.progress.accepted if line.progress else None,
                line.inspected if line.row.required.inspection else None,
            ]
            for line in checks.lines
        ],
    }
