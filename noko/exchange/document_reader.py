"""Documents of strangers measured in processes that may be killed.

A PDF or an office file can be made to take any time and memory. Each is handed to one of a few
children that are used again for the next one; a child that is late, dies or has served long enough
is replaced, and its document has an unknown text.
"""

from __future__ import annotations

import atexit
import json
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from noko.core.websites.page import Document
from noko.exchange.document_child import HEAD
from noko.exchange.document_text import ZIPPED, kind_of

CHILDREN = 2
"""Documents measured at once: a few slow ones must not stop the others."""
SECONDS = 20.0
SERVES = 500
"""Documents after which a child is replaced, so that what its libraries keep does not pile up."""

threads = ThreadPoolExecutor(CHILDREN, thread_name_prefix="documents")
"""Where a loop that must not wait calls :func:`read_document`."""


def read_document(address: str, content: bytes) -> Document:
    """The document with the length of its text, None where its kind is not read, it is broken, or
    reading it takes too much time or memory.
    """
    kind = kind_of(address, content)
    if kind != "pdf" and kind not in ZIPPED:
        return Document(address, kind, len(content))
    return _readers.read(address, content) or Document(address, kind, len(content))


@dataclass(slots=True)
class Child:
    """One process, one document at a time."""

    served: int = 0
    _process: subprocess.Popen[bytes] = field(init=False)

    def __post_init__(self) -> None:
        # Neither the environment nor an open file of ours gets into it.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "noko.exchange.document_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": ":".join(filter(None, sys.path))},
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ask(self, address: str, content: bytes, seconds: float) -> Document | None:
        """What the child says of the document; None when it gave up or was killed at its time."""
        self.served += 1
        killer = threading.Timer(seconds, self._process.kill)
        killer.start()
        try:
            return self._asked(address.encode(), content)
        except OSError:
            return None
        finally:
            killer.cancel()

    def _asked(self, address: bytes, content: bytes) -> Document | None:
        source, target = self._process.stdin, self._process.stdout
        if source is None or target is None:
            return None
        source.write(HEAD.pack(len(address), len(content)) + address)
        source.write(content)
        source.flush()
        told = target.readline()
        if not told.endswith(b"\n"):
            self.end()
            return None
        values = json.loads(told)
        return Document(**values) if values else None

    @property
    def fit(self) -> bool:
        """Whether the next document may go to it."""
        return self._process.poll() is None and self.served < SERVES

    def end(self) -> None:
        """Ends the process now; may be called again."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # What was not written to a dead child stays unwritten.
                    continue


@dataclass(slots=True)
class Readers:
    """A few children shared by all threads; they start when they are first needed."""

    seconds: float = SECONDS
    _free: list[Child] = field(default_factory=list)
    _turn: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(CHILDREN))

    def read(self, address: str, content: bytes) -> Document | None:
        """The measured document, or None; waits for its turn."""
        with self._turn:
            child = self._take()
            read = child.ask(address, content, self.seconds)
            if child.fit:
                self._free.append(child)
            else:
                child.end()
            return read

    def _take(self) -> Child:
        try:
            child = self._free.pop()
        except IndexError:
            return Child()
        if child.fit:
            return child
        child.end()
        return Child()

    def close(self) -> None:
        """Ends the children that wait."""
        while self._free:
            self._free.pop().end()


_readers = Readers()
atexit.register(_readers.close)
