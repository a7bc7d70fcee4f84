"""A rating page of 1,000 rows and an organisation's page: rendered by Django against served as
files, over HTTP, by the same granian with one worker.

The rendered page is asked for with a query (``?rendered``), which the published files pass on.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import time

from tests.served import make_administrator, make_home

ORGANISATIONS = 1000
SECONDS = 3.0
AT_LEAST = 20
CHUNK = 1 << 16


def run() -> list[list[str]]:
    """Rows of the table: page, answers a second rendered and as a file, ratio; in a process of
    its own, because its Django has settings of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.pages"], stdout=subprocess.PIPE, text=True, check=True
    )
    rows: list[list[str]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def main() -> list[list[str]]:
    home = make_home("noko-bench-")
    from noko.commands import site
    from noko.database import Cluster

    site.prepare()
    make_administrator()
    addresses = _fill()
    port = free_port()
    server = site.start_site("127.0.0.1", port, workers=1)
    try:
        wait_for(port, server)
        return [_compared(title, address, port) for title, address in addresses.items()]
    finally:
        site.stop([server])
        cluster = Cluster(home / "postgres")
        cluster.leave()
        cluster.discard()
        shutil.rmtree(home, ignore_errors=True)


def _fill() -> dict[str, str]:
    """A release of a thousand organisations and its pages; what is asked for."""
    from noko.exchange.pages import publish_pages
    from noko.models import OrganisationScore
    from tests.factories import released_cycle

    release = released_cycle(ORGANISATIONS)
    start = time.perf_counter()
    pages = publish_pages()
    spent = time.perf_counter() - start
    print(f"{pages.rendered} pages rendered once in {spent:.1f} s", file=sys.stderr)
    score = OrganisationScore.objects.filter(calculation=release.calculation)[0]
    return {
        f"rating, {ORGANISATIONS} rows": "/rating/2026/",
        "organisation": f"/organisations/{score.organisation_id}/2026/",
    }


def _compared(title: str, address: str, port: int) -> list[str]:
    rendered = _rate(port, f"{address}?rendered")
    served = _rate(port, address)
    return [title, f"{rendered:.1f}", f"{served:.0f}", f"{served / rendered:.0f}", str(AT_LEAST)]


def _rate(port: int, target: str) -> float:
    """Answers a second over one connection that is kept open."""
    request = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    with socket.create_connection(("127.0.0.1", port)) as connection:
        _ask(connection, request)
        done, start = 0, time.perf_counter()
        while (passed := time.perf_counter() - start) < SECONDS:
            _ask(connection, request)
            done += 1
    return done / passed


def _ask(connection: socket.socket, request: bytes) -> None:
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += connection.recv(CHUNK)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    lengths = [x for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:")]
    length = int(lengths[0].split(b":")[1])
    left = length - len(body)
    while left > 0:
        left -= len(connection.recv(CHUNK))


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        assert server.poll() is None, "the site has ended by itself"
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the site does not answer")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    print(json.dumps(main()))
