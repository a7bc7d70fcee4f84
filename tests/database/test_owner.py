"""Who runs the embedded server, and where its folder stands when root asks for it."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from noko.database import Cluster, owner
from noko.database.cluster import _binaries
from tests.settings import TEST_HOME

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root changes the user")


@pytest.fixture
def closed() -> Iterator[Path]:
    """A folder that only its owner may enter, as a home folder is."""
    folder = TEST_HOME / "closed"
    folder.mkdir(mode=0o700)
    yield folder
    folder.rmdir()


@pytest.fixture
def system_folder(monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = TEST_HOME / "system"
    monkeypatch.setattr(owner, "SYSTEM_FOLDER", folder)
    return folder


def test_owner_of_an_open_folder_keeps_the_cluster_there():
    home = owner.place(TEST_HOME / "postgres", _binaries())
    assert home.folder == TEST_HOME / "postgres"


@as_root
def test_owner_is_not_root():
    home = owner.place(TEST_HOME / "postgres", _binaries())
    assert home.user is not None
    assert home.user.pw_uid != 0
    assert home.identity()["user"] == home.user.pw_uid


@as_root
def test_owner_of_a_closed_folder_gets_an_open_place_with_its_own_binaries(
    closed: Path, system_folder: Path
):
    cluster = Cluster(closed / "postgres", throwaway=True)
    address = cluster.ensure()
    try:
        with psycopg.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            dbname="postgres",
        ) as connection:
            assert connection.execute("show server_version_num").fetchone()[0] >= "180000"
        assert cluster.log().is_relative_to(system_folder)
        assert list(closed.iterdir()) == []
    finally:
        cluster.leave()
        assert cluster.discard()
