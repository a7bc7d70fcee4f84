"""Inspections: an expert's marks are saved as made, handed over once, settled by another person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.inspection import Asked, Key, Part, lawful, merged, missing, parts_of
from noko.core.refusal import Problem, Refusal
from noko.models import (
    Inspection,
    InspectionPhoto,
    InspectionSettlement,
    Person,
    WaveOrganisation,
)
from noko.queries.edition import get_edition
from noko.queries.inspection import found_by_expert, keyed, settled
from noko.queries.website_wave import covered

Status = Inspection.Status

MOVES = {Status.DRAFT: {Status.SUBMITTED}, Status.SUBMITTED: {Status.DRAFT}}
"""Which status may follow which: an inspection is handed over, and may be given back."""

EXPERTS = 2
"""At most so many look at one organisation."""


def begin(*, place: WaveOrganisation, by: Person, now: datetime) -> Inspection:
    """The expert's own inspection of the organisation; the same one when it is there already.

    Refusals: ``wave_not_open``, ``enough_experts``.
    """
    with transaction.atomic():
        _open_place(place)
        made, new = Inspection.objects.get_or_create(
            place=place, expert=by, defaults={"started_at": now, "saved_at": now}
        )
        if new and place.inspections.count() > EXPERTS:
            raise Refusal(
                "Эту организацию уже осматривают два эксперта.",
                kind="enough_experts",
                cure="Выберите другую организацию.",
            )
    return made


def save(
    *,
    inspection: Inspection,
    found: Mapping[Key, str],
    note: str,
    version: int,
    by: Person,
    now: datetime,
) -> Inspection:
    """Keeps what has been found so far, whole. ``version``: the one that the device has seen.

    Refusals: ``not_own_inspection``, ``unknown_item``, ``bad_mark`` (each value named),
    ``inspection_submitted``, ``changed_elsewhere``, ``wave_not_open``.
    """
    _own(inspection, by)
    _check_values(parts_for(inspection.place), found)
    nested: dict[str, dict[str, str]] = {}
    for (checklist, item), value in found.items():
        nested.setdefault(checklist, {})[item] = value
    with transaction.atomic():
        _open_place(inspection.place)
        current = Inspection.objects.filter(pk=inspection.pk, status=Status.DRAFT, version=version)
        if not current.update(
            found=nested, note=note.strip(), version=F("version") + 1, saved_at=now
        ):
            raise _not_saved(inspection)
    inspection.refresh_from_db()
    return inspection


def submit(*, inspection: Inspection, by: Person, now: datetime) -> Inspection:
    """Hands the inspection over. Refusals: ``not_own_inspection``, ``incomplete_inspection`` names
    what has not been looked at, ``inspection_submitted``, ``wave_not_open``."""
    _own(inspection, by)
    with transaction.atomic():
        _open_place(inspection.place)
        inspection = Inspection.objects.select_for_update().get(pk=inspection.pk)
        left = missing(asked_at(inspection.place), keyed(inspection.found))
        if left:
            raise _incomplete(left)
        _move(inspection, Status.SUBMITTED, submitted_at=now)
        record(
            Deed.INSPECTION_SUBMITTED,
            thing=inspection,
            by=by,
            now=now,
            cycle=inspection.place.wave.cycle,
            after={"найдено": inspection.found},
        )
    return inspection


def give_back(*, inspection: Inspection, reason: str, by: Person, now: datetime) -> Inspection:
    """Back to the expert, with a reason. Refusals: ``reason_required``, ``inspection_moved``,
    ``wave_not_open``."""
    _require_reason(reason)
    with transaction.atomic():
        _open_place(inspection.place)
        _move(inspection, Status.DRAFT, submitted_at=None)
        # What was settled was settled about other marks.
        inspection.place.settlements.all().delete()
        record(
            Deed.INSPECTION_RETURNED,
            thing=inspection,
            by=by,
            now=now,
            cycle=inspection.place.wave.cycle,
            reason=reason,
        )
    return inspection


def settle(
    *, place: WaveOrganisation, key: Key, mark: str, reason: str, by: Person, now: datetime
) -> InspectionSettlement:
    """Decides between two experts, once.

    Refusals: ``reason_required``, ``bad_mark``, ``no_difference``, ``already_settled``,
    ``wave_not_open``.
    """
    _require_reason(reason)
    _check_values(parts_for(place), {key: mark})
    again = Refusal(
        "По этому пункту уже решено.", kind="already_settled", cure="Обновите страницу."
    )
    with refusing({"difference_settled_once": again}):
        _open_place(place)
        open_now = merged(found_by_expert(place), settled(place)).differences
        if key not in {difference.key for difference in open_now}:
            if InspectionSettlement.objects.filter(
                place=place, checklist=key[0], item=key[1]
            ).exists():
                raise again
            raise Refusal(
                "Расхождения по этому пункту нет.",
                kind="no_difference",
                cure="Обновите страницу: эксперты могли исправить отметки.",
            )
        made = InspectionSettlement.objects.create(
            place=place,
            checklist=key[0],
            item=key[1],
            mark=mark,
            reason=reason.strip(),
            settled_by=by,
            settled_at=now,
        )
        after = {"перечень": key[0], "пункт": key[1], "верно": mark}
        cycle = place.wave.cycle
        record(
            Deed.INSPECTION_SETTLED,
            thing=made,
            by=by,
            now=now,
            cycle=cycle,
            reason=reason,
            after=after,
        )
    return made


def add_photo(
    *,
    inspection: Inspection,
    asked: Key,
    key: str,
    file: str,
    digest: str,
    size: int,
    width: int,
    height: int,
    location: str,
    by: Person,
    now: datetime,
) -> InspectionPhoto:
    """A photograph that already lies on the disk; the same ``key`` again gives the one kept.

    Refusals: ``not_own_inspection``, ``unknown_item``, ``inspection_submitted``, ``wave_not_open``.
    """
    _own(inspection, by)
    if asked not in {item.key for part in parts_for(inspection.place) for item in part.asked}:
        raise _unknown_item(asked)
    with transaction.atomic():
        _open_place(inspection.place)
        if not Inspection.objects.filter(pk=inspection.pk, status=Status.DRAFT).exists():
            raise _not_saved(inspection)
        photo, _ = InspectionPhoto.objects.get_or_create(
            inspection=inspection,
            key=key,
            defaults={
                "checklist": asked[0],
                "item": asked[1],
                "file": file,
                "digest": digest,
                "bytes": size,
                "width": width,
                "height": height,
                "location": location,
                "added_at": now,
            },
        )
    return photo


def parts_for(place: WaveOrganisation) -> tuple[Part, ...]:
    """What an expert looks at in this organisation."""
    return parts_of(get_edition(place.wave.cycle.edition), place.organisation.type)


def asked_at(place: WaveOrganisation) -> tuple[Part, ...]:
    """What has to be looked at there: the site is left out where a round of visits says it."""
    told = covered(place)
    return tuple(part for part in parts_for(place) if part.code != told)


def _open_place(place: WaveOrganisation) -> None:
    """Holds the organisation against closing until the deed is done. Refusal ``wave_not_open``."""
    open_now = WaveOrganisation.objects.select_for_update().filter(pk=place.pk, is_open=True)
    if not open_now.exists():
        raise Refusal(
            "Волна не идёт: осмотр этой организации не принимается.",
            kind="wave_not_open",
            cure="Спросите руководителя оператора, когда волна открыта.",
        )


def _own(inspection: Inspection, by: Person) -> None:
    if inspection.expert_id != by.pk:
        raise Refusal(
            "Этот осмотр ведёт другой эксперт.",
            kind="not_own_inspection",
            cure="Откройте свой осмотр этой организации.",
        )


def _unknown_item(key: Key) -> Refusal:
    return Refusal(
        f"Пункта «{key[0]}, {key[1]}» в перечнях нет.",
        kind="unknown_item",
        cure="Обновите страницу осмотра.",
    )


def _check_values(parts: Sequence[Part], found: Mapping[Key, str]) -> None:
    known = {asked.key: asked for part in parts for asked in part.asked}
    for key in found:
        if key not in known:
            raise _unknown_item(key)
    wrong = [(known[key], value) for key, value in found.items() if not lawful(known[key], value)]
    if wrong:
        raise Refusal(
            "Не все значения подходят. Ничего не сохранено.",
            kind="bad_mark",
            cure="Исправьте названные и сохраните снова.",
            problems=[
                Problem(f"«{asked.name}»: «{value}» не подходит.", _expected(asked))
                for asked, value in wrong
            ],
        )


def _expected(asked: Asked) -> str:
    if asked.kind == "points":
        return f"Нужно число от 0 до {asked.maximum}, не больше двух знаков после запятой."
    return "Выберите один из ответов."


def _incomplete(left: Sequence[Asked]) -> Refusal:
    return Refusal(
        f"Осмотрено не всё, осталось: {len(left)}. Осмотр не сдан.",
        kind="incomplete_inspection",
        cure="Отметьте оставшиеся пункты: есть, нет или не применимо.",
        problems=[Problem(f"Не отмечено: «{asked.name}».") for asked in left],
    )


def _not_saved(inspection: Inspection) -> Refusal:
    now = Inspection.objects.get(pk=inspection.pk)
    if now.status == Status.SUBMITTED:
        return Refusal(
            "Осмотр уже сдан и не меняется.",
            kind="inspection_submitted",
            cure="Чтобы исправить, попросите руководителя оператора вернуть его.",
        )
    return Refusal(
        "Осмотр изменён на другом устройстве.",
        kind="changed_elsewhere",
        cure="Обновите страницу и внесите недостающее ещё раз: введённое здесь показано ниже.",
    )


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise Refusal(
            "Не указана причина.", kind="reason_required", cure="Напишите, почему так решено."
        )


def _move(inspection: Inspection, status: Inspection.Status, **fields: object) -> None:
    lawful_before = [before for before, after in MOVES.items() if status in after]
    moved = Inspection.objects.filter(pk=inspection.pk, status__in=lawful_before)
    if not moved.update(status=status, **fields):
        inspection.refresh_from_db()
        raise Refusal(
            f"Осмотр {inspection.get_status_display()}: это действие к нему уже не относится.",
            kind="inspection_moved",
            cure="Обновите страницу.",
        )
    inspection.refresh_from_db()
