"""Waves: prepared from the list of organisations, opened, closed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from procrastinate.contrib.django import app

from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.answers.additions import missing
from noko.core.answers.form import form_of, read_additions, version_of
from noko.core.refusal import Problem, Refusal
from noko.core.sampling import sample_size
from noko.models import Cycle, Organisation, Person, Wave, WaveOrganisation
from noko.queries.edition import get_edition
from noko.queries.list import listed

Status = Wave.Status

MOVES = {
    Status.PLANNED: {Status.OPEN},
    Status.OPEN: {Status.CLOSING},
    Status.CLOSING: {Status.CLOSED},
    Status.CLOSED: set(),
}
"""Which status may follow which."""

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without what is taken for another letter on paper: 0 and o, 1, i and l."""
CODE_LENGTH = 8
SALT_BYTES = 32


def plan(
    *,
    cycle: Cycle,
    type: str,
    operator: str,
    starts_on: date,
    ends_on: date,
    organisations: Sequence[Organisation],
    additions: Mapping[str, Any] | None = None,
    by: Person | None,
    now: datetime,
) -> Wave:
    """A wave of ``organisations``, each with its own link and its target by the edition.

    Refusals: ``bad_dates``, ``no_organisations``, ``already_in_wave``, ``bad_additions``.
    """
    edition = get_edition(cycle.edition)
    added = read_additions(additions or {})
    _check_dates(starts_on, ends_on)
    _check_organisations(organisations)
    with transaction.atomic():
        # Two people who plan at once meet here, so that no organisation comes in twice.
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        _refuse_those_in_waves(cycle, organisations)
        wave = Wave.objects.create(
            cycle=cycle,
            type=type,
            operator=" ".join(operator.split()),
            starts_on=starts_on,
            ends_on=ends_on,
            additions=added.model_dump(mode="json"),
            version=version_of(edition, added),
            created_at=now,
        )
        places = [_place(wave, item, edition) for item in organisations]
        WaveOrganisation.objects.bulk_create(places)
        after = {
            "организаций": len(places),
            "с": starts_on,
            "по": ends_on,
            "оператор": wave.operator,
            "версия анкеты": wave.version,
        }
        record(Deed.WAVE_PLANNED, thing=wave, by=by, now=now, cycle=cycle, after=after)
    return wave


def _place(wave: Wave, organisation: Organisation, edition: Any) -> WaveOrganisation:
    size = sample_size(organisation.enrolment, edition.sample)
    return WaveOrganisation(
        wave=wave,
        organisation=organisation,
        population=organisation.enrolment,
        target=size.size,
        code=new_code(),
    )


def new_code() -> str:
    """A code of a link: 31⁸ of them, so that a wave's cannot be found by trying."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def _check_dates(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise Refusal(
            "Волна заканчивается раньше, чем начинается.",
            kind="bad_dates",
            cure="Исправьте дату окончания.",
        )


def _check_organisations(organisations: Sequence[Organisation]) -> None:
    if not organisations:
        raise Refusal(
            "В волне нет ни одной организации.",
            kind="no_organisations",
            cure="Дополните перечень организаций этого типа.",
        )


def _refuse_those_in_waves(cycle: Cycle, organisations: Sequence[Organisation]) -> None:
    taken = WaveOrganisation.objects.filter(wave__cycle=cycle, organisation__in=organisations)
    names = [str(item) for item in taken.select_related("organisation")[:5]]
    if names:
        raise Refusal(
            f"Эти организации уже входят в волну этого цикла: {'; '.join(names)}.",
            kind="already_in_wave",
            cure="Уберите их из новой волны.",
        )


def change(
    *,
    wave: Wave,
    operator: str,
    starts_on: date,
    ends_on: date,
    by: Person | None,
    now: datetime,
) -> Wave:
    """Operator and dates, while the wave is planned or open.

    A planned wave takes populations and targets anew from the approved list or the registry.
    Refusals: ``bad_dates``, ``wave_moved``.
    """
    _check_dates(starts_on, ends_on)
    before = {"с": wave.starts_on, "по": wave.ends_on, "оператор": wave.operator}
    operator = " ".join(operator.split())
    with transaction.atomic():
        _still(wave, Status.PLANNED, Status.OPEN)
        Wave.objects.filter(pk=wave.pk).update(
            operator=operator, starts_on=starts_on, ends_on=ends_on
        )
        if wave.status == Status.PLANNED:
            _count_anew(wave)
        after = {"с": starts_on, "по": ends_on, "оператор": operator}
        record(
            Deed.WAVE_CHANGED, thing=wave, by=by, now=now, cycle=wave.cycle, before=before,
            after=after,
        )  # fmt: skip
    wave.refresh_from_db()
    return wave


def _count_anew(wave: Wave) -> None:
    edition = get_edition(wave.cycle.edition)
    in_list = {item.pk: item.enrolment for item in listed(wave.cycle, wave.type)}
    places = list(wave.places.select_related("organisation"))
    for place in places:
        enrolment = in_list.get(place.organisation_id, place.organisation.enrolment)
        size = sample_size(enrolment, edition.sample)
        place.population, place.target = size.population, size.size
    WaveOrganisation.objects.bulk_update(places, ["population", "target"])


def word(
    *,
    wave: Wave,
    additions: Mapping[str, Any],
    seen: str = "",
    by: Person | None,
    now: datetime,
) -> Wave:
    """What the region adds to the questionnaire: only before the opening.

    ``seen``: the version that the person has changed, if any; another one's changes are not lost.
    Refusals: ``bad_additions``, ``wave_moved``, ``questionnaire_changed``.
    """
    edition = get_edition(wave.cycle.edition)
    added = read_additions(additions)
    form_of(edition, added)
    version = version_of(edition, added)
    with transaction.atomic():
        held = _still(wave, Status.PLANNED)
        if seen and held.version != seen:
            raise Refusal(
                "Пока вы правили анкету, её изменил кто-то другой.",
                kind="questionnaire_changed",
                cure="Откройте страницу ещё раз и внесите свою правку.",
            )
        before = {"версия анкеты": held.version}
        Wave.objects.filter(pk=wave.pk).update(
            additions=added.model_dump(mode="json"), version=version
        )
        after = {
            "версия анкеты": version,
            "вопросов региона": len(added.extra),
            "языки": sorted(added.wordings),
        }
        record(
            Deed.WAVE_CHANGED, thing=wave, by=by, now=now, cycle=wave.cycle, before=before,
            after=after,
        )  # fmt: skip
    wave.refresh_from_db()
    return wave


def _still(wave: Wave, *statuses: Wave.Status) -> Wave:
    """Locks the wave and sees that it has not been moved meanwhile."""
    found = Wave.objects.select_for_update().get(pk=wave.pk)
    if found.status not in statuses:
        raise moved(found)
    return found


def open_wave(*, wave: Wave, by: Person | None, now: datetime) -> Wave:
    """Planned → open: the links begin to accept answers, coordinators and organisations are
    written to. Refusals: ``wave_moved``, ``not_translated``."""
    with transaction.atomic():
        check_translated(_still(wave, Status.PLANNED))
        move(wave, Status.OPEN, salt=secrets.token_bytes(SALT_BYTES), opened_at=now)
        wave.places.update(is_open=True)
        record(Deed.WAVE_OPENED, thing=wave, by=by, now=now, cycle=wave.cycle)
        app.configure_task("noko.wave.letters").defer(wave_id=wave.pk)
    return wave


def check_translated(wave: Wave) -> None:
    """Nobody is asked half in one language and half in another. Refusal ``not_translated``."""
    additions = read_additions(wave.additions)
    gaps = missing(get_edition(wave.cycle.edition), additions)
    if not gaps:
        return
    problems = [
        Problem(f"{additions.wordings[code].name}: не переведено {len(rest)}.")
        for code, rest in gaps.items()
    ]
    raise Refusal(
        f"Перевод анкеты не закончен. {' '.join(problem.message for problem in problems)}",
        kind="not_translated",
        cure="Допишите перевод на вкладке «Анкета» или удалите язык.",
        problems=problems,
    )


def move(wave: Wave, status: Wave.Status, **changes: Any) -> None:
    """The one place that moves a status, in one step with its facts."""
    lawful = [before for before, after in MOVES.items() if status in after]
    found = Wave.objects.filter(pk=wave.pk, status__in=lawful)
    if not found.update(status=status, **changes):
        wave.refresh_from_db()
        raise moved(wave)
    wave.refresh_from_db()


def moved(wave: Wave) -> Refusal:
    return Refusal(
        f"Волна {wave.get_status_display()}: это действие к ней не относится.",
        kind="wave_moved",
        cure="Обновите страницу.",
    )
