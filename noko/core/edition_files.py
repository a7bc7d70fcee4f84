"""The texts of an edition's files read into an :class:`Edition`, or refused by file and key."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from noko.core.editions import Edition
from noko.core.refusal import Place, Problem, Refusal
from noko.core.rule_files import faults, read_mapping

EDITION_FILES = ("edition.yaml", "questionnaire.yaml", "checklists.yaml")


def parse_edition(texts: Mapping[str, str]) -> Edition:
    """The edition from the texts of its files (``EDITION_FILES``).

    Refusal ``broken_edition`` names file, key and reason of every fault.
    """
    data: dict[str, Any] = {}
    for name in EDITION_FILES:
        data[name] = _yaml(name, texts)
    whole = {
        **data["edition.yaml"],
        "questionnaire": data["questionnaire.yaml"],
        "checklists": data["checklists.yaml"].get("checklists"),
        "digest": edition_digest(texts),
    }
    try:
        return Edition.model_validate(whole)
    except ValidationError as error:
        raise _broken(error) from None


def edition_digest(texts: Mapping[str, str]) -> str:
    """SHA-256 (hex) over names and texts of the edition's files, in the order of their names."""
    digest = hashlib.sha256()
    for name in EDITION_FILES:
        digest.update(f"{name}\0{texts[name]}\0".encode())
    return digest.hexdigest()


def _yaml(name: str, texts: Mapping[str, str]) -> dict[str, Any]:
    if name not in texts:
        raise Refusal(
            "В папке редакции нет файла.",
            kind="broken_edition",
            cure="Добавьте его: редакция состоит из " + ", ".join(EDITION_FILES) + ".",
            place=Place(file=name),
        )
    return read_mapping(name, texts[name], kind="broken_edition")


def _broken(error: ValidationError) -> Refusal:
    problems = []
    for path, reason in faults(error):
        head, *rest = path or ["edition"]
        separate = head in ("questionnaire", "checklists")
        name = f"{head}.yaml" if separate else "edition.yaml"
        key = ".".join(rest if head == "questionnaire" else [head, *rest])
        problems.append(
            Problem(f"{reason}.", "Исправьте файл редакции.", Place(file=name, key=key))
        )
    return Refusal(
        "Редакция методики описана с ошибкой.",
        kind="broken_edition",
        problems=problems,
    )
