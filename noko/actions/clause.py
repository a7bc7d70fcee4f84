"""Clauses of a specification: another text, a new clause, one left out; numbers follow.

A clause has a revision: who changes it says which one they have seen, so that two people never
write over each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.core.specification import unknown_fields
from noko.models import Clause, Person, Specification

Status = Specification.Status


def edit_clause(
    *, clause: Clause, text: str, revision: int, by: Person | None, now: datetime
) -> Clause:
    """Another text of a clause of a draft; ``revision`` is the one that the person was shown.

    Refusals: ``not_a_draft``, ``clause_changed``, ``empty_clause``, ``unknown_field``.
    """
    with transaction.atomic():
        held = locked_draft(clause.specification)
        was = Clause.objects.get(pk=clause.pk)
        changed = write_clause(clause, checked_text(text), revision)
        record(
            Deed.CLAUSE_CHANGED,
            thing=changed,
            by=by,
            now=now,
            cycle=held.cycle,
            before={"текст": was.text},
            after={"текст": changed.text},
        )
    return changed


def add_clause(*, after: Clause, text: str, by: Person | None, now: datetime) -> Clause:
    """A new clause of a draft behind another. Refusals: ``not_a_draft``, ``empty_clause``,
    ``unknown_field``."""
    with transaction.atomic():
        held = locked_draft(after.specification)
        made = insert_clause(after, checked_text(text))
        record(
            Deed.CLAUSE_ADDED,
            thing=made,
            by=by,
            now=now,
            cycle=held.cycle,
            after={"текст": made.text},
        )
    return made


def exclude_clause(*, clause: Clause, revision: int, by: Person | None, now: datetime) -> Clause:
    """The clause is left out of a draft. Refusals: ``not_a_draft``, ``clause_changed``."""
    with transaction.atomic():
        held = locked_draft(clause.specification)
        gone = leave_out(clause, revision)
        record(
            Deed.CLAUSE_EXCLUDED,
            thing=gone,
            by=by,
            now=now,
            cycle=held.cycle,
            before={"текст": gone.text},
        )
    return gone


# --- shared with the moves and with the consideration of proposals --------------------------------


def locked(specification: Specification) -> Specification:
    """The specification, held until the end of the transaction."""
    held = Specification.objects.select_for_update(of=("self",)).select_related(
        "cycle", "agenda_item__session"
    )
    return held.get(pk=specification.pk)


def locked_draft(specification: Specification) -> Specification:
    held = locked(specification)
    if held.status != Status.DRAFT:
        raise Refusal(
            "Пункты правят без предложений только в черновике. Техническое задание "
            f"{held.get_status_display()}.",
            kind="not_a_draft",
            cure="Внесите предложение к пункту.",
        )
    return held


def checked_text(text: str) -> str:
    """The text of a clause without empty lines; refusals ``empty_clause``, ``unknown_field``."""
    lines = [" ".join(line.split()) for line in text.replace("\x00", "").splitlines()]
    clean = "\n".join(line for line in lines if line)
    if not clean:
        raise Refusal("Текст пункта пустой.", kind="empty_clause", cure="Напишите его.")
    unknown = unknown_fields(clean)
    if unknown:
        shown = ", ".join(f"{{{name}}}" for name in unknown)
        raise Refusal(
            f"Полей {shown} нет.",
            kind="unknown_field",
            cure="Возьмите поле из списка под текстом или уберите фигурные скобки.",
        )
    return clean


def write_clause(clause: Clause, text: str, revision: int) -> Clause:
    """Writes the text over the revision that was seen; refusal ``clause_changed``."""
    written = Clause.objects.filter(pk=clause.pk, revision=revision, excluded=False).update(
        text=text, revision=revision + 1
    )
    return _written(clause, written)


def leave_out(clause: Clause, revision: int) -> Clause:
    """Excludes the clause and numbers the others; refusal ``clause_changed``."""
    written = Clause.objects.filter(pk=clause.pk, revision=revision, excluded=False).update(
        excluded=True, revision=revision + 1
    )
    gone = _written(clause, written)
    _renumber(gone.specification)
    return gone


def _written(clause: Clause, written: int) -> Clause:
    found = Clause.objects.get(pk=clause.pk)
    if not written:
        raise Refusal(
            f"Пока вы решали, пункт {found.number} исключён."
            if found.excluded
            else f"Пока вы решали, пункт {found.number} изменили.",
            kind="clause_changed",
            cure="Посмотрите, как он звучит теперь, и решите ещё раз.",
        )
    return found


def insert_clause(after: Clause, text: str) -> Clause:
    """A new clause behind ``after``, in its section."""
    clauses = list(after.specification.clauses.order_by("order"))
    place = next(index for index, item in enumerate(clauses) if item.pk == after.pk) + 1
    made = Clause(
        specification=after.specification,
        section=after.section,
        section_title=after.section_title,
        order=len(clauses) + 1,
        text=text,
    )
    made.save()
    _renumber(after.specification, [*clauses[:place], made, *clauses[place:]])
    made.refresh_from_db()
    return made


def _renumber(specification: Specification, clauses: Sequence[Clause] = ()) -> None:
    """Orders and numbers clauses in the given order; one that is excluded keeps its number."""
    ordered = list(clauses or specification.clauses.order_by("order"))
    last: dict[str, int] = {}
    for order, clause in enumerate(ordered, start=1):
        clause.order = order
        if not clause.excluded:
            last[clause.section] = last.get(clause.section, 0) + 1
            clause.number = f"{clause.section}.{last[clause.section]}"
    Clause.objects.bulk_update(ordered, ["order", "number"])
