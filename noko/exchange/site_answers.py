"""What an answer of a site means: a page, a document, or a failure with its reason.

The same for an answer that has just come and for one kept in an archive, so that findings can be
made again under other rules without a new visit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from noko.core.websites.page import Document, Failure, FailureReason, Page
from noko.exchange.document_reader import read_document

HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xhtml")
LOOKS_LIKE_HTML = re.compile(rb"<\s*(?:!doctype|html|head|body|div|p|h[1-6]|table|meta)\b", re.I)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w\-]+)", re.IGNORECASE)
NOT_MODIFIED = 304
REDIRECTS = (301, 302, 303, 307, 308)
BLOCKING = (401, 402, 403, 405, 406, 407, 418, 429, 451)
GONE = (404, 410)
BLOCK_WORDS = re.compile(
    rb"ddos-guard|cloudflare|attention required|captcha|access denied|qrator|are you a robot",
    re.IGNORECASE,
)
SMALL = 20_000

Outcome = Page | Document | Failure


@dataclass(frozen=True, slots=True)
class Answer:
    """A final answer: redirects have led from ``address`` to ``base``; names of headers small."""

    address: str
    base: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime | None = None
    cut: bool = False


def renewed(kept: Answer, fresh: Answer) -> Answer:
    """The kept answer, of which a fresh 304 says that nothing has changed since."""
    body = ("content-length", "content-type", "content-encoding", "transfer-encoding")
    news = {name: value for name, value in fresh.headers.items() if name not in body}
    return Answer(
        fresh.address,
        fresh.base,
        kept.status,
        {**kept.headers, **news},
        kept.body,
        fresh.fetched_at,
        kept.cut,
    )


def outcome_of(answer: Answer, *, page: bool) -> Outcome:
    """What the answer is. ``page``: a page was expected."""
    failure = _failed(answer)
    if failure is not None:
        return failure
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    html = kind in HTML_TYPES or (not kind and LOOKS_LIKE_HTML.search(answer.body[:4096]))
    if html:
        return _page(answer)
    if page:
        detail = kind or "вид не назван"
        return Failure(answer.address, FailureReason.NOT_A_PAGE, detail, answer.status)
    if answer.cut:
        size = int(answer.headers.get("content-length", "0") or 0)
        ending = answer.address.rpartition(".")[2].lower()[:10]
        return Document(answer.address, ending, max(size, len(answer.body)))
    return read_document(answer.address, answer.body)


def _failed(answer: Answer) -> Failure | None:
    status, body = answer.status, answer.body
    if status in GONE:
        return Failure(answer.address, FailureReason.MISSING, f"код {status}", status)
    if status in BLOCKING:
        return Failure(answer.address, FailureReason.BLOCKED, f"код {status}", status)
    if status >= 500 and len(body) < SMALL and BLOCK_WORDS.search(body):
        return Failure(answer.address, FailureReason.BLOCKED, f"код {status}", status)
    if status >= 500 or status == NOT_MODIFIED:
        return Failure(answer.address, FailureReason.SERVER_ERROR, f"код {status}", status)
    if status != 200:
        return Failure(answer.address, FailureReason.MISSING, f"код {status}", status)
    return None


def _page(answer: Answer) -> Page:
    found = CHARSET.search(answer.headers.get("content-type", ""))
    return Page(
        answer.address,
        answer.body,
        found[1] if found else "",
        answer.base,
        answer.fetched_at,
        _moment(answer.headers.get("last-modified", "")),
    )


def _moment(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written) if written else None
    except (ValueError, TypeError):
        return None
