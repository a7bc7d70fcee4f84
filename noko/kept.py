"""Files kept by their digest: ``<files>/kept/ab/abcdef…``, each content once, never changed.

A row of the database names the digest; the file is on the disk before the row is written. A file
without a row is harmless.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from django.conf import settings


def keep(content: bytes) -> str:
    """Writes the content, whole or not at all, and returns its SHA-256 (hex)."""
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    if target.exists():
        return digest
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{digest}.{secrets.token_hex(4)}")
    with unfinished.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    _to_disk(target.parent)
    return digest


def path_of(digest: str) -> Path:
    """Where the content lies. The digest comes from the database, never from an address."""
    return Path(settings.FILES) / "kept" / digest[:2] / digest


def content_of(digest: str) -> bytes:
    """The content; :class:`FileNotFoundError` when the disk has lost it."""
    return path_of(digest).read_bytes()


def _to_disk(folder: Path) -> None:
    """The name of a new file is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
