"""What an inspection says: a verdict for every item with its evidence, and the defects beside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from noko.core.websites.page import Failure
from noko.core.websites.rules import Item, Regime, SiteType, Subsection


class Status(StrEnum):
    """``NOT_APPLICABLE`` items are not asked for and not counted."""

    FOUND = "found"
    ABSENT = "absent"
    UNCHECKED = "unchecked"
    NOT_APPLICABLE = "not_applicable"


class Seen(StrEnum):
    MARKUP = "markup"
    TEXT = "text"
    BOTH = "both"
    NOTHING = "nothing"


class Reason(StrEnum):
    """Why an item could not be checked, beside the reasons of failed addresses."""

    PAGE_NOT_GIVEN = "page_not_given"
    PAGE_NOT_READ = "page_not_read"
    CONDITION_UNKNOWN = "condition_unknown"
    PICTURE_ONLY = "picture_only"
    NEEDS_JAVASCRIPT = "needs_javascript"
    SITE_ANSWERS_NOT_FOUND = "site_answers_not_found"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where something was seen. ``by`` is the microdata name or the words that it was known by.

    ``official``: the official algorithm counts this markup too. ``elsewhere``: it stands in
    another subsection than its own.
    """

    page: str
    place: str
    excerpt: str
    markup: bool
    by: str
    negative: bool = False
    official: bool = False
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one item. ``looked_at`` are the pages that were read for it."""

    item: Item
    status: Status
    seen: Seen = Seen.NOTHING
    evidence: tuple[Evidence, ...] = ()
    reason: Reason | None = None
    failure: Failure | None = None
    looked_at: tuple[str, ...] = ()
    note: str = ""

    @property
    def negative(self) -> bool:
        return bool(self.evidence) and self.evidence[0].negative

    @property
    def elsewhere(self) -> bool:
        return bool(self.evidence) and all(one.elsewhere for one in self.evidence)

    @property
    def official(self) -> bool:
        """Whether the official algorithm (by microdata alone) would count the item."""
        return any(one.markup and one.official for one in self.evidence)


class DefectKind(StrEnum):
    """What is wrong beside missing information; ``wording`` holds the Russian of each."""

    HIDDEN_MARKUP = "hidden_markup"
    EMPTY_MARKUP = "empty_markup"
    MISSPELT_MARKUP = "misspelt_markup"
    UNKNOWN_MARKUP = "unknown_markup"
    OLD_MARKUP = "old_markup"
    MIXED_MARKUP = "mixed_markup"
    WRONG_NESTING = "wrong_nesting"
    ONE_GROUP_FOR_MANY = "one_group_for_many"
    REPEATED_MARKUP = "repeated_markup"
    HEADER_MARKED = "header_marked"
    COPY_WRAPS_PAGE = "copy_wraps_page"
    NO_MARKUP = "no_markup"
    WRONG_ADDRESS = "wrong_address"
    WRONG_TITLE = "wrong_title"
    WRONG_PLACE = "wrong_place"
    MISSING_SUBSECTION = "missing_subsection"
    NORM_INSTEAD = "norm_instead"
    BROKEN_LINK = "broken_link"
    EMPTY_LINK = "empty_link"
    DOCUMENT_KIND = "document_kind"
    DOCUMENT_SIZE = "document_size"
    SCAN_WITHOUT_TEXT = "scan_without_text"
    STALE_DATE = "stale_date"
    NO_SPECIAL_VERSION = "no_special_version"
    NO_FEEDBACK_FORM = "no_feedback_form"
    FORM_WITHOUT_CONSENT = "form_without_consent"
    SOFT_NOT_FOUND = "soft_not_found"
    NEEDS_JAVASCRIPT = "needs_javascript"
    PAGE_CUT = "page_cut"


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing to mend. ``subject`` is what it is about (a name, an address, a title), ``right``
    what it should be; ``times`` how often it stands on the page.
    """

    kind: DefectKind
    page: str
    subject: str = ""
    right: str = ""
    place: str = ""
    excerpt: str = ""
    item: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class SubsectionPages:
    """A subsection with the pages that were taken for it, and why there is none."""

    subsection: Subsection
    pages: tuple[str, ...]
    failure: Failure | None = None
    linked: bool = False


class Channel(StrEnum):
    """Ways to reach the organisation that its site announces (indicator 1.2)."""

    PHONE = "phone"
    EMAIL = "email"
    ESERVICES = "eservices"
    FAQ = "faq"
    SURVEY = "survey"


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything that is said about one site under one regime on one day.

    ``beside``: what was looked for beside the order's items; nothing is counted of it.
    """

    regime: Regime
    type: SiteType
    on: date
    findings: tuple[Finding, ...]
    defects: tuple[Defect, ...]
    subsections: tuple[SubsectionPages, ...]
    channels: Mapping[Channel, Evidence] = field(default_factory=dict)
    special_version: Evidence | None = None
    pages: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    beside: tuple[Finding, ...] = ()

    @property
    def every(self) -> tuple[Finding, ...]:
        """The findings of the order and those beside it."""
        return (*self.findings, *self.beside)

    def of_status(self, status: Status) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.status is status)

    def finding(self, code: str) -> Finding:
        return next(finding for finding in self.every if finding.item.code == code)

    def of_kind(self, kind: DefectKind) -> tuple[Defect, ...]:
        return tuple(defect for defect in self.defects if defect.kind is kind)
