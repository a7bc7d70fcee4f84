"""An operator's pair of XLSX files, 121 organisations and 30,000 answers, to the rating's tables.

The whole program is timed as people start it: ``noko rate --answers … --inspection … --out …``.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from noko.core.editions import Edition
from noko.queries.edition import get_edition
from tests.operator_files import HEADS, ITEMS, workbook

ORGANISATIONS, RESPONDENTS = 121, 30_000
LIMIT = 4.0
ROUNDS = 3


def run() -> list[list[str]]:
    """One row of the table: what, seconds (best of three), the limit."""
    edition = get_edition("344n-2018")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "answers.xlsx").write_bytes(_answers(edition))
        (folder / "inspection.xlsx").write_bytes(_inspection())
        best = min(_rate(folder, edition, number) for number in range(ROUNDS))
    what = "Operator's XLSX pair to the rating's tables, start of the program included"
    return [[what, f"{best:.1f}", f"{LIMIT:.0f}"]]


def _names() -> list[str]:
    return [f"МБДОУ «Детский сад № {number}»" for number in range(1, ORGANISATIONS + 1)]


def _answers(edition: Edition) -> bytes:
    rng = np.random.default_rng(1)
    questions = edition.questionnaire.closed
    rows: list[list[object]] = [["Отметка времени", "Организация", *(q.text for q in questions)]]
    names = _names()
    said = {q.id: rng.random(RESPONDENTS) < 0.9 for q in questions}
    for person, number in enumerate(rng.integers(0, ORGANISATIONS, RESPONDENTS)):
        cells = [
            "" if q.show_if and not said[q.show_if.question][person] else _word(said[q.id][person])
            for q in questions
        ]
        rows.append(["2026-10-01 10:00", names[number], *cells])
    return workbook(rows, "Ответы на форму (1)")


def _word(yes: bool) -> str:
    return "Да" if yes else "Нет"


def _inspection() -> bytes:
    heads = [HEADS[code].format(n + 1) for code in HEADS for n in range(ITEMS[code])]
    rows: list[list[object]] = [["Наименование организации", *heads]]
    for place, name in enumerate(reversed(_names())):
        rows.append([name, *(int((place + n) % 9 > 0) for n in range(len(heads)))])
    return workbook(rows, "Чек-листы")


def _rate(folder: Path, edition: Edition, number: int) -> float:
    files = ["--answers", folder / "answers.xlsx", "--inspection", folder / "inspection.xlsx"]
    command = [Path(sys.executable).with_name("noko"), "rate", *files]
    command += ["--edition", edition.code, "--out", folder / f"rating-{number}"]
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


if __name__ == "__main__":
    print(run())
