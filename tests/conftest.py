"""What every test has: a throw-away PostgreSQL, no other machines, a site and a browser on call."""

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from noko.database import Cluster
from tests.settings import TEST_HOME

# Shared machines are slow at times; how long an example takes is not what the tests are about.
hypothesis.settings.register_profile("noko", deadline=None)
hypothesis.settings.load_profile("noko")

LOOPBACK = ("127.0.0.1", "::1", "localhost", "")
DATABASE_FIXTURES = {"db", "transactional_db", "live_server", "django_db_setup"}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Marks the tests that need the database before ``-m database`` chooses among them.

    Tests in a browser come last: once it has begun it keeps an event loop in this thread, and what
    runs a loop of its own could not do so any more.
    """
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if item.get_closest_marker("django_db") or fixtures & DATABASE_FIXTURES:
            item.add_marker(pytest.mark.database)
    yield
    items.sort(key=_in_a_browser)


def _in_a_browser(item: pytest.Item) -> bool:
    """Journeys choose their page while they run, too, so that no fixture tells of it before."""
    return "journeys" in item.path.parts or "browser" in getattr(item, "fixturenames", ())


def pytest_configure() -> None:
    """Sweeps what killed runs have left: folders of tests whose cluster nobody uses."""
    for folder in Path(tempfile.gettempdir()).glob("noko-tests-*"):
        left = folder != TEST_HOME and (folder / "postgres").exists()
        if left and Cluster(folder / "postgres").discard():
            shutil.rmtree(folder, ignore_errors=True)


def pytest_unconfigure() -> None:
    """Stops and deletes the cluster of this run."""
    cluster = Cluster(TEST_HOME / "postgres", throwaway=True)
    cluster.leave()
    cluster.discard()
    shutil.rmtree(TEST_HOME, ignore_errors=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Tests with real commits empty all tables afterwards: the journal lets this database do so."""
    from django.db import connection

    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for table in ("noko_journalentry", "noko_journalseal"):
            cursor.execute(f"alter table {table} disable trigger noko_journal_whole")
            cursor.execute(f"grant truncate on {table} to current_user")


@pytest.fixture(autouse=True)
def _this_machine_only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses every connection that would leave this machine."""
    if request.node.get_closest_marker("network"):
        return
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and address[0] not in LOOPBACK:
            raise RuntimeError(f"A test tried to reach another machine: {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def chromium() -> str | None:
    """The path of the browser: ``NOKO_CHROMIUM`` or the first that the system has."""
    named = os.environ.get("NOKO_CHROMIUM")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real Chromium, started once; its pages reach this machine only."""
    from playwright.sync_api import sync_playwright

    path = chromium()
    if path is None:
        pytest.fail("No Chromium: apt install chromium, or name one in NOKO_CHROMIUM")
    flags = [*BROWSER_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    # Playwright keeps an event loop in this thread; Django must not take it for its own.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=flags)
        yield running
        running.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A fresh desktop page in Russian; an error of a script on it fails the test."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 900})
    yield from _watched(context)


@pytest.fixture
def phone(browser: Any) -> Iterator[Any]:
    """A fresh page of a small phone."""
    context = browser.new_context(
        locale="ru-RU", viewport={"width": 360, "height": 740}, is_mobile=True, has_touch=True
    )
    yield from _watched(context)


@pytest.fixture
def plain_page(browser: Any) -> Iterator[Any]:
    """A fresh page with JavaScript off."""
    yield from _watched(browser.new_context(locale="ru-RU", java_script_enabled=False))


def _watched(context: Any) -> Iterator[Any]:
    context.set_default_timeout(10_000)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []
