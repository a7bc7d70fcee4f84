"""What commands share that need the site: Django set up, the database ready, processes together."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType
from typing import Never

THREADS = 4
PATIENCE_SECONDS = 20
# Shorter than ours: granian must have ended its own workers before we would end granian.
GRANIAN_PATIENCE_SECONDS = 8
PR_SET_PDEATHSIG = 1  # linux/prctl.h


def setup() -> None:
    """Loads Django with the settings of the project."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "noko.settings")
    import django

    django.setup()


def prepare() -> None:
    """Django, the database with its tables, and the static files: all that a start needs."""
    setup()
    from django.conf import settings
    from django.core.management import call_command

    from noko.database.preparing import prepare as prepare_database

    prepare_database()
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    settings.PUBLISHED.mkdir(parents=True, exist_ok=True)
    call_command("collectstatic", verbosity=0, interactive=False)


def start_site(
    host: str, port: int, *, workers: int = 2, threads: int = THREADS
) -> subprocess.Popen[bytes]:
    """The site in a process of its own (granian); :func:`prepare` comes first."""
    command = [sys.executable, "-m", "granian", "noko.wsgi:application"]
    command += ["--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", str(threads), "--no-ws"]
    command += ["--respawn-failed-workers", "--log-level", "warning"]
    command += ["--workers-kill-timeout", str(GRANIAN_PATIENCE_SECONDS)]
    return _child(command)


def start_worker() -> subprocess.Popen[bytes]:
    """The worker of background jobs in a process of its own."""
    return _child([sys.executable, "-m", "noko.commands", "work"])


def start_demo_sites(port: int, day: str) -> subprocess.Popen[bytes]:
    """The invented organisations' sites, for the demonstration's monitor to visit."""
    return _child([sys.executable, "-m", "noko.demo.site_server", str(port), day])


def _child(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A process that ends with us, on Linux even when we are killed: it must not keep the port."""
    if sys.platform != "linux":
        return subprocess.Popen(command)
    prctl = ctypes.CDLL(None).prctl
    return subprocess.Popen(
        command,
        preexec_fn=lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM),
    )


def supervise(processes: Sequence[subprocess.Popen[bytes]]) -> int:
    """Waits until a process ends or somebody asks to stop; then stops all. The exit code: 0 when
    asked, else that of the process that ended by itself."""
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        while True:
            for process in processes:
                if process.poll() is not None:
                    return process.returncode or 1
            time.sleep(0.2)
    except KeyboardInterrupt:
        return 0
    finally:
        stop(processes)
        signal.signal(signal.SIGTERM, before)


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Asks every process to end, waits, and kills what does not."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _interrupt(signum: int, frame: FrameType | None) -> Never:
    raise KeyboardInterrupt
