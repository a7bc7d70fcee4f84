"""The archives of visits on the disk: whole or not, and what the next visit takes from them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from django.conf import settings

from noko.core.refusal import Refusal
from noko.exchange.kept_answers import KeptAnswers, kept_answers
from noko.exchange.warc_records import Find
from noko.models import SiteVisit
from noko.queries.website import archives_of, last_archive


def finder(organisation_id: int) -> Find:
    """Finds the archives of an organisation's visits, and nobody else's, by their names."""
    places = archives_of(organisation_id)

    def find(name: str) -> Path | None:
        place = places.get(name)
        return None if place is None else Path(settings.FILES) / place

    return find


def must_be_whole(path: Path, digest: str) -> None:
    """Refusal ``wrong_digest`` for an archive that has been changed since."""
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            raise Refusal(
                f"Архив {path.name} изменён: контрольная сумма не та.",
                kind="wrong_digest",
                cure="Верните файл из резервной копии.",
            )


def kept_of(visit: SiteVisit, now: datetime) -> KeptAnswers | None:
    """What the last visit of the same site has kept, if its archive is there and whole."""
    last = last_archive(visit)
    if last is None:
        return None
    path = Path(settings.FILES) / last.archive
    try:
        must_be_whole(path, last.archive_digest)
    except (OSError, Refusal):
        return None
    return kept_answers(path, now=now, find=finder(visit.organisation_id))
