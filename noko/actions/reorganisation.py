"""Reorganisation: organisations pass their work to others by an act."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from noko.audit.deeds import Deed
from noko.audit.journal import entry, record_all
from noko.core.refusal import Refusal
from noko.models import Organisation, Person, Reorganisation, Succession

Kind = Reorganisation.Kind


@dataclass(frozen=True, slots=True)
class Shape:
    """How many take part, and whether those who pass their work on cease. None: any number."""

    before: tuple[int, int | None]
    after: tuple[int, int | None]
    cease: bool
    sentence: str


SHAPES = {
    Kind.MERGER: Shape((2, None), (1, 1), True, "слияние: две или больше становятся одной новой"),
    Kind.ACCESSION: Shape(
        (1, None), (1, 1), True, "присоединение: одна или больше входят в существующую"
    ),
    Kind.DIVISION: Shape((1, 1), (2, None), True, "разделение: одна становится двумя или больше"),
    Kind.SEPARATION: Shape((1, 1), (1, None), False, "выделение: из одной выходят новые"),
    Kind.TRANSFORMATION: Shape((1, 1), (1, 1), True, "преобразование: одна становится другой"),
}
"""What each form of reorganisation looks like."""


def reorganise(
    *,
    kind: str,
    on: date,
    act: str,
    predecessors: Sequence[Organisation],
    successors: Sequence[Organisation],
    by: Person | None,
    now: datetime,
) -> Reorganisation:
    """Notes the event; those who cease become «реорганизована» with ``on`` as their last day.

    Refusals: ``reorganisation_shape`` (how many take part), ``reorganisation_self``,
    ``reorganisation_no_act``, ``organisation_not_active``.
    """
    shape = SHAPES[Kind(kind)]
    _check(shape, act, predecessors, successors)
    with transaction.atomic():
        held = _active([*predecessors, *successors])
        event = Reorganisation.objects.create(
            kind=kind, on=on, act=" ".join(act.split()), noted_at=now, noted_by=by
        )
        Succession.objects.bulk_create(
            Succession(reorganisation=event, predecessor=before, successor=after)
            for before in predecessors
            for after in successors
        )
        if shape.cease:
            for item in predecessors:
                _cease(held[item.pk], on)
        _note(event, shape, predecessors, successors, by, now)
    return event


def cancel(
    *, event: Reorganisation, reason: str, by: Person | None, now: datetime
) -> Reorganisation:
    """The event was noted by mistake: those who ceased are active again, the row stays.

    Refusals: ``reason_required``, ``reorganisation_cancelled``.
    """
    if not reason.strip():
        raise Refusal(
            "Не сказано, почему отметка отменяется.",
            kind="reason_required",
            cure="Напишите причину.",
        )
    with transaction.atomic():
        waiting = Reorganisation.objects.filter(pk=event.pk, cancelled_at__isnull=True)
        if not waiting.update(cancelled_at=now, cancelled_by=by, reason=reason.strip()):
            raise Refusal(
                "Эта отметка уже отменена.",
                kind="reorganisation_cancelled",
                cure="Обновите страницу.",
            )
        event.refresh_from_db()
        participants = _participants(event)
        ceased = [
            item
            for item in participants
            if item.status == Organisation.Status.REORGANISED and item.closed_on == event.on
        ]
        for item in ceased:
            item.status, item.closed_on = Organisation.Status.ACTIVE, None
            item.save(update_fields=["status", "closed_on"])
        record_all(
            [
                entry(
                    Deed.REORGANISATION_CANCELLED,
                    thing=item,
                    by=by,
                    now=now,
                    reason=reason,
                    before={"реорганизация": str(event), "акт": event.act},
                    after={"состояние": item.get_status_display()},
                )
                for item in participants
            ]
        )
    return event


def _participants(event: Reorganisation) -> list[Organisation]:
    """Everybody who takes part, locked in the order of keys."""
    links = event.links.values_list("predecessor", "successor")
    keys = {key for pair in links for key in pair}
    return list(Organisation.every.select_for_update().filter(pk__in=keys).order_by("pk"))


def _check(
    shape: Shape,
    act: str,
    predecessors: Sequence[Organisation],
    successors: Sequence[Organisation],
) -> None:
    if not act.strip():
        raise Refusal(
            "Не указан акт о реорганизации.",
            kind="reorganisation_no_act",
            cure="Напишите, каким актом она проведена: вид, орган, дата, номер.",
        )
    both = {item.pk for item in predecessors} & {item.pk for item in successors}
    if both:
        raise Refusal(
            "Организация не может быть правопреемником самой себя.",
            kind="reorganisation_self",
            cure="Отметьте её только с одной стороны.",
        )
    for those, (least, most) in ((predecessors, shape.before), (successors, shape.after)):
        if len(those) < least or (most is not None and len(those) > most):
            raise Refusal(
                f"Участников не столько, сколько нужно. {shape.sentence.capitalize()}.",
                kind="reorganisation_shape",
                cure="Выберите другую форму или других участников.",
            )


def _active(those: Sequence[Organisation]) -> dict[int, Organisation]:
    """All who take part, locked in the order of keys; each must still be active."""
    keys = [item.pk for item in those]
    rows = Organisation.objects.select_for_update().filter(pk__in=keys).order_by("pk")
    held = {item.pk: item for item in rows}
    for item in those:
        found = held.get(item.pk)
        if found is None or found.status != Organisation.Status.ACTIVE:
            raise Refusal(
                f"«{item}» уже не действует.",
                kind="organisation_not_active",
                cure="Обновите страницу и проверьте состояние участников.",
            )
    return held


def _cease(organisation: Organisation, on: date) -> None:
    if organisation.opened_on and organisation.opened_on > on:
        raise Refusal(
            f"«{organisation}» создана позже, чем прекращает деятельность.",
            kind="organisation_dates",
            cure="Исправьте дату реорганизации или дату создания в карточке.",
        )
    organisation.status, organisation.closed_on = Organisation.Status.REORGANISED, on
    organisation.save(update_fields=["status", "closed_on"])


def _note(
    event: Reorganisation,
    shape: Shape,
    predecessors: Sequence[Organisation],
    successors: Sequence[Organisation],
    by: Person | None,
    now: datetime,
) -> None:
    after = {
        "реорганизация": str(event),
        "акт": event.act,
        "передают": [str(item) for item in predecessors],
        "продолжают": [str(item) for item in successors],
        "прекращают деятельность": shape.cease,
    }
    record_all(
        [
            entry(Deed.ORGANISATION_REORGANISED, thing=item, by=by, now=now, after=after)
            for item in [*predecessors, *successors]
        ]
    )
