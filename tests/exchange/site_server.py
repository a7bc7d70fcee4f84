"""Real HTTP servers on this machine for the tests of visits: one process, many host names."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from noko.exchange.network import Way

Reply = Callable[["Handler"], None]


@dataclass(slots=True)
class Asked:
    host: str
    path: str
    agent: str
    at: float


@dataclass(slots=True)
class Served:
    """``pages``: path → body or a function that answers by itself; ``asked`` is what came."""

    pages: Mapping[str, bytes | str | Reply]
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    @property
    def way(self) -> Way:
        return Way(all_to=("127.0.0.1", self.port))

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.asked]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    served: Served

    def do_GET(self) -> None:
        host = self.headers.get("Host", "")
        agent = self.headers.get("User-Agent", "")
        self.served.asked.append(Asked(host, self.path, agent, time.monotonic()))
        reply = self.served.pages.get(f"{host}{self.path}", self.served.pages.get(self.path))
        if reply is None:
            reply = self.served.pages.get("*")
        if reply is None:
            self.answer(404, b"<h1>404</h1>")
        elif callable(reply):
            reply(self)
        else:
            self.answer(200, reply.encode() if isinstance(reply, str) else reply)

    def answer(
        self, status: int, body: bytes = b"", kind: str = "text/html", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def endless(self, part: bytes, **headers: str) -> None:
        """Writes until the other side has enough."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        try:
            for _ in range(2 * 2**30 // len(part)):
                self.wfile.write(part)
        except OSError:
            return

    def log_message(self, *args: Any) -> None:
        """Says nothing."""


class Quiet(ThreadingHTTPServer):
    """What clients break off is no error of the test."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        return


def redirect(target: str, status: int = 301) -> Reply:
    return lambda handler: handler.answer(status, b"", Location=target)


@contextmanager
def serve(
    pages: Mapping[str, bytes | str | Reply], context: ssl.SSLContext | None = None
) -> Iterator[Served]:
    """A server of the pages while the block runs, over TLS with a ``context``."""
    served = Served(pages)
    handler = type("Bound", (Handler,), {"served": served})
    server = Quiet(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    served.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
