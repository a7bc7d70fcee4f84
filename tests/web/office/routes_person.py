"""Addresses of people and invitations: which permission each asks for, and a real example."""

from __future__ import annotations

from typing import Any

from noko.access.permissions import Permission
from noko.actions import invitation as invitations
from noko.actions.role import Granted
from noko.models import RoleGrant
from tests.small_cycle import NOW, make_person

NEEDED = dict.fromkeys(
    (
        "people",
        "invite",
        "person_places",
        "invitation",
        "invitation_send",
        "invitation_withdraw",
        "person",
        "person_role",
        "person_role_end",
        "person_close",
        "person_open",
        "person_factor",
        "person_sessions",
    ),
    Permission.PERSON_MANAGE,
)
ONLY_POST = {"invitation_send", "invitation_withdraw", "person_sessions"}


def given() -> dict[str, list[Any]]:
    """What stands in each address: name → arguments."""
    stranger = make_person("head", "stranger@example.org")
    grant = RoleGrant.objects.get(person=stranger)
    invitation = invitations.invite(
        email="invited@example.org",
        full_name="Петров Пётр",
        roles=[Granted("head")],
        by=stranger,
        now=NOW,
    )
    of_person = ("person", "person_role", "person_close", "person_open", "person_factor")
    return {
        **{name: [stranger.pk] for name in (*of_person, "person_sessions")},
        "person_role_end": [stranger.pk, grant.pk],
        **{name: [invitation.pk] for name in ("invitation", *ONLY_POST - {"person_sessions"})},
    }
