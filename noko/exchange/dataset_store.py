"""Where a data package stands: a folder or a zip, read alike; a folder that appears whole."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from noko.core.dataset import DESCRIPTOR, broken
from noko.core.refusal import Refusal

_ARCHIVE_LIMIT = 2_000_000_000
"""Bytes of one file of a zip, which is unpacked in memory."""


class Store(Protocol):
    """Files of a package by their path inside it."""

    def size(self, path: str) -> int | None:
        """Bytes, None when there is no such file."""

    def read(self, path: str, limit: int) -> bytes:
        """The first ``limit`` bytes."""

    def digest(self, path: str) -> str:
        """SHA-256 in hex."""

    def place(self, path: str) -> Path | bytes:
        """The file itself, or its content where it is no file of its own."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A package in a folder."""

    root: Path

    def size(self, path: str) -> int | None:
        inside = self.root / path
        return inside.stat().st_size if inside.is_file() else None

    def read(self, path: str, limit: int) -> bytes:
        with (self.root / path).open("rb") as stream:
            return stream.read(limit)

    def digest(self, path: str) -> str:
        with (self.root / path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()

    def place(self, path: str) -> Path | bytes:
        return self.root / path


@dataclass(frozen=True, slots=True)
class Archive:
    """A package in a zip; ``root`` is the folder inside it, "" or "name/"."""

    archive: zipfile.ZipFile
    root: str

    def size(self, path: str) -> int | None:
        name = self.root + path
        return self.archive.getinfo(name).file_size if name in self.archive.namelist() else None

    def read(self, path: str, limit: int) -> bytes:
        with self._open(path) as stream:
            return stream.read(min(limit, _ARCHIVE_LIMIT))

    def digest(self, path: str) -> str:
        with self._open(path) as stream:
            whole = hashlib.sha256()
            while piece := stream.read(1 << 20):
                whole.update(piece)
            return whole.hexdigest()

    def place(self, path: str) -> Path | bytes:
        return self.read(path, _ARCHIVE_LIMIT)

    def _open(self, path: str) -> Any:
        return self.archive.open(self.root + path)


@contextmanager
def open_store(path: Path) -> Iterator[Store]:
    if path.is_dir() and (path / DESCRIPTOR).is_file():
        yield Folder(path)
    elif path.is_file() and zipfile.is_zipfile(path):
        try:
            with zipfile.ZipFile(path) as archive:
                yield Archive(archive, _root_inside(archive, path))
        except (zipfile.BadZipFile, EOFError, zlib.error):
            raise broken("Архив повреждён или обрезан.", path.name) from None
    else:
        there = path.exists()
        raise Refusal(
            f"«{path}» – не пакет данных." if there else f"Пакета данных «{path}» нет.",
            kind="no_package",
            cure=f"Укажите папку с файлом {DESCRIPTOR} или её архив .zip.",
        )


def _root_inside(archive: zipfile.ZipFile, path: Path) -> str:
    roots = [name.removesuffix(DESCRIPTOR) for name in archive.namelist()
             if name.endswith(DESCRIPTOR) and name.count("/") <= 1]  # fmt: skip
    if len(roots) != 1:
        raise broken(f"В архиве нет файла {DESCRIPTOR}.", path.name)
    return roots[0]


# --- writing ------------------------------------------------------------------------------------


def write(path: Path, data: bytes) -> None:
    """``data`` as a new file, its folder made when needed."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)


@contextmanager
def appearing(folder: Path) -> Iterator[Path]:
    """A hidden neighbour of ``folder`` that takes its name when all is on the disk."""
    if folder.exists():
        raise Refusal(
            f"Папка «{folder}» уже есть.",
            kind="package_exists",
            cure="Набор данных не переписывают: укажите другую папку.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        yield place
        place.chmod(0o755)
        for path in (*place.rglob("*"), place):
            flush(path)
        place.rename(folder)
        flush(folder.parent)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise


def flush(path: Path) -> None:
    """Return when the file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
