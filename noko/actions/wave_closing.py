"""Closing a wave, in steps that can each be repeated after an interruption.

Stop (nothing is accepted any more) → the caller writes the frozen survey to the disk → close (the
answers leave the boxes, salt, receipts, traces and drafts are destroyed). Then, when every
organisation has its inspection, the data set that ratings are calculated from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from noko.actions import dataset as datasets
from noko.actions.imports import accept
from noko.actions.wave import move, moved
from noko.actions.website_show import refuse_unsettled
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import (
    AnswerBox,
    Batch,
    DataSet,
    Draft,
    Exclusion,
    Import,
    OneTimeCode,
    Person,
    Receipt,
    SiteRound,
    Trace,
    Wave,
)
from noko.queries.wave_checks import checks_of
from noko.queries.website_wave import rule_of
from noko.templatetags.russian import counted

Status = Wave.Status


def stop(*, wave: Wave, reason: str = "", by: Person | None, now: datetime) -> Wave:
    """Open → closing: whoever is just being accepted is waited for, nobody comes after.

    ``reason``: why it is closed although not everything that the contract asks for is there.
    A wave that is closing already stays so: its closing was interrupted and goes on. Refusals:
    ``exclusions_open``, ``sheets_unsettled``, ``reason_required``, ``wave_moved``.
    """
    reason = reason.strip()
    with transaction.atomic():
        # The rows that every acceptance locks: those before us end first, those after see it.
        wave.places.update(is_open=False)
        _refuse_undecided(wave)
        _refuse_unsettled(wave)
        unmet = _refuse_unexplained(wave, reason, now)
        found = Wave.objects.select_for_update().get(pk=wave.pk)
        if found.status != Status.CLOSING:
            move(wave, Status.CLOSING)
            after = {"не выполнено": unmet} if unmet else None
            record(
                Deed.WAVE_STOPPED, thing=wave, by=by, now=now, cycle=wave.cycle,
                reason=reason if unmet else "", after=after,
            )  # fmt: skip
    wave.refresh_from_db()
    return wave


def _refuse_unexplained(wave: Wave, reason: str, now: datetime) -> list[str]:
    """What of the contract is not met, now that nothing comes any more."""
    checks = checks_of(wave, on=timezone.localdate(now))
    unmet = [item.text for item in checks.unmet] if checks else []
    if unmet and not reason:
        raise Refusal(
            "Выполнено не всё, что обещано по контракту, а причина не названа.",
            kind="reason_required",
            cure="Напишите, почему волна закрывается: причина войдёт в акт и в журнал.",
        )
    return unmet


def _refuse_undecided(wave: Wave) -> None:
    waiting = Exclusion.objects.filter(place__wave=wave, status=Exclusion.Status.PROPOSED).count()
    if waiting:
        raise Refusal(
            f"Не решено, исключать ли анкеты: таких предложений {waiting}.",
            kind="exclusions_open",
            cure="Подтвердите или отклоните их на странице «Качество».",
        )


def _refuse_unsettled(wave: Wave) -> None:
    piles = wave.batches.filter(status=Batch.Status.OPEN).select_related("place__organisation")
    names = [
        f"{batch} ({batch.place}): {counted(batch.left, 'лист,листа,листов')}"
        for batch in piles.order_by("number")
    ]
    if names:
        raise Refusal(
            f"Бумажные анкеты введены не все: {'; '.join(names)}.",
            kind="sheets_unsettled",
            cure="Введите и сверьте эти листы, исправьте число листов или удалите пачку.",
        )


def close(
    *,
    wave: Wave,
    folder: str,
    digest: str,
    act: Mapping[str, Any],
    by: Person | None,
    now: datetime,
) -> Wave:
    """Closing → closed. The frozen survey is already written under ``datasets/<folder>``.

    After this nothing tells when or from where an answer came, and no key opens anything. Refusal
    ``wave_moved``.
    """
    with transaction.atomic():
        move(
            wave, Status.CLOSED, salt=None, folder=folder, digest=digest, act=dict(act),
            closed_at=now, closed_by=by,
        )  # fmt: skip
        _gather(wave)
        Receipt.objects.filter(wave=wave).delete()
        Trace.objects.filter(place__wave=wave).delete()
        Draft.objects.filter(place__wave=wave).delete()
        OneTimeCode.objects.filter(place__wave=wave).delete()
        after = {
            "контрольная сумма опроса": digest,
            "анкет": act.get("accepted"),
            "исключено": act.get("excluded"),
        }
        record(
            Deed.WAVE_CLOSED, thing=wave, by=by, now=now, cycle=wave.cycle,
            reason=act.get("reason", ""), after=after,
        )  # fmt: skip
    return wave


def _gather(wave: Wave) -> None:
    """Profile and remarks of an organisation in one place; the boxes keep their numbers.

    The database does it: remarks of a large wave are more than a process should hold.
    """
    with connection.cursor() as cursor:
        for column in ("profile", "remarks"):
            cursor.execute(_GATHER.format(column=column), [wave.pk])
    AnswerBox.objects.filter(place__wave=wave).update(answers={}, profile={}, remarks={})
    _gather_excluded(wave)


_GATHER = """
update noko_waveorganisation as place set {column} = coalesce((
    select jsonb_object_agg(said, number) from (
        select held.key as said, sum(held.value::int) as number
        from noko_answerbox as box cross join jsonb_each_text(box.{column}) as held
        where box.place_id = place.id
        group by held.key
    ) as gathered
), '{{}}') where wave_id = %s
"""


def _gather_excluded(wave: Wave) -> None:
    """What was left out is kept for the figures with it, without its boxes and so without days."""
    left_out = list(Exclusion.objects.filter(place__wave=wave, status="confirmed"))
    for exclusion in left_out:
        answers: Counter[str] = Counter()
        for part in exclusion.removed.values():
            answers.update(part["answers"])
        exclusion.removed = {"": {"answers": dict(sorted(answers.items()))}}
    Exclusion.objects.bulk_update(left_out, ["removed"])


def inspect(
    *,
    wave: Wave,
    found: Mapping[str, Mapping[str, Any]],
    source: Import,
    by: Person | None,
    now: datetime,
) -> Wave:
    """Inspections out of a file, by key of the organisation; a later file replaces an earlier one.

    ``found``: {"figures": {symbol: text}, "marks": [[checklist, item, mark], …]} each. Refusals:
    ``import_decided``, ``dataset_frozen``.
    """
    with transaction.atomic():
        locked = Wave.objects.select_for_update().get(pk=wave.pk)
        if locked.dataset_id:
            raise _frozen(locked)
        accept(item=source, by=by, now=now)
        Wave.objects.filter(pk=wave.pk).update(inspected={**locked.inspected, **found})
    wave.refresh_from_db()
    return wave


def choose_sites(
    *, wave: Wave, site_round: SiteRound | None, by: Person | None, now: datetime
) -> Wave:
    """Whose findings say what stands on the sites; None: experts look at all of them.

    Refusals: ``other_cycle``, ``round_is_open``, ``edition_not_counted``, ``dataset_frozen``.
    """
    if site_round is not None:
        _refuse_round(wave, site_round)
    with transaction.atomic():
        locked = Wave.objects.select_for_update().get(pk=wave.pk)
        if locked.dataset_id:
            raise _frozen(locked)
        before = locked.site_round
        Wave.objects.filter(pk=wave.pk).update(site_round=site_round)
        record(
            Deed.WAVE_SITES_CHOSEN,
            thing=wave,
            by=by,
            now=now,
            cycle=wave.cycle,
            before={"сведения о сайтах": _source(before)},
            after={"сведения о сайтах": _source(site_round)},
        )
    wave.refresh_from_db()
    return wave


def _source(site_round: SiteRound | None) -> str:
    return f"обход № {site_round.number}" if site_round else "осмотр экспертами"


def _refuse_round(wave: Wave, site_round: SiteRound) -> None:
    if site_round.cycle_id != wave.cycle_id:
        raise Refusal(
            "Это обход другого цикла.", kind="other_cycle", cure="Выберите обход этого цикла."
        )
    if site_round.status == SiteRound.Status.OPEN:
        raise Refusal(
            "Обход ещё идёт.", kind="round_is_open", cure="Дождитесь его конца или остановите его."
        )
    rule_of(wave, site_round)


def freeze_dataset(
    *,
    wave: Wave,
    folder: str,
    digest: str,
    organisations: int,
    respondents: int,
    by: Person | None,
    now: datetime,
) -> DataSet:
    """The data set of a closed wave, once. Refusals: ``dataset_frozen``, ``wave_moved``, those of
    :func:`noko.actions.dataset.freeze`, and of :func:`noko.actions.website_show.refuse_unsettled`
    where the wave takes marks from a round of visits."""
    with transaction.atomic():
        locked = Wave.objects.select_for_update().get(pk=wave.pk)
        if locked.dataset_id:
            raise _frozen(locked)
        if locked.status != Status.CLOSED:
            raise moved(locked)
        if locked.site_round_id:
            site_round = SiteRound.objects.select_for_update().get(pk=locked.site_round_id)
            refuse_unsettled(site_round, timezone.localdate(now))
        dataset = datasets.freeze(
            cycle=locked.cycle, folder=folder, digest=digest, organisations=organisations,
            respondents=respondents, by=by, now=now,
        )  # fmt: skip
        Wave.objects.filter(pk=wave.pk).update(dataset=dataset)
    wave.refresh_from_db()
    return dataset


def _frozen(wave: Wave) -> Refusal:
    return Refusal(
        f"Набор данных этой волны уже зафиксирован: {wave.dataset}.",
        kind="dataset_frozen",
        cure="Исправленные данные вносят новым набором через загрузку файлов.",
    )
