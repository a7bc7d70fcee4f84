"""Whom a printed name means: a person of ours, or the role that answers for a body."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from noko.access.loading import people_with_role
from noko.core.planning.people import Responsible, Who
from noko.core.tables.text import plain
from noko.models import Person, PlanActivity

BODIES: tuple[tuple[str, str], ...] = (
    (r"\bсовет", "council_secretary"),
    (r"\bоператор", "operator_manager"),
    (r"\bсекретар", "secretary"),
    (r"\bпресс", "press_officer"),
    (r"\bкоординатор", "municipal_coordinator"),
    (r"\bорган\w* местного самоуправления", "municipal_coordinator"),
    (r"\bруководител", "head"),
    (r"\b(?:управлени|министерств|департамент|комитет|отдел)", "secretary"),
)
"""Words of a body's name → the role whose holders are reminded. Organisations are many and work in
their own cabinet: for them nobody is named, and the secretary hears of it."""

FALLBACK, COORDINATOR = "secretary", "municipal_coordinator"


def bound(one: Responsible, people: Sequence[Person]) -> tuple[Person | None, str]:
    """The person of this name, if there is exactly one; otherwise the role of the body."""
    if one.kind is Who.PERSON:
        same = [person for person in people if _same(one.name, person.full_name)]
        return (same[0], "") if len(same) == 1 else (None, "")
    name = plain(one.name)
    return None, next((role for words, role in BODIES if re.search(words, name)), "")


def _same(printed: str, full_name: str) -> bool:
    """«Иванова А.П.» is «Иванова Анна Петровна», «Иванова Анна» is «Иванова А.»"""
    words, whole = plain(printed).split(), plain(full_name).split()
    if not whole:
        return False
    given = [word for word in words if word != whole[0]]
    if len(given) != len(words) - 1 or not given:
        return False
    return all(full.startswith(short) for short, full in zip(given, whole[1:], strict=False))


def reminded(activity: PlanActivity) -> list[Person]:
    """Who hears of the activity: its people and, in the region's plan, the holders of its roles.

    Where nobody is bound, the secretaries; in the plan of a municipality, its coordinators.
    """
    named = list(activity.responsible.all())
    found = {one.person.pk: one.person for one in named if one.person and one.person.is_active}
    municipality = activity.plan.municipality
    if municipality is None:
        for role in dict.fromkeys(one.role for one in named if one.role):
            found.update({person.pk: person for person in people_with_role(role, None)})
    if not found:
        role = COORDINATOR if municipality else FALLBACK
        found = {person.pk: person for person in people_with_role(role, municipality)}
    return list(found.values())


def answers_for(
    activity: PlanActivity, person: Person, held: Collection[tuple[str, int | None]]
) -> bool:
    """Whether :func:`reminded` would name the person, who holds these roles (code, municipality)
    – but for roles that nobody holds at all."""
    named = list(activity.responsible.all())
    if any(one.person_id == person.pk for one in named):
        return True
    place = activity.plan.municipality_id
    if place is not None:
        return (COORDINATOR, place) in held and not any(one.person_id for one in named)
    codes = {code for code, _ in held}
    if any(one.person_id or one.role for one in named):
        return any(one.role in codes for one in named if one.role)
    return FALLBACK in codes


def heads(activity: PlanActivity) -> list[Person]:
    """Whom a delay is reported to."""
    del activity
    return list(people_with_role("head", None))
