"""Releases: a calculation becomes the published rating, frozen, numbered, with a digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Calculation, Cycle, Person, Release


def publish(
    *,
    calculation: Calculation,
    folder: str,
    digest: str,
    files: Sequence[Mapping[str, Any]],
    difference: Sequence[Mapping[str, Any]],
    reason: str = "",
    expected_version: int | None = None,
    by: Person | None,
    now: datetime,
) -> Release:
    """The next version of the cycle's rating. It cannot be taken back, only corrected by another.

    ``difference`` is against the version before and is empty for the first. ``expected_version``
    is the one that the person was shown: another number means that somebody published meanwhile
    and the difference that was confirmed is no longer true.

    Refusals: ``calculation_not_done``, ``calculation_published``, ``reason_required``,
    ``nothing_changed``, ``version_changed``.
    """
    if calculation.status != Calculation.Status.DONE:
        raise Refusal(
            f"Этот расчёт нельзя опубликовать: {calculation.get_status_display()}.",
            kind="calculation_not_done",
            cure="Опубликовать можно только выполненный расчёт.",
        )
    published = Refusal(
        "Этот расчёт уже опубликован.",
        kind="calculation_published",
        cure="Обновите страницу: там ссылка на выпуск.",
    )
    with refusing({"noko_release_calculation_id_key": published}):
        # The lock makes versions follow each other when two people publish at once.
        cycle = Cycle.objects.select_for_update().get(pk=calculation.cycle_id)
        if Release.objects.filter(calculation=calculation).exists():
            raise published
        version = (cycle.releases.aggregate(last=Max("version"))["last"] or 0) + 1
        _check(version, expected_version, reason.strip(), difference)
        release = Release.objects.create(
            cycle=cycle,
            version=version,
            calculation=calculation,
            folder=folder,
            digest=digest,
            files=[dict(file) for file in files],
            difference=[dict(item) for item in difference] if version > 1 else [],
            reason=reason.strip() if version > 1 else "",
            released_at=now,
            released_by=by,
        )
        _note(release, by, now)
    return release


def _note(release: Release, by: Person | None, now: datetime) -> None:
    record(
        Deed.RELEASE_PUBLISHED,
        thing=release,
        by=by,
        now=now,
        cycle=release.cycle,
        reason=release.reason,
        after={
            "версия": release.version,
            "контрольная сумма": release.digest,
            "расчёт": release.calculation_id,
        },
    )


def _check(
    version: int, expected: int | None, reason: str, difference: Sequence[Mapping[str, Any]]
) -> None:
    if expected is not None and expected != version:
        raise Refusal(
            f"Пока вы решали, опубликована версия {version - 1}.",
            kind="version_changed",
            cure="Посмотрите отличия от неё и подтвердите публикацию ещё раз.",
        )
    if version == 1:
        return
    if not reason:
        raise Refusal(
            "Не указана причина исправления.",
            kind="reason_required",
            cure="Напишите, что и почему исправлено: причину увидят все.",
        )
    if not difference:
        raise Refusal(
            f"Результаты совпадают с опубликованной версией {version - 1}.",
            kind="nothing_changed",
            cure="Публиковать нечего. Если данные исправлены, выберите расчёт по ним.",
        )
