"""The second stage of the last year, which goes on now: a list, a contract and an open wave.

What the council and the authority decided has fixed days; the days of the wave count from the day
on which the demonstration is made, so that it is always on its way. Its links are as random
as real ones. Colleges stand in the list too and are in no wave: whoever tries the system prepares
that one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np

from noko.actions import contract as contracts
from noko.actions import cycle as cycles
from noko.actions import inspection as inspections
from noko.actions import specification as specifications
from noko.actions import wave as waves
from noko.actions.inspection import parts_for
from noko.actions.response import Sender
from noko.core.answers.slip import DIGITS, Slip
from noko.core.answers.slip import EMPTY as NO_ANSWER
from noko.core.dataset import ABSENT, PRESENT
from noko.core.inspection import FIGURES, Key
from noko.demo import DOMAIN, SEED
from noko.demo import list as lists
from noko.demo.boxes import Given, fill_boxes
from noko.demo.council import Question
from noko.demo.identifiers import inn
from noko.demo.inspection import invent_inspection
from noko.demo.paper import type_some_paper
from noko.demo.region import SUPPLEMENTARY, VOCATIONAL, Invented
from noko.demo.specification import CUSTOMER, OPERATOR, placing
from noko.demo.survey import Survey, invent_survey
from noko.demo.waves import Assessed
from noko.jobs import list as list_jobs
from noko.models import Contract, Cycle, Person, Wave, WaveOrganisation
from noko.models.response import Channel
from noko.queries.edition import get_edition
from noko.queries.list import listed

_MOSCOW = ZoneInfo("Europe/Moscow")
SLUG = "2026-2"
TYPES = (SUPPLEMENTARY, VOCATIONAL)
OPENED_ON, LISTED_ON = date(2026, 9, 14), date(2026, 9, 16)
ADOPTED_ON, SIGNED_ON = date(2026, 10, 5), date(2026, 10, 14)
BASIS = "Решение общественного совета от 15.09.2026, принято опросом на бумаге"
PASSED, LASTS = 7, 30
"""Days of the wave: that have passed, and in all."""
REMARKS = (
    "Хотелось бы больше кружков для старших.",
    "Спасибо педагогам.",
    "Нужен навес у входа.",
    "Удобно, что можно записаться по телефону.",
    "Зимой в раздевалке холодно.",
)
PILE = 14
"""So many questionnaires somebody has filled in on one phone within a few minutes."""


def second_stage(region: Sequence[Invented], assessed: Sequence[Invented]) -> list[Invented]:
    """Those of two types that the first stage, ``assessed``, has left."""
    return [item for item in region if item.type in TYPES and item not in assessed]


def prepare_stage(first: Cycle, those: Sequence[Invented], by: Person, today: date) -> Question:
    """The cycle beside the ``first`` of its year, with an approved list of ``those`` and with a
    specification, which is the question for the council."""
    cycle = cycles.create(
        year=first.year, title=f"{first}, второй этап", slug=SLUG, edition_code=first.edition,
        invented=True, by=by, now=_at(OPENED_ON),
    )  # fmt: skip
    listed_there = lists.draw_up_as_assessed(cycle, those, by, OPENED_ON)
    list_jobs.approve_outside(
        item=listed_there, basis=BASIS, on=LISTED_ON, by=by, now=_at(LISTED_ON), pages=False
    )
    made = specifications.create(
        cycle=cycle, customer=CUSTOMER, terms=_terms(today),
        source=first.specifications.filter(status="adopted").first(), by=by,
        now=_at(LISTED_ON, 12),
    )  # fmt: skip
    until = LISTED_ON + timedelta(days=5)
    specifications.open_for_proposals(
        specification=made, until=until, by=by, now=_at(LISTED_ON, 13)
    )
    made = specifications.close_proposals(
        specification=made, by=by, now=_at(until + timedelta(days=1))
    )
    return Question(
        "О техническом задании оператору на второй этап",
        heard="Заданы те же требования, что и на первый этап; сроки другие.",
        make=placing(made, by),
    )


def _terms(today: date) -> dict[str, date | None]:
    began = today - timedelta(days=PASSED)
    return {
        "survey_starts_on": began,
        "survey_ends_on": began + timedelta(days=LASTS - 1),
        "data_due_on": began + timedelta(days=LASTS + 14),
        "report_due_on": began + timedelta(days=LASTS + 28),
    }


def load_stage(those: Sequence[Invented], people: Mapping[str, Person], now: datetime) -> Wave:
    """What follows the council's decision: the contract, and the wave that is open ``now``."""
    cycle = Cycle.objects.get(slug=SLUG)
    _sign_contract(cycle, people["secretary"], now.date())
    return _load_wave(cycle, {item.ogrn: item for item in those}, people, now)


def _sign_contract(cycle: Cycle, by: Person, today: date) -> Contract:
    made = cycle.specifications.select_related("agenda_item__decision").get()
    if made.agenda_item is None:
        raise ValueError("the specification has not been before the council")
    adopted = specifications.approve(
        specification=made, decision=made.agenda_item.decision, by=by, now=_at(ADOPTED_ON)
    )
    terms = contracts.Terms(
        number=f"{cycle.year}/031-НОКО", signed_on=SIGNED_ON, operator_name=OPERATOR,
        operator_inn=inn(90_001), price=Decimal("312000.00"), starts_on=SIGNED_ON,
        ends_on=today + timedelta(days=60), data_due_on=today + timedelta(days=LASTS + 14 - PASSED),
    )  # fmt: skip
    return contracts.sign(specification=adopted, terms=terms, by=by, now=_at(SIGNED_ON, 12))


# --- the wave -----------------------------------------------------------------------------------


def _load_wave(
    cycle: Cycle, region: Mapping[str, Invented], people: Mapping[str, Person], now: datetime
) -> Wave:
    manager = people["operator_manager"]
    first = now.date() - timedelta(days=PASSED)
    began = _at(first)
    planned = waves.plan(
        cycle=cycle, type=SUPPLEMENTARY, operator=OPERATOR, starts_on=first,
        ends_on=first + timedelta(days=LASTS - 1), organisations=listed(cycle, SUPPLEMENTARY),
        by=manager, now=began - timedelta(days=2),
    )  # fmt: skip
    wave = waves.open_wave(wave=planned, by=manager, now=began)
    places = list(wave.places.select_related("organisation", "wave__cycle"))
    rng = np.random.default_rng([SEED, 27])
    shares = np.clip(rng.normal(0.24, 0.13, len(places)), 0, 1)
    shares[[2, 5]] = 0, 1.04
    assessed = [
        Assessed(
            region[place.organisation.ogrn or ""],
            place.population or 0,
            int(share * (place.target or 0)),
        )
        for place, share in zip(places, shares, strict=True)
    ]
    survey = invent_survey(get_edition(cycle.edition), cycle.year, assessed)
    fill_boxes(wave, sorted(_given(places, survey, now), key=lambda one: one.at))
    type_some_paper(wave, people, now)
    _inspect(places, assessed, began)
    return wave


def example_code() -> str:
    """The code of one of the links that are open now; "" when none is."""
    places = WaveOrganisation.objects.filter(is_open=True, wave__cycle__invented=True)
    return places.values_list("code", flat=True).first() or ""


def _given(places: Sequence[WaveOrganisation], survey: Survey, now: datetime) -> list[Given]:
    """Questionnaires by link and poster of the days that have passed, and a pile from one phone."""
    rng = np.random.default_rng([SEED, 28])
    many = len(survey.index)
    chances = rng.random((many, 4))
    ages, remarks = rng.integers(22, 52, many), rng.integers(len(REMARKS), size=many)
    networks, seconds = rng.integers(400, size=many), rng.lognormal(4.9, 0.4, many)
    hours = np.clip(rng.normal(19, 2.5, many), 7, 22).astype(int)
    ago = rng.integers(1, PASSED + 1, many)
    minutes = -1440 * ago + 60 * hours + rng.integers(60, size=many)
    midnight = datetime.combine(now.date(), time(), _MOSCOW)
    given = [
        Given(
            place=places[survey.index[row]].pk,
            slip=Slip(
                pattern,
                (f"q17={2 if woman < 0.85 else 1}", f"q18={ages[row]}") if told < 0.8 else (),
                (f"q16={REMARKS[remarks[row]]}",) if wrote < 0.06 else (),
            ),
            channel=Channel.POSTER if scanned < 0.4 else Channel.LINK,
            sender=Sender(
                f"device {row}",
                f"network {networks[row]}" if ago[row] == 1 else "",  # older ones have expired
                int(seconds[row]),
                way="proved",
            ),
            at=midnight + timedelta(minutes=int(minutes[row])),
        )
        for row, (pattern, (woman, told, wrote, scanned)) in enumerate(
            zip(_patterns(survey), chances, strict=True)
        )
    ]  # fmt: skip
    middling = np.argsort(np.bincount(survey.index, minlength=len(places)))[len(places) // 2]
    crowded = places[int(middling)].pk
    at = midnight + timedelta(days=-2, hours=14, minutes=3)
    one = Sender("one device", "one network", 11, fast=True, way="form")
    return given + [
        Given(crowded, Slip("111110-1111111"), Channel.LINK, one, at + timedelta(seconds=20 * copy))
        for copy in range(PILE)
    ]


def _patterns(survey: Survey) -> list[str]:
    """The answers of every respondent as a box keeps them."""
    columns = np.stack(list(survey.answers.values()), axis=1)
    signs = np.array([*DIGITS, NO_ANSWER])  # -1 stands for no answer and is the last one
    return ["".join(row) for row in signs[columns]]


# --- the inspection -----------------------------------------------------------------------------


def _inspect(
    places: Sequence[WaveOrganisation], assessed: Sequence[Assessed], began: datetime
) -> None:
    """A third is handed over; one has two experts, who differ; one has just been begun."""
    first, second = (
        Person.objects.get(email=f"{name}@{DOMAIN}") for name in ("ekspert", "ekspert-2")
    )
    cycle = places[0].wave.cycle
    figures, marks = invent_inspection(get_edition(cycle.edition), cycle.year, assessed)
    found: dict[str, dict[Key, str]] = {}
    for mark in marks:
        found.setdefault(mark.organisation, {})[mark.checklist, mark.item] = mark.mark
    for number in range(len(places) // 3):
        item = assessed[number].organisation.id
        whole = found[item] | {
            (FIGURES, symbol): PRESENT if figures[item].get(symbol) else ABSENT
            for symbol in ("no_site", "historic_building")
        }
        at = began + timedelta(days=1 + number % (PASSED - 2), hours=2)
        _hand_over(places[number], whole, first, at)
        if number == 1:
            other = {**whole, ("comfort", "water"): _other(whole["comfort", "water"])}
            _hand_over(places[number], other, second, at + timedelta(hours=3))
    last = places[len(places) // 3]
    begun = inspections.begin(place=last, by=first, now=began + timedelta(days=PASSED - 1))
    inspections.save(
        inspection=begun, found={("comfort", "water"): PRESENT}, note="", version=0, by=first,
        now=began + timedelta(days=PASSED - 1),
    )  # fmt: skip


def _other(mark: str) -> str:
    return ABSENT if mark == PRESENT else PRESENT


def _hand_over(place: WaveOrganisation, found: Mapping[Key, str], by: Person, at: datetime) -> None:
    asked = {one.key for part in parts_for(place) for one in part.asked}
    mine = {key: mark for key, mark in found.items() if key in asked}
    begun = inspections.begin(place=place, by=by, now=at)
    saved = inspections.save(
        inspection=begun, found=mine, note="", version=0, by=by, now=at + timedelta(minutes=50)
    )
    inspections.submit(inspection=saved, by=by, now=at + timedelta(hours=1))


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), _MOSCOW)
