"""Reading contracts: what one asks for, and how a delivery compares with it."""

from __future__ import annotations

from django.db.models import Count, QuerySet, Sum

from noko.core.acceptance import Comparison, Delivered, Demand, Required, compare
from noko.core.specification import Check
from noko.models import AcceptanceItem, Contract, Cycle
from noko.queries.edition import get_edition


def contracts() -> QuerySet[Contract]:
    """Every contract with its numbers of organisations and of questionnaires."""
    found = Contract.objects.select_related("specification__cycle", "specification__decision")
    # Django leaves the order of the model out where rows are counted.
    return found.annotate(
        organisations=Count("items"), questionnaires_sum=Sum("items__questionnaires")
    ).order_by("-signed_on", "-pk")


def contracts_of(cycle: Cycle) -> QuerySet[Contract]:
    return contracts().filter(specification__cycle=cycle)


def demand_of(contract: Contract, those: QuerySet[AcceptanceItem] | None = None) -> Demand:
    """What the contract asks for, in the order of the annex; ``those``: only about these."""
    cycle = contract.specification.cycle
    items = (contract.items.all() if those is None else those).select_related("organisation")
    return Demand(
        contract=str(contract),
        edition=cycle.edition,
        edition_digest=cycle.edition_digest,
        due_on=contract.data_due_on,
        formats=dict(contract.formats),
        organisations=tuple(
            Required(
                name=item.name,
                municipality=item.municipality,
                type=item.type,
                inn=item.organisation.inn or "",
                ogrn=item.organisation.ogrn or "",
                questionnaires=item.questionnaires,
                inspection=item.inspection,
                indicators=tuple(item.indicators),
            )
            for item in items
        ),
        clauses={
            check: tuple(contract.clauses[check]) for check in Check if check in contract.clauses
        },
    )


def delivery(contract: Contract, delivered: Delivered) -> Comparison:
    """What of the contract is missing in a delivery, organisation by organisation.

    ``delivered`` is a frozen data set as ``noko.exchange.delivery`` tells it.
    """
    edition = get_edition(contract.specification.cycle.edition)
    return compare(demand_of(contract), delivered, edition)
