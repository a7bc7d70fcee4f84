"""The doors to technical specifications, their clauses and proposals, and to contracts."""

from __future__ import annotations

from django.http import Http404

from noko.access.loaders import User, allow
from noko.access.permissions import Permission
from noko.models import Clause, ClauseProposal, Contract, Specification


def get_specification_for(
    person: User, key: int, permission: Permission = Permission.SPECIFICATION_VIEW
) -> Specification:
    allow(person, permission)
    related = ("cycle", "decision__council", "agenda_item__session")
    found = Specification.objects.select_related(*related).filter(pk=key).first()
    if found is None:
        raise Http404(f"Технического задания {key} нет.")
    return found


def get_clause_for(person: User, key: int, permission: Permission) -> Clause:
    allow(person, permission)
    found = Clause.objects.select_related("specification__cycle").filter(pk=key).first()
    if found is None:
        raise Http404(f"Пункта {key} нет.")
    return found


def get_clause_proposal_for(
    person: User, key: int, permission: Permission = Permission.SPECIFICATION_VIEW
) -> ClauseProposal:
    allow(person, permission)
    found = ClauseProposal.objects.select_related(
        "specification__cycle", "clause__specification__cycle", "by", "considered_by"
    )
    proposal = found.filter(pk=key).first()
    if proposal is None:
        raise Http404(f"Предложения {key} нет.")
    return proposal


def get_contract_for(
    person: User, key: int, permission: Permission = Permission.SPECIFICATION_VIEW
) -> Contract:
    allow(person, permission)
    related = ("specification__cycle", "specification__decision")
    found = Contract.objects.select_related(*related).filter(pk=key).first()
    if found is None:
        raise Http404(f"Контракта {key} нет.")
    return found
