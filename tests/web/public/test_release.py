"""Releases: files with digests, settings, versions and differences."""

import hashlib
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from tests.factories import make_cycle, make_organisations, make_release, released_cycle

pytestmark = pytest.mark.django_db


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_release_gives_every_file_with_its_size_and_digest(client):
    release = released_cycle(3)
    html = page(client, "/releases/2026/1/")
    for file in release.files:
        address = f"/files/releases/{release.folder}/{file['name']}"
        assert f'href="{address}"' in html
        assert file["sha256"] in html
        response = client.get(address)
        content = b"".join(response.streaming_content)
        assert hashlib.sha256(content).hexdigest() == file["sha256"]


def test_release_file_is_kept_for_ever_and_saved_under_a_telling_name(client):
    release = released_cycle(1)
    response = client.get(f"/files/releases/{release.folder}/rating.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="noko-2026-v1-rating.csv"'
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    response.close()


def test_release_gives_out_only_files_named_in_it(client):
    release = released_cycle(1)
    secret = Path(settings.FILES) / "releases" / release.folder / "secret.txt"
    secret.write_text("x")
    for name in ("secret.txt", "..%2F..%2Fsecret", "%2E%2E/secret", "rating.csv%00"):
        assert client.get(f"/files/releases/{release.folder}/{name}").status_code == 404
    assert client.get("/files/releases/nowhere/rating.csv").status_code == 404


def test_release_says_how_to_recompute(client):
    released_cycle(1)
    html = page(client, "/releases/2026/1/")
    assert "noko verify rating.csv" in html
    assert "Показатель – до целого, критерий и итог – точно" in html


def test_release_versions_stay_readable_and_show_what_changed(client):
    organisations, cycle = make_organisations(3), make_cycle()
    first = make_release(cycle, organisations, seed=1)
    difference = [
        {
            "organisation": "Школа № 2",
            "kind": "total",
            "what": "Итоговый балл",
            "before": "87.10",
            "after": "86.92",
        },
        {
            "organisation": "Детский сад № 1",
            "kind": "place",
            "what": "Место среди всех",
            "before": "2",
            "after": "1",
        },
    ]
    make_release(cycle, organisations, seed=2, reason="Повтор анкет.", difference=difference)
    html = page(client, "/releases/2026/2/")
    assert "Повтор анкет." in html
    assert "87,10" in html
    assert "86,92" in html
    assert "потому что изменились баллы других" in html
    old = page(client, "/releases/2026/1/")
    assert "Эта версия заменена" in old
    assert first.files[0]["sha256"] in old
    versions = page(client, "/releases/2026/")
    assert versions.index("Версия 2") < versions.index("Версия 1")


def test_releases_list_is_empty_before_the_first_one(client):
    assert "Выпусков пока нет" in page(client, "/releases/")
    assert client.get("/releases/2026/").status_code == 404
    assert client.get("/releases/2026/1/").status_code == 404


def test_front_page_shows_what_is_published(client, django_assert_num_queries):
    released_cycle(3)
    with django_assert_num_queries(2):
        html = page(client, "/")
    assert "Независимая оценка 2026 года" in html
    assert "Данные вымышлены" in html


def test_front_page_before_the_first_release_says_what_will_be_here(client):
    html = page(client, "/")
    assert "Результатов пока нет" in html
    assert "Данные вымышлены" not in html


def test_gallery_is_for_the_demonstration_only(client):
    assert client.get("/gallery/").status_code == 404
    with override_settings(DEMO=True):
        assert "Подтверждение" in page(client, "/gallery/")
