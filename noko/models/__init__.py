"""Every model of the application; Django finds them through this list."""

from noko.models.batch import Batch, SheetTyping
from noko.models.busgov import BusgovRecord, BusgovSource
from noko.models.contract import AcceptanceItem, Contract
from noko.models.council import Council, CouncilMember
from noko.models.cycle import Cycle
from noko.models.dataset import DataSet, Import
from noko.models.inspection import Inspection, InspectionPhoto, InspectionSettlement
from noko.models.invitation import Invitation, InvitedRole
from noko.models.journal import JournalEntry, JournalSeal
from noko.models.letter import Letter, LetterFile
from noko.models.list import ListEntry, OrganisationList
from noko.models.odk import OdkAddress
from noko.models.organisation import (
    Distinction,
    Municipality,
    Organisation,
    Reorganisation,
    Succession,
)
from noko.models.person import Person, RoleGrant
from noko.models.plan import (
    ActivityResponsible,
    CalendarFeed,
    Evidence,
    FindingDecision,
    Plan,
    PlanActivity,
    PlanSection,
    Reminder,
)
from noko.models.rating import Calculation, OrganisationScore
from noko.models.release import Release
from noko.models.response import AnswerBox, Draft, Exclusion, OneTimeCode, Receipt, Trace
from noko.models.session import AgendaItem, Attendance, Decision, Material, Session
from noko.models.specification import Clause, ClauseProposal, Specification
from noko.models.vote import Ballot, Recusal, SecretTally, Vote, VoteChoice, Voted
from noko.models.wave import Wave, WaveOrganisation
from noko.models.wave_letter import WaveLetter
from noko.models.website import SiteFinding, SiteHost, SiteRound, SiteVisit
from noko.models.website_procedure import SiteMark, SiteObjection

__all__ = [
    "AcceptanceItem",
    "ActivityResponsible",
    "AgendaItem",
    "AnswerBox",
    "Attendance",
    "Ballot",
    "Batch",
    "BusgovRecord",
    "BusgovSource",
    "Calculation",
    "CalendarFeed",
    "Clause",
    "ClauseProposal",
    "Contract",
    "Council",
    "CouncilMember",
    "Cycle",
    "DataSet",
    "Decision",
    "Distinction",
    "Draft",
    "Evidence",
    "Exclusion",
    "FindingDecision",
    "Import",
    "Inspection",
    "InspectionPhoto",
    "InspectionSettlement",
    "Invitation",
    "InvitedRole",
    "JournalEntry",
    "JournalSeal",
    "Letter",
    "LetterFile",
    "ListEntry",
    "Material",
    "Municipality",
    "OdkAddress",
    "OneTimeCode",
    "Organisation",
    "OrganisationList",
    "OrganisationScore",
    "Person",
    "Plan",
    "PlanActivity",
    "PlanSection",
    "Receipt",
    "Recusal",
    "Release",
    "Reminder",
    "Reorganisation",
    "RoleGrant",
    "SecretTally",
    "Session",
    "SheetTyping",
    "SiteFinding",
    "SiteHost",
    "SiteMark",
    "SiteObjection",
    "SiteRound",
    "SiteVisit",
    "Specification",
    "Succession",
    "Trace",
    "Vote",
    "VoteChoice",
    "Voted",
    "Wave",
    "WaveLetter",
    "WaveOrganisation",
]
