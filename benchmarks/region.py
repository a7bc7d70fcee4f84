"""A region: 300 organisations and 100,000 questionnaires, from the package to scores and places."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

import numpy as np

from noko.core.dataset import Organisation
from noko.core.scoring.places import all_places
from noko.core.scoring.scores import score
from noko.exchange.answers import answers_frame
from noko.exchange.dataset import package_counts, read_package, write_package
from noko.queries.edition import get_edition

ORGANISATIONS, RESPONDENTS = 300, 100_000
LIMIT = 1.0


def run() -> list[list[str]]:
    """One row of the table: what, seconds (best of three), the limit."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "package"
        _write(folder)
        best = min(_rate(folder) for _ in range(3))
    return [["Region, from package to rating", f"{best:.2f}", f"{LIMIT:.0f}"]]


def _write(folder: Path) -> None:
    edition = get_edition("344n-2018")
    rng = np.random.default_rng(1)
    ids = [f"o{number:03}" for number in range(ORGANISATIONS)]
    columns = {
        question.id: rng.integers(0, 2, RESPONDENTS).astype(np.int8)
        for question in edition.questionnaire.closed
    }
    found = {item.symbol: 3 for item in edition.inputs if item.collected == "inspection"}
    found = {symbol: value for symbol, value in found.items() if symbol[0] in "INC"}
    write_package(
        folder,
        edition=edition,
        title="Benchmark",
        created_on=date(2026, 11, 23),
        organisations=[
            Organisation(key, f"Школа № {n}", f"t{n % 3}", f"m{n % 30}")
            for n, key in enumerate(ids)
        ],
        inspection=dict.fromkeys(ids, found),
        answers=answers_frame(ids, rng.integers(0, ORGANISATIONS, RESPONDENTS), columns),
    )


def _rate(folder: Path) -> float:
    begun = time.perf_counter()
    package = read_package(folder)
    all_places(score(package.edition, package_counts(package)))
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(run())
