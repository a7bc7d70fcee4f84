"""Every model of the application; Django finds them through this list."""

from noko.models.cycle import Cycle
from noko.models.dataset import DataSet, Import
from noko.models.journal import JournalEntry, JournalSeal
from noko.models.organisation import Municipality, Organisation
from noko.models.person import Person, RoleGrant
from noko.models.rating import Calculation, OrganisationScore
from noko.models.release import Release

__all__ = [
    "Calculation",
    "Cycle",
    "DataSet",
    "Import",
    "JournalEntry",
    "JournalSeal",
    "Municipality",
    "Organisation",
    "OrganisationScore",
    "Person",
    "Release",
    "RoleGrant",
]
