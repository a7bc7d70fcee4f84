"""Publishing: the files of a release, its row, and then the public pages."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from noko.actions import release as deeds
from noko.actions.rating import result_digest
from noko.core.refusal import Refusal
from noko.core.scoring.places import all_places
from noko.core.scoring.scores import Scores
from noko.documents.rating import rating_files
from noko.exchange.dataset import zip_package
from noko.jobs.rating import dataset_folder, open_dataset, scores_of
from noko.models import Calculation, Person, Release
from noko.queries.correction import Change, difference
from noko.queries.edition import get_edition

DATASET = "dataset.zip"
"""The open data package among the files of a release."""


def prepare_release(
    *,
    calculation: Calculation,
    reason: str = "",
    expected_version: int | None = None,
    by: Person | None,
    now: datetime,
    pages: bool = True,
) -> Release:
    """The next version of the cycle's rating with all its files.

    The result is computed once more from the frozen data set and must be the same to the last
    digit. The files appear whole under ``releases/<folder>`` before the row does, so a row never
    points at nothing; a folder whose row was refused is removed. ``pages``: the public pages are
    handed to the worker in the same transaction.

    Refusals: those of :func:`noko.actions.release.publish` and of opening the data set;
    ``result_differs``.
    """
    if calculation.status != Calculation.Status.DONE:
        _refuse_not_done(calculation)
    package = open_dataset(calculation.dataset)
    scores = scores_of(calculation, package)
    _refuse_another_result(calculation, scores)
    changes = difference_now(calculation)
    folder = f"{calculation.cycle.slug}-{secrets.token_hex(6)}"
    with _whole_folder(Path(settings.FILES) / "releases", folder) as place:
        files = _write(place, calculation, scores, package.digest)
    try:
        with transaction.atomic():
            published = deeds.publish(
                calculation=calculation,
                folder=folder,
                digest=next(item["sha256"] for item in files if item["name"] == "release.json"),
                files=files,
                difference=changes,
                reason=reason,
                expected_version=expected_version,
                by=by,
                now=now,
            )
            if pages:
                enqueue_pages()
    except BaseException:
        shutil.rmtree(Path(settings.FILES) / "releases" / folder, ignore_errors=True)
        raise
    return published


def difference_now(calculation: Calculation) -> list[Change]:
    """What publishing this calculation would change against the newest version."""
    newest = Release.objects.filter(cycle=calculation.cycle_id).order_by("-version").first()
    before = newest.calculation if newest else None
    return difference(before, calculation, get_edition(calculation.cycle.edition))


def _refuse_not_done(calculation: Calculation) -> None:
    raise Refusal(
        f"Этот расчёт нельзя опубликовать: {calculation.get_status_display()}.",
        kind="calculation_not_done",
        cure="Опубликовать можно только выполненный расчёт.",
    )


def _refuse_another_result(calculation: Calculation, scores: Scores) -> None:
    if result_digest(scores, all_places(scores)) != calculation.digest:
        raise Refusal(
            "Повторный расчёт по тому же набору данных дал другой результат. Выпуск не создан.",
            kind="result_differs",
            cure="Рассчитайте рейтинг заново: версия программы могла измениться после расчёта.",
        )


def _write(
    place: Path, calculation: Calculation, scores: Scores, package_digest: str
) -> list[dict[str, Any]]:
    """Every file of the release; release.json names the digests of all the others."""
    zip_package(dataset_folder(calculation.dataset), place / DATASET)
    archive = (place / DATASET).read_bytes()
    inputs = {"datapackage.json": package_digest, DATASET: _sha256(archive)}
    written: Mapping[str, bytes] = rating_files(scores, inputs)
    for name, content in written.items():
        (place / name).write_bytes(content)
    return [_described(name, content) for name, content in [*written.items(), (DATASET, archive)]]


def _described(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "bytes": len(content), "sha256": _sha256(content)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@contextmanager
def _whole_folder(parent: Path, name: str) -> Iterator[Path]:
    """A folder that appears under its name only when everything in it is written to the disk."""
    parent.mkdir(parents=True, exist_ok=True)
    unfinished = parent / f".{name}"
    unfinished.mkdir()
    try:
        yield unfinished
        for path in [*unfinished.iterdir(), unfinished]:
            _to_disk(path)
        unfinished.rename(parent / name)
        _to_disk(parent)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def enqueue_pages() -> None:
    """Asks the worker to render the public pages; one request in the queue is enough."""
    try:
        with transaction.atomic():
            app.configure_task("noko.release.pages", queueing_lock="pages", lock="pages").defer()
    except AlreadyEnqueued:
        pass


@app.task(name="noko.release.pages")
def render_pages() -> None:
    """The public pages of every newest release as files, put in place at one stroke."""
    from noko.exchange.pages import publish_pages

    publish_pages()
