"""Files that people send, kept until a decision: ``imports/<random>/<role>``.

A file is stored under its role; the name that the person gave is only ever shown. Nothing here is
executed or given out again.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from django.conf import settings

LONGEST_NAME = 120


class Incoming(Protocol):
    """What a form gives: a name and the content in pieces."""

    name: str | None

    def chunks(self) -> Iterable[bytes]: ...


def store(files: Mapping[str, Incoming]) -> tuple[str, dict[str, str]]:
    """Writes the files by role; returns the folder and role → name as people know it."""
    folder = secrets.token_hex(16)
    place = _place(folder)
    place.mkdir(parents=True, mode=0o700)
    for role, file in files.items():
        with (place / role).open("wb") as target:
            for piece in file.chunks():
                target.write(piece)
    return folder, {role: shown_name(file.name or "") for role, file in files.items()}


def path_of(folder: str, role: str) -> Path:
    """Where the file of a role lies. Both come from the database, never from an address."""
    return _place(folder) / role


def forget(folder: str) -> None:
    """Deletes the files after the decision: raw answers carry more than a data set may keep."""
    shutil.rmtree(_place(folder), ignore_errors=True)


def shown_name(name: str) -> str:
    """The last part of the name, printable and not too long; its end, with the kind, is kept."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(char for char in last if char.isprintable()).strip() or "файл"
    return clean if len(clean) <= LONGEST_NAME else "…" + clean[-LONGEST_NAME + 1 :]


def _place(folder: str) -> Path:
    return Path(settings.FILES) / "imports" / folder
