"""The site in production, as an administrator starts it: refusal, first account, page, stop."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from noko.database import Cluster
from tests.settings import TEST_HOME

KEY = "k" * 50
PATIENCE_SECONDS = 60
pytestmark = pytest.mark.database


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """A fresh installation of its own."""
    home = TEST_HOME / f"home-{request.node.name}"
    outside = {name: text for name, text in os.environ.items() if not name.startswith("NOKO_")}
    outside.pop("DATABASE_URL", None)
    outside.pop("DJANGO_SETTINGS_MODULE", None)
    yield outside | {"NOKO_HOME": str(home)}
    assert Cluster(home / "postgres").discard()


def noko(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "noko.commands", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answer(port: int) -> int:
    """The status of the sign-in page as the proxy asks for it; waits until the site is up."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/account/login/",
        headers={"Host": "noko.example.ru", "X-Forwarded-Proto": "https"},
    )
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5) as page:
                return int(page.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def test_serve_refuses_until_everything_is_set(environment: dict[str, str]):
    done = noko(environment, "serve")
    assert done.returncode == 2
    for word in ("NOKO_SECRET_KEY", "NOKO_HOST", "noko administrator create"):
        assert word in done.stderr


def test_serve_answers_and_stops_cleanly(environment: dict[str, str]):
    environment |= {"NOKO_SECRET_KEY": KEY, "NOKO_HOST": "noko.example.ru"}
    name = "Иванова Анна Петровна"
    made = noko(environment, "administrator", "create", "--email", "a@b.ru", "--name", name)
    assert (made.returncode, made.stderr) == (0, "")
    port = free_port()
    command = [sys.executable, "-m", "noko.commands", "serve", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as site:
        try:
            assert answer(port) == 200
        finally:
            site.send_signal(signal.SIGTERM)
        _, messages = site.communicate(timeout=PATIENCE_SECONDS)
    assert site.returncode == 0
    assert f"http://127.0.0.1:{port}" in messages
    assert "Traceback" not in messages
    assert Cluster(Path(environment["NOKO_HOME"]) / "postgres").running() is None


def test_work_once_ends_when_nothing_is_left(environment: dict[str, str]):
    done = noko(environment, "work", "--once")
    assert (done.returncode, done.stdout) == (0, "")


def test_database_start_status_stop(environment: dict[str, str]):
    codes = [
        noko(environment, "database", deed).returncode
        for deed in ("status", "start", "status", "prepare", "status", "stop", "status")
    ]
    assert codes == [1, 0, 0, 0, 0, 0, 1]
