"""``python -m noko.demo.site_server PORT DAY``: the invented sites on this machine.

The demonstration's monitor sends all names here and visits them as it would visit real ones.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zlib import crc32

SILENCE_SECONDS = 30
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"


@lru_cache(maxsize=400)
def _pages(host: str, day: date) -> dict[str, bytes]:
    from noko.demo.sites import by_host, site_of

    return site_of(by_host()[host], day).pages


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    day = date.today()  # noqa: DTZ011 (set by main)

    def do_GET(self) -> None:
        from noko.demo.sites import NOT_FOUND, Manner, by_host, manner_of

        item = by_host().get(self.headers.get("Host", ""))
        if item is None:
            self._answer(404, NOT_FOUND)
            return
        manner, path = manner_of(item), self.path.partition("?")[0].rstrip("/") or "/"
        if manner is Manner.SILENT:
            time.sleep(SILENCE_SECONDS)
        elif path == "/robots.txt":
            forbids = manner is Manner.FORBIDS
            self._answer(200, b"User-agent: *\nDisallow: /\n" if forbids else b"", "text/plain")
        elif manner is Manner.NOT_FOUND:
            self._answer(200, NOT_FOUND)
        elif path.endswith(".pdf"):
            self._answer(200, PDF, "application/pdf")
        else:
            body = _pages(self.headers.get("Host", ""), self.day).get(path)
            self._answer(404, NOT_FOUND) if body is None else self._answer(200, body)

    def _answer(self, status: int, body: bytes, kind: str = "text/html") -> None:
        """The page, or 304 to a visitor that has it already."""
        mark = f'"{crc32(body):08x}"'
        if status == 200 and self.headers.get("If-None-Match") == mark:
            status, body = 304, b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", mark)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        """Nothing: the site's log belongs to the site."""


def main() -> None:
    from noko.commands import site

    site.setup()
    Handler.day = date.fromisoformat(sys.argv[2])
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Handler).serve_forever()


if __name__ == "__main__":
    main()
