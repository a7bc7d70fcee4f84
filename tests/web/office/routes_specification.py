"""What each address of technical specifications and contracts asks for."""

from noko.access.permissions import Permission
from noko.actions import clause_proposal as proposals
from noko.actions import contract as contracts
from noko.models import Cycle
from tests.small_specification import (
    CONTRACT,
    NOW,
    clause_of,
    make_adopted,
    make_open,
    make_proposal,
)

NEEDED = {
    "specifications": Permission.SPECIFICATION_VIEW,
    "specification_new": Permission.SPECIFICATION_EDIT,
    "specification": Permission.SPECIFICATION_VIEW,
    "specification_edit": Permission.SPECIFICATION_EDIT,
    "specification_open": Permission.SPECIFICATION_EDIT,
    "specification_close": Permission.SPECIFICATION_EDIT,
    "specification_agenda": Permission.SPECIFICATION_EDIT,
    "specification_approve": Permission.SPECIFICATION_EDIT,
    "specification_file": Permission.SPECIFICATION_VIEW,
    "clause_edit": Permission.SPECIFICATION_EDIT,
    "clause_propose": Permission.SPECIFICATION_PROPOSE,
    "clause_proposal": Permission.SPECIFICATION_VIEW,
    "clause_proposal_withdraw": Permission.SPECIFICATION_PROPOSE,
    "contract_new": Permission.CONTRACT_EDIT,
    "contract": Permission.SPECIFICATION_VIEW,
    "contract_edit": Permission.CONTRACT_EDIT,
    "contract_demand": Permission.SPECIFICATION_VIEW,
    "contract_delivery": Permission.SPECIFICATION_VIEW,
    "contract_delivery_file": Permission.SPECIFICATION_VIEW,
}

ANSWERS = {
    "specification_approve": 302,  # adopted already
    "contract_delivery_file": 404,  # the data set of these tests is not on the disk
}
"""What those who may get where it is not a page."""

ONLY_POST = frozenset({"clause_proposal_withdraw"})
"""Addresses where nothing is done by opening them."""


def arguments(cycle: Cycle) -> dict[str, list[object]]:
    """Real things for every address: an adopted specification with a proposal and a contract."""
    opened = make_open(cycle)
    proposal = make_proposal(clause_of(opened))
    proposals.consider(
        proposal=proposal,
        verdict="rejected",
        answer="Нет.",
        text="",
        revision=1,
        by=None,
        now=NOW,
    )
    contract = contracts.sign(
        specification=make_adopted(cycle, opened), terms=CONTRACT, by=None, now=NOW
    )
    key, clause = [opened.pk], [proposal.clause_id]
    of_specification = ("", "_edit", "_open", "_close", "_agenda", "_approve")
    return {
        **{f"specification{name}": key for name in of_specification},
        "specification_new": [cycle.slug],
        "specification_file": [opened.pk, "docx"],
        "clause_edit": clause,
        "clause_propose": clause,
        "clause_proposal": [proposal.pk],
        "clause_proposal_withdraw": [proposal.pk],
        "contract_new": key,
        "contract": [contract.pk],
        "contract_edit": [contract.pk],
        "contract_demand": [contract.pk],
        "contract_delivery": [contract.pk, 1],
        "contract_delivery_file": [contract.pk, 1, "xlsx"],
    }
