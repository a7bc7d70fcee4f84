"""Addresses of lists of organisations: the permission that each needs, and a real one for each."""

from noko.access.permissions import Permission
from noko.access.roles import Reach
from tests.small_cycle import make_cycle
from tests.small_list import make_draft

VIEW, EDIT = Permission.ORGANISATION_VIEW, Permission.LIST_EDIT
NEEDED = {
    "lists": VIEW,
    "list_new": EDIT,
    "list": VIEW,
    "list_coverage": VIEW,
    "list_coverage_file": VIEW,
    "list_difference": VIEW,
    "list_file": VIEW,
    "list_refresh": EDIT,
    "list_agenda": EDIT,
    "list_return": EDIT,
    "list_approve": EDIT,
    "list_outside": EDIT,
    "list_discard": EDIT,
}
WHOLE_REGION = {"list_difference", "list_file"}
"""Not found for whoever sees some organisations only."""
ONLY_POST: set[str] = set()


def answer(name, role):
    """What is answered to whoever may: nothing to approve yet leads back to the list."""
    if name in WHOLE_REGION and role.reach is not Reach.REGION:
        return 404
    return 302 if name == "list_approve" else 200


def arguments():
    draft = make_draft(make_cycle("2027", year=2027))
    make_cycle("2028", year=2028)
    found = {name: [draft.pk] for name in NEEDED if name not in ("lists", "list_new")}
    return {**found, "list_new": ["2028"], "list_file": [draft.pk, "xlsx"]}
