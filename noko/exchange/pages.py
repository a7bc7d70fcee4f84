"""Public pages as files: what is published never changes, so it is rendered once.

``<files>/published/<generation>/`` holds ``…/index.html`` for every public address without a
query, each with its ``.gz``, and ``pages.json`` (address → stamp and SHA-256). ``current`` is a
link to the newest generation, swapped in one step: a visitor sees all of the old pages or all of
the new ones. A page whose stamp has not changed is not rendered again but linked from the
generation before. The pages come out of Django's own handler, so they are what it would answer.
"""

from __future__ import annotations

import fcntl
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction

from noko.queries.pages import page_stamps, page_twins

MANIFEST = "pages.json"
CURRENT = "current"
PARTS = ("templates", "static", "templatetags", "web", "queries", "models", "core", "rules")
KINDS = {".html", ".css", ".js", ".svg", ".py", ".yaml"}
KEPT = 2
"""Generations kept: the newest, and the one that a running server may still be reading."""

Entry = dict[str, str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Published:
    """A generation: its folder, how many pages it has and how many of them were rendered."""

    folder: Path
    pages: int
    rendered: int


def publish_pages(progress: Progress | None = None) -> Published:
    """Renders the public pages of everything published and puts them in place at one stroke.

    ``progress(done, all)`` is called after each page. Two calls at once follow each other.
    """
    root = Path(settings.PUBLISHED)
    root.mkdir(parents=True, exist_ok=True)
    with _alone(root), _one_moment():
        stamps = page_stamps(_program())
        number = _newest(root) + 1
        before, known = _generation_in_place(root)
        unfinished = root / f".{number}"
        shutil.rmtree(unfinished, ignore_errors=True)
        entries, rendered = _fill(unfinished, stamps, before, known, progress)
        for address, twin in page_twins().items():
            _link(_file(unfinished, twin), _file(unfinished, address))
            entries[address] = entries[twin]
        text = json.dumps(entries, ensure_ascii=False, sort_keys=True, indent=0)
        (unfinished / MANIFEST).write_text(text, encoding="utf-8")
        folder = root / str(number)
        unfinished.rename(folder)
        _swap(root, folder)
        _sweep(root, number)
    return Published(folder, len(entries), rendered)


def _fill(
    folder: Path,
    stamps: Mapping[str, str],
    before: Path | None,
    known: Mapping[str, Entry],
    progress: Progress | None,
) -> tuple[dict[str, Entry], int]:
    handler = BaseHandler()
    handler.load_middleware()
    entries: dict[str, Entry] = {}
    rendered = 0
    for done, (address, stamp) in enumerate(sorted(stamps.items()), start=1):
        target = _file(folder, address)
        old = known.get(address)
        if before is not None and old is not None and old["stamp"] == stamp:
            _link(_file(before, address), target)
            entries[address] = old
        else:
            content = render_page(handler, address)
            _write(target, content)
            entries[address] = {"stamp": stamp, "sha256": hashlib.sha256(content).hexdigest()}
            rendered += 1
        if progress:
            progress(done, len(stamps))
    return entries, rendered


def render_page(handler: BaseHandler, address: str) -> bytes:
    """What the site answers at ``address`` to somebody unknown. Anything but 200 is a defect."""
    response = handler.get_response(WSGIRequest(_environment(address)))
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    return b"".join(response)


def _environment(address: str) -> dict[str, Any]:
    return {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": address,
        "SCRIPT_NAME": "",
        "QUERY_STRING": "",
        "SERVER_NAME": settings.HOST or "localhost",
        "SERVER_PORT": "443" if settings.HTTPS else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_FORWARDED_PROTO": "https",
        "wsgi.url_scheme": "https" if settings.HTTPS else "http",
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.version": (1, 0),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _file(folder: Path, address: str) -> Path:
    return folder / address.strip("/") / "index.html"


def _write(target: Path, content: bytes) -> None:
    """The page and its compressed twin; the same page gives the same bytes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    packed = gzip.compress(content, compresslevel=6, mtime=0)
    target.with_name("index.html.gz").write_bytes(packed)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for name in ("index.html", "index.html.gz"):
        os.link(source.with_name(name), target.with_name(name))


def _program() -> str:
    """A digest of what every page is made with: templates, styles, scripts, code, rules."""
    digest = hashlib.sha256()
    for folder in PARTS:
        for path in sorted((Path(settings.BASE_DIR) / folder).rglob("*")):
            if path.is_file() and path.suffix in KINDS:
                digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    with (root / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _one_moment() -> Iterator[None]:
    """All pages see the database as it was at one moment, whatever is published meanwhile."""
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def _newest(root: Path) -> int:
    return max((int(path.name) for path in root.iterdir() if path.name.isdigit()), default=0)


def _generation_in_place(root: Path) -> tuple[Path | None, dict[str, Entry]]:
    """The generation that visitors see now, with its manifest."""
    try:
        folder = root / os.readlink(root / CURRENT)  # noqa: PTH115
        return folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, {}


def _swap(root: Path, folder: Path) -> None:
    """Everything is on the disk before the link points at it."""
    os.sync()
    fresh = root / f".{CURRENT}"
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(folder.name)
    fresh.replace(root / CURRENT)


def _sweep(root: Path, newest: int) -> None:
    for path in root.iterdir():
        name = path.name.removeprefix(".")
        if name.isdigit() and (int(name) <= newest - KEPT or path.name.startswith(".")):
            shutil.rmtree(path, ignore_errors=True)
