"""Records of web archives read into answers, those kept in an earlier archive too.

A server that says «not modified» leaves a ``revisit`` record: it names the archive, the address,
the day and the SHA-256 of what was kept then. ``Earlier`` brings that answer back.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from noko.core.refusal import Place, Refusal
from noko.exchange.site_answers import Answer

REQUESTED = "NOKO-Requested-URI"
EXPECTED = "NOKO-Expected"
IN_ARCHIVE = "NOKO-Refers-To-Archive"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
LARGEST_RECORD = 50_000_000
MOST_RECORDS = 20_000
BROKEN = (ArchiveLoadFailed, EOFError, gzip.BadGzipFile, zlib.error, ValueError)
"""What a file that is no whole archive makes the reader raise."""

Find = Callable[[str], Path | None]
"""The place of an archive by its file name."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer was first kept whole."""

    archive: str
    url: str
    digest: str
    at: datetime | None


def records(file: IO[bytes]) -> Iterator[tuple[Any, Callable[[], int]]]:
    """Records, each with what tells the place where it begins (and reads it to its end).
    ValueError where there are too many.
    """
    found = ArchiveIterator(file)
    for number, record in enumerate(found):
        if number >= MOST_RECORDS:
            raise ValueError(f"записей больше {MOST_RECORDS}")
        yield record, found.get_record_offset


def header(record: Any, name: str) -> str:
    """A header of the record, empty where there is none."""
    return record.rec_headers.get_header(name) or ""


def digest_of(record: Any) -> str:
    """SHA-256 of what the record carries, if it is named so."""
    algorithm, _, digest = header(record, "WARC-Payload-Digest").partition(":")
    return digest if algorithm == "sha256" else ""


def origin_of(record: Any, archive: str) -> Origin:
    """Where the answer of a record of ``archive`` was first kept."""
    if record.rec_type == "revisit":
        return Origin(
            Path(header(record, IN_ARCHIVE)).name,
            header(record, "WARC-Refers-To-Target-URI"),
            digest_of(record),
            moment(header(record, "WARC-Refers-To-Date")),
        )
    url, at = header(record, "WARC-Target-URI"), moment(header(record, "WARC-Date"))
    return Origin(archive, url, digest_of(record), at)


def answer_of(record: Any, place: Place) -> Answer:
    """The answer of a record. Refusal ``wrong_digest``."""
    headers = http_headers(record)
    body = record.content_stream().read(LARGEST_RECORD)
    _check_digest(record, body, place)
    url = header(record, "WARC-Target-URI")
    status = record.http_headers.get_statuscode() if record.http_headers else "200"
    return Answer(
        header(record, REQUESTED) or url,
        url,
        int(status) if status.isdigit() else 0,
        headers,
        body,
        moment(header(record, "WARC-Date")),
        cut=bool(header(record, "WARC-Truncated")),
    )


def http_headers(record: Any) -> dict[str, str]:
    """The headers of the answer that a record keeps, names small."""
    lines = record.http_headers.headers if record.http_headers else []
    return {name.lower(): value for name, value in lines}


def _check_digest(record: Any, body: bytes, place: Place) -> None:
    """Ours carry SHA-256 of the body; others' digests are of other things and are left alone."""
    written = digest_of(record)
    ours = written and record.rec_headers.get_header(REQUESTED) is not None
    if ours and record.rec_type != "revisit" and hashlib.sha256(body).hexdigest() != written:
        raise Refusal(
            f"Содержимое {header(record, 'WARC-Target-URI')} не сходится с контрольной суммой.",
            kind="wrong_digest",
            cure="Архив изменён или повреждён: возьмите его из резервной копии.",
            place=place,
        )


def moment(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written.replace("Z", "+00:00")) if written else None
    except ValueError:
        return None


def beside(path: Path) -> Find:
    """Archives that lie in the folder of ``path``."""

    def find(name: str) -> Path | None:
        found = path.parent / Path(name).name
        return found if name and found.is_file() else None

    return find


@dataclass(slots=True)
class Earlier:
    """Answers of earlier archives by their digest; each archive is looked through once."""

    find: Find
    _places: dict[str, dict[str, int]] = field(default_factory=dict)

    def answer(self, origin: Origin) -> Answer | None:
        """The whole answer, or None where the archive or the record is not there or not whole."""
        path = self.find(origin.archive)
        if path is None or not origin.digest:
            return None
        try:
            place = self._places_of(path).get(origin.digest)
            return None if place is None else _read_at(path, place)
        except (*BROKEN, OSError, Refusal):
            return None

    def _places_of(self, path: Path) -> dict[str, int]:
        if path.name not in self._places:
            with path.open("rb") as file:
                self._places[path.name] = {
                    digest_of(record): place()
                    for record, place in records(file)
                    if record.rec_type == "response"
                }
        return self._places[path.name]


def _read_at(path: Path, place: int) -> Answer | None:
    with path.open("rb") as file:
        file.seek(place)
        record = next(ArchiveIterator(file), None)
        return None if record is None else answer_of(record, Place(file=path.name))
