"""Whether the demonstration database is there, whole, and made by this very program.

The mark is the comment of the database: a digest of everything that the demonstration is made
from. It is written by the transaction that writes the data, so a killed load leaves no mark.
"""

from __future__ import annotations

import hashlib
import shutil
from functools import cache
from pathlib import Path

from django.conf import settings
from django.db import connection

import noko

_PARTS = (
    "migrations/*.py",
    "demo/*.py",
    "rules/**/*.yaml",
    "core/**/*.py",
    "documents/rating.py",
    "documents/council.py",
    "documents/specification.py",
    "documents/templates/*.*",
)

EXAMPLES = "examples"
"""The folder, beside the files of the demonstration, with files to try the import with."""


@cache
def fingerprint() -> str:
    """SHA-256 (hex) of what the demonstration is made from."""
    root = Path(noko.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(path for part in _PARTS for path in root.glob(part)):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


_MARK = (
    "select coalesce(shobj_description(oid, 'pg_database'), '') from pg_database where datname = %s"
)


def mark() -> str | None:
    """The mark of the demonstration database: None when there is no database, "" without one."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(_MARK, [connection.settings_dict["NAME"]])
        row = cursor.fetchone()
    return row[0] if row else None


def set_mark() -> None:
    """Marks the database as whole; belongs into the transaction that fills it."""
    name = connection.ops.quote_name(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"comment on database {name} is '{fingerprint()}'")


def clear_files() -> None:
    """Removes the files of a former demonstration; only ever those of a demonstration."""
    if not settings.DEMO:
        raise RuntimeError("files of a demonstration are removed in a demonstration only")
    for folder in (settings.FILES, settings.OWN_HOME / EXAMPLES):
        shutil.rmtree(folder, ignore_errors=True)
