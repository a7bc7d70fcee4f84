"""Sheets of paper: typed by two clerks who do not see each other's reading, settled by a third.

When both readings agree the sheet goes into the box of its batch and the readings are deleted, in
one transaction. Which of the two readings one is, the database decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import F

from noko.actions.batch import (
    Status,
    decided_sheets,
    lock_batch,
    place_of,
    settle_status,
    sheet_key,
)
from noko.actions.response import accept, take_key
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.answers.double_entry import Reading, Values, agree, disagreements
from noko.core.answers.form import Form
from noko.core.answers.slip import read_given, slip_of
from noko.core.refusal import Problem, Refusal
from noko.models import Batch, Person, SheetTyping
from noko.models.response import Channel
from noko.queries.response import form_of_wave

SLOTS = (1, 2)


class Outcome(StrEnum):
    """What has become of a sheet; a clerk is not told whether the two differ."""

    TYPED = "typed"
    TAKEN = "taken"
    DIFFERING = "differing"


def type_sheet(
    *, batch: Batch, sheet: int, reading: Reading, numbered: bool, by: Person, now: datetime
) -> Outcome:
    """One clerk's reading of a sheet; together with an equal one of somebody else it is taken.

    ``reading`` is checked (:func:`noko.core.answers.double_entry.read_sheet`). ``numbered``: the
    number was read off the paper; otherwise the clerk writes it on now, and it must be free.
    Sending the same again changes nothing. Refusals: ``bad_sheet``, ``sheet_decided``,
    ``sheet_number_taken``, ``sheet_yours``, ``sheet_typed_twice``, ``wave_closed``,
    ``batch_moved``.
    """
    with transaction.atomic():
        found = _lock(batch, sheet)
        _add(found, sheet, reading, numbered, by)
        return _compare(found, sheet, now)


def correct(*, batch: Batch, sheet: int, reading: Reading, by: Person, now: datetime) -> Outcome:
    """A clerk's own reading once more, while nothing is decided. Refusals: ``sheet_not_yours`` and
    those of :func:`type_sheet`."""
    with transaction.atomic():
        found = _lock(batch, sheet)
        own = found.typings.filter(sheet=sheet, clerk=by)
        if not own.update(values=dict(reading.values), spoilt=reading.spoilt):
            raise Refusal(
                f"Лист № {sheet} вы не вводили.", kind="sheet_not_yours", cure="Обновите страницу."
            )
        return _compare(found, sheet, now)


def settle(
    *,
    batch: Batch,
    sheet: int,
    decided: Mapping[str, int | str],
    spoilt: bool,
    by: Person,
    now: datetime,
) -> Batch:
    """A third person has looked at the paper: ``decided`` holds what stands there where the two
    differ (without the questions left blank); the rest is what both have read.

    The third must be neither of the two: else one person alone could say what a sheet holds.
    Refusals: ``not_differing``, ``third_person``, ``bad_answers``, ``wave_closed``,
    ``batch_moved``.
    """
    with transaction.atomic():
        found = _lock(batch, sheet)
        first, second = _differing(found, sheet)
        _refuse_the_two(first, second, by)
        form = form_of_wave(found.wave)
        values, questions = settled_values(form, reading_of(first), reading_of(second), decided)
        final = Reading({}, spoilt=True) if spoilt else Reading(_checked(form, values))
        _take(found, sheet, form, final, now)
        after = {
            "лист": sheet,
            "вопросы": questions,
            **({"лист испорчен": "да"} if spoilt else {}),
        }
        record(Deed.SHEET_SETTLED, thing=found, by=by, now=now, cycle=found.wave.cycle, after=after)
    batch.refresh_from_db()
    return batch


def give_back(*, batch: Batch, sheet: int, by: Person, now: datetime) -> Batch:
    """Both readings are thrown away and the sheet is typed twice again. Refusals:
    ``not_differing``, ``wave_closed``, ``batch_moved``."""
    with transaction.atomic():
        found = _lock(batch, sheet)
        _differing(found, sheet)
        found.typings.filter(sheet=sheet).delete()
        after = {"лист": sheet}
        record(
            Deed.SHEET_GIVEN_BACK, thing=found, by=by, now=now, cycle=found.wave.cycle, after=after
        )
    return batch


def settled_values(
    form: Form, first: Reading, second: Reading, decided: Mapping[str, int | str]
) -> tuple[dict[str, int | str], list[int]]:
    """What both have read with what the third has decided, and the numbers of those questions.

    Where one of the two holds the sheet for spoilt, what the other one has read stands, but for
    what is ``decided``.
    """
    if first.spoilt != second.spoilt:
        read = second if first.spoilt else first
        return {**read.values, **decided}, []
    differing = disagreements(form, first.values, second.values)
    questions = {item.asked.id for item in differing}
    agreed = {key: value for key, value in first.values.items() if key not in questions}
    own = {key: value for key, value in decided.items() if key in questions}
    return {**agreed, **own}, [item.asked.number for item in differing]


def reading_of(typing: SheetTyping) -> Reading:
    return Reading(typing.values, typing.spoilt)


def _lock(batch: Batch, sheet: int) -> Batch:
    """The batch with nobody else at it, and a sheet that nothing has been decided about."""
    found = lock_batch(batch, Status.OPEN, Status.TAKEN)
    if not 1 <= sheet <= (found.sheets or 0):
        raise Refusal(
            f"В этой пачке листы с номерами от 1 до {found.sheets or 0}, а указан {sheet}.",
            kind="bad_sheet",
            cure="Исправьте номер. Если листов больше, попросите изменить их число.",
        )
    if sheet in decided_sheets(found):
        raise Refusal(
            f"Лист № {sheet} уже введён дважды и учтён.",
            kind="sheet_decided",
            cure="Если в руках другой лист, исправьте номер на нём и здесь.",
        )
    return found


def _add(batch: Batch, sheet: int, reading: Reading, numbered: bool, by: Person) -> None:
    own = batch.typings.filter(sheet=sheet, clerk=by).first()
    if own is not None:
        if reading_of(own) == reading:
            return
        raise Refusal(
            f"Лист № {sheet} вы уже вводили, с другими ответами.",
            kind="sheet_yours",
            cure="Если это другой лист, исправьте номер. Если тот же – откройте свой ввод.",
        )
    for slot in SLOTS if numbered else SLOTS[:1]:
        made = SheetTyping(
            batch=batch, sheet=sheet, slot=slot, clerk=by, values=dict(reading.values),
            spoilt=reading.spoilt,
        )  # fmt: skip
        if _inserted(made):
            return
    raise _second(sheet) if numbered else _taken_number(sheet)


def _inserted(made: SheetTyping) -> bool:
    """False when somebody else has the slot: the unique constraint says so."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _taken_number(sheet: int) -> Refusal:
    return Refusal(
        f"Номер {sheet} только что получил другой лист.",
        kind="sheet_number_taken",
        cure="Исправьте номер на своём листе на тот, что предложен, и сохраните.",
    )


def _second(sheet: int) -> Refusal:
    return Refusal(
        f"Лист № {sheet} уже ввели двое.",
        kind="sheet_typed_twice",
        cure="Возьмите следующий лист.",
    )


def _compare(batch: Batch, sheet: int, now: datetime) -> Outcome:
    pair = [reading_of(item) for item in batch.typings.filter(sheet=sheet)]
    if len(pair) < len(SLOTS):
        return Outcome.TYPED
    form = form_of_wave(batch.wave)
    if not agree(form, *pair):
        return Outcome.DIFFERING
    _take(batch, sheet, form, pair[0], now)
    return Outcome.TAKEN


def _take(batch: Batch, sheet: int, form: Form, reading: Reading, now: datetime) -> None:
    """The sheet into the box of its batch (a spoilt one only into its count), once for its key."""
    place, key = place_of(batch), sheet_key(batch, sheet)
    if place is None:
        raise TypeError("an open wave has its salt, a sheet its organisation")
    if reading.spoilt:
        taken, column = take_key(place=place, key=key, batch=batch), "spoilt"
    else:
        accepted = accept(
            place=place, slip=slip_of(form, reading.values), key=key, channel=Channel.PAPER,
            sender=None, batch=batch, now=now,
        )  # fmt: skip
        taken, column = accepted.new, "accepted"
    if taken:
        Batch.objects.filter(pk=batch.pk).update(**{column: F(column) + 1})
    batch.typings.filter(sheet=sheet).delete()
    settle_status(batch)


def _differing(batch: Batch, sheet: int) -> tuple[SheetTyping, SheetTyping]:
    pair = list(batch.typings.filter(sheet=sheet).select_related("clerk"))
    if len(pair) < len(SLOTS):
        raise Refusal(
            f"Лист № {sheet} сверять не нужно.", kind="not_differing", cure="Обновите страницу."
        )
    return pair[0], pair[1]


def _refuse_the_two(first: SheetTyping, second: SheetTyping, by: Person) -> None:
    if by.pk in (first.clerk_id, second.clerk_id):
        raise Refusal(
            "Расхождение решает третий человек, не тот, кто вводил этот лист.",
            kind="third_person",
            cure="Попросите коллегу или верните лист на повторный ввод.",
        )


def _checked(form: Form, values: Values) -> dict[str, int | str]:
    given = read_given(form, values)
    if given.flaws:
        raise Refusal(
            "Ответы не сходятся друг с другом.",
            kind="bad_answers",
            cure="Исправьте названное и запишите решение снова.",
            problems=[Problem(flaw.message) for flaw in given.flaws],
        )
    return given.values
