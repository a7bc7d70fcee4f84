"""Everything that a person may be allowed to do. A page asks for one of these, never for a role."""

from enum import StrEnum


class Permission(StrEnum):
    """Stable codes ``<subject>.<deed>``; a code is never reused with another meaning."""

    OFFICE_ENTER = "office.enter"
    CYCLE_VIEW = "cycle.view"
    CYCLE_EDIT = "cycle.edit"
    ORGANISATION_EDIT = "organisation.edit"
    DATASET_IMPORT = "dataset.import"
    DATASET_FREEZE = "dataset.freeze"
    RATING_VIEW = "rating.view"
    RATING_CALCULATE = "rating.calculate"
    RELEASE_PUBLISH = "release.publish"
    PERSON_MANAGE = "person.manage"
