"""The short form of ``make soak``: real processes, each killed once while answers come in."""

import json
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]


def test_soak_loses_nothing_doubles_nothing_and_logs_nothing():
    command = [sys.executable, "-m", "tests.soak"]
    command += ["--answers", "1200", "--kills", "5", "--organisations", "12"]
    done = subprocess.run(
        command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["kills"] == {
        "worker of the site": 1,
        "database": 1,
        "site": 1,
        "connection of the database": 1,
        "database, shut down at once": 1,
    }
    assert (report["answers"], report["lost"], report["doubled"]) == (1200, 0, 0)
    assert report["leaked"] == []
