"""The technical specification: made from a template, opened for proposals, adopted by the council.

One table says which moves exist; every deed locks the specification first, so that proposals,
their consideration and the moves follow each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from noko.actions.clause import locked
from noko.actions.constraints import refusing
from noko.actions.council import put_on_agenda
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import (
    AgendaItem,
    Clause,
    ClauseProposal,
    Cycle,
    Decision,
    Person,
    Session,
    Specification,
)
from noko.queries.specification import Content, content_of
from noko.queries.specification_template import get_template

Status = Specification.Status

MOVES: Mapping[str, frozenset[str]] = {
    Status.DRAFT: frozenset({Status.OPEN}),
    Status.OPEN: frozenset({Status.CONSIDERED}),
    Status.CONSIDERED: frozenset({Status.OPEN, Status.ADOPTED}),
    Status.ADOPTED: frozenset(),
}
"""Which moves exist. What is adopted stays; another text is another version."""

TERMS = ("survey_starts_on", "survey_ends_on", "data_due_on", "report_due_on")


def create(
    *,
    cycle: Cycle,
    customer: str,
    terms: Mapping[str, date | None],
    source: Specification | None = None,
    by: Person | None,
    now: datetime,
) -> Specification:
    """The next version for the cycle: clauses of the edition's template, or those of ``source``.

    ``terms``: names of :data:`TERMS` → day, or None where it is not known yet.

    Refusals: ``specification_in_preparation``, ``no_customer``, ``bad_terms``.
    """
    customer = _customer(customer)
    _check_terms(terms)
    template = get_template(cycle.edition)
    with refusing({"specification_one_in_preparation": _in_preparation()}):
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        last = cycle.specifications.aggregate(last=Max("version"))["last"] or 0
        made = Specification.objects.create(
            cycle=cycle,
            version=last + 1,
            template=template.code,
            title=source.title if source else template.title,
            customer=customer,
            **{name: terms.get(name) for name in TERMS},
            created_at=now,
            created_by=by,
        )
        Clause.objects.bulk_create(_copied(made, source) if source else _from_template(made))
        after = {"версия": made.version, "образец": str(source) if source else template.code}
        record(Deed.SPECIFICATION_CREATED, thing=made, by=by, now=now, cycle=cycle, after=after)
    return made


def _in_preparation() -> Refusal:
    return Refusal(
        "Техническое задание этого цикла уже готовится.",
        kind="specification_in_preparation",
        cure="Обновите страницу и работайте с ним.",
    )


def _from_template(made: Specification) -> list[Clause]:
    clauses: list[Clause] = []
    for section in get_template(made.template).sections:
        for number, item in enumerate(section.clauses, start=1):
            clause = Clause(
                specification=made,
                section=section.number,
                section_title=section.title,
                order=len(clauses) + 1,
                number=f"{section.number}.{number}",
                text=item.text,
                basis=item.basis.model_dump(mode="json"),
                checks=[str(check) for check in item.checks],
            )
            clauses.append(clause)
    return clauses


def _copied(made: Specification, source: Specification) -> list[Clause]:
    return [
        Clause(
            specification=made,
            section=item.section,
            section_title=item.section_title,
            order=order,
            number=item.number,
            text=item.text,
            basis=item.basis,
            checks=item.checks,
        )
        for order, item in enumerate(source.clauses.filter(excluded=False), start=1)
    ]


def change(
    *,
    specification: Specification,
    customer: str,
    terms: Mapping[str, date | None],
    proposals_until: date | None = None,
    by: Person | None,
    now: datetime,
) -> Specification:
    """Another customer, other terms; ``proposals_until`` while proposals are taken.

    Refusals: ``specification_adopted``, ``no_customer``, ``bad_terms``, ``term_over``.
    """
    customer = _customer(customer)
    _check_terms(terms)
    with transaction.atomic():
        held = locked(specification)
        if held.adopted:
            raise _adopted()
        before = _shown(held)
        held.customer = customer
        for name in TERMS:
            setattr(held, name, terms.get(name))
        if held.status == Status.OPEN and proposals_until != held.proposals_until:
            held.proposals_until = _not_over(proposals_until, now)
        held.save(update_fields=["customer", *TERMS, "proposals_until"])
        after = _shown(held)
        names = [name for name in after if before[name] != after[name]]
        if names:
            record(
                Deed.SPECIFICATION_CHANGED,
                thing=held,
                by=by,
                now=now,
                cycle=held.cycle,
                before={name: before[name] for name in names},
                after={name: after[name] for name in names},
            )
    return held


# --- moves --------------------------------------------------------------------------------------


def open_for_proposals(
    *, specification: Specification, until: date, by: Person | None, now: datetime
) -> Specification:
    """Members and staff may propose changes until the end of that day.

    Refusals: ``moved_already``, ``term_over``.
    """
    until = _not_over(until, now)
    with transaction.atomic():
        held = _move(locked(specification), Status.OPEN, proposals_until=until)
        after = {"предложения до": until}
        record(Deed.SPECIFICATION_OPENED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return held


def close_proposals(
    *, specification: Specification, by: Person | None, now: datetime
) -> Specification:
    """No more proposals. Refusals: ``moved_already``, ``proposals_waiting``: each is answered."""
    with transaction.atomic():
        held = locked(specification)
        waiting = held.proposals.filter(status=ClauseProposal.Status.OPEN).count()
        if waiting:
            raise Refusal(
                f"Не рассмотрено предложений: {waiting}.",
                kind="proposals_waiting",
                cure="Ответьте на каждое и повторите.",
            )
        held = _move(held, Status.CONSIDERED)
        after = {"предложений рассмотрено": held.proposals.count()}
        record(Deed.SPECIFICATION_CLOSED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return held


def place(
    *,
    specification: Specification,
    session: Session,
    material: tuple[str, bytes],
    by: Person | None,
    now: datetime,
) -> Specification:
    """Puts the specification on the agenda of ``session`` with its document as the material.

    What the council will see is remembered by its digest. Refusals: ``not_considered``,
    ``placed_already``, ``specification_incomplete``, and those of the agenda.
    """
    with transaction.atomic():
        held = locked(specification)
        content = placeable(held)
        item = put_on_agenda(
            session=session,
            title=f"О техническом задании для организации-оператора на {held.cycle.year} год",
            draft_decision=f"Утвердить техническое задание на {held.cycle.year} год (приложение).",
            materials=[material],
            cycle=held.cycle,
            address=f"/office/specifications/{held.pk}/",
            by=by,
            now=now,
        )
        held.agenda_item, held.placed_digest = item, content.digest
        held.save(update_fields=["agenda_item", "placed_digest"])
        after = {"вопрос": item, "контрольная сумма": content.digest}
        record(Deed.SPECIFICATION_PLACED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return held


def approve(
    *, specification: Specification, decision: Decision, by: Person | None, now: datetime
) -> Specification:
    """Adopted by the council's decision; nothing in it changes any more.

    Refusals: ``moved_already``, ``decision_of_another_question``, ``changed_since_placed``,
    ``decision_used``, ``specification_incomplete``, ``list_not_approved``.
    """
    used = Refusal(
        f"{decision}: им уже утверждено другое техническое задание.",
        kind="decision_used",
        cure="Выберите решение по этому техническому заданию.",
    )
    with refusing({"noko_specification_decision_id_key": used}):
        held = locked(specification)
        if held.agenda_item_id is None or decision.item_id != held.agenda_item_id:
            raise Refusal(
                f"{decision} принято по другому вопросу.",
                kind="decision_of_another_question",
                cure="Вынесите техническое задание на заседание и дождитесь решения по нему.",
            )
        content = complete(held)
        if content.unsettled:
            raise Refusal(
                content.unsettled,
                kind="list_not_approved",
                cure="Сначала утвердите перечень этого цикла, потом техническое задание.",
            )
        if content.digest != held.placed_digest:
            raise _changed_since()
        held = _move(
            held,
            Status.ADOPTED,
            decision=decision,
            facts=dict(content.facts),
            annex=list(content.annex),
            digest=content.digest,
            adopted_at=now,
        )
        record(
            Deed.SPECIFICATION_ADOPTED,
            thing=held,
            by=by,
            now=now,
            cycle=held.cycle,
            after={
                "решение": str(decision),
                "организаций": len(content.annex),
                "анкет": content.questionnaires,
                "контрольная сумма": content.digest,
            },
        )
    return held


_OVER = (AgendaItem.Status.REJECTED, AgendaItem.Status.NOTED, AgendaItem.Status.WITHDRAWN)
"""An item that has ended without a decision: the thing may be placed again."""


def placeable(specification: Specification) -> Content:
    """The content, when it may be put on an agenda; refusals as of :func:`place`."""
    if specification.status != Status.CONSIDERED:
        raise Refusal(
            "Вынести на заседание можно, когда предложения рассмотрены.",
            kind="not_considered",
            cure="Закончите сбор предложений.",
        )
    content = complete(specification)
    if stands_on_agenda(specification) and content.digest == specification.placed_digest:
        raise Refusal(
            "Техническое задание уже стоит в повестке.",
            kind="placed_already",
            cure="Дождитесь решения совета.",
        )
    return content


def stands_on_agenda(specification: Specification) -> bool:
    """Whether a question about it waits for the council or has been decided."""
    item = specification.agenda_item
    if item is None or item.status in _OVER:
        return False
    return item.session.status not in (Session.Status.CANCELLED, Session.Status.NOT_HELD)


def complete(specification: Specification) -> Content:
    """The content when nothing is missing in it; refusal ``specification_incomplete``."""
    content = content_of(specification)
    if content.missing:
        raise Refusal(
            " ".join(content.missing),
            kind="specification_incomplete",
            cure="Дополните и повторите.",
        )
    return content


def _changed_since() -> Refusal:
    return Refusal(
        "С тех пор как техническое задание вынесено на заседание, оно изменилось: совет решал о"
        " другом тексте или перечне.",
        kind="changed_since_placed",
        cure="Верните прежние сведения или вынесите новый текст на заседание.",
    )


def _move(specification: Specification, to: str, **fields: Any) -> Specification:
    """The one place where a status changes; refusal ``moved_already``."""
    allowed = [status for status, targets in MOVES.items() if to in targets]
    moved = Specification.objects.filter(pk=specification.pk, status__in=allowed).update(
        status=to, **fields
    )
    if not moved:
        now_is = Specification.objects.get(pk=specification.pk).get_status_display()
        raise Refusal(
            f"Сейчас это сделать нельзя: техническое задание {now_is}.",
            kind="moved_already",
            cure="Обновите страницу: на ней видно, что можно сделать.",
        )
    specification.refresh_from_db()
    return specification


# --- small checks -------------------------------------------------------------------------------


def _customer(text: str) -> str:
    clean = " ".join(text.replace("\x00", "").split())
    if not clean:
        raise Refusal(
            "Не указан заказчик.", kind="no_customer", cure="Напишите его полное наименование."
        )
    return clean


def _check_terms(terms: Mapping[str, date | None]) -> None:
    days = [(name, terms.get(name)) for name in TERMS]
    known = [(name, day) for name, day in days if day]
    for (_, one), (name, other) in pairwise(known):
        if other < one:
            title = Specification._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            raise Refusal(
                f"Срок «{title}» раньше того, что должно быть прежде.",
                kind="bad_terms",
                cure="Порядок: начало опроса, его конец, передача данных, отчёт.",
            )


def _not_over(until: date | None, now: datetime) -> date:
    if until is None or until < timezone.localdate(now):
        raise Refusal(
            "Срок предложений уже прошёл.",
            kind="term_over",
            cure="Укажите сегодняшний день или более поздний.",
        )
    return until


def _adopted() -> Refusal:
    return Refusal(
        "Техническое задание утверждено и больше не меняется.",
        kind="specification_adopted",
        cure="Подготовьте новую версию: её утверждает новое решение совета.",
    )


def _shown(specification: Specification) -> dict[str, Any]:
    meta = Specification._meta
    return {
        str(meta.get_field(name).verbose_name): getattr(specification, name) or ""  # type: ignore[union-attr]
        for name in ("customer", *TERMS, "proposals_until")
    }
