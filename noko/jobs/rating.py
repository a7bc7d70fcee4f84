"""The calculation of a rating from a frozen data set, in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from noko.actions import rating as deeds
from noko.core.refusal import Refusal
from noko.core.scoring.counts import Counts
from noko.core.scoring.places import all_places
from noko.core.scoring.publishing import differences
from noko.core.scoring.scores import Scores, Settings, score
from noko.core.tables.names import name_key
from noko.exchange.dataset import Package, package_counts, read_package
from noko.exchange.delivery import respondents
from noko.models import Calculation, Cycle, DataSet, Organisation

DEFECT = (
    "Расчёт прерван из-за ошибки программы. Данные не изменены. Повторите расчёт; если он "
    "прервётся снова, сообщите администратору: подробности в журнале работы программы."
)


def enqueue(calculation: Calculation) -> None:
    """Hands the calculation to the worker; call it in the transaction that made it."""
    app.configure_task("noko.rating.calculate").defer(calculation_id=calculation.pk)


@app.task(name="noko.rating.calculate")
def run_calculation(calculation_id: int) -> None:
    """Queued → done or failed. A calculation that is over already is left as it is."""
    calculation = Calculation.objects.select_related("cycle", "dataset").get(pk=calculation_id)
    try:
        deeds.begin(calculation=calculation, now=timezone.now())
    except Refusal:
        return
    try:
        _calculate(calculation)
    except Refusal as refusal:
        _fail(calculation, str(refusal))
    except Exception:
        _fail(calculation, DEFECT)
        raise


def _fail(calculation: Calculation, note: str) -> None:
    """Nothing to say where another worker has brought the calculation to its end meanwhile."""
    calculation.refresh_from_db()
    if calculation.status == Calculation.Status.RUNNING:
        deeds.fail(calculation=calculation, note=note, now=timezone.now())


def _calculate(calculation: Calculation) -> None:
    package = open_dataset(calculation.dataset)
    deeds.report(calculation=calculation, progress=10)
    scores = scores_of(calculation, package)
    organisations = registered(package)
    deeds.report(calculation=calculation, progress=40)
    comparison = {"roundings": rounding_effects(scores)}
    deeds.report(calculation=calculation, progress=60)
    places = all_places(scores)
    deeds.finish(
        calculation=calculation,
        scores=scores,
        places=places,
        organisations=organisations,
        comparison=comparison,
        respondents=respondents(package, scores.counts),
        recipients=[item.recipients for item in package.organisations],
        now=timezone.now(),
    )


def open_dataset(dataset: DataSet) -> Package:
    """The package of a frozen data set, proved by its digest and by the edition of its cycle.

    Refusals: those of reading a package; ``dataset_changed``, ``edition_changed``.
    """
    package = read_package(dataset_folder(dataset))
    if package.digest != dataset.digest:
        raise Refusal(
            f"Набор данных № {dataset.number} на диске изменён: контрольная сумма "
            f"{package.digest[:12]}…, а при фиксации была {dataset.digest[:12]}….",
            kind="dataset_changed",
            cure="Восстановите папку набора из резервной копии.",
        )
    if package.edition.digest != dataset.cycle.edition_digest:
        raise Refusal(
            "Набор данных собран по другому тексту методики, чем закреплён за циклом.",
            kind="edition_changed",
            cure="Зафиксируйте набор данных заново по редакции цикла.",
        )
    return package


def dataset_folder(dataset: DataSet) -> Path:
    return Path(settings.FILES) / "datasets" / dataset.folder


def scores_of(calculation: Calculation, package: Package) -> Scores:
    """The result by the settings of the calculation; the same whenever it is computed."""
    chosen = Settings(
        rounding=calculation.rounding,
        policies=calculation.policies,
        ties=calculation.ties,
        levels=calculation.levels,
    )
    return score(package.edition, _counts(package, chosen), chosen)


def _counts(package: Package, chosen: Settings) -> Counts:
    """The rule for skipped questions works where answers are counted, not where scores are."""
    return package_counts(package, skipped=chosen.policies.get("skipped_question", ""))


def rounding_effects(scores: Scores) -> list[dict[str, int | str]]:
    """What each rounding policy of the edition would change against the one of ``scores``."""
    return [
        differences(scores, _rounded(scores, rounding.code))
        for rounding in scores.edition.roundings
    ]


def _rounded(scores: Scores, rounding: str) -> Scores:
    chosen = Settings(rounding, scores.policies, scores.ties, scores.levels)
    return score(scores.edition, scores.counts, chosen)


@dataclass(frozen=True, slots=True)
class Effects:
    """Results of one data set under every rounding policy, in the edition's order."""

    results: Mapping[str, Scores]
    base: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One row per policy: what it changes against the default one."""
        base = self.results[self.base]
        return [{**differences(base, other), "scores": other} for other in self.results.values()]


def effects_before(cycle: Cycle, dataset: DataSet, chosen: Settings) -> Effects:
    """The three roundings side by side, computed before one of them is chosen."""
    dataset.cycle = cycle
    package = open_dataset(dataset)
    first = score(package.edition, _counts(package, chosen), chosen)
    results = {
        rounding.code: _rounded(first, rounding.code) for rounding in package.edition.roundings
    }
    return Effects(results, package.edition.default_rounding)


def registered(package: Package) -> list[Organisation]:
    """The organisations of the registry that the package speaks of, in its order.

    By INN, else by OGRN, else by name within the municipality. Refusal
    ``organisation_not_registered`` names those that are not found.
    """
    found: list[Organisation] = []
    missing: list[str] = []
    by_inn, by_ogrn, by_name = _registry()
    for item in package.organisations:
        organisation = (
            by_inn.get(item.inn)
            or by_ogrn.get(item.ogrn)
            or by_name.get((item.municipality, name_key(item.name)))
        )
        if organisation is None:
            missing.append(f"«{item.name}»")
        else:
            found.append(organisation)
    if missing:
        shown = ", ".join(missing[:10]) + (f" и ещё {len(missing) - 10}" if missing[10:] else "")
        raise Refusal(
            f"Этих организаций нет в реестре: {shown}.",
            kind="organisation_not_registered",
            cure="Добавьте их в реестр организаций и повторите расчёт.",
        )
    return _living(found)


def _living(found: list[Organisation]) -> list[Organisation]:
    """A merged record stands for the one it was merged into, unless that one is there itself."""
    taken = {item.pk for item in found}
    living = []
    for item in found:
        heir = item.merged_into
        if heir is not None and heir.pk not in taken:
            taken.add(heir.pk)
            item = heir
        living.append(item)
    return living


def _registry() -> tuple[
    dict[str, Organisation], dict[str, Organisation], dict[tuple[str, str], Organisation]
]:
    """By INN, OGRN and name: merged records too, but a living one comes before them."""
    known = Organisation.every.select_related("municipality", "merged_into__municipality")
    every = sorted(known, key=lambda item: item.merged_into_id is None)
    return (
        {item.inn: item for item in every if item.inn},
        {item.ogrn: item for item in every if item.ogrn},
        {
            (item.municipality.name, name_key(name)): item
            for item in every
            for name in (item.short_name, item.full_name)
        },
    )
