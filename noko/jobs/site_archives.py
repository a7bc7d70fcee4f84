"""The archives of visits on the disk: whole or not, and what the next visit takes from them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class LastArchive:
    """Where the last visit of a site has left what it got; reading it needs no database."""

    path: Path
    digest: str
    find: Find

    def kept(self, now: datetime) -> KeptAnswers | None:
        """What it keeps for the next visit, if it is there and whole."""
        try:
            must_be_whole(self.path, self.digest)
        except (OSError, Refusal):
            return None
        return kept_answers(self.path, now=now, find=self.find)


def last_of(visit: SiteVisit) -> LastArchive | None:
    """The archive of the last visit of the same site, if there was one."""
    last = last_archive(visit)
    if last is None:
        return None
    path = Path(settings.FILES) / last.archive
    return LastArchive(path, last.archive_digest, finder(visit.organisation_id))
