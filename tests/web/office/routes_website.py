"""What each address of the pages about sites asks for."""

from __future__ import annotations

from noko.access.permissions import Permission
from noko.actions import site_mark, site_objection
from noko.models import Cycle, Organisation
from tests.small_cycle import make_person
from tests.small_sites import NOW, make_shown, visit_of

NEEDED = {
    "websites": Permission.WEBSITE_VIEW,
    "site_round_new": Permission.WEBSITE_VISIT,
    "site_round": Permission.WEBSITE_VIEW,
    "site_round_stop": Permission.WEBSITE_VISIT,
    "site_round_show": Permission.WEBSITE_VISIT,
    "site_round_publish": Permission.RELEASE_PUBLISH,
    "site_overview": Permission.WEBSITE_VIEW,
    "site_overview_file": Permission.WEBSITE_VIEW,
    "site_findings_file": Permission.WEBSITE_VIEW,
    "site_calls": Permission.WEBSITE_VIEW,
    "site_calls_file": Permission.WEBSITE_VIEW,
    "site_visit": Permission.WEBSITE_VIEW,
    "site_item": Permission.WEBSITE_VIEW,
    "site_page": Permission.WEBSITE_VIEW,
    "site_page_file": Permission.WEBSITE_VIEW,
    "site_objections": Permission.WEBSITE_DECIDE,
    "site_objection": Permission.WEBSITE_DECIDE,
    "site_objection_file": Permission.WEBSITE_DECIDE,
    "site_mark": Permission.WEBSITE_DECIDE,
    "site_mark_confirm": Permission.WEBSITE_DECIDE,
    "site_mark_withdraw": Permission.WEBSITE_DECIDE,
}

ANSWERS = {
    "site_page": 404,  # the visit of these tests has no archive
    "site_page_file": 404,
    "site_objection_file": 404,
}
"""What those who may get where it is not a page."""

ONLY_POST = frozenset({"site_mark_confirm"})
"""Addresses where nothing is done by opening them."""


def arguments(cycle: Cycle, organisations: list[Organisation]) -> dict[str, list[object]]:
    """A shown round with an objection and a mark."""
    first = organisations[0]
    first.site = "https://berezka.example"
    first.save()
    made = make_shown(cycle, {first: ["common.phone", "common.email"]})
    visit = visit_of(made, first)
    head = make_person("organisation_head", "berezka@example.org", organisation=first)
    objection = site_objection.file_objection(
        visit=visit, code="common.phone", text="Есть", address=first.site, by=head, now=NOW
    )
    expert = make_person("operator_expert", "site-expert@example.org")
    mark = site_mark.make_mark(
        visit=visit, code="common.email", value="found", reason="Есть", by=expert, now=NOW
    )
    return {
        "site_round_new": [cycle.slug],
        "site_round": [made.pk],
        "site_round_stop": [made.pk],
        "site_round_show": [made.pk],
        "site_round_publish": [made.pk],
        "site_overview": [made.pk],
        "site_overview_file": [made.pk],
        "site_findings_file": [made.pk, "csv"],
        "site_calls": [made.pk],
        "site_calls_file": [made.pk],
        "site_visit": [visit.pk],
        "site_item": [visit.pk, "common.phone"],
        "site_page": [visit.pk],
        "site_page_file": [visit.pk],
        "site_objection": [objection.pk],
        "site_objection_file": [objection.pk],
        "site_mark": [visit.pk, "common.phone"],
        "site_mark_confirm": [visit.pk, mark.pk],
        "site_mark_withdraw": [mark.pk],
    }
