"""The documents of a list are made first, then it is proposed or approved with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from noko import kept
from noko.actions import list_moves as deeds
from noko.core import listing
from noko.documents import list as documents
from noko.documents.list import Approval, Content
from noko.jobs.release import enqueue_pages
from noko.models import Decision, OrganisationList, Person, Session
from noko.queries.list import content_of

MAKERS: Mapping[str, Callable[[Content], bytes]] = {
    "docx": documents.list_docx,
    "pdf": documents.list_pdf,
    "xlsx": documents.list_xlsx,
}
CANONICAL = "json"
"""The bytes that the digest is over, for whoever wants to check it."""


def file_name(item: OrganisationList, kind: str) -> str:
    version = f"-v{item.version}" if item.version > 1 else ""
    return f"perechen-{item.cycle.slug}{version}.{kind}"


def material_name(item: OrganisationList, kind: str) -> str:
    """How the file is called beside an agenda item and a decision."""
    version = f", версия {item.version}" if item.version > 1 else ""
    return f"Перечень организаций {item.cycle.year}{version}.{kind}"


def propose(
    *, item: OrganisationList, session: Session, by: Person | None, now: datetime
) -> OrganisationList:
    """On the agenda, with the list as DOCX and as a table. Refusals as of the action."""
    own = listing.digest(content_of(item))
    content = documents.content_for(item, digest=own)
    materials = [(material_name(item, kind), MAKERS[kind](content)) for kind in ("docx", "xlsx")]
    return deeds.place(item=item, session=session, materials=materials, seen=own, by=by, now=now)


def approve(
    *,
    item: OrganisationList,
    decision: Decision,
    by: Person | None,
    now: datetime,
    pages: bool = True,
) -> OrganisationList:
    """Approved by the council's decision; public pages follow. Refusals as of the action."""
    approval = Approval(decision=decision, on=decision.adopted_on)
    files = _kept_files(item, approval, item.digest)
    with transaction.atomic():
        approved = deeds.approve(item=item, decision=decision, files=files, by=by, now=now)
        if pages:
            enqueue_pages()
    return approved


def approve_outside(
    *,
    item: OrganisationList,
    basis: str,
    on: date,
    by: Person | None,
    now: datetime,
    pages: bool = True,
) -> OrganisationList:
    """Approved by an act from outside of this system. Refusals as of the action."""
    own = listing.digest(content_of(item))
    files = _kept_files(item, Approval(basis=" ".join(basis.split()), on=on), own)
    with transaction.atomic():
        approved = deeds.approve_outside(
            item=item, basis=basis, on=on, files=files, seen=own, by=by, now=now
        )
        if pages:
            enqueue_pages()
    return approved


def _kept_files(item: OrganisationList, approval: Approval, digest: str) -> list[dict[str, Any]]:
    """Every document, on the disk before a row names it."""
    content = documents.content_for(item, approval, digest)
    made = documents.list_files(content)
    made[CANONICAL] = content_of(item)
    return [
        {"name": file_name(item, kind), "bytes": len(bytes_), "sha256": kept.keep(bytes_)}
        for kind, bytes_ in made.items()
    ]


def document(item: OrganisationList, kind: str) -> bytes:
    """A document of the list: the kept one of an approved list, else as it would be now.

    ``kind``: a key of :data:`MAKERS` or :data:`CANONICAL`.
    """
    for file in item.files:
        if file["name"] == file_name(item, kind):
            return kept.content_of(file["sha256"])
    if kind == CANONICAL:
        return content_of(item)
    return MAKERS[kind](documents.content_for(item))
