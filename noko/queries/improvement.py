"""Plans that follow an assessment: until when they stand on the organisations' sites."""

from __future__ import annotations

from datetime import date

from noko.models import Cycle, Plan, PlanActivity

PLACED = "placing"
"""The template's activity 3.2, «Размещение Плана мероприятий на официальных сайтах»."""


def plan_term(cycle: Cycle) -> date | None:
    """The last day that the region's adopted plan of the cycle gives; None where there is none.

    No date of a law is known, so nothing else stands in for it.
    """
    rows = PlanActivity.objects.filter(
        plan__cycle=cycle,
        plan__municipality__isnull=True,
        plan__status=Plan.Status.ADOPTED,
        code=PLACED,
    )
    return rows.values_list("ends_on", flat=True).first()
