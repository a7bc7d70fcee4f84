"""What becomes of a list: considered by the council, approved by an act, frozen.

One table says which moves exist; every deed locks the list first. An approved list never changes:
another version with another decision changes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from noko.actions.constraints import refusing
from noko.actions.council import put_on_agenda
from noko.actions.list import locked, numbers
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.listing import digest
from noko.core.refusal import Refusal
from noko.models import AgendaItem, Decision, OrganisationList, Person, Session
from noko.queries.list import content_of
from noko.queries.list_difference import as_lines, difference

Status = OrganisationList.Status

MOVES: Mapping[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.PROPOSED, Status.APPROVED}),
    Status.PROPOSED: frozenset({Status.DRAFT, Status.APPROVED}),
    Status.APPROVED: frozenset(),
}
"""Which moves exist. A draft is approved at once only by an act from outside of this system."""

OVER = (AgendaItem.Status.REJECTED, AgendaItem.Status.NOTED, AgendaItem.Status.WITHDRAWN)
"""An agenda item that has ended without a decision: the list may be returned and placed again."""


def place(
    *,
    item: OrganisationList,
    session: Session,
    materials: Sequence[tuple[str, bytes]],
    seen: str,
    by: Person | None,
    now: datetime,
) -> OrganisationList:
    """Puts the list on the agenda of ``session`` with its documents; it does not change any more.

    ``seen``: the digest of what the documents say. Refusals: ``moved_already``, ``list_empty``,
    ``list_changed``, and those of the agenda.
    """
    with transaction.atomic():
        held = locked(item)
        if not held.entries.filter(included=True).exists():
            raise _empty()
        own = digest(content_of(held))
        if own != seen:
            raise _list_changed()
        agenda_item = put_on_agenda(
            session=session,
            title=_question(held),
            draft_decision=_draft_decision(held),
            materials=materials,
            cycle=held.cycle,
            address=f"/office/lists/{held.pk}/",
            by=by,
            now=now,
        )
        _move(held, Status.PROPOSED, digest=own, agenda_item=agenda_item)
        after = {"вопрос": agenda_item, "контрольная сумма": own}
        record(Deed.LIST_PROPOSED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return held


def take_back(*, item: OrganisationList, by: Person | None, now: datetime) -> OrganisationList:
    """A list that the council has not approved becomes a draft again.

    Refusals: ``moved_already``, ``stands_on_agenda``.
    """
    with transaction.atomic():
        held = locked(item)
        if stands_on_agenda(held):
            raise Refusal(
                "Перечень стоит в повестке совета.",
                kind="stands_on_agenda",
                cure="Снимите вопрос с повестки или дождитесь решения.",
            )
        _move(held, Status.DRAFT, digest="", agenda_item=None)
        record(Deed.LIST_RETURNED, thing=held, by=by, now=now, cycle=held.cycle)
    return held


def approve(
    *,
    item: OrganisationList,
    decision: Decision,
    files: Sequence[Mapping[str, Any]],
    by: Person | None,
    now: datetime,
) -> OrganisationList:
    """Approved by the council's decision; ``files``: its kept documents.

    Refusals: ``moved_already``, ``decision_of_another_question``, ``decision_used``.
    """
    used = Refusal(
        f"{decision}: им уже утверждён другой перечень.",
        kind="decision_used",
        cure="Выберите решение по этому перечню.",
    )
    with refusing({"noko_organisationlist_decision_id_key": used}):
        held = locked(item)
        if held.agenda_item_id is None or decision.item_id != held.agenda_item_id:
            raise Refusal(
                f"{decision} принято по другому вопросу.",
                kind="decision_of_another_question",
                cure="Вынесите перечень на заседание и дождитесь решения по нему.",
            )
        facts = {"decision": decision, "approved_on": decision.adopted_on, "digest": held.digest}
        return _approve(held, facts, files, str(decision), by, now)


def approve_outside(
    *,
    item: OrganisationList,
    basis: str,
    on: date,
    files: Sequence[Mapping[str, Any]],
    seen: str,
    by: Person | None,
    now: datetime,
) -> OrganisationList:
    """Approved by an act that was adopted outside of this system, from a draft.

    ``basis``: body, kind, day and number of the act; ``seen``: the digest that was shown.
    Refusals: ``moved_already``, ``no_basis``, ``day_ahead``, ``list_empty``, ``list_changed``.
    """
    basis = " ".join(basis.split())
    if not basis:
        raise Refusal(
            "Не сказано, чем утверждён перечень.",
            kind="no_basis",
            cure="Напишите акт: вид, орган, дата и номер.",
        )
    if on > timezone.localdate(now):
        raise Refusal("День утверждения ещё не наступил.", kind="day_ahead", cure="Исправьте дату.")
    with transaction.atomic():
        held = locked(item)
        if held.status == Status.PROPOSED:
            raise _moved(held)
        if not held.entries.filter(included=True).exists():
            raise _empty()
        own = digest(content_of(held))
        if own != seen:
            raise _list_changed()
        facts = {"basis": basis, "approved_on": on, "digest": own}
        return _approve(held, facts, files, basis, by, now)


def _approve(
    held: OrganisationList,
    facts: Mapping[str, Any],
    files: Sequence[Mapping[str, Any]],
    act: str,
    by: Person | None,
    now: datetime,
) -> OrganisationList:
    changes = as_lines(difference(held.amends, held)) if held.amends else []
    _move(
        held,
        Status.APPROVED,
        approved_at=now,
        approved_by=by,
        files=[dict(file) for file in files],
        **facts,
    )
    after = {"основание": act, "контрольная сумма": held.digest, **numbers(held)}
    if changes:
        after["отличия"] = [f"{line['what']}: {line['name']}" for line in changes]
    record(
        Deed.LIST_APPROVED,
        thing=held,
        by=by,
        now=now,
        cycle=held.cycle,
        reason=held.reason,
        after=after,
    )
    return held


def stands_on_agenda(item: OrganisationList) -> bool:
    """Whether a question about the list waits for the council or has been decided."""
    question = item.agenda_item
    if question is None or question.status in OVER:
        return False
    return question.session.status not in (Session.Status.CANCELLED, Session.Status.NOT_HELD)


def _question(item: OrganisationList) -> str:
    if item.amends_id:
        return f"Об изменении перечня организаций на {item.cycle.year} год"
    return f"О перечне организаций, в отношении которых проводится оценка в {item.cycle.year} году"


def _draft_decision(item: OrganisationList) -> str:
    number = item.entries.filter(included=True).count()
    if item.amends_id:
        return (
            f"Утвердить перечень организаций на {item.cycle.year} год в новой редакции, "
            f"версия {item.version} (приложение; организаций: {number})."
        )
    return (
        f"Утвердить перечень организаций на {item.cycle.year} год "
        f"(приложение; организаций: {number})."
    )


def _move(item: OrganisationList, to: str, **fields: Any) -> None:
    """The one place where a status changes; refusal ``moved_already``."""
    allowed = [status for status, targets in MOVES.items() if to in targets]
    moved = OrganisationList.objects.filter(pk=item.pk, status__in=allowed).update(
        status=to, **fields
    )
    if not moved:
        raise _moved(item)
    item.refresh_from_db()


def _moved(item: OrganisationList) -> Refusal:
    state = OrganisationList.objects.get(pk=item.pk).get_status_display()
    return Refusal(
        f"Сейчас это сделать нельзя: перечень {state}.",
        kind="moved_already",
        cure="Обновите страницу: на ней видно, что можно сделать.",
    )


def _empty() -> Refusal:
    return Refusal(
        "В перечне нет ни одной организации.",
        kind="list_empty",
        cure="Включите организации и повторите.",
    )


def _list_changed() -> Refusal:
    return Refusal(
        "Пока вы решали, перечень изменил кто-то другой. Ничего не сделано.",
        kind="list_changed",
        cure="Проверьте перечень ещё раз и повторите.",
    )
