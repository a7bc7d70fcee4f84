"""Calculations: asked for by a person, run in the background, never changed once done."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import JSONField, Value

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.core.scoring.explanation import explain
from noko.core.scoring.publishing import AllPlaces, places_at, published, verbal_level
from noko.core.scoring.scores import Scores, chosen_policies
from noko.models import Calculation, Cycle, DataSet, Organisation, OrganisationScore, Person
from noko.queries.edition import get_edition

Status = Calculation.Status

MOVES: Mapping[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.RUNNING, Status.FAILED}),
    # Back to "running": the worker was killed, and the queue gives the job to another one.
    Status.RUNNING: frozenset({Status.RUNNING, Status.DONE, Status.FAILED}),
    Status.DONE: frozenset(),
    Status.FAILED: frozenset(),
}
"""Which status may follow which."""

_BATCH = 500


def start(
    *,
    cycle: Cycle,
    dataset: DataSet,
    rounding: str = "",
    policies: Mapping[str, str] | None = None,
    ties: str = "",
    levels: str = "",
    by: Person | None,
    now: datetime,
) -> Calculation:
    """A queued calculation; empty settings mean the edition's defaults, which are written out.

    Refusals: ``unknown_rounding``, ``unknown_policy``, ``unknown_ties``, ``unknown_levels``,
    ``foreign_dataset``, ``calculation_at_work``.
    """
    if dataset.cycle_id != cycle.pk:
        raise Refusal(
            "Этот набор данных принадлежит другому циклу.",
            kind="foreign_dataset",
            cure="Выберите набор данных этого цикла.",
        )
    edition = get_edition(cycle.edition)
    if ties not in ("", "competition", "dense"):
        raise _unknown("мест", ties, "unknown_ties")
    if levels and levels not in {item.code for item in edition.levels}:
        raise _unknown("словесных уровней", levels, "unknown_levels")
    at_work = Refusal(
        "В этом цикле уже идёт расчёт.",
        kind="calculation_at_work",
        cure="Дождитесь его окончания и повторите.",
    )
    with refusing({"calculation_one_at_work_in_cycle": at_work}):
        calculation = Calculation.objects.create(
            cycle=cycle,
            dataset=dataset,
            rounding=edition.rounding(rounding).code,
            policies=dict(chosen_policies(edition, policies or {})),
            ties=ties or edition.default_ties,
            levels=levels or edition.default_levels,
            created_at=now,
            created_by=by,
        )
        after = {
            "набор данных": dataset.number,
            "округление": calculation.rounding,
            "правила": calculation.policies,
            "равные места": calculation.ties,
        }
        record(
            Deed.CALCULATION_STARTED, thing=calculation, by=by, now=now, cycle=cycle, after=after
        )
    return calculation


def _unknown(what: str, code: str, kind: str) -> Refusal:
    return Refusal(
        f"Правила {what} «{code}» нет.", kind=kind, cure="Выберите одно из предложенных правил."
    )


def begin(*, calculation: Calculation, now: datetime) -> Calculation:
    """The worker takes the calculation up. Refusal ``calculation_ended`` when it is over."""
    del now  # the moment of the start is not kept
    return _move(calculation, Status.RUNNING, progress=0)


def report(*, calculation: Calculation, progress: int) -> None:
    """How much is done, in percent; nothing happens to a calculation that is over."""
    running = Calculation.objects.filter(pk=calculation.pk, status=Status.RUNNING)
    running.update(progress=max(0, min(100, progress)))


def fail(*, calculation: Calculation, note: str, now: datetime) -> Calculation:
    """Ends the calculation with a Russian note for people. Refusal ``calculation_ended``."""
    with transaction.atomic():
        ended = _move(calculation, Status.FAILED, note=note, finished_at=now)
        record(
            Deed.CALCULATION_FAILED,
            thing=ended,
            by=None,
            now=now,
            cycle=ended.cycle,
            reason=note,
        )
    return ended


def finish(
    *,
    calculation: Calculation,
    scores: Scores,
    places: AllPlaces,
    organisations: Sequence[Organisation],
    comparison: Mapping[str, Any],
    respondents: Sequence[int | None],
    recipients: Sequence[int | None],
    now: datetime,
) -> Calculation:
    """Writes the result of every organisation and ends the calculation, all or nothing.

    ``organisations``, ``respondents`` and ``recipients`` follow the order of ``scores.counts``.
    Refusal ``calculation_ended``: another worker was faster; its result stands.
    """
    rows = [
        _row(calculation, scores, places, i, organisation, respondents[i], recipients[i])
        for i, organisation in enumerate(organisations)
    ]
    with transaction.atomic():
        ended = _move(
            calculation,
            Status.DONE,
            progress=100,
            comparison=dict(comparison),
            digest=result_digest(scores, places),
            finished_at=now,
        )
        OrganisationScore.objects.bulk_create(rows, batch_size=_BATCH)
        after = {"контрольная сумма": ended.digest, "организаций": len(rows)}
        record(
            Deed.CALCULATION_FINISHED,
            thing=ended,
            by=None,
            now=now,
            cycle=ended.cycle,
            after=after,
        )
    return ended


def result_digest(scores: Scores, places: AllPlaces) -> str:
    """SHA-256 over the result as it would be published, and the figures it rests on."""
    counts = [_counts(scores, index) for index in range(len(scores))]
    whole = {"rating": published(scores, places), "counts": counts}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _move(calculation: Calculation, status: Status, **fields: Any) -> Calculation:
    lawful = [before for before, after in MOVES.items() if status in after]
    moved = Calculation.objects.filter(pk=calculation.pk, status__in=lawful)
    if not moved.update(status=status, **fields):
        current = Calculation.objects.get(pk=calculation.pk)
        raise Refusal(
            f"Расчёт уже завершён: {current.get_status_display()}.",
            kind="calculation_ended",
            cure="Чтобы рассчитать иначе, начните новый расчёт.",
        )
    calculation.refresh_from_db()
    return calculation


def _row(
    calculation: Calculation,
    scores: Scores,
    places: AllPlaces,
    index: int,
    organisation: Organisation,
    respondents: int | None,
    recipients: int | None,
) -> OrganisationScore:
    total = scores.total.text(index)
    place = int(places["all"]["total"].place[index])
    counts = scores.counts
    return OrganisationScore(
        calculation=calculation,
        organisation=organisation,
        name=counts.organisations[index],
        type=counts.types[index] if counts.types else organisation.type,
        municipality=(
            counts.municipalities[index]
            if counts.municipalities
            else organisation.municipality.name
        ),
        total=None if total is None else Decimal(total),
        level=verbal_level(scores, index),
        place=place or None,
        criteria={code: values.text(index) for code, values in scores.criteria.items()},
        indicators={code: values.text(index) for code, values in scores.indicators.items()},
        places=places_at(places, index),
        counts=_counts(scores, index),
        # A plain value would go in an array of all rows, where each quotation mark of the JSON is
        # escaped in Python: ten times slower. An expression is sent by itself.
        explanation=Value(explain(scores, index).as_dict(), JSONField()),
        respondents=respondents,
        recipients=recipients,
    )


def _municipality(scores: Scores, index: int, organisation: Organisation) -> str:
    known = scores.counts.municipalities
    return known[index] if known else organisation.municipality.name


def _counts(scores: Scores, index: int) -> dict[str, str | None]:
    return dict(_symbols(scores, index))


def _symbols(scores: Scores, index: int) -> Iterator[tuple[str, str | None]]:
    """Symbol → the figure as a decimal string where it ends, as a fraction "1/3" elsewhere."""
    for item in scores.edition.inputs:
        value = scores.counts.value(item.symbol, index)
        if value is None:
            yield item.symbol, None
        elif value.denominator == 1:
            yield item.symbol, str(value.numerator)
        else:
            exact = Decimal(value.numerator) / Decimal(value.denominator)
            ends = exact * value.denominator == value.numerator
            yield item.symbol, format(exact, "f") if ends else str(value)
