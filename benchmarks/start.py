"""``make run`` to the first page, with the packages installed: a first start and a second one.

The first creates the database and loads the whole demonstration; the second finds both.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.pages import free_port

REPOSITORY = Path(__file__).parent.parent
LIMIT = 20
PATIENCE = 300


def run() -> list[list[str]]:
    """Rows of the table: what, seconds, the limit."""
    home = Path(tempfile.mkdtemp(prefix="noko-bench-"))
    home.chmod(0o711)  # the database may run as another user
    try:
        first, second = _start(home), _start(home)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    limit = f"{LIMIT}"
    return [
        ["make run to the first page: the demonstration is created", f"{first:.1f}", limit],
        ["make run to the first page: the demonstration is there", f"{second:.1f}", limit],
    ]


def _start(home: Path) -> float:
    """Seconds from the command to the first page; the programs are ended again."""
    port = free_port()
    begun = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=REPOSITORY,
        env=os.environ | {"NOKO_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        while not _answers(port):
            assert process.poll() is None, "the demonstration has ended by itself"
            assert time.perf_counter() - begun < PATIENCE, "the demonstration does not answer"
            time.sleep(0.02)
        return time.perf_counter() - begun
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait()


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    print(run())
