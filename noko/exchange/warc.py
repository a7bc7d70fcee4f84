"""Everything that was fetched, kept as WARC (ISO 28500), the standard of web archives.

One file holds one visit of one site: requests, responses with SHA-256 of what they carried, and
failures as metadata. Bodies are kept unpacked; the header that named the packing is renamed as
archives do. What a server has said to be unchanged is a ``revisit`` of an earlier archive; a page
that its scripts have drawn is kept beside them as a ``conversion``. ``read_archive`` gives an
inspection the same as the visit gave, and refuses a file whose digests do not match.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from noko.core.refusal import Place, Refusal
from noko.core.websites.page import Document, Failure, FailureReason, Page
from noko.exchange.site_answers import REDIRECTS, Answer, outcome_of, renewed
from noko.exchange.warc_records import (
    BROKEN,
    EXPECTED,
    IN_ARCHIVE,
    LARGEST_RECORD,
    NOT_MODIFIED,
    REQUESTED,
    Earlier,
    Find,
    Origin,
    answer_of,
    beside,
    header,
    origin_of,
    records,
)

FAILURE_TYPE = "application/vnd.noko.failure+json"
HTML_TYPE = "text/html; charset=utf-8"
LARGEST_ARCHIVE = 2_000_000_000


class Expected(StrEnum):
    """What an address was asked for; a part is what the scripts of a page asked for."""

    PAGE = "page"
    DOCUMENT = "document"
    PART = "part"


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

    def answer(
        self, url: str, answer: Answer, request: Mapping[str, str], *, expected: Expected
    ) -> None:
        """Keeps an answer and the request that it came to."""
        extra = {"WARC-Payload-Digest": f"sha256:{hashlib.sha256(answer.body).hexdigest()}"}
        if answer.cut:
            extra["WARC-Truncated"] = "length"
        self._pair("response", url, answer, request, expected, extra)

    def unchanged(
        self,
        url: str,
        answer: Answer,
        request: Mapping[str, str],
        *,
        expected: Expected,
        origin: Origin,
    ) -> None:
        """Keeps that the server says: nothing has changed since ``origin``."""
        extra = {
            "WARC-Profile": NOT_MODIFIED,
            "WARC-Payload-Digest": f"sha256:{origin.digest}",
            "WARC-Refers-To-Target-URI": origin.url,
            "WARC-Refers-To-Date": _stamp(origin.at),
            IN_ARCHIVE: origin.archive,
        }
        self._pair("revisit", url, answer, request, expected, extra)

    def drawn(self, page: Page) -> None:
        """Keeps a page as its scripts have drawn it; the answer that it came from stands above."""
        extra = {
            "WARC-Date": _stamp(page.fetched_at),
            "WARC-Payload-Digest": f"sha256:{hashlib.sha256(page.content).hexdigest()}",
            REQUESTED: page.address,
        }
        url = page.base or page.address
        record = self._record(url, "conversion", page.content, extra, warc_content_type=HTML_TYPE)
        self._writer.write_record(record)

    def _pair(
        self,
        kind: str,
        url: str,
        answer: Answer,
        request: Mapping[str, str],
        expected: Expected,
        more: dict[str, str],
    ) -> None:
        moment = _stamp(answer.fetched_at)
        lines = [(_kept(name), value) for name, value in answer.headers.items()]
        status = StatusAndHeaders(f"{answer.status} ", lines, protocol="HTTP/1.1")
        told = {"WARC-Date": moment, REQUESTED: answer.address, EXPECTED: expected.value}
        body = answer.body if kind == "response" else b""
        response = self._record(url, kind, body, told | more, http=status)
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


def read_archive(path: Path, find: Find | None = None) -> ReadArchive:
    """The pages, documents and failures of a WARC file, ours or anybody's.

    ``find``: where the earlier archives are that it refers to, by default beside it. Refusal
    ``no_file``, ``too_large``, ``broken_archive``, ``wrong_digest``, ``no_earlier``.
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
    read, earlier = ReadArchive(), Earlier(find or beside(path))
    try:
        with path.open("rb") as file:
            for outcome in _outcomes(file, place, earlier):
                _sort(outcome, read)
    except BROKEN as error:
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


def _outcomes(
    file: IO[bytes], place: Place, earlier: Earlier
) -> Iterator[Page | Document | Failure]:
    """What the records mean, in their order; a page drawn by scripts takes the place of the
    answer before it.
    """
    last: Page | Document | Failure | None = None
    empty = True
    for record, _ in records(file):
        empty = False
        if record.rec_type == "conversion" and isinstance(last, Page):
            last = _drawn(answer_of(record, place), last)
            continue
        outcome = _outcome(record, place, earlier)
        if outcome is not None:
            if last is not None:
                yield last
            last = outcome
    if last is not None:
        yield last
    if empty and file.seek(0, os.SEEK_END):
        raise ValueError("записей нет")


def _outcome(record: Any, place: Place, earlier: Earlier) -> Page | Document | Failure | None:
    if record.rec_type == "metadata" and record.content_type == FAILURE_TYPE:
        return _told_failure(record.content_stream().read(LARGEST_RECORD))
    if record.rec_type not in ("response", "revisit") or record.http_headers is None:
        return None
    expected = header(record, EXPECTED)
    answer = answer_of(record, place)
    passing = answer.status in REDIRECTS or answer.address.endswith("/robots.txt")
    if passing or expected == Expected.PART:
        return None
    if record.rec_type == "revisit":
        answer = _first_kept(record, answer, place, earlier)
    return outcome_of(answer, page=expected == Expected.PAGE)


def _first_kept(record: Any, answer: Answer, place: Place, earlier: Earlier) -> Answer:
    origin = origin_of(record, place.file or "")
    kept = earlier.answer(origin)
    if kept is None:
        raise Refusal(
            f"{answer.base} с прошлого обхода не изменилась, а его архива {origin.archive} нет.",
            kind="no_earlier",
            cure="Положите прежний архив рядом с этим или верните его из резервной копии.",
            place=place,
        )
    return renewed(kept, answer)


def _drawn(answer: Answer, page: Page) -> Page:
    return replace(page, content=answer.body, charset="utf-8", fetched_at=answer.fetched_at)


def _told_failure(content: bytes) -> Failure:
    told = json.loads(content)
    reason = FailureReason(told["reason"])
    return Failure(told["address"], reason, told.get("detail", ""), told.get("status"))
