"""Addresses of the council: which permission each asks for, and a real example."""

from __future__ import annotations

from typing import Any

from noko import kept
from noko.access.permissions import Permission
from noko.actions import agenda, minutes
from noko.models import Council, Session
from tests.small_council import (
    NOW,
    make_ballot,
    make_council,
    make_decided,
    make_open,
    make_session,
    members_of,
)

NEEDED = {
    "councils": Permission.COUNCIL_VIEW,
    "council_new": Permission.COUNCIL_MANAGE,
    "council": Permission.COUNCIL_VIEW,
    "council_edit": Permission.COUNCIL_MANAGE,
    "council_rules": Permission.COUNCIL_VIEW,
    "council_member_new": Permission.COUNCIL_MANAGE,
    "council_member": Permission.COUNCIL_MANAGE,
    "session_new": Permission.COUNCIL_MANAGE,
    "session": Permission.COUNCIL_VIEW,
    "session_live": Permission.COUNCIL_VIEW,
    "session_edit": Permission.COUNCIL_MANAGE,
    "session_invite": Permission.COUNCIL_MANAGE,
    "session_reply": Permission.COUNCIL_VOTE,
    "session_join": Permission.COUNCIL_VOTE,
    "session_attendance": Permission.COUNCIL_MANAGE,
    "session_open": Permission.COUNCIL_CHAIR,
    "session_close": Permission.COUNCIL_CHAIR,
    "session_give_up": Permission.COUNCIL_MANAGE,
    "session_sign": Permission.COUNCIL_CHAIR,
    "session_publish": Permission.COUNCIL_MANAGE,
    "session_minutes": Permission.COUNCIL_VIEW,
    "session_minutes_file": Permission.COUNCIL_VIEW,
    "session_calendar": Permission.COUNCIL_VIEW,
    "agenda_new": Permission.COUNCIL_MANAGE,
    "agenda_item": Permission.COUNCIL_VIEW,
    "agenda_edit": Permission.COUNCIL_MANAGE,
    "agenda_note": Permission.COUNCIL_MANAGE,
    "agenda_move": Permission.COUNCIL_MANAGE,
    "agenda_withdraw": Permission.COUNCIL_MANAGE,
    "agenda_material_new": Permission.COUNCIL_MANAGE,
    "agenda_material": Permission.COUNCIL_VIEW,
    "agenda_material_remove": Permission.COUNCIL_MANAGE,
    "council_vote": Permission.COUNCIL_VOTE,
    "council_recuse": Permission.COUNCIL_VOTE,
    "ballot_close": Permission.COUNCIL_MANAGE,
    "ballot_hands": Permission.COUNCIL_MANAGE,
    "council_decision": Permission.COUNCIL_VIEW,
    "council_decision_draft": Permission.COUNCIL_VIEW,
    "council_decision_file": Permission.COUNCIL_VIEW,
}
ONLY_POST = {"session_reply", "session_join", "agenda_move", "agenda_material_remove"}
SEATED = {"council_vote", "council_recuse"}
"""Only for those who sit at the session: 404 for everybody else, whatever they may elsewhere."""


def given() -> dict[str, list[Any]]:
    """What stands in each address: name → arguments."""
    council = make_council()
    coming = make_session(council)
    item = coming.items.get()
    material = agenda.add_material(item=item, name="a.txt", content=b"1", by=None, now=NOW)
    ballot = make_ballot(make_open(make_session(council)))
    held = signed_session(council)
    decision = held.decisions.get()
    of_session = [name for name in NEEDED if name.startswith("session_")]
    of_item = ("item", "edit", "note", "move", "withdraw", "material_new")
    return {
        **{name: [coming.pk] for name in (*of_session, "session", "agenda_new")},
        **{f"agenda_{name}": [item.pk] for name in of_item},
        **{name: [council.pk] for name in ("council", "council_edit", "council_rules")},
        **{name: [council.pk] for name in ("council_member_new", "session_new")},
        "council_member": [members_of(council)[3].pk],
        "session_minutes": [held.pk, "docx"],
        "session_minutes_file": [held.pk, held.minutes[0]["sha256"]],
        "agenda_material": [material.pk],
        "agenda_material_remove": [material.pk],
        "council_vote": [ballot.item_id],
        "council_recuse": [ballot.item_id],
        "ballot_close": [ballot.pk],
        "ballot_hands": [ballot.pk],
        "council_decision": [decision.pk],
        "council_decision_draft": [decision.pk, "docx"],
        "council_decision_file": [decision.pk, decision.files[0]["sha256"]],
    }


def signed_session(council: Council) -> Session:
    """A session held, with one decision; its documents are plain files."""
    session, _ = make_decided(make_session(council))
    file = {"name": "protokol.pdf", "bytes": 1, "sha256": kept.keep(b"1")}
    return minutes.sign(
        session=session,
        minutes=[file],
        decisions={decision.pk: [file] for decision in session.decisions.all()},
        digest="d" * 64,
        by=members_of(council)[0].person,
        now=NOW,
    )
