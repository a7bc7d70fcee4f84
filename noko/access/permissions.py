"""Everything that a person may be allowed to do. A page asks for one of these, never for a role."""

from enum import StrEnum


class Permission(StrEnum):
    """Stable codes ``<subject>.<deed>``; a code is never reused with another meaning."""

    OFFICE_ENTER = "office.enter"
    CABINET_ENTER = "cabinet.enter"
    JOURNAL_VIEW = "journal.view"
    PERSON_MANAGE = "person.manage"
    CYCLE_VIEW = "cycle.view"
    CYCLE_EDIT = "cycle.edit"
    PLAN_VIEW = "plan.view"
    PLAN_EDIT = "plan.edit"
    ACTIVITY_REPORT = "activity.report"
    ACTIVITY_CONFIRM = "activity.confirm"
    COUNCIL_VIEW = "council.view"
    COUNCIL_MANAGE = "council.manage"
    COUNCIL_CHAIR = "council.chair"
    COUNCIL_VOTE = "council.vote"
    ORGANISATION_VIEW = "organisation.view"
    ORGANISATION_EDIT = "organisation.edit"
    LIST_EDIT = "list.edit"
    SPECIFICATION_VIEW = "specification.view"
    SPECIFICATION_PROPOSE = "specification.propose"
    SPECIFICATION_EDIT = "specification.edit"
    CONTRACT_EDIT = "contract.edit"
    DATASET_IMPORT = "dataset.import"
    DATASET_FREEZE = "dataset.freeze"
    RATING_VIEW = "rating.view"
    RATING_CALCULATE = "rating.calculate"
    RELEASE_PUBLISH = "release.publish"
