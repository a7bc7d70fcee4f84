"""Published files stand before Django and follow the newest release."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from wsgiref.util import setup_testing_defaults

from noko.published import PublishedFiles


def django(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
    start("200 OK", [("X-Made-By", "Django")])
    return [b"rendered"]


def publish(published: Path, name: str, page: str) -> None:
    """A release as the deed makes it: a folder, then the link swapped in one step."""
    folder = published / name / "rating"
    folder.mkdir(parents=True)
    (folder / "index.html").write_text(page, encoding="utf-8")
    new = published / f"{name}.link"
    new.symlink_to(name)
    new.replace(published / "current")


def ask(site: PublishedFiles, path: str, **environ: str) -> tuple[str, dict[str, str], str]:
    """Status, headers, body."""
    got: list[Any] = []
    request: dict[str, Any] = {"PATH_INFO": path} | environ
    setup_testing_defaults(request)
    answer = site(request, lambda status, headers: got.extend((status, dict(headers))))
    body = b"".join(answer).decode()
    if hasattr(answer, "close"):
        answer.close()
    return got[0], got[1], body


def site_on(published: Path) -> PublishedFiles:
    return PublishedFiles(django, published, policy="default-src 'none'")


def test_published_page_is_served_as_a_file(tmp_path: Path):
    publish(tmp_path, "2026-1", "рейтинг")
    status, headers, body = ask(site_on(tmp_path), "/rating/")
    assert (status, body) == ("200 OK", "рейтинг")
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_published_new_release_is_seen_without_a_restart(tmp_path: Path):
    site = site_on(tmp_path)
    assert ask(site, "/rating/")[2] == "rendered"
    publish(tmp_path, "2026-1", "первый")
    assert ask(site, "/rating/")[2] == "первый"
    publish(tmp_path, "2026-2", "второй")
    assert ask(site, "/rating/")[2] == "второй"


def test_published_query_and_post_go_to_django(tmp_path: Path):
    publish(tmp_path, "2026-1", "рейтинг")
    site = site_on(tmp_path)
    assert ask(site, "/rating/", QUERY_STRING="type=school")[2] == "rendered"
    assert ask(site, "/rating/", REQUEST_METHOD="POST")[2] == "rendered"
    assert ask(site, "/office/")[2] == "rendered"


def test_published_folder_lets_nobody_out(tmp_path: Path):
    (tmp_path / "secret").write_text("тайна", encoding="utf-8")
    publish(tmp_path, "2026-1", "рейтинг")
    site = site_on(tmp_path)
    paths = ("/../secret", "/rating/../../secret", "//secret", "/%2e%2e/secret")
    assert {ask(site, path)[2] for path in paths} == {"rendered"}


def test_published_unchanged_page_is_not_sent_again(tmp_path: Path):
    publish(tmp_path, "2026-1", "рейтинг")
    site = site_on(tmp_path)
    tag = ask(site, "/rating/")[1]["ETag"]
    assert ask(site, "/rating/", HTTP_IF_NONE_MATCH=tag)[0] == "304 Not Modified"
