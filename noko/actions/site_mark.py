"""Marks by hand beside the machine's findings: made, confirmed at a later visit, withdrawn."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from noko.access.loading import works_for
from noko.actions.constraints import refusing
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.core.websites.rules import Item
from noko.models import Person, SiteFinding, SiteMark, SiteObjection, SiteVisit
from noko.queries.website_rules import get_regime

Status = SiteMark.Status

MOVES = {
    Status.STANDING: {Status.REPLACED, Status.WITHDRAWN},
    Status.REPLACED: set(),
    Status.WITHDRAWN: set(),
}
"""Which status may follow which: a mark is never changed, only replaced or withdrawn."""

RULES = {
    "site_mark_standing_once": Refusal(
        "Этот пункт только что отметил другой эксперт.",
        kind="mark_moved",
        cure="Обновите страницу и посмотрите, что он увидел.",
    )
}


def make_mark(
    *,
    visit: SiteVisit,
    code: str,
    value: str,
    reason: str,
    address: str = "",
    objection: SiteObjection | None = None,
    by: Person,
    now: datetime,
) -> SiteMark:
    """An expert's mark over a visit; the one that stood for the item so far is replaced.

    Refusals: ``reason_required``, ``bad_value``, ``bad_link``, ``unknown_item``, ``conflict``,
    ``visit_not_done``, ``mark_moved``.
    """
    item = _check(visit, code, value, reason, address)
    if works_for(by, visit.organisation):
        raise Refusal(
            "Вы работаете в этой организации: отмечает другой эксперт.",
            kind="conflict",
            cure="Передайте её другому эксперту.",
        )
    own = {"cycle": visit.round.cycle, "organisation": visit.organisation, "code": code}
    machine = SiteFinding.objects.filter(visit=visit, code=code).first()
    with transaction.atomic(), refusing(RULES):
        standing = SiteMark.objects.select_for_update().filter(**own, status=Status.STANDING)
        before = standing.first()
        if before:
            _move(before, Status.REPLACED)
        made = SiteMark.objects.create(
            **own,
            value=value,
            reason=reason.strip(),
            address=address.strip(),
            visit=visit,
            machine=machine.status if machine else "",
            objection=objection,
            replaces=before,
            made_by=by,
            made_at=now,
        )
        record(
            Deed.SITE_MARK_MADE,
            thing=made,
            by=by,
            now=now,
            cycle=visit.round.cycle,
            reason=reason,
            before={"отметка": before.get_value_display()} if before else None,
            after={
                "организация": str(visit.organisation),
                "обход": visit.round.number,
                "пункт": item.name,
                "отметка": made.get_value_display(),
                "адрес": made.address,
            },
        )
    return made


def _check(visit: SiteVisit, code: str, value: str, reason: str, address: str) -> Item:
    item = get_regime(visit.round.regime).item_by_code.get(code)
    if item is None:
        raise Refusal(
            f"Пункта «{code}» в правилах обхода нет.",
            kind="unknown_item",
            cure="Обновите страницу.",
        )
    if visit.state != SiteVisit.State.DONE:
        raise Refusal(
            "Этот сайт ещё не обойдён.",
            kind="visit_not_done",
            cure="Дождитесь конца обхода.",
        )
    if value not in SiteMark.Value.values:
        raise Refusal(
            "Не выбрано, что верно.",
            kind="bad_value",
            cure="Выберите: есть, нет или не требуется.",
        )
    if not reason.strip():
        raise Refusal(
            "Не сказано, на чём основана отметка.",
            kind="reason_required",
            cure="Напишите, что и где вы увидели.",
        )
    if address.strip() and not address.strip().lower().startswith(("http://", "https://")):
        raise Refusal(
            "Это не адрес страницы.", kind="bad_link", cure="Он начинается с https:// или http://."
        )
    return item


def confirm_mark(*, mark: SiteMark, visit: SiteVisit, by: Person, now: datetime) -> SiteMark:
    """The mark is right although the machine said something else at ``visit``: it was looked at.

    Refusals: ``conflict``, ``other_organisation``, ``mark_moved``.
    """
    _refuse_own(mark, by)
    same = visit.organisation_id == mark.organisation_id and visit.round.cycle_id == mark.cycle_id
    if not same:
        raise Refusal(
            "Это обход другой организации.",
            kind="other_organisation",
            cure="Откройте отметку со страницы её организации.",
        )
    with transaction.atomic():
        rows = SiteMark.objects.filter(pk=mark.pk, status=Status.STANDING)
        if not rows.update(confirmed_on=visit):
            raise _moved()
        mark.refresh_from_db()
        after = {
            "организация": str(mark.organisation),
            "обход": visit.round.number,
            "пункт": mark.code,
            "отметка": mark.get_value_display(),
        }
        cycle = mark.cycle
        record(Deed.SITE_MARK_CONFIRMED, thing=mark, by=by, now=now, cycle=cycle, after=after)
    return mark


def withdraw_mark(*, mark: SiteMark, reason: str, by: Person, now: datetime) -> SiteMark:
    """The mark counts no more: what the machine found holds again. Refusals: ``reason_required``,
    ``conflict``, ``mark_moved``."""
    if not reason.strip():
        raise Refusal(
            "Не сказано, почему отметка снята.",
            kind="reason_required",
            cure="Напишите, что изменилось.",
        )
    _refuse_own(mark, by)
    with transaction.atomic():
        fields = {"withdrawn_by": by, "withdrawn_at": now, "withdrawn_reason": reason.strip()}
        _move(mark, Status.WITHDRAWN, **fields)
        after = {"организация": str(mark.organisation), "пункт": mark.code}
        cycle = mark.cycle
        record(
            Deed.SITE_MARK_WITHDRAWN,
            thing=mark,
            by=by,
            now=now,
            cycle=cycle,
            reason=reason,
            before={"отметка": mark.get_value_display()},
            after=after,
        )
    return mark


def _refuse_own(mark: SiteMark, by: Person) -> None:
    if works_for(by, mark.organisation):
        raise Refusal(
            "Вы работаете в этой организации: отмечает другой эксперт.",
            kind="conflict",
            cure="Передайте её другому эксперту.",
        )


def _move(mark: SiteMark, status: Status, **fields: object) -> None:
    lawful = [before for before, after in MOVES.items() if status in after]
    if not SiteMark.objects.filter(pk=mark.pk, status__in=lawful).update(status=status, **fields):
        raise _moved()
    mark.refresh_from_db()


def _moved() -> Refusal:
    return Refusal(
        "Эта отметка уже заменена или снята.", kind="mark_moved", cure="Обновите страницу."
    )
