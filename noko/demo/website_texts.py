"""What an invented site says, subsection by subsection: the file ``website_texts.yaml``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ALL = ("preschool", "general", "supplementary", "vocational")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of information: a label and a text, a file, or a column of ``table``."""

    code: str
    label: str
    text: str
    markup: str = ""
    file: bool = False
    table: str = ""
    types: tuple[str, ...] = ALL
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Section:
    slug: str
    title: str
    pieces: tuple[Piece, ...]
    types: tuple[str, ...] = ALL


def pieces_of(section: Section, kind: str, on: date) -> Iterator[Piece]:
    """The pieces that concern an organisation of type ``kind`` on the day."""
    for piece in section.pieces:
        in_force = (piece.since or on) <= on < (piece.until or date.max)
        if kind in piece.types and in_force:
            yield piece


@cache
def _texts() -> dict[str, Any]:
    path = Path(__file__).with_suffix(".yaml")
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@cache
def persons() -> tuple[str, ...]:
    """Names of the invented people."""
    return tuple(_texts()["persons"])


@cache
def sections() -> tuple[Section, ...]:
    """All subsections in the order of the order."""
    return tuple(
        Section(
            part["slug"],
            part["title"],
            tuple(_piece(piece) for piece in part["pieces"]),
            tuple(part.get("types", ALL)),
        )
        for part in _texts()["sections"]
    )


def _piece(written: dict[str, Any]) -> Piece:
    return Piece(**written | {"types": tuple(written.get("types", ALL))})
