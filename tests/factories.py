"""Released cycles of any size, made from a seed by the same deeds as real ones."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from noko.actions import cycle as cycles
from noko.actions import dataset as datasets
from noko.actions import organisation as organisations
from noko.actions import rating, release
from noko.core.editions import Edition
from noko.core.scoring.counts import Counts, counts_from_columns
from noko.core.scoring.places import all_places
from noko.core.scoring.scores import Settings, score
from noko.documents.rating import write_rating_files
from noko.models import Cycle, Organisation, Release
from noko.queries.edition import get_edition

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TYPES = ("preschool", "general", "supplementary")
NOUNS = {"preschool": "Детский сад", "general": "Школа", "supplementary": "Дом творчества"}
MUNICIPALITIES = ("Город Лугов", "Заречный район", "Ёлкинский район", "Сосновский район")
SURVEYED = 0.4


def make_organisations(number: int) -> list[Organisation]:
    """``number`` organisations of three types in four municipalities, in order of making."""
    rows = [
        {
            "full_name": f"Муниципальное бюджетное учреждение «{_name(n)}»",
            "short_name": _name(n),
            "type": TYPES[n % 3],
            "municipality": MUNICIPALITIES[n % 4],
            "address": f"Вымышленная область, {MUNICIPALITIES[n % 4]}, ул. Садовая, д. {n + 1}",
            "site": f"https://org{n + 1}.example",
            "enrolment": 60 + n * 37 % 900,
        }
        for n in range(number)
    ]
    organisations.save_all(added=rows, by=None, now=NOW)
    by_name = {item.short_name: item for item in Organisation.objects.all()}
    return [by_name[row["short_name"]] for row in rows]


def _name(n: int) -> str:
    return f"{NOUNS[TYPES[n % 3]]} № {n + 1}"


def make_counts(edition: Edition, rated: Sequence[Organisation], seed: int) -> Counts:
    """Plausible figures of 344n-2018 for ``rated``; the first one has nobody disabled."""
    chance = random.Random(seed)
    columns: dict[str, list[int]] = {item.symbol: [] for item in edition.inputs}
    for number, organisation in enumerate(rated):
        quality = chance.uniform(0.6, 0.99)
        asked = max(12, int(SURVEYED * (organisation.enrolment or 0)))
        for symbol, value in _inspection(chance, quality).items():
            columns[symbol].append(value)
        for item in edition.inputs:
            if item.symbol.startswith("U_"):
                part = {"inv": 0.06, "stand": 0.75, "site": 0.8, "dist": 0.55}.get(
                    item.symbol[2:], 1
                )
                count = 0 if item.symbol == "U_inv" and not number else max(1, int(asked * part))
                columns[f"A_{item.symbol[2:]}"].append(count)
                columns[item.symbol].append(sum(chance.random() < quality for _ in range(count)))
    return counts_from_columns(
        [item.short_name for item in rated],
        {symbol: values for symbol, values in columns.items() if values},
        types=[item.type for item in rated],
        municipalities=[item.municipality.name for item in rated],
    )


def _inspection(chance: random.Random, quality: float) -> dict[str, int]:
    def found(most: int) -> int:
        return sum(chance.random() < quality for _ in range(most))

    return {
        "I_stand": found(14),
        "N_stand": 14,
        "I_site": found(44),
        "N_site": 44,
        "C_dist": found(5),
        "C_comf": found(5),
        "C_org": found(5),
        "C_usl": found(6),
    }


def make_cycle(year: int = 2026, *, invented: bool = True) -> Cycle:
    return cycles.create(
        year=year,
        title=f"Независимая оценка {year} года",
        slug=str(year),
        edition_code="344n-2018",
        invented=invented,
        by=None,
        now=NOW,
    )


def make_release(
    cycle: Cycle,
    rated: Sequence[Organisation],
    *,
    seed: int = 1,
    reason: str = "",
    difference: Sequence[dict[str, str]] = (),
) -> Release:
    """The next published version of ``cycle`` with results of ``rated`` and files on the disk."""
    edition = get_edition(cycle.edition)
    counts = make_counts(edition, rated, seed)
    asked = [int(counts.value("A_all", i) or 0) for i in range(len(rated))]
    data = datasets.freeze(
        cycle=cycle,
        folder=f"{cycle.slug}-{seed}",
        digest=hashlib.sha256(f"{cycle.slug}-{seed}".encode()).hexdigest(),
        organisations=len(rated),
        respondents=sum(asked),
        by=None,
        now=NOW,
    )
    calculation = rating.start(cycle=cycle, dataset=data, by=None, now=NOW)
    rating.begin(calculation=calculation, now=NOW)
    scores = score(edition, counts, Settings())
    calculation = rating.finish(
        calculation=calculation,
        scores=scores,
        places=all_places(scores),
        organisations=rated,
        comparison={},
        respondents=asked,
        recipients=[item.enrolment for item in rated],
        now=NOW,
    )
    folder = f"{cycle.slug}-{seed}"
    files = write_rating_files(Path(settings.FILES) / "releases" / folder, scores)
    return release.publish(
        calculation=calculation,
        folder=folder,
        digest=calculation.digest,
        files=[
            {"name": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files.items()
        ],
        difference=difference,
        reason=reason,
        by=None,
        now=NOW,
    )


def released_cycle(number: int, *, year: int = 2026, seed: int = 1) -> Release:
    """A cycle with one release of ``number`` new organisations."""
    return make_release(make_cycle(year), make_organisations(number), seed=seed)
