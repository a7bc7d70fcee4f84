"""Leaving answers out: one person proposes with a reason, another one decides.

Answers that are left out move out of their boxes and are kept beside, so that every figure with
and without them stays known.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import AnswerBox, Exclusion, Person, Wave, WaveOrganisation

Status = Exclusion.Status


def propose(
    *,
    place: WaveOrganisation,
    flag: str,
    marks: int,
    day: date | None,
    pattern: str,
    number: int,
    reason: str,
    by: Person,
    now: datetime,
) -> Exclusion:
    """Refusals: ``reason_required``, ``wave_moved``, ``exclusion_waiting``."""
    reason = " ".join(reason.split())
    if not reason:
        raise Refusal("Причина не указана.", kind="reason_required", cure="Напишите её.")
    waiting = Refusal(
        "Такое предложение уже ждёт решения.",
        kind="exclusion_waiting",
        cure="Откройте его на этой странице.",
    )
    with refusing({"exclusion_proposed_once": waiting}):
        _refuse_unless_open(place)
        made = Exclusion.objects.create(
            place=place, flag=flag, marks=marks, day=day, pattern=pattern, number=number,
            reason=reason, proposed_at=now, proposed_by=by,
        )  # fmt: skip
        _record(Deed.EXCLUSION_PROPOSED, made, by, now)
    return made


def confirm(
    *, exclusion: Exclusion, effect: Mapping[str, Any], by: Person, now: datetime
) -> Exclusion:
    """Moves the answers out of their boxes. ``effect``: what it changes, kept with it.

    Refusals: ``second_person``, ``exclusion_decided``, ``wave_moved``.
    """
    if by.pk == exclusion.proposed_by_id:
        raise Refusal(
            "Исключение подтверждает другой человек, не тот, кто его предложил.",
            kind="second_person",
            cure="Попросите коллегу открыть эту страницу.",
        )
    with transaction.atomic():
        # The row that acceptance locks: no answer comes into these boxes meanwhile.
        place = WaveOrganisation.objects.select_for_update(no_key=True).get(pk=exclusion.place_id)
        _refuse_unless_open(place)
        removed = _take_out(exclusion)
        number = sum(sum(part["answers"].values()) for part in removed.values())
        _decide(
            exclusion, Status.CONFIRMED, by, now, removed=removed, number=number,
            effect=dict(effect),
        )  # fmt: skip
        _record(Deed.EXCLUSION_CONFIRMED, exclusion, by, now, effect)
    return exclusion


def decline(*, exclusion: Exclusion, by: Person, now: datetime) -> Exclusion:
    """The answers stay. Whoever has proposed may take it back. Refusal ``exclusion_decided``."""
    with transaction.atomic():
        _decide(exclusion, Status.DECLINED, by, now)
        _record(Deed.EXCLUSION_DECLINED, exclusion, by, now)
    return exclusion


def _take_out(exclusion: Exclusion) -> dict[str, dict[str, Any]]:
    """Key of the box → what has been taken; of an emptied box profile and remarks as well."""
    removed: dict[str, dict[str, Any]] = {}
    boxes = AnswerBox.objects.select_for_update().filter(place=exclusion.place_id)
    if exclusion.day:
        boxes = boxes.filter(day=exclusion.day)
    for box in boxes.order_by("pk"):
        if box.marks & exclusion.marks != exclusion.marks:
            continue
        taken = {
            pattern: number
            for pattern, number in box.answers.items()
            if not exclusion.pattern or pattern == exclusion.pattern
        }
        if not taken:
            continue
        box.answers = {p: n for p, n in box.answers.items() if p not in taken}
        box.number -= sum(taken.values())
        part: dict[str, Any] = {"answers": taken}
        if not box.number:
            part |= {"profile": box.profile, "remarks": box.remarks}
            box.profile, box.remarks = {}, {}
        removed[str(box.pk)] = part
        box.save(update_fields=["answers", "number", "profile", "remarks"])
    return removed


def _decide(
    exclusion: Exclusion, status: Exclusion.Status, by: Person, now: datetime, **changes: Any
) -> None:
    waiting = Exclusion.objects.filter(pk=exclusion.pk, status=Status.PROPOSED)
    if not waiting.update(status=status, decided_by=by, decided_at=now, **changes):
        raise Refusal(
            "По этому предложению уже принято решение.",
            kind="exclusion_decided",
            cure="Обновите страницу.",
        )
    exclusion.refresh_from_db()


def _refuse_unless_open(place: WaveOrganisation) -> None:
    wave = Wave.objects.get(pk=place.wave_id)
    if wave.status != Wave.Status.OPEN:
        raise Refusal(
            f"Волна {wave.get_status_display()}: исключать анкеты можно, пока она идёт.",
            kind="wave_moved",
            cure="Обновите страницу.",
        )


def _record(
    deed: Deed,
    exclusion: Exclusion,
    by: Person,
    now: datetime,
    effect: Mapping[str, Any] | None = None,
) -> None:
    """The reason and the number; never what anybody has answered."""
    after = {
        "организация": str(exclusion.place),
        "признак": exclusion.flag,
        "анкет": exclusion.number,
        **({"балл": effect["total"]} if effect and effect.get("total") else {}),
    }
    record(
        deed, thing=exclusion, by=by, now=now, cycle=exclusion.place.wave.cycle,
        reason=exclusion.reason, after=after,
    )  # fmt: skip
