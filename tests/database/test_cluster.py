"""The embedded PostgreSQL: starting, sharing, surviving, stopping."""

import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from noko.database import Cluster
from noko.database.cluster import Address, _alive
from tests.settings import TEST_HOME


@pytest.fixture
def cluster(request: pytest.FixtureRequest) -> Iterator[Cluster]:
    cluster = Cluster(TEST_HOME / f"cluster-{request.node.name}", throwaway=True)
    yield cluster
    cluster.leave()
    assert cluster.discard()


def ask(address: Address, query: str, **other: object) -> object:
    with psycopg.connect(**parameters(address) | other) as connection:
        return connection.execute(query).fetchone()[0]


def parameters(address: Address) -> dict[str, object]:
    return {
        "host": address.host,
        "port": address.port,
        "user": address.user,
        "password": address.password,
        "dbname": "postgres",
    }


def server_pid(cluster: Cluster) -> int:
    return int((cluster.folder / "data" / "postmaster.pid").read_text().split()[0])


def test_cluster_knows_cyrillic_letters(cluster: Cluster):
    address = cluster.ensure()
    assert ask(address, "select upper('ёлка, школа №5')") == "ЁЛКА, ШКОЛА №5"
    assert ask(address, "select 'Средняя школа' ilike '%СРЕДНЯЯ%'") is True


def test_cluster_lets_nobody_in_without_the_password(cluster: Cluster):
    address = cluster.ensure()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(address, "select 1", password="guess")
    assert stat.S_IMODE(cluster.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((cluster.folder / "password").stat().st_mode) == 0o600


def test_cluster_listens_on_this_machine_only(cluster: Cluster):
    assert ask(cluster.ensure(), "show listen_addresses") == "127.0.0.1"


def test_cluster_stops_with_its_last_user(cluster: Cluster):
    cluster.ensure()
    cluster.leave()
    assert cluster.running() is None


def test_cluster_keeps_its_port_and_password(cluster: Cluster):
    first = cluster.ensure()
    cluster.leave()
    assert cluster.ensure() == first


def test_cluster_is_shared_with_another_process(cluster: Cluster):
    other = other_user(cluster.folder)
    cluster.ensure()
    pid = server_pid(cluster)
    cluster.leave()
    assert server_pid(cluster) == pid
    other.communicate("leave\n")
    assert cluster.running() is None


def test_cluster_forgets_a_user_that_was_killed(cluster: Cluster):
    other = other_user(cluster.folder)
    other.kill()
    other.communicate()
    cluster.ensure()
    cluster.leave()
    assert cluster.running() is None


def test_cluster_survives_the_death_of_its_server(cluster: Cluster):
    cluster = Cluster(cluster.folder)  # one that writes to the disk for good
    address = cluster.ensure()
    with psycopg.connect(**parameters(address)) as connection:
        connection.execute("create table kept (n int)")
        connection.execute("insert into kept values (7)")
    pid = server_pid(cluster)
    os.kill(pid, signal.SIGKILL)
    while _alive(pid):
        time.sleep(0.01)
    assert ask(cluster.ensure(), "select n from kept") == 7


def test_cluster_that_is_kept_outlives_its_users(cluster: Cluster):
    cluster.keep()
    cluster.leave()
    assert cluster.running() is not None
    assert cluster.stop() is True
    assert cluster.stop() is False


def test_cluster_begins_again_after_an_interrupted_first_start(cluster: Cluster):
    (cluster.folder / "data" / "base").mkdir(parents=True)
    assert ask(cluster.ensure(), "select 1") == 1


def other_user(folder: Path) -> subprocess.Popen[str]:
    """Another process that uses the cluster until it reads a line."""
    program = (
        "import sys; from pathlib import Path; from noko.database import Cluster; "
        "Cluster(Path(sys.argv[1]), throwaway=True).ensure(); "
        "print('ready', flush=True); sys.stdin.readline()"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process
