"""Whether templates of documents can be filled: each with the example of its data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from noko.core.refusal import Refusal
from noko.documents.docx import fill
from noko.documents.pdf import typeset
from noko.documents.templates import BUILT_IN, example, names

_MAKERS: dict[str, Callable[..., bytes]] = {".docx": fill, ".typ": typeset}


def check_templates(folder: Path | None = None) -> list[tuple[str, str]]:
    """File → what is wrong with it, empty when nothing; ``folder``: the office's own templates."""
    found = []
    for name in names():
        for suffix, make in _MAKERS.items():
            if (BUILT_IN / f"{name}{suffix}").exists():
                found.append((f"{name}{suffix}", _problem(make, name, folder)))
    return found


def _problem(make: Callable[..., bytes], name: str, folder: Path | None) -> str:
    try:
        make(name, example(name), folder=folder)
    except Refusal as refusal:
        return str(refusal)
    return ""
