"""Routes of plans: what each asks for, and one real address of each."""

from django.core.files.base import ContentFile

from noko.access.permissions import Permission
from noko.actions import evidence as evidences
from noko.exchange import uploads
from tests.small_cycle import NOW
from tests.small_plan import activity, make_plan

NEEDED = {
    "cycle_plan": Permission.PLAN_VIEW,
    "plan_new": Permission.PLAN_EDIT,
    "plan_upload": Permission.PLAN_EDIT,
    "plan_municipal": Permission.PLAN_VIEW,
    "plan": Permission.PLAN_VIEW,
    "plan_calendar": Permission.PLAN_VIEW,
    "plan_chart": Permission.PLAN_VIEW,
    "plan_findings": Permission.PLAN_EDIT,
    "plan_adopt": Permission.PLAN_EDIT,
    "plan_place": Permission.PLAN_EDIT,
    "plan_discard": Permission.PLAN_EDIT,
    "plan_file": Permission.PLAN_VIEW,
    "activity": Permission.PLAN_VIEW,
    "activity_add": Permission.PLAN_EDIT,
    "activity_edit": Permission.PLAN_EDIT,
    "activity_remove": Permission.PLAN_EDIT,
    "activity_bind": Permission.PLAN_EDIT,
    "evidence_add": Permission.ACTIVITY_REPORT,
    "evidence": Permission.ACTIVITY_CONFIRM,
    "evidence_file": Permission.PLAN_VIEW,
    "tasks": Permission.OFFICE_ENTER,
    "feed_renew": Permission.OFFICE_ENTER,
}
ONLY_POST = {"feed_renew"}


def given(cycle):
    """Arguments of the routes of a plan with one document on the disk."""
    plan = make_plan(cycle)
    key = activity(plan, "1.1").pk
    folder, names = uploads.store({"evidence": ContentFile(b"x", "решение.pdf")})
    document = evidences.add(
        activity=activity(plan, "1.1"),
        title="Решение",
        done_on=plan.adopted_on,
        folder=folder,
        file_name=names["evidence"],
        by=None,
        now=NOW,
    )
    of_cycle = ("cycle_plan", "plan_new", "plan_upload", "plan_municipal")
    pages = (
        "plan",
        "plan_calendar",
        "plan_chart",
        "plan_findings",
        "plan_adopt",
        "plan_place",
        "plan_discard",
        "activity_add",
    )
    rows = ("activity", "activity_edit", "activity_remove", "activity_bind", "evidence_add")
    return {
        **{name: ["2026"] for name in of_cycle},
        **{name: [plan.pk] for name in pages},
        **{name: [key] for name in rows},
        "plan_file": [plan.pk, "plan", "xlsx"],
        "evidence": [document.pk],
        "evidence_file": [document.pk],
    }
