"""Who runs the embedded server and where its folder can stand.

An ordinary user runs it as themselves, in the given folder. Root cannot: PostgreSQL refuses. Then
the server runs as ``postgres`` or ``nobody``, and when that user cannot reach the given folder or
the binaries (a home such as ``/root`` is closed to others), both are kept in ``/var/lib/noko``
instead, under a name made from the given folder.
"""

import hashlib
import os
import pwd
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_FOLDER = Path("/var/lib/noko")
USERS = ("postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Home:
    """A cluster's folder, the PostgreSQL that serves it, and the user that runs it (None: us)."""

    folder: Path
    binaries: Path
    user: pwd.struct_passwd | None
    source: Path

    def make(self) -> None:
        """Makes the folder, closed to everybody but its user, and copies binaries if needed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        self.give(self.folder)
        if self.binaries != self.source and not self.binaries.exists():
            self._copy_binaries()

    def _copy_binaries(self) -> None:
        """The programs, and the libraries that the wheel keeps beside its package."""
        whole = self.binaries.parents[1]
        part = whole.with_name(f"{whole.name}.{os.getpid()}")
        package, libraries = self.source.parent, f"{self.source.parent.name}.libs"
        shutil.copytree(self.source, part / package.name / self.source.name)
        if (package.parent / libraries).exists():
            shutil.copytree(package.parent / libraries, part / libraries)
        part.rename(whole)

    def give(self, path: Path) -> None:
        """Makes ``path`` belong to the user that runs the server."""
        if self.user is not None:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def identity(self) -> dict[str, Any]:
        """The arguments of :class:`subprocess.Popen` that change to that user."""
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}


def place(folder: Path, binaries: Path) -> Home:
    """Decides once and for all, from what the file system says, where the cluster stands."""
    folder = folder.absolute()
    if os.geteuid() != 0:
        return Home(folder, binaries, None, binaries)
    user = _user(folder)
    if _reachable(folder.parent, user) and _reachable(binaries, user):
        return Home(folder, binaries, user, binaries)
    moved = SYSTEM_FOLDER / f"{folder.name}-{_digest(str(folder))}"
    # A newer wheel in the same place is another copy.
    made = (binaries / "bin" / "postgres").stat()
    version = _digest(f"{binaries} {made.st_size} {made.st_mtime_ns}")
    copied = SYSTEM_FOLDER / f"postgresql-{version}" / binaries.parent.name / binaries.name
    return Home(moved, copied, _user(moved), binaries)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _user(folder: Path) -> pwd.struct_passwd:
    """The owner of an existing cluster, else the first of :data:`USERS` that this system has."""
    data = folder / "data"
    if data.exists() and data.stat().st_uid != 0:
        return pwd.getpwuid(data.stat().st_uid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in USERS if name in known)


def _reachable(path: Path, user: pwd.struct_passwd) -> bool:
    """Whether ``user`` may walk to ``path``; parts that do not exist yet will be made open."""
    for part in (path, *path.parents):
        if not part.exists():
            continue
        entry = part.stat()
        own = entry.st_uid == user.pw_uid and entry.st_mode & stat.S_IXUSR
        group = entry.st_gid == user.pw_gid and entry.st_mode & stat.S_IXGRP
        if not (own or group or entry.st_mode & stat.S_IXOTH):
            return False
    return True
