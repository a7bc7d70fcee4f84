"""The stages that the page of a cycle shows above its data, in the order of the yearly cycle.

Every subject has a function ``cycle → stage`` in a module of its own and names it here.
"""

from __future__ import annotations

from collections.abc import Callable

from noko.models import Cycle
from noko.web.office.council_steps import council_stage
from noko.web.office.list_steps import list_stage
from noko.web.office.plan_stage import plan_stage
from noko.web.office.road import Stage
from noko.web.office.specification_steps import specification_stage
from noko.web.office.wave_stage import waves_stage
from noko.web.office.website_stage import websites_stage

BEFORE: tuple[Callable[[Cycle], Stage | None], ...] = (
    plan_stage,
    council_stage,
    list_stage,
    specification_stage,
    waves_stage,
    websites_stage,
)
"""In the order of the yearly cycle, one line each."""


def stages_before(cycle: Cycle) -> list[Stage]:
    """The stages that this installation knows; None leaves one out."""
    found = (of_cycle(cycle) for of_cycle in BEFORE)
    return [item for item in found if item is not None]
