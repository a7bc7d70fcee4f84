"""``python -m noko.exchange.document_child``: measures documents that come in, one after another.

Started by :mod:`noko.exchange.document_reader` with an empty environment. A document comes as the
lengths of its address and content, then both; the answer is one line of JSON. The process bounds
itself before it reads anything: memory, processor seconds for each document, no file written.
"""

from __future__ import annotations

import json
import resource
import struct
import sys
from dataclasses import asdict
from typing import IO

from noko.exchange.document_text import measure

HEAD = struct.Struct(">II")
MEMORY = 600_000_000
PROCESSOR_SECONDS = 20


def main() -> None:
    bound()
    source, target = sys.stdin.buffer, sys.stdout.buffer
    while (given := take(source)) is not None:
        spare_processor()
        target.write(answer(*given) + b"\n")
        target.flush()


def take(source: IO[bytes]) -> tuple[str, bytes] | None:
    """The next document, or None when there are no more."""
    head = source.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    address, content = HEAD.unpack(head)
    return source.read(address).decode(), source.read(content)


def answer(address: str, content: bytes) -> bytes:
    try:
        return json.dumps(asdict(measure(address, content))).encode()
    except (MemoryError, RecursionError):
        return b"null"


def bound() -> None:
    """Limits that this process cannot lift again."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def spare_processor() -> None:
    """Seconds for one more document: past them the system ends the process by itself, so that a
    reader whose owner was killed does not go on for ever.
    """
    spent = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(spent.ru_utime + spent.ru_stime) + PROCESSOR_SECONDS
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, most))


if __name__ == "__main__":
    main()
