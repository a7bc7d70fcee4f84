"""A cycle of a few organisations under 344n-2018, made by the same deeds as a real one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from noko.actions import cycle as cycles
from noko.actions import dataset as datasets
from noko.actions import organisation as organisations
from noko.actions import rating, reorganisation
from noko.actions import release as releases
from noko.core.scoring.counts import Counts, counts_from_columns
from noko.core.scoring.places import all_places
from noko.core.scoring.scores import Settings, score
from noko.models import (
    Calculation,
    Cycle,
    DataSet,
    Organisation,
    Person,
    Release,
    Reorganisation,
    RoleGrant,
)
from noko.queries.edition import get_edition

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EDITION = "344n-2018"
NAMES = ("Детский сад «Берёзка»", "Детский сад № 2", "Школа № 1")
TYPES = ("preschool", "preschool", "general")
MUNICIPALITIES = ("Заречный район", "Город Лугов", "Заречный район")

INSPECTION = {
    "I_stand": (10, 8, 9),
    "N_stand": (10, 10, 10),
    "I_site": (40, 30, 44),
    "N_site": (40, 44, 44),
    "C_dist": (4, 3, 2),
    "C_comf": (5, 4, 5),
    "C_org": (3, 2, 1),
    "C_usl": (4, 3, 2),
}
SURVEY = {
    "stand": ((30, 31), (20, 25), (55, 60)),
    "site": ((28, 30), (22, 27), (50, 57)),
    "comf": ((39, 40), (30, 33), (70, 80)),
    "inv": ((2, 2), (0, 0), (3, 4)),
    "first": ((40, 40), (33, 33), (79, 80)),
    "service": ((40, 40), (32, 33), (78, 80)),
    "dist": ((20, 20), (14, 15), (40, 41)),
    "rec": ((40, 40), (30, 33), (75, 80)),
    "org": ((38, 40), (31, 33), (72, 80)),
    "all": ((40, 40), (32, 33), (77, 80)),
}


def make_person(role: str = "secretary", email: str = "", **where: object) -> Person:
    """A person with the role in force since long ago; the password is ``password``.

    ``where``: ``municipality`` or ``organisation``, for the roles that ask for one.
    """
    person = Person.objects.create(
        email=email or f"{role}@example.org",
        full_name="Иванова Анна",
        password="password",
    )
    if role:
        RoleGrant.objects.create(person=person, role=role, starts_on=date(2020, 1, 1), **where)  # type: ignore[misc]
    return person


def make_cycle(slug: str = "2026", **fields: object) -> Cycle:
    values: dict[str, object] = {"year": 2026, "title": f"Оценка {slug}", "edition_code": EDITION}
    return cycles.create(**{**values, "slug": slug, "by": None, "now": NOW, **fields})  # type: ignore[arg-type]


def make_organisations() -> list[Organisation]:
    rows = [
        {"full_name": name, "type": kind, "municipality": municipality, "enrolment": 100}
        for name, kind, municipality in zip(NAMES, TYPES, MUNICIPALITIES, strict=True)
    ]
    organisations.save_all(added=rows, by=None, now=NOW)
    by_name = {item.full_name: item for item in Organisation.objects.all()}
    return [by_name[name] for name in NAMES]


def make_registry_events(those: list[Organisation]) -> Reorganisation:
    """The second of ``those`` has joined the first."""
    return reorganisation.reorganise(
        kind="accession",
        on=date(2026, 9, 1),
        act="Постановление от 12.08.2026 № 418",
        predecessors=[those[1]],
        successors=[those[0]],
        by=None,
        now=NOW,
    )


def make_dataset(cycle: Cycle, digest: str = "d" * 64) -> DataSet:
    return datasets.freeze(
        cycle=cycle,
        folder="nowhere",
        digest=digest,
        organisations=len(NAMES),
        respondents=153,
        by=None,
        now=NOW,
    )


def counts_of(changes: Mapping[str, tuple[int, ...]] | None = None) -> Counts:
    """The primary figures; ``changes`` replace whole columns by symbol."""
    columns: dict[str, tuple[int, ...]] = dict(INSPECTION)
    for name, pairs in SURVEY.items():
        columns[f"U_{name}"] = tuple(satisfied for satisfied, _ in pairs)
        columns[f"A_{name}"] = tuple(asked for _, asked in pairs)
    columns.update(changes or {})
    return counts_from_columns(NAMES, columns, types=TYPES, municipalities=MUNICIPALITIES)


def make_done(
    cycle: Cycle,
    dataset: DataSet,
    organisations: list[Organisation],
    changes: Mapping[str, tuple[int, ...]] | None = None,
    rounding: str = "",
) -> Calculation:
    """A finished calculation over ``counts_of(changes)``."""
    calculation = rating.start(cycle=cycle, dataset=dataset, rounding=rounding, by=None, now=NOW)
    rating.begin(calculation=calculation, now=NOW)
    scores = score(get_edition(cycle.edition), counts_of(changes), Settings(rounding=rounding))
    return rating.finish(
        calculation=calculation,
        scores=scores,
        places=all_places(scores),
        organisations=organisations,
        comparison={},
        respondents=[40, 33, 80],
        recipients=[item.enrolment for item in organisations],
        now=NOW,
    )


def make_release(calculation: Calculation, **fields: object) -> Release:
    """The calculation published without files: for what only asks what is published."""
    values: dict[str, object] = {
        "folder": "nowhere",
        "digest": "e" * 64,
        "files": [],
        "difference": [],
    }
    return releases.publish(
        **{**values, "calculation": calculation, "by": None, "now": NOW, **fields}  # type: ignore[arg-type]
    )
