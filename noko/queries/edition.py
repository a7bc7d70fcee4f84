"""Editions that stand in ``noko/rules/editions``."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from noko.core.edition_files import EDITION_FILES, parse_edition
from noko.core.editions import Edition
from noko.core.refusal import Place, Refusal
from noko.core.scoring.indicators import formula_of

EDITIONS = Path(__file__).resolve().parent.parent / "rules" / "editions"


def edition_codes() -> list[str]:
    """Codes of the editions at hand, the oldest act first."""
    return sorted(
        folder.name for folder in EDITIONS.iterdir() if (folder / "edition.yaml").exists()
    )


@cache
def get_edition(code: str) -> Edition:
    """The edition ``code``. Refusal ``unknown_edition`` lists the known ones."""
    if code not in edition_codes():
        raise Refusal(
            f"Редакции методики «{code}» нет.",
            kind="unknown_edition",
            cure=f"Укажите одну из: {', '.join(edition_codes())}.",
        )
    return read_edition(EDITIONS / code)


def read_edition(folder: Path) -> Edition:
    """The edition in any ``folder``. Refusal ``broken_edition`` names file, key and reason."""
    texts = {
        name: (folder / name).read_text(encoding="utf-8")
        for name in EDITION_FILES
        if (folder / name).exists()
    }
    edition = parse_edition(texts)
    for indicator in edition.indicators:
        formula_of(indicator)
    return edition


def worked_cases(code: str) -> list[dict[str, Any]]:
    """The worked cases of the edition ``code``, in file order: name, act, given, expected …"""
    return cases_in(EDITIONS / code)


def cases_in(folder: Path) -> list[dict[str, Any]]:
    """The worked cases beside the edition in ``folder``."""
    cases: list[dict[str, Any]] = []
    for path in sorted((folder / "cases").glob("*.yaml")):
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        if not isinstance(loaded, list):
            raise Refusal(
                "Ожидался список примеров.",
                kind="broken_edition",
                place=Place(file=f"cases/{path.name}"),
            )
        cases.extend(loaded)
    return cases
