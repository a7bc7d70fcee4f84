"""Addresses of the registry: the permission that each needs, and one real address for each."""

from noko.access.permissions import Permission
from tests.small_cycle import make_registry_events

NEEDED = {
    "organisations": Permission.ORGANISATION_VIEW,
    "organisations_upload": Permission.ORGANISATION_EDIT,
    "registry_file": Permission.ORGANISATION_VIEW,
    "organisation_new": Permission.ORGANISATION_EDIT,
    "duplicates": Permission.ORGANISATION_MERGE,
    "organisation": Permission.ORGANISATION_VIEW,
    "organisation_edit": Permission.ORGANISATION_EDIT,
    "merge_choose": Permission.ORGANISATION_MERGE,
    "merge": Permission.ORGANISATION_MERGE,
    "merge_apart": Permission.ORGANISATION_MERGE,
    "reorganise": Permission.ORGANISATION_MERGE,
    "reorganisation_cancel": Permission.ORGANISATION_MERGE,
}
ONLY_POST = {"merge_apart"}


def arguments(organisations):
    """Arguments of the routes for real organisations of the registry."""
    first, second, third = organisations
    return {
        "organisation": [first.pk],
        "organisation_edit": [first.pk],
        "merge_choose": [first.pk],
        "merge": [first.pk, second.pk],
        "merge_apart": [first.pk, second.pk],
        "reorganise": [third.pk],
        "reorganisation_cancel": [make_registry_events(organisations).pk],
    }
