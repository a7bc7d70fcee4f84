"""The demonstration as people start it: processes, a killed start, a clean end."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from noko.database import Cluster

START_SECONDS = 90


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A fresh home whose database server is gone afterwards."""
    yield tmp_path
    cluster = Cluster(tmp_path / "postgres")
    cluster.stop()
    cluster.discard()


Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def demo(home: Path) -> Iterator[Start]:
    """Starts ``noko demo`` in ``home``; what still runs at the end is stopped."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "NOKO_HOME": str(home)}
        environment.pop("DJANGO_SETTINGS_MODULE", None)
        environment.pop("DATABASE_URL", None)
        process = subprocess.Popen(
            [sys.executable, "-u", "-m", "noko.commands", "demo", *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


def get(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def wait_for_words(process: subprocess.Popen[str], words: str) -> str:
    """What the demonstration has printed up to the line with ``words``."""
    assert process.stdout is not None
    printed = ""
    for line in process.stdout:
        printed += line
        if words in line:
            return printed
    pytest.fail(f"ended with {process.wait()}: {printed}")


def wait_until(true: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def test_demo_survives_a_kill_in_its_first_load_and_then_works(demo: Start, home: Path) -> None:
    port = free_port()
    killed = demo("--port", str(port))
    assert killed.stderr is not None
    assert "Создаём демонстрацию" in killed.stderr.readline()
    assert wait_until((home / "demo" / "files" / "datasets").exists, START_SECONDS)
    killed.send_signal(signal.SIGKILL)
    assert killed.wait() == -signal.SIGKILL

    running = demo("--port", str(port))
    welcome = wait_for_words(running, "Остановить: Ctrl+C")
    assert f"http://127.0.0.1:{port}/office/" in welcome
    assert "sekretar@demo.example" in welcome
    assert running.stderr is not None
    assert "не закончилась" in running.stderr.readline()

    status, page = get(port, "/")
    assert status == 200
    assert "вымышлен" in page
    assert get(port, "/rating/2026/")[0] == 200

    # The pages become files only by the hand of the worker.
    current = home / "demo" / "files" / "published" / "current"
    assert wait_until(current.exists, START_SECONDS)

    running.send_signal(signal.SIGTERM)
    assert running.wait(timeout=60) == 0
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(("127.0.0.1", port))


def test_demo_refuses_a_busy_port_and_names_another(demo: Start, home: Path) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        refused = demo("--port", str(port))
        _, errors = refused.communicate(timeout=30)
    assert refused.returncode == 2
    assert f"Порт {port} на 127.0.0.1 занят" in errors
    assert f"--port {port + 1}" in errors
    assert not (home / "demo").exists()


def test_demo_refuses_to_run_twice_in_one_home(demo: Start, home: Path) -> None:
    import fcntl

    (home / "demo").mkdir()
    with (home / "demo" / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused = demo("--port", str(free_port()))
        _, errors = refused.communicate(timeout=30)
    assert refused.returncode == 2
    assert "Демонстрация уже запущена" in errors
