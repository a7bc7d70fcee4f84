"""A generator of load that costs little: requests made beforehand, one ``epoll``, no library.

Each connection is kept open and asks again as soon as it has its answer, so the rate is what the
server gives and the times are those of a server that is always busy.
"""

from __future__ import annotations

import select
import socket
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

CONNECTIONS = 16
CHUNK = 1 << 16
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured: seconds of each answer, answers by status, the whole time."""

    seconds: float
    times: list[float]
    statuses: Mapping[int, int]

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    def percentile(self, percent: float) -> float:
        """Milliseconds within which ``percent`` of the answers have come."""
        ordered = sorted(self.times)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


class _Connection:
    """One connection: what it waits for and since when."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.since = 0.0
        self.got = b""

    def ask(self, request: bytes) -> None:
        self.got = b""
        self.since = time.perf_counter()
        self.socket.sendall(request)

    def status(self) -> int:
        """The status when the whole answer is here, else 0."""
        self.got += self.socket.recv(CHUNK)
        head, found, body = self.got.partition(b"\r\n\r\n")
        if not found:
            assert self.got, "the server has closed the connection"
            return 0
        mark = head.lower().find(b"content-length:")
        length = int(head[mark + 15 :].split(b"\r\n", 1)[0]) if mark > 0 else 0
        return int(head[9:12]) if len(body) >= length else 0


def drive(
    port: int, requests: Iterator[bytes], seconds: float, *, connections: int = CONNECTIONS
) -> Load:
    """Asks for ``seconds``, or as long as there are requests; every answer is waited for."""
    open_ = {one.socket.fileno(): one for one in (_Connection(port) for _ in range(connections))}
    poll = select.epoll()
    times: list[float] = []
    statuses: Counter[int] = Counter()
    begun = time.perf_counter()
    asking = _ask_all(open_, poll, requests)
    while asking:
        ready = poll.poll(PATIENCE)
        assert ready, "the server does not answer"
        for number, _ in ready:
            one = open_[number]
            if not (status := one.status()):
                continue
            now = time.perf_counter()
            times.append(now - one.since)
            statuses[status] += 1
            following = next(requests, None) if now - begun < seconds else None
            if following is None:
                poll.unregister(number)
                asking -= 1
            else:
                one.ask(following)
    passed = time.perf_counter() - begun
    for one in open_.values():
        one.socket.close()
    poll.close()
    return Load(passed, times, statuses)


def _ask_all(
    open_: Mapping[int, _Connection], poll: select.epoll, requests: Iterator[bytes]
) -> int:
    for number, one in open_.items():
        poll.register(number, select.EPOLLIN)
        one.ask(next(requests))
    return len(open_)


def request(
    path: str, body: bytes | None = None, *, host: str = "localhost", address: str = "127.0.0.1"
) -> bytes:
    """A request as the proxy in front of the site passes it on: a GET, or a POST of JSON."""
    head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {host}\r\n"
    head += f"X-Forwarded-Proto: https\r\nX-Forwarded-For: {address}\r\n"
    if body is not None:
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + (body or b"")
