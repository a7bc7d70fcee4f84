"""Whom a printed name means: a person of ours, or the role that answers for a body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from noko.access.loading import people_with_role
from noko.core.planning.people import Responsible, Who
from noko.core.tables.text import plain
from noko.models import ActivityResponsible, Municipality, Person, PlanActivity

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

FALLBACK = "secretary"


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
    """Who hears of the activity: its people, the holders of its roles, else the secretaries."""
    municipality = activity.plan.municipality
    found: dict[int, Person] = {}
    for one in activity.responsible.all():
        for person in _people_of(one, municipality):
            found.setdefault(person.pk, person)
    if not found:
        role = "municipal_coordinator" if municipality else FALLBACK
        found = {person.pk: person for person in people_with_role(role, municipality)}
    return list(found.values())


def _people_of(one: ActivityResponsible, municipality: Municipality | None) -> list[Person]:
    if one.person is not None:
        return [one.person] if one.person.is_active else []
    return list(people_with_role(one.role, municipality)) if one.role else []


def heads(activity: PlanActivity) -> list[Person]:
    """Whom a delay is reported to."""
    del activity
    return list(people_with_role("head", None))
