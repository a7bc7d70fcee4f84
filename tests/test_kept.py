"""Files kept by their digest."""

import hashlib
from threading import Thread

import pytest

from noko import kept


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.FILES = tmp_path
    return tmp_path / "kept"


def test_kept_file_is_found_by_its_digest():
    digest = kept.keep(b"abc")
    assert digest == hashlib.sha256(b"abc").hexdigest()
    assert kept.content_of(digest) == b"abc"


def test_kept_content_is_there_once(folder):
    assert kept.keep(b"abc") == kept.keep(b"abc")
    kept.keep(b"another")
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 2


def test_kept_by_several_at_once_is_whole(folder):
    content = b"x" * 2_000_000
    threads = [Thread(target=kept.keep, args=[content]) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.read_bytes() == content for path in files] == [True]


def test_kept_file_that_the_disk_has_lost_is_an_error():
    with pytest.raises(FileNotFoundError):
        kept.content_of("a" * 64)
