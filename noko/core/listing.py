"""A list of organisations as bytes: what its digest is over, the same for whoever has the list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

HEAD = ("year", "cycle", "version", "rule", "reason", "amends")
"""What is said of the list itself; ``amends``: the digest of the version that it changes."""

ROW = (
    "organisation",
    "full_name",
    "short_name",
    "type",
    "municipality",
    "inn",
    "ogrn",
    "address",
    "site",
    "enrolment",
    "reason",
    "last",
    "until",
    "proposed",
    "included",
    "note",
)
"""What is said of every organisation, in or not; ``organisation`` is the key of its card."""


def list_bytes(head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Canonical JSON: keys sorted, organisations in the order of their keys, UTF-8."""
    whole = {
        **{name: head[name] for name in HEAD},
        "organisations": sorted(
            ({name: row[name] for name in ROW} for row in rows),
            key=lambda row: row["organisation"],
        ),
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{text}\n".encode()


def digest(content: bytes) -> str:
    """SHA-256, 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
