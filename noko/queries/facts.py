"""Facts that close activities of the plan: result documents that the system itself has produced.

An activity is done when its result exists. Each subject says what it has produced for a cycle; the
plan asks by the code of the kind and never writes it down, so that nothing can disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from noko.models import Calculation, Contract, Cycle, OrganisationList, Specification


@dataclass(frozen=True, slots=True)
class Fact:
    """A result document: what it is called, where it is seen, and since when it is there."""

    title: str
    address: str
    on: date


def releases(cycle: Cycle) -> list[Fact]:
    """Published versions of the rating, the first one first."""
    return [
        Fact(
            f"Рейтинг, версия {release.version}",
            f"/releases/{cycle.slug}/{release.version}/",
            timezone.localdate(release.released_at),
        )
        for release in cycle.releases.order_by("version")
    ]


def datasets(cycle: Cycle) -> list[Fact]:
    """Frozen data sets, the first one first."""
    return [
        Fact(str(dataset), f"/office/cycles/{cycle.slug}/", timezone.localdate(dataset.frozen_at))
        for dataset in cycle.datasets.order_by("number")
    ]


def calculations(cycle: Cycle) -> list[Fact]:
    """Ratings that have been calculated, the first one first."""
    done = cycle.calculations.filter(status=Calculation.Status.DONE, finished_at__isnull=False)
    return [
        Fact(
            f"Расчёт рейтинга по набору данных № {calculation.dataset.number}",
            f"/office/calculations/{calculation.pk}/",
            timezone.localdate(calculation.finished_at),
        )
        for calculation in done.select_related("dataset").order_by("finished_at")
    ]


def council_decisions(cycle: Cycle) -> list[Fact]:
    """Every decision that the public council has adopted in the cycle, the first one first."""
    return [
        Fact(f"{item}: {item.title}", f"/office/council/decisions/{item.pk}/", item.adopted_on)
        for item in cycle.decisions.order_by("adopted_on", "number")
    ]


def approved_lists(cycle: Cycle) -> list[Fact]:
    """Approved lists of organisations, the first version first."""
    approved = cycle.lists.filter(status=OrganisationList.Status.APPROVED)
    return [
        Fact(
            f"{item}. {item.decision or item.basis}",
            f"/lists/{cycle.slug}/{item.version}/",
            item.approved_on,
        )
        for item in approved.select_related("decision").order_by("version")
        if item.approved_on
    ]


def specifications(cycle: Cycle) -> list[Fact]:
    """Adopted specifications, the first version first."""
    adopted = cycle.specifications.filter(status=Specification.Status.ADOPTED)
    return [
        Fact(
            f"Техническое задание, версия {item.version}. {item.decision}",
            f"/office/specifications/{item.pk}/",
            item.decision.adopted_on,
        )
        for item in adopted.select_related("decision").order_by("version")
        if item.decision
    ]


def contracts(cycle: Cycle) -> list[Fact]:
    """Contracts with operators, the first one first."""
    signed = Contract.objects.filter(specification__cycle=cycle).order_by("signed_on", "pk")
    return [
        Fact(f"{item}, {item.operator_name}", f"/office/contracts/{item.pk}/", item.signed_on)
        for item in signed
    ]


def closed_waves(type: str) -> Callable[[Cycle], list[Fact]]:
    """Closed waves of one type of organisations."""

    def found(cycle: Cycle) -> list[Fact]:
        waves = cycle.waves.filter(type=type, status="closed").order_by("closed_at")
        return [
            Fact(
                f"Акт о завершении сбора анкет: {wave.whom}",
                f"/office/waves/{wave.pk}/akt.pdf",
                timezone.localdate(wave.closed_at),
            )
            for wave in waves
        ]

    return found


KINDS: Mapping[str, tuple[str, Callable[[Cycle], Sequence[Fact]]]] = {
    "list_approved": ("утверждён перечень организаций", approved_lists),
    "release_published": ("опубликован рейтинг", releases),
    "rating_calculated": ("рассчитан рейтинг", calculations),
    "specification_adopted": ("утверждено техническое задание", specifications),
    "contract_signed": ("заключён контракт с оператором", contracts),
    "wave_closed_preschool": ("закрыта волна: дошкольные организации", closed_waves("preschool")),
    "wave_closed_general": (
        "закрыта волна: общеобразовательные организации",
        closed_waves("general"),
    ),
    "wave_closed_supplementary": (
        "закрыта волна: организации дополнительного образования",
        closed_waves("supplementary"),
    ),
    "dataset_frozen": ("зафиксирован набор данных", datasets),
    "council_decision": ("принято решение общественного совета", council_decisions),
}
"""Code of a kind → what people read, and where its facts come from. One line for each subject."""


def facts(cycle: Cycle, kind: str) -> Sequence[Fact]:
    """What of this kind the cycle has; empty when nothing yet."""
    _, found = KINDS[kind]
    return found(cycle)
