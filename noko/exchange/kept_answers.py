"""What the archive of the last visit lets a new visit leave unfetched.

The validators of HTTP (``ETag``, ``Last-Modified``) are read from the archive itself and kept
nowhere else: an answer can be called unchanged only while its content is there and whole.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from noko.core.refusal import Refusal
from noko.exchange.site_answers import Answer
from noko.exchange.warc_records import (
    BROKEN,
    Earlier,
    Find,
    Origin,
    beside,
    header,
    http_headers,
    origin_of,
    records,
)

OLDEST = timedelta(days=30)
"""A server that wrongly says «not modified» is believed no longer: then the whole is asked for."""


@dataclass(slots=True)
class KeptAnswers:
    """Answers of the last visit by their addresses; contents stay in the archives until asked."""

    earlier: Earlier
    _validators: dict[str, dict[str, str]] = field(default_factory=dict)
    _origins: dict[str, Origin] = field(default_factory=dict)

    def conditions(self, url: str) -> dict[str, str]:
        """The headers that ask for ``url`` only if it has changed."""
        return dict(self._validators.get(url, {}))

    def take(self, url: str) -> tuple[Answer, Origin] | None:
        """The kept answer and where it was first kept. One that cannot be read is forgotten: the
        next request for it has no conditions.
        """
        origin = self._origins.get(url)
        answer = self.earlier.answer(origin) if origin else None
        if answer is None or origin is None:
            self._validators.pop(url, None)
            return None
        return answer, origin

    def note(self, url: str, headers: dict[str, str], origin: Origin) -> None:
        conditions = {}
        if headers.get("etag"):
            conditions["if-none-match"] = headers["etag"]
        if headers.get("last-modified"):
            conditions["if-modified-since"] = headers["last-modified"]
        if conditions:
            self._validators[url], self._origins[url] = conditions, origin


def kept_answers(path: Path, *, now: datetime, find: Find | None = None) -> KeptAnswers:
    """The answers of an archive that may be asked for under conditions. A broken archive gives
    none: the visit then asks for everything.
    """
    kept = KeptAnswers(Earlier(find or beside(path)))
    try:
        with path.open("rb") as file:
            _note_all(kept, file, path.name, now)
    except (*BROKEN, OSError, Refusal):
        return KeptAnswers(kept.earlier)
    return kept


def _note_all(kept: KeptAnswers, file: object, name: str, now: datetime) -> None:
    for record, _ in records(file):  # type: ignore[arg-type]
        if record.rec_type not in ("response", "revisit") or record.http_headers is None:
            continue
        whole = record.rec_type == "revisit" or record.http_headers.get_statuscode() == "200"
        origin = origin_of(record, name)
        fresh = origin.at is not None and now - origin.at < OLDEST
        if whole and fresh and origin.digest and not header(record, "WARC-Truncated"):
            kept.note(header(record, "WARC-Target-URI"), http_headers(record), origin)
