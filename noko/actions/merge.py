"""Two records of one organisation become one; alike records of two organisations stay two."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from noko.actions.constraints import refusing
from noko.actions.organisation import FIELDS, REPEATED, derive, facts_of, state
from noko.audit.deeds import Deed
from noko.audit.journal import entry, record, record_all
from noko.core.refusal import Refusal
from noko.models import (
    Distinction,
    ListEntry,
    Organisation,
    OrganisationList,
    Person,
    RoleGrant,
    Succession,
)
from noko.queries.merging import OWN, rated_together, relations

TAKEN = (*FIELDS, "municipality")
"""Fields that may be taken from the merged record."""


def merge(
    *,
    kept: Organisation,
    merged: Organisation,
    taken: Collection[str] = (),
    seen: str,
    reason: str,
    by: Person | None,
    now: datetime,
) -> Organisation:
    """``merged`` becomes a mark that leads to ``kept``; everything but the frozen passes to it.

    ``taken``: names of :data:`TAKEN` whose values come from ``merged``. ``seen``: the
    :func:`both_states` that the person was shown.

    Refusals: ``merge_same``, ``organisation_gone``, ``organisation_changed``,
    ``merge_rated_together``, ``merge_conflict``, ``reason_required``, and those of the values.
    """
    if kept.pk == merged.pk:
        raise Refusal(
            "Это одна и та же запись.", kind="merge_same", cure="Выберите две разные записи."
        )
    if not reason.strip():
        raise Refusal(
            "Не сказано, почему это одна организация.",
            kind="reason_required",
            cure="Напишите, как это установлено.",
        )
    with refusing(REPEATED):
        first, second = _locked(kept, merged)
        _check(first, second, seen)
        before = facts_of(first)
        _leave_mark(second, first, now)
        for field in taken:
            if field not in TAKEN:
                raise TypeError(f"not a field of the registry: {field}")
            setattr(first, field, getattr(second, field))
        derive(first)
        first.save()
        passed = _pass_on(second, first)
        _note(first, second, before, passed, reason, by, now)
    return first


def both_states(kept: Organisation, merged: Organisation) -> str:
    """What stands on both cards, to notice that somebody has changed one."""
    return f"{state(kept)}-{state(merged)}"


def set_apart(
    *, first: Organisation, second: Organisation, by: Person | None, now: datetime
) -> Distinction:
    """Two alike records are different organisations: they are not proposed again."""
    low, high = sorted((first, second), key=lambda item: item.pk)
    with transaction.atomic():
        made, new = Distinction.objects.get_or_create(
            first=low, second=high, defaults={"noted_at": now, "noted_by": by}
        )
        if new:
            record_all(
                [
                    entry(
                        Deed.ORGANISATION_DISTINCT,
                        thing=one,
                        by=by,
                        now=now,
                        after={"не то же самое, что": str(other)},
                    )
                    for one, other in ((low, high), (high, low))
                ]
            )
    return made


def _locked(kept: Organisation, merged: Organisation) -> tuple[Organisation, Organisation]:
    """Both, locked in the order of their keys, so that two people cannot lock each other up."""
    rows = Organisation.objects.select_for_update(of=("self",)).select_related("municipality")
    found = {item.pk: item for item in rows.filter(pk__in=[kept.pk, merged.pk]).order_by("pk")}
    if len(found) < 2:
        raise Refusal(
            "Одной из записей больше нет: её объединили с другой. Ничего не изменено.",
            kind="organisation_gone",
            cure="Откройте карточку заново.",
        )
    return found[kept.pk], found[merged.pk]


def _check(kept: Organisation, merged: Organisation, seen: str) -> None:
    if both_states(kept, merged) != seen:
        raise Refusal(
            "Пока вы решали, одну из записей изменил кто-то другой. Ничего не изменено.",
            kind="organisation_changed",
            cure="Проверьте выбор ещё раз.",
        )
    together = rated_together(kept, merged)
    if together:
        cycles = ", ".join(f"«{cycle}»" for cycle in together)
        raise Refusal(
            f"Обе записи стоят в опубликованном рейтинге: {cycles}. Там это две организации.",
            kind="merge_rated_together",
            cure="Сначала опубликуйте исправленный рейтинг, в котором останется одна из них.",
        )


def _leave_mark(merged: Organisation, kept: Organisation, now: datetime) -> None:
    """Marks of earlier mergers are led on, so that one step always leads to a living record."""
    merged.merged_into, merged.merged_at = kept, now
    merged.save(update_fields=["merged_into", "merged_at"])
    Organisation.every.filter(merged_into=merged).update(merged_into=kept)


def _pass_on(merged: Organisation, kept: Organisation) -> dict[str, int]:
    """Re-points every living reference; how many of which kind."""
    Distinction.objects.filter(first=merged).delete()
    Distinction.objects.filter(second=merged).delete()
    passed = {
        "роли пользователей": _grants(merged, kept),
        "правопреемство": _links(merged, kept),
        "строки перечней": _drafts(merged, kept),
    }
    for relation in relations():
        if relation.code in OWN:
            continue
        try:
            with transaction.atomic():
                number = relation.living(merged).update(**{relation.field: kept})
        except IntegrityError:
            raise Refusal(
                f"У обеих записей есть одно и то же: {relation.words}. Ничего не изменено.",
                kind="merge_conflict",
                cure="Оставьте это у одной из записей и объедините их снова.",
            ) from None
        passed[relation.words] = passed.get(relation.words, 0) + number
    return {words: number for words, number in passed.items() if number}


def _grants(merged: Organisation, kept: Organisation) -> int:
    """Roles at the organisation; one that the person holds at both is held once."""
    for grant in RoleGrant.objects.filter(organisation=kept):
        RoleGrant.objects.filter(
            organisation=merged, person=grant.person_id, role=grant.role, starts_on=grant.starts_on
        ).delete()
    return RoleGrant.objects.filter(organisation=merged).update(organisation=kept)


def _drafts(merged: Organisation, kept: Organisation) -> int:
    """Rows of drafts; where both stand, the row of the one that stays stands."""
    rows = ListEntry.objects.filter(list__status=OrganisationList.Status.DRAFT)
    both = rows.filter(organisation=kept).values_list("list", flat=True)
    rows.filter(organisation=merged, list__in=list(both)).delete()
    return rows.filter(organisation=merged).update(organisation=kept)


def _links(merged: Organisation, kept: Organisation) -> int:
    """Successions; one that would lead from the record to itself, or stand twice, goes."""
    for link in Succession.objects.filter(predecessor=kept):
        Succession.objects.filter(
            predecessor=merged, successor=link.successor_id, reorganisation=link.reorganisation_id
        ).delete()
    for link in Succession.objects.filter(successor=kept):
        Succession.objects.filter(
            successor=merged, predecessor=link.predecessor_id, reorganisation=link.reorganisation_id
        ).delete()
    Succession.objects.filter(predecessor=merged, successor=kept).delete()
    Succession.objects.filter(predecessor=kept, successor=merged).delete()
    before = Succession.objects.filter(predecessor=merged).update(predecessor=kept)
    after = Succession.objects.filter(successor=merged).exclude(predecessor=F("successor"))
    return before + after.update(successor=kept)


def _note(
    kept: Organisation,
    merged: Organisation,
    before: dict[str, Any],
    passed: dict[str, int],
    reason: str,
    by: Person | None,
    now: datetime,
) -> None:
    became = facts_of(kept)
    names = sorted(name for name in before | became if before.get(name) != became.get(name))
    record(
        Deed.ORGANISATION_MERGED,
        thing=kept,
        by=by,
        now=now,
        reason=reason,
        before={name: before.get(name, "") for name in names},
        after={name: became.get(name, "") for name in names}
        | {"присоединена запись": f"{merged} ({merged.pk})", **passed},
    )
    record(
        Deed.ORGANISATION_MERGED,
        thing=merged,
        by=by,
        now=now,
        reason=reason,
        before=facts_of(merged),
        after={"объединена с записью": f"{kept} ({kept.pk})"},
    )
