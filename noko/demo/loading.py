"""Puts the invented region into the database by the road of real data.

Package on disk → frozen data set → calculation → release. Everything stands in one transaction
with the mark of :mod:`noko.demo.state` last: a demonstration is whole or not there at all.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from noko.actions import cycle as cycles
from noko.actions import dataset as datasets
from noko.actions import imports, rating
from noko.actions import organisation as organisations
from noko.core import dataset as package
from noko.core.scoring.places import all_places
from noko.demo import NOTICE, REGION, state
from noko.demo import list as lists
from noko.demo.busgov import load_report
from noko.demo.collected import LOST_SHEETS, Collected, Mistake, collect, first_delivery, mistake_in
from noko.demo.council import Councils
from noko.demo.examples import ANSWERS, INSPECTION, example_files
from noko.demo.people import create_local_people, create_people
from noko.demo.plan import load_municipal, load_plan
from noko.demo.region import Invented, build_region
from noko.demo.site_procedure import load_procedure
from noko.demo.sites import load_round
from noko.demo.specification import conclude, load_discussed, placing, propose_and_settle
from noko.demo.stage import load_stage, prepare_stage, second_stage
from noko.demo.waves import Assessed, calendar
from noko.exchange import uploads
from noko.exchange.answers import answers_frame
from noko.exchange.dataset import Package, write_package
from noko.exchange.delivery import respondents
from noko.exchange.files import read_sheets
from noko.exchange.intake import Decisions, preview_of, take_in
from noko.jobs.rating import open_dataset, registered, rounding_effects, scores_of
from noko.jobs.release import prepare_release
from noko.models import Calculation, Cycle, DataSet, Import, Municipality, Organisation, Person
from noko.queries.edition import get_edition

_MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True, slots=True)
class Year:
    """When the steps of a cycle were done; ``corrected_on``: of the second version, if any."""

    year: int
    edition: str
    opened_on: date
    frozen_on: date
    released_on: date
    corrected_on: date | None = None


YEARS = (
    Year(2016, "1547-2014", date(2016, 1, 18), date(2016, 9, 30), date(2016, 12, 5)),
    Year(2024, "344n-2018", date(2024, 1, 22), date(2024, 9, 27), date(2024, 12, 4)),
    Year(2025, "344n-2018", date(2025, 1, 20), date(2025, 9, 26), date(2025, 12, 3)),
    Year(
        2026,
        "344n-2018",
        date(2026, 1, 19),
        date(2026, 9, 25),
        date(2026, 10, 7),
        corrected_on=date(2026, 11, 16),
    ),
)
NEXT = Year(2027, "344n-2018", date(2026, 11, 18), date.max, date.max)
SENT_ON = date(2026, 11, 23)
SITES_ON = date(2026, 10, 26)
MUNICIPAL_ON = date(2026, 2, 2)
LIST_AFTER = 10
"""Days after the opening of a cycle: the council settles the list."""
OPENED_AT = datetime(2016, 1, 11, 9, tzinfo=_MOSCOW)


def load() -> None:
    """Fills an empty database; files go under ``settings.FILES`` and ``settings.OWN_HOME``."""
    region = build_region()
    examples = write_examples(region)
    chosen = calendar(region)
    with nothing_collected(), transaction.atomic():
        people = create_people(OPENED_AT)
        secretary = people["secretary"]
        organisations.save_all(
            added=[registered_as(item) for item in region], by=secretary, now=OPENED_AT
        )
        people |= create_local_people(OPENED_AT)
        councils = Councils(people["council_secretary"])
        for year in YEARS[:-1]:
            _load_year(year, chosen[year.year], people, councils)
        second = second_stage(region, chosen[YEARS[-1].year])
        _load_year(YEARS[-1], chosen[YEARS[-1].year], people, councils, second)
        load_stage(second, people, _today())
        _load_plans(people)
        last = Cycle.objects.get(slug=str(YEARS[-1].year))
        load_procedure(load_round(last, SITES_ON, _at(SITES_ON), secretary), people, _today())
        load_report(region, SITES_ON, _at(SITES_ON), secretary)
        following = _open(NEXT, secretary)
        _await_decision(following, examples, people["operator_analyst"])
        lists.load_draft(following, secretary, NEXT.opened_on)
        load_discussed(following, people, NEXT.opened_on)
        councils.plan_next(following)
        state.set_mark()


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Hundreds of thousands of objects are made and nearly all kept: looking through them again and
    again for garbage takes an eighth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _today() -> datetime:
    """The day on which the demonstration is made, or the last one that its story knows."""
    return max(_at(SENT_ON), timezone.localtime(timezone=_MOSCOW))


def _load_plans(people: Mapping[str, Person]) -> None:
    """A plan for every year, and one of a municipality that inherits the last of them."""
    for year in YEARS:
        cycle = Cycle.objects.get(slug=str(year.year))
        plan = load_plan(cycle, people, opened=year.opened_on, today=SENT_ON)
    municipality = Municipality.objects.order_by("name")[0]
    load_municipal(plan, municipality, people["secretary"], MUNICIPAL_ON)


def write_examples(region: Sequence[Invented]) -> dict[str, bytes]:
    """Files to try the import with, for the cycle that has no data yet; name → content."""
    folder = Path(settings.OWN_HOME) / state.EXAMPLES
    folder.mkdir(parents=True, exist_ok=True)
    files = example_files(region, get_edition(NEXT.edition))
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return files


def _await_decision(cycle: Cycle, examples: Mapping[str, bytes], by: Person) -> Import:
    """The operator's pair of files, uploaded and previewed: some names wait for a person."""
    sent = {"answers": ANSWERS, "inspection": INSPECTION}
    files = {role: ContentFile(examples[name], name) for role, name in sent.items()}
    folder, names = uploads.store(files)
    sheets = {role: read_sheets(examples[name], name=name) for role, name in sent.items()}
    registry = list(Organisation.objects.select_related("municipality"))
    intake = take_in(sheets, get_edition(cycle.edition), registry, Decisions())
    return imports.remember(
        cycle=cycle,
        kind=Import.Kind.DATA,
        folder=folder,
        file_names=names,
        preview=preview_of(intake, names),
        by=by,
        now=_at(SENT_ON),
    )


def registered_as(item: Invented) -> dict[str, object]:
    return {
        "full_name": item.full_name,
        "short_name": item.short_name,
        "type": item.type,
        "municipality": item.municipality,
        "inn": item.inn,
        "ogrn": item.ogrn,
        "kpp": item.kpp,
        "founder": item.founder,
        "address": item.address,
        "site": item.site,
        "enrolment": item.recipients,
    }


def _open(year: Year, by: Person) -> Cycle:
    return cycles.create(
        year=year.year,
        title=f"{REGION}, {year.year} год",
        slug=str(year.year),
        edition_code=year.edition,
        invented=True,
        by=by,
        now=_at(year.opened_on),
    )


def _load_year(
    year: Year,
    those: tuple[Invented, ...],
    people: Mapping[str, Person],
    councils: Councils,
    second: Sequence[Invented] = (),
) -> None:
    """``second``: those who wait for a second stage, of which the council hears in the end."""
    by = people["secretary"]
    cycle = _open(year, by)
    _hold_sessions(year, cycle, those, people, councils)
    right = collect(year.year, get_edition(year.edition), those)
    if year.corrected_on is None:
        _release(cycle, right, year.frozen_on, year.released_on, by)
    else:
        mistake = mistake_in(right)
        wrong = first_delivery(right, mistake)
        _release(cycle, wrong, year.frozen_on, year.released_on, by)
        _release(cycle, right, year.corrected_on, year.corrected_on, by, reason=_reason(mistake))
    also = [prepare_stage(cycle, second, by, _today().date())] if second else []
    councils.conclude(cycle, year.released_on - timedelta(days=6), also)


def _hold_sessions(
    year: Year,
    cycle: Cycle,
    those: tuple[Invented, ...],
    people: Mapping[str, Person],
    councils: Councils,
) -> None:
    """What the council decides before the data are collected: the list and the proposals to the
    specification; in the last cycle the specification itself with its contract."""
    by, opened = people["secretary"], year.opened_on
    settled, prepared = opened + timedelta(days=LIST_AFTER), opened + timedelta(days=22)
    drawn_up = lists.draw_up_as_assessed(cycle, those, by, opened)
    whole = year.corrected_on is not None
    settle = councils.settle_list if whole else councils.settle_both
    settle(cycle, settled, lists.placing(drawn_up, by))
    lists.approve(drawn_up, by, settled + timedelta(days=2))
    if not whole:
        return
    specification = propose_and_settle(cycle, people, opened)
    councils.prepare(cycle, prepared, placing(specification, by))
    conclude(specification, by, prepared + timedelta(days=2))
    councils.replace(cycle, opened + timedelta(days=86))


def _reason(mistake: Mistake) -> str:
    return (
        f"Учтено {LOST_SHEETS} бумажных анкет, которые не попали в набор данных"
        f" ({mistake.school.short_name}). Исправлены отметки осмотра стендов"
        f" ({mistake.kindergarten.short_name}): эксперт не увидел стенд на втором этаже."
    )


def _release(
    cycle: Cycle,
    collected: Collected,
    frozen_on: date,
    released_on: date,
    by: Person,
    *,
    reason: str = "",
) -> None:
    frozen = freeze(cycle, collected, frozen_on, by)
    calculation = calculate(cycle, frozen, released_on, by)
    prepare_release(calculation=calculation, reason=reason, by=by, now=_at(released_on, 12))


def freeze(cycle: Cycle, collected: Collected, on: date, by: Person) -> DataSet:
    """The package of ``collected`` on disk and its frozen row."""
    folder = f"{cycle.slug}-{cycle.datasets.count() + 1}"
    written = package_of(
        Path(settings.FILES) / "datasets" / folder,
        collected,
        title=f"Независимая оценка: {cycle.title}",
        created_on=on,
    )
    return datasets.freeze(
        cycle=cycle,
        folder=folder,
        digest=written.digest,
        organisations=len(collected.wave),
        respondents=len(collected.survey.index),
        by=by,
        now=_at(on),
    )


def package_of(folder: Path, collected: Collected, *, title: str, created_on: date) -> Package:
    """``collected`` written as a data package into ``folder``: the same bytes each time."""
    return write_package(
        folder,
        edition=collected.edition,
        title=title,
        description=NOTICE,
        created_on=created_on,
        organisations=[_described(item) for item in collected.wave],
        inspection=collected.figures,
        marks=collected.marks,
        answers=answers_frame(
            [item.organisation.id for item in collected.wave],
            collected.survey.index,
            collected.survey.answers,
        ),
    )


def _described(item: Assessed) -> package.Organisation:
    return package.Organisation(
        id=item.organisation.id,
        name=item.organisation.short_name,
        type=item.organisation.type,
        municipality=item.organisation.municipality,
        inn=item.organisation.inn,
        ogrn=item.organisation.ogrn,
        recipients=item.recipients,
    )


def calculate(cycle: Cycle, dataset: DataSet, on: date, by: Person) -> Calculation:
    """A finished calculation by the edition's defaults, as the background job would make it."""
    now = _at(on, 10)
    calculation = rating.start(cycle=cycle, dataset=dataset, by=by, now=now)
    rating.begin(calculation=calculation, now=now)
    opened = open_dataset(dataset)
    scores = scores_of(calculation, opened)
    return rating.finish(
        calculation=calculation,
        scores=scores,
        places=all_places(scores),
        organisations=registered(opened),
        comparison={"roundings": rounding_effects(scores)},
        respondents=respondents(opened, scores.counts),
        recipients=[item.recipients for item in opened.organisations],
        now=now,
    )


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), _MOSCOW)
