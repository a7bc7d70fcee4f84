"""Public pages as files: the same bytes as the site gives, swapped at one stroke."""

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from noko.exchange.pages import publish_pages
from noko.models import Organisation
from noko.published import PublishedFiles
from tests.factories import make_cycle, make_organisations, make_release

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(settings, tmp_path) -> Path:
    settings.PUBLISHED = tmp_path / "published"
    return settings.PUBLISHED


def page(folder: Path, address: str) -> Path:
    return folder / address.strip("/") / "index.html"


def test_pages_are_what_the_site_answers(client, published):
    organisations = make_organisations(4)
    make_release(make_cycle(), organisations)
    result = publish_pages()
    entries = json.loads((result.folder / "pages.json").read_text())
    assert result.pages == len(entries)
    assert f"/organisations/{organisations[0].pk}/2026/" in entries
    for address, entry in entries.items():
        content = page(result.folder, address).read_bytes()
        assert content == client.get(address).content
        assert hashlib.sha256(content).hexdigest() == entry["sha256"]
        packed = page(result.folder, address).with_name("index.html.gz").read_bytes()
        assert gzip.decompress(packed) == content


def test_pages_hold_nothing_of_a_visitor(published):
    make_release(make_cycle(), make_organisations(1))
    folder = publish_pages().folder
    for path in folder.rglob("*.html"):
        assert "csrf" not in path.read_text().lower()


def test_pages_are_rendered_again_only_where_a_release_touches_them(published):
    organisations = make_organisations(6)
    make_release(make_cycle(2024), organisations[:3], seed=1)
    first = publish_pages()
    assert publish_pages().rendered == 0
    make_release(make_cycle(2026), organisations[3:], seed=2)
    second = publish_pages()
    untouched = page(second.folder, f"/organisations/{organisations[0].pk}/2024/")
    assert untouched.stat().st_nlink > 1
    # Three new organisations, four ratings, two pages of releases, three lists of everything.
    assert second.rendered == 3 + 4 + 2 + 3
    assert second.pages > first.pages


def test_pages_follow_a_new_name_of_an_organisation(published):
    organisations = make_organisations(2)
    make_release(make_cycle(), organisations)
    publish_pages()
    Organisation.objects.filter(pk=organisations[0].pk).update(short_name="Сад «Новый»")
    folder = publish_pages().folder
    assert "Сад «Новый»" in page(folder, f"/organisations/{organisations[0].pk}/").read_text()


def test_pages_appear_at_one_stroke_and_old_ones_are_swept(published):
    make_release(make_cycle(), make_organisations(1))
    for number in (1, 2, 3):
        publish_pages()
        assert (published / "current").readlink() == Path(str(number))
    assert sorted(path.name for path in published.iterdir() if path.is_dir()) == [
        "2",
        "3",
        "current",
    ]


def test_pages_left_half_made_are_never_shown(published):
    (published / ".1" / "rating").mkdir(parents=True)
    make_release(make_cycle(), make_organisations(1))
    folder = publish_pages().folder
    assert folder.name == "1"
    assert not (folder / "rating" / "index.html").exists()


def test_pages_are_served_as_files_to_whoever_asks_without_a_query(published):
    make_release(make_cycle(), make_organisations(1))
    publish_pages()
    django = object()
    site = PublishedFiles(lambda environ, start: [django], published, policy="default-src 'none'")
    status: list[str] = []
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/rating/2026/", "QUERY_STRING": ""}
    body = site(asked, lambda code, headers: status.append(code))
    assert b"".join(body).startswith(b"<!doctype html>")
    body.close()
    assert status == ["200 OK"]
    assert site({**asked, "QUERY_STRING": "sort=2"}, None) == [django]
