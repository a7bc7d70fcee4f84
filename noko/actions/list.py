"""The year's list while it is a draft: drawn up by the rule, changed with reasons.

Every deed locks the list first. What becomes of it then is in :mod:`noko.actions.list_moves`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, Q

from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Cycle, ListEntry, Organisation, OrganisationList, Person
from noko.queries.frequency_rules import frequency_rule
from noko.queries.list import drawn_up

_BATCH = 1000


# --- drawing up -----------------------------------------------------------------------------------


def draw_up(
    *, cycle: Cycle, reason: str = "", by: Person | None, now: datetime
) -> OrganisationList:
    """A draft for the cycle. The first is what the rule proposes; a later one is the approved list
    with the registry as it is now, to be changed, and ``reason`` says why.

    Refusals: ``list_in_preparation``, ``reason_required``, ``registry_empty``,
    ``no_frequency_rule``.
    """
    rule = frequency_rule(cycle.year)
    with refusing({"list_one_in_preparation": _in_preparation()}):
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        before = cycle.lists.order_by("-version").first()
        if before is not None and not before.approved:
            raise _in_preparation()
        if before is not None and not reason.strip():
            raise Refusal(
                "Не сказано, почему меняется утверждённый перечень.",
                kind="reason_required",
                cure="Напишите причину: её увидят совет и все, кто читает перечень.",
            )
        entries = drawn_up(cycle)
        if not entries:
            raise Refusal(
                "Реестр организаций пуст: предлагать некого.",
                kind="registry_empty",
                cure="Сначала загрузите организации в реестр.",
            )
        last = cycle.lists.aggregate(last=Max("version"))["last"] or 0
        made = OrganisationList.objects.create(
            cycle=cycle,
            version=last + 1,
            amends=before,
            reason=reason.strip() if before else "",
            rule=rule.code,
            registry_at=now,
            created_at=now,
            created_by=by,
        )
        if before is not None:
            _go_on(entries, before)
        for entry in entries:
            entry.list = made
        ListEntry.objects.bulk_create(entries, batch_size=_BATCH)
        after = {"версия": made.version, "правило": rule.code, **numbers(made)}
        record(
            Deed.LIST_DRAWN_UP,
            thing=made,
            by=by,
            now=now,
            cycle=cycle,
            reason=made.reason,
            after=after,
        )
    return made


CONTINUED = "Как в прежней версии перечня."


def _go_on(entries: Sequence[ListEntry], before: OrganisationList) -> None:
    """Who stood in the approved list stays in, who did not stays out, as far as they still act."""
    was = {
        item.organisation.merged_into_id or item.organisation_id: item
        for item in before.entries.select_related("organisation")
    }
    for entry in entries:
        held = was.get(entry.organisation_id)
        if held is None or entry.organisation.status != Organisation.Status.ACTIVE:
            continue
        entry.included = held.included
        if entry.included != entry.proposed:
            entry.note = held.note or CONTINUED


def refresh(*, item: OrganisationList, by: Person | None, now: datetime) -> OrganisationList:
    """The draft beside the registry and the history as they are now; people's decisions stay.

    Refusal ``list_not_a_draft``.
    """
    with transaction.atomic():
        held = draft_of(item)
        kept = {entry.organisation_id: entry for entry in held.entries.all()}
        entries = drawn_up(held.cycle)
        for entry in entries:
            entry.list = held
            if before := kept.pop(entry.organisation_id, None):
                _keep_decision(entry, before, goes_on=held.amends_id is not None)
        held.entries.all().delete()
        ListEntry.objects.bulk_create(entries, batch_size=_BATCH)
        held.registry_at = now
        held.save(update_fields=["registry_at"])
        after = {"ушло из реестра": len(kept), **numbers(held)}
        record(Deed.LIST_REFRESHED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return held


def _keep_decision(entry: ListEntry, before: ListEntry, *, goes_on: bool) -> None:
    """People's decision stays, and so does the approved list that a draft ``goes_on`` from, as
    long as the organisation acts."""
    acts = entry.organisation.status == Organisation.Status.ACTIVE
    if not acts or not (goes_on or before.note):
        return
    entry.included = before.included
    if entry.included != entry.proposed:
        entry.note = before.note or CONTINUED


# --- people's decisions ---------------------------------------------------------------------------


def decide(
    *,
    item: OrganisationList,
    organisations: Collection[int],
    included: bool,
    note: str,
    by: Person | None,
    now: datetime,
) -> int:
    """Puts organisations (keys) into the draft or takes them out; how many have changed.

    Against the rule ``note`` says why; back to the rule it is not needed.

    Refusals: ``list_not_a_draft``, ``nothing_chosen``, ``reason_required``,
    ``organisation_not_active``.
    """
    note = " ".join(note.split())
    with transaction.atomic():
        held = draft_of(item)
        rows = held.entries.select_for_update().filter(organisation__in=list(organisations))
        changed = [entry for entry in rows if entry.included != included]
        if not changed:
            raise Refusal(
                "Не отмечено ни одной организации, с которой это можно сделать.",
                kind="nothing_chosen",
                cure="Отметьте строки и повторите.",
            )
        _check_decision(changed, included, note)
        for entry in changed:
            entry.included = included
            entry.note = note if included != entry.proposed else ""
        ListEntry.objects.bulk_update(changed, ["included", "note"], batch_size=_BATCH)
        names = [entry.short_name for entry in changed]
        record(
            Deed.LIST_CHANGED,
            thing=held,
            by=by,
            now=now,
            cycle=held.cycle,
            reason=note,
            after={"включены" if included else "исключены": names, **numbers(held)},
        )
    return len(changed)


def _check_decision(changed: Sequence[ListEntry], included: bool, note: str) -> None:
    if not note and any(entry.proposed != included for entry in changed):
        raise Refusal(
            "Не сказано, почему решено иначе, чем предлагает правило.",
            kind="reason_required",
            cure="Напишите причину: она останется в перечне.",
        )
    if not included:
        return
    keys = [entry.organisation_id for entry in changed]
    ceased = Organisation.every.filter(pk__in=keys).exclude(status=Organisation.Status.ACTIVE)
    names = [str(found) for found in ceased[:5]]
    if names:
        raise Refusal(
            f"Эти организации не действуют: {'; '.join(names)}.",
            kind="organisation_not_active",
            cure="Снимите с них отметки или исправьте состояние в реестре.",
        )


def discard(*, item: OrganisationList, by: Person | None, now: datetime) -> None:
    """Throws a draft away. Refusal ``list_not_a_draft``."""
    with transaction.atomic():
        held = draft_of(item)
        before = {"версия": held.version, **numbers(held)}
        record(Deed.LIST_DISCARDED, thing=held, by=by, now=now, cycle=held.cycle, before=before)
        held.delete()


# --- small checks ---------------------------------------------------------------------------------


def locked(item: OrganisationList) -> OrganisationList:
    """The list, locked until the end of the transaction. Refusal ``list_gone``."""
    rows = OrganisationList.objects.select_for_update(of=("self",)).select_related(
        "cycle", "amends", "agenda_item__session"
    )
    held = rows.filter(pk=item.pk).first()
    if held is None:
        raise Refusal(
            "Этого проекта перечня больше нет.",
            kind="list_gone",
            cure="Обновите страницу: его удалили.",
        )
    return held


def draft_of(item: OrganisationList) -> OrganisationList:
    held = locked(item)
    if not held.draft:
        raise Refusal(
            f"Перечень уже {held.get_status_display()} и не меняется.",
            kind="list_not_a_draft",
            cure="Обновите страницу: на ней видно, что можно сделать.",
        )
    return held


def numbers(item: OrganisationList) -> dict[str, int]:
    rows = item.entries
    return {
        "в перечне": rows.filter(included=True).count(),
        "против правила": rows.filter(~Q(included=F("proposed"))).count(),
    }


def _in_preparation() -> Refusal:
    return Refusal(
        "Перечень этого цикла уже готовится.",
        kind="list_in_preparation",
        cure="Откройте его и работайте с ним.",
    )
