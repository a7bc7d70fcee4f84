"""Everything that was fetched, kept as WARC (ISO 28500), the standard of web archives.

One file holds one visit of one site: requests, responses with SHA-256 of what they carried, and
failures as metadata. Bodies are kept unpacked; the header that named the packing is renamed as
archives do. ``read_archive`` gives an inspection the same as the visit gave, and refuses a file
whose digests do not match.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from noko.core.refusal import Place, Refusal
from noko.core.websites.page import Document, Failure, FailureReason, Page
from noko.exchange.site_answers import REDIRECTS, Answer, outcome_of

REQUESTED = "NOKO-Requested-URI"
EXPECTED = "NOKO-Expected"
FAILURE_TYPE = "application/vnd.noko.failure+json"
LARGEST_RECORD = 50_000_000
MOST_RECORDS = 20_000
LARGEST_ARCHIVE = 2_000_000_000


class SiteArchive:
    """An archive being written; the file appears under its name only when it is whole."""

    def __init__(self, path: Path, *, software: str, home: str) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._part = path.with_name(path.name + ".part")
        self._file: IO[bytes] = self._part.open("wb")
        self._writer = WARCWriter(self._file, gzip=True)
        info = {"software": software, "format": "WARC File Format 1.1", "description": home}
        record = self._writer.create_warcinfo_record(path.name, info)
        self._writer.write_record(record)

    def answer(self, url: str, answer: Answer, request: Mapping[str, str], *, page: bool) -> None:
        """Keeps an answer and the request that it came to."""
        moment = _stamp(answer.fetched_at)
        lines = [(_kept(name), value) for name, value in answer.headers.items()]
        status = StatusAndHeaders(f"{answer.status} ", lines, protocol="HTTP/1.1")
        extra = {
            "WARC-Date": moment,
            "WARC-Payload-Digest": f"sha256:{hashlib.sha256(answer.body).hexdigest()}",
            REQUESTED: answer.address,
            EXPECTED: "page" if page else "document",
        }
        if answer.cut:
            extra["WARC-Truncated"] = "length"
        response = self._record(url, "response", answer.body, extra, http=status)
        asked = StatusAndHeaders("GET / HTTP/1.1", list(request.items()), is_http_request=True)
        requested = self._record(url, "request", b"", {"WARC-Date": moment}, http=asked)
        self._writer.write_request_response_pair(requested, response)

    def _record(
        self, url: str, kind: str, body: bytes, headers: dict[str, str], **more: Any
    ) -> Any:
        """A record of known length: the writer then keeps our digest and needs no file for it."""
        http = more.pop("http", None)
        return self._writer.create_warc_record(
            url,
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=http,
            warc_headers_dict=headers,
            **more,
        )

    def failure(self, failure: Failure, at: datetime) -> None:
        """Keeps that an address gave nothing, and why."""
        told = {
            "address": failure.address,
            "reason": failure.reason.value,
            "detail": failure.detail,
            "status": failure.status,
        }
        body = json.dumps(told, ensure_ascii=False).encode()
        headers = {"WARC-Date": _stamp(at)}
        kind = FAILURE_TYPE
        record = self._record(failure.address, "metadata", body, headers, warc_content_type=kind)
        self._writer.write_record(record)

    def close(self) -> str:
        """Ends the file and gives it its name; returns its SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._part.replace(self.path)
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def discard(self) -> None:
        """Throws the file away, finished or not."""
        self._file.close()
        self._part.unlink(missing_ok=True)
        self.path.unlink(missing_ok=True)


def _kept(name: str) -> str:
    renamed = name in ("content-encoding", "transfer-encoding")
    return f"x-archive-orig-{name}" if renamed else name


def _stamp(moment: datetime | None) -> str:
    at = (moment or datetime.fromtimestamp(0, UTC)).astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(slots=True)
class ReadArchive:
    """What an archive holds, in the order of the visit; ``moments`` are when each came."""

    pages: list[Page] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


def is_archive(path: Path) -> bool:
    return path.name.endswith((".warc", ".warc.gz"))


def read_archive(path: Path) -> ReadArchive:
    """The pages, documents and failures of a WARC file, ours or anybody's.

    Refusal ``no_file``, ``too_large``, ``broken_archive``, ``wrong_digest``.
    """
    place = Place(file=path.name)
    if not path.is_file():
        raise Refusal("Такого файла нет.", kind="no_file", cure="Проверьте путь.", place=place)
    if path.stat().st_size > LARGEST_ARCHIVE:
        raise Refusal(
            "Архив слишком велик.",
            kind="too_large",
            cure="Нужен архив одного сайта.",
            place=place,
        )
    read = ReadArchive()
    try:
        with path.open("rb") as file:
            for outcome in _outcomes(file, place):
                _sort(outcome, read)
    except (ArchiveLoadFailed, EOFError, gzip.BadGzipFile, zlib.error, ValueError) as error:
        raise Refusal(
            f"Архив повреждён или это не WARC: {str(error)[:120]}",
            kind="broken_archive",
            cure="Возьмите исходный файл архива.",
            place=place,
        ) from None
    return read


def _sort(outcome: Page | Document | Failure, read: ReadArchive) -> None:
    if isinstance(outcome, Page):
        read.pages.append(outcome)
    elif isinstance(outcome, Document):
        read.documents.append(outcome)
    else:
        read.failures.append(outcome)


def _outcomes(file: IO[bytes], place: Place) -> Iterator[Page | Document | Failure]:
    number = -1
    for number, record in enumerate(ArchiveIterator(file)):
        if number >= MOST_RECORDS:
            raise ValueError(f"записей больше {MOST_RECORDS}")
        if record.rec_type == "metadata" and record.content_type == FAILURE_TYPE:
            yield _told_failure(record.content_stream().read(LARGEST_RECORD))
        elif record.rec_type == "response" and record.http_headers is not None:
            answer = _answer(record, place)
            if answer.status in REDIRECTS or answer.address.endswith("/robots.txt"):
                continue
            expected = record.rec_headers.get_header(EXPECTED)
            yield outcome_of(answer, page=expected == "page")
    if number < 0 and file.seek(0, os.SEEK_END):
        raise ValueError("записей нет")


def _told_failure(content: bytes) -> Failure:
    told = json.loads(content)
    reason = FailureReason(told["reason"])
    return Failure(told["address"], reason, told.get("detail", ""), told.get("status"))


def _answer(record: Any, place: Place) -> Answer:
    headers = {name.lower(): value for name, value in record.http_headers.headers}
    body = record.content_stream().read(LARGEST_RECORD)
    _check_digest(record, body, place)
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    status = record.http_headers.get_statuscode()
    return Answer(
        record.rec_headers.get_header(REQUESTED) or url,
        url,
        int(status) if status.isdigit() else 0,
        headers,
        body,
        _date(record.rec_headers.get_header("WARC-Date")),
        cut=record.rec_headers.get_header("WARC-Truncated") is not None,
    )


def _check_digest(record: Any, body: bytes, place: Place) -> None:
    """Ours carry SHA-256 of the body; others' digests are of other things and are left alone."""
    written = record.rec_headers.get_header("WARC-Payload-Digest") or ""
    algorithm, _, digest = written.partition(":")
    ours = algorithm == "sha256" and record.rec_headers.get_header(REQUESTED) is not None
    if ours and hashlib.sha256(body).hexdigest() != digest:
        url = record.rec_headers.get_header("WARC-Target-URI")
        raise Refusal(
            f"Содержимое {url} не сходится с контрольной суммой.",
            kind="wrong_digest",
            cure="Архив изменён или повреждён: возьмите его из резервной копии.",
            place=place,
        )


def _date(written: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(written.replace("Z", "+00:00")) if written else None
    except ValueError:
        return None
