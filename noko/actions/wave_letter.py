"""Letters about a wave: each is written once with its row, whatever runs how often, at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from noko.actions import letter
from noko.actions.letter import Attachment
from noko.actions.wave import moved
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.core.wave_letters import Step, steps_on
from noko.models import Person, Wave, WaveLetter
from noko.queries.calendar import working_calendar
from noko.queries.wave import progress_of
from noko.queries.wave_people import Addressee, People, people_of

Attach = Callable[[Addressee], Sequence[Attachment]]
"""What goes with the letter that says that the wave is open."""


def due_steps(wave: Wave, now: datetime) -> tuple[Step, ...]:
    """What the wave may write by itself now."""
    if wave.status != Wave.Status.OPEN or wave.opened_at is None:
        return ()
    return steps_on(
        opened_on=timezone.localdate(wave.opened_at),
        starts_on=wave.starts_on,
        ends_on=wave.ends_on,
        today=timezone.localdate(now),
        calendar=working_calendar(),
    )


def make_due(*, wave: Wave, attach: Attach, now: datetime) -> int:
    """Writes the letters that are due and not written yet; returns how many are new.

    The unique constraint makes a second one impossible, so this may run at any time, twice, and
    at once; what a killed run has left is written by the next.
    """
    made = 0
    for step in due_steps(wave, now):
        round_on = _round(wave, step, now)
        written = set(
            WaveLetter.objects.filter(wave=wave, step=step, round_on=round_on).values_list(
                "to", flat=True
            )
        )
        for addressee in people_for(wave, step, now).addressees:
            if addressee.to not in written:
                files = attach(addressee) if step is Step.OPENED else ()
                made += _post(wave, step, round_on, addressee, by=None, now=now, files=files)
    return made


def people_for(wave: Wave, step: Step, now: datetime) -> People:
    """Who would be written to now, and about which organisations."""
    places = wave.places.select_related("organisation__municipality")
    return people_of(progress_of(wave, places, timezone.localdate(now)), step)


def remind(*, wave: Wave, by: Person | None, now: datetime) -> int:
    """Writes to those at risk, each address once a day; returns how many letters are new.

    Refusals: ``wave_moved``, ``nobody_late``, ``nobody_reached``, ``reminded_today``.
    """
    with transaction.atomic():
        held = Wave.objects.select_for_update().select_related("cycle").get(pk=wave.pk)
        if held.status != Wave.Status.OPEN:
            raise moved(held)
        people = people_for(held, Step.HELP, now)
        _refuse_nobody(people)
        today = timezone.localdate(now)
        made = sum(
            _post(held, Step.HELP, today, item, by=by, now=now) for item in people.addressees
        )
        if not made:
            raise Refusal(
                "Сегодня всем отстающим уже написано.",
                kind="reminded_today",
                cure="Напомните ещё раз завтра или позвоните.",
            )
        late = {row.place.pk for item in people.addressees for row in item.places}
        after = {"писем": made, "организаций": len(late)}
        record(Deed.WAVE_REMINDED, thing=held, by=by, now=now, cycle=held.cycle, after=after)
    return made


def _refuse_nobody(people: People) -> None:
    if people.addressees:
        return
    if people.unreached:
        raise Refusal(
            "Писать некому: у отстающих нет ни координатора, ни адреса почты.",
            kind="nobody_reached",
            cure="Назначьте муниципального координатора или впишите почту организации в реестр.",
        )
    raise Refusal("Отстающих организаций нет.", kind="nobody_late", cure="Обновите страницу.")


def _round(wave: Wave, step: Step, now: datetime) -> date:
    if step is Step.LAST:
        return wave.ends_on
    return timezone.localdate(wave.opened_at or now)


def _post(
    wave: Wave,
    step: Step,
    round_on: date,
    addressee: Addressee,
    *,
    by: Person | None,
    now: datetime,
    files: Iterable[Attachment] = (),
) -> bool:
    """The row and its letter in one transaction; False where it is there already."""
    with transaction.atomic():
        row, new = WaveLetter.objects.get_or_create(
            wave=wave,
            step=step,
            round_on=round_on,
            to=addressee.to,
            defaults={
                "name": addressee.name[:300],
                "organisations": len(addressee.places),
                "made_at": now,
                "made_by": by,
            },
        )
        if new:
            row.letter = letter.post(
                key=f"wave:{row.pk}",
                to=addressee.to,
                template="wave",
                context=context_of(wave, step, addressee, now),
                now=now,
                attachments=tuple(files),
            )
            row.save(update_fields=["letter"])
    return new


def context_of(wave: Wave, step: Step, addressee: Addressee, now: datetime) -> dict[str, Any]:
    """What the text of a letter is made of: organisations, figures, links."""
    days = (wave.ends_on - timezone.localdate(now)).days + 1
    return {
        "wave": wave,
        "step": step,
        "name": addressee.name,
        "coordinator": addressee.coordinator,
        "rows": addressee.places,
        "one": len(addressee.places) == 1,
        "days": max(days, 0),
    }
