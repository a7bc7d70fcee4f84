"""The frozen data set of a cycle: the one thing that ratings are calculated from."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max

from noko.actions.constraints import refusing
from noko.actions.imports import accept
from noko.audit.deeds import Deed
from noko.audit.journal import record
from noko.core.refusal import Refusal
from noko.models import Cycle, DataSet, Import, Person


def freeze(
    *,
    cycle: Cycle,
    folder: str,
    digest: str,
    organisations: int,
    respondents: int,
    source: Import | None = None,
    by: Person | None,
    now: datetime,
) -> DataSet:
    """The row of a package that is already written under ``datasets/<folder>``, frozen at once.

    ``source``, when given, is accepted in the same transaction: one import makes one data set,
    however many people confirm it at the same moment.

    Refusals: ``dataset_empty``, ``dataset_repeated``, ``import_decided``.
    """
    if organisations < 1:
        raise Refusal(
            "В наборе данных нет ни одной организации.",
            kind="dataset_empty",
            cure="Загрузите данные хотя бы одной организации.",
        )
    repeated = Refusal(
        "Точно такой же набор данных в этом цикле уже зафиксирован.",
        kind="dataset_repeated",
        cure="Рассчитайте рейтинг по нему или загрузите изменённые данные.",
    )
    with refusing({"dataset_once_in_cycle": repeated}):
        # The lock makes numbers follow each other without gaps when two people freeze at once.
        Cycle.objects.select_for_update().get(pk=cycle.pk)
        if source is not None:
            accept(item=source, by=by, now=now)
        last = cycle.datasets.aggregate(last=Max("number"))["last"] or 0
        dataset = DataSet.objects.create(
            cycle=cycle,
            number=last + 1,
            folder=folder,
            digest=digest,
            organisations=organisations,
            respondents=respondents,
            source=source,
            frozen_at=now,
            frozen_by=by,
        )
        after = {
            "контрольная сумма": digest,
            "организаций": organisations,
            "опрошенных": respondents,
        }
        record(Deed.DATASET_FROZEN, thing=dataset, by=by, now=now, cycle=cycle, after=after)
    return dataset
